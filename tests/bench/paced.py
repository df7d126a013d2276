"""A streamed answer whose tokens leave at a steady rate, whatever the clock of the loop does."""

import time
from collections.abc import Sequence
from typing import overload

from tests.fakes.server import DONE, Pause, Reply, Step, chunk, event

_TOGETHER = 0.005
"""Seconds: a server writes the tokens of such a while at once."""
_AFTER = 0.5
"""Seconds between the last token and the end of the answer."""


class PacedTokens(Sequence[Step]):
    """The steps of an answer, made when they are asked for: pauses, and the tokens that are due."""

    def __init__(self, tokens: Sequence[str], rate: float) -> None:
        self.sent_at = 0.0
        """When the last token was handed to the socket."""
        self._events = [event(chunk(token)) for token in tokens]
        usage = {"prompt_tokens": 9, "completion_tokens": len(tokens), "cost": 0.01}
        self._end = event(chunk("", finish="stop", usage=usage)) + DONE
        self._rate = rate
        self._began = 0.0
        self._sent = 0

    def __len__(self) -> int:
        return 2 * len(self._events) + 2

    @overload
    def __getitem__(self, index: int) -> Step: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Step]: ...

    def __getitem__(self, index: int | slice) -> Step | Sequence[Step]:
        if isinstance(index, slice):
            raise TypeError("the steps are made one by one")
        now = time.perf_counter()
        self._began = self._began or now
        count = len(self._events)
        if self._sent > count:
            raise IndexError(index)
        if index % 2:
            if self._sent == count:
                return Pause(_AFTER)
            return Pause(max(_TOGETHER, self._began + self._sent / self._rate - now))
        if self._sent == count:
            self._sent += 1
            return self._end
        due = min(count, max(self._sent + 1, int((now - self._began) * self._rate)))
        data = b"".join(self._events[self._sent : due])
        self._sent = due
        self.sent_at = now
        return data


def paced(tokens: Sequence[str], rate: float) -> tuple[Reply, PacedTokens]:
    """The answer, and its steps, which know when the last token was sent."""
    steps = PacedTokens(tokens, rate)
    return Reply(200, {"Content-Type": "text/event-stream"}, steps), steps
