"""The tabs: which conversations are open, in which order, and what has come of each."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum, auto

from tui.domain.conversation import MessageState

MOST_TABS = 50
"""Beyond these the one that was opened first is closed; it stays stored."""


class News(Enum):
    """What a tab tells of an answer."""

    NONE = auto()
    STREAMING = auto()
    ARRIVED = auto()
    """It ended while another tab was looked at."""
    FAILED = auto()


_NEWS = {
    MessageState.COMPLETE: News.ARRIVED,
    MessageState.CUT: News.ARRIVED,
    MessageState.FILTERED: News.ARRIVED,
    MessageState.FAILED: News.FAILED,
    MessageState.INTERRUPTED: News.FAILED,
}
"""The news of an answer by how it ended; one that the user stopped is none."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab as it is shown."""

    conversation_id: str
    title: str
    news: News
    is_current: bool


class Tabs:
    """The open conversations by their ids; the current one is on screen."""

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._news: dict[str, News] = {}
        self.current: str | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        """The open conversations in their order."""
        return tuple(self._ids)

    def show(self, conversation_id: str) -> None:
        """Go to the tab of a conversation, which is made at the right of the current one."""
        if conversation_id not in self._ids:
            at = self._ids.index(self.current) + 1 if self.current in self._ids else len(self._ids)
            self._ids.insert(at, conversation_id)
            if len(self._ids) > MOST_TABS:
                self.close([next(one for one in self._ids if one != conversation_id)])
        self.current = conversation_id
        self._news.pop(conversation_id, None)

    def close(self, conversation_ids: Collection[str]) -> str | None:
        """Take tabs away; which one to show now: the current, else the next or the one before."""
        before = self._ids
        at = before.index(self.current) if self.current in before else len(before)
        left = sum(one not in conversation_ids for one in before[:at])
        self._ids = [one for one in before if one not in conversation_ids]
        for one in conversation_ids:
            self._news.pop(one, None)
        if self.current not in self._ids:
            self.current = None
        return self.current or self.at(min(left + 1, len(self._ids)))

    def restore(self, conversation_ids: Iterable[str]) -> None:
        """Open what was open at another time; the current tab keeps its place among them."""
        ids = list(dict.fromkeys(conversation_ids))
        self._ids = [*ids, *(one for one in self._ids if one not in ids)][-MOST_TABS:]

    def clear(self) -> None:
        """Close all of them, as for another history."""
        self._ids.clear()
        self._news.clear()
        self.current = None

    def beside(self, step: int) -> str | None:
        """The tab ``step`` places to the right of the current one; the last is beside the first."""
        if self.current not in self._ids:
            return None
        return self._ids[(self._ids.index(self.current) + step) % len(self._ids)]

    def at(self, number: int) -> str | None:
        """The tab of a number, from 1."""
        return self._ids[number - 1] if 0 < number <= len(self._ids) else None

    def ended(self, conversation_id: str, state: MessageState) -> None:
        """An answer has ended; that is news unless it was looked at, or stopped by the user."""
        if conversation_id in self._ids and conversation_id != self.current and state in _NEWS:
            self._news[conversation_id] = _NEWS[state]

    def shown(self, titles: Mapping[str, str], busy: Collection[str]) -> tuple[Tab, ...]:
        """The tabs as they are now; ``busy`` conversations are being answered."""
        return tuple(
            Tab(
                one,
                titles.get(one, ""),
                News.STREAMING if one in busy else self._news.get(one, News.NONE),
                one == self.current,
            )
            for one in self._ids
        )
