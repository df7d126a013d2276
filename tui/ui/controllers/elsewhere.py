"""Noticing that another running instance has written into the same history."""

from tui.services.history import History
from tui.services.shelf import written_elsewhere


class Elsewhere:
    """Remembers what it saw last; to be asked from time to time."""

    def __init__(self) -> None:
        self._seen: tuple[History, int] | None = None
        self._log: tuple[int, int] | None = None

    def may_have_written(self, history: History) -> bool:
        """Whether anybody has written since the last call: a look at SQLite's log, no more.

        It wakes no other thread, so that an idle workbench stays idle.
        """
        if history.file is None:
            return False
        try:
            found = history.file.with_name(f"{history.file.name}-wal").stat()
        except OSError:
            return True
        log = found.st_mtime_ns, found.st_size
        is_news, self._log = log != self._log, log
        return is_news

    async def has_written(self, history: History) -> bool:
        """Whether another instance may have written since the last call, or before the first."""
        seen = history, await written_elsewhere(history)
        is_news, self._seen = seen != self._seen, seen
        return is_news
