"""Noticing that another running instance has written into the same history."""

from tui.services.history import History
from tui.services.shelf import written_elsewhere


class Elsewhere:
    """Remembers what it saw last; to be asked from time to time."""

    def __init__(self) -> None:
        self._seen: tuple[History, int] | None = None

    async def has_written(self, history: History) -> bool:
        """Whether another instance may have written since the last call, or before the first."""
        seen = history, await written_elsewhere(history)
        is_news, self._seen = seen != self._seen, seen
        return is_news
