"""Text that has arrived and waits for the next update, and how soon that may come."""

from dataclasses import dataclass, field
from time import perf_counter

_FRAME = 1 / 25
"""Shortest time between two updates, in seconds."""
_LONGEST_FRAME = 0.25
_SOON = 0.002
_SHARE = 5
"""An update may take a fifth of its interval; a dearer one makes the interval longer."""


@dataclass(slots=True)
class Arrived:
    """What has come for one entry since the last update."""

    text: list[str] = field(default_factory=list)
    reasoning: list[str] = field(default_factory=list)


class Arrivals:
    """Collects pieces of text by entry, at the cost of a list's append."""

    def __init__(self) -> None:
        self._entries: dict[str, Arrived] = {}

    def __bool__(self) -> bool:
        return bool(self._entries)

    def of(self, entry_id: str) -> Arrived:
        """Where the pieces for an entry go."""
        return self._entries.setdefault(entry_id, Arrived())

    def take(self) -> dict[str, Arrived]:
        """Everything that has come; from now on there is nothing."""
        entries, self._entries = self._entries, {}
        return entries

    def drop(self, entry_id: str) -> None:
        """Forget what came for an entry."""
        self._entries.pop(entry_id, None)


class Pace:
    """At most 25 updates a second, and fewer when one costs more than a fifth of its interval."""

    def __init__(self) -> None:
        self._interval = _FRAME
        self._last = 0.0

    def delay(self) -> float:
        """Seconds until the next update may begin."""
        return max(_SOON, self._last + self._interval - perf_counter())

    def begin(self) -> None:
        """An update begins."""
        self._last = perf_counter()

    def end(self) -> None:
        """The update is on the screen: what it took decides when the next one may come."""
        cost = perf_counter() - self._last
        self._interval = min(_LONGEST_FRAME, max(_FRAME, _SHARE * cost))
