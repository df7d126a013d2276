"""Noticing that another running instance has written into the same history."""

from datetime import date

from tui.domain.conversation import Conversation, MessageState
from tui.services.history import History
from tui.services.ledger import Ledger
from tui.services.shelf import written_elsewhere


class Elsewhere:
    """Remembers what it saw last; to be asked from time to time."""

    def __init__(self) -> None:
        self._seen: tuple[History, int] | None = None
        self._log: tuple[int, int] | None = None
        self._day: date | None = None

    def is_new_day(self, today: date) -> bool:
        """Whether another day has begun since the last call: sums of today begin anew."""
        before, self._day = self._day, today
        return before not in (None, today)

    def may_have_written(self, history: History) -> bool:
        """Whether anybody has written since the last call: a look at SQLite's log, no more.

        It wakes no other thread, so that an idle workbench stays idle. While nothing is being
        saved it is worth a look, too: by that the history goes back to its file once it can.
        """
        if history.file is None:
            return history.problem is not None
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


async def count_in(history: History, conversation: Conversation, own: str | None) -> bool:
    """Count what was spent in a conversation elsewhere; whether there is more of it to be seen.

    It is not read again: what is on screen, and the path that a send follows, stay as they are.
    ``own`` is the id of the answer that streams here.
    """
    while True:
        before = conversation.other_costs
        found = await Ledger(history).within(conversation.id)
        if found is None:
            return False
        if conversation.other_costs is before:
            break
        # Something was paid for beside the turns meanwhile, which may not be in what was read.
    seen = {
        one.id
        for one in conversation.messages.values()
        if one.id == own or one.state is not MessageState.STREAMING
    }
    conversation.other_costs = tuple(cost for one, cost in found.costs.items() if one not in seen)
    return any(one not in seen for one in found.ended)
