"""The one place where the events of a turn reach the history, while the answer streams."""

import asyncio
import time
from collections.abc import Callable

from tui.domain.conversation import Message
from tui.domain.events import (
    Connected,
    ImageArrived,
    ReasoningDelta,
    ServedBy,
    TextDelta,
    TurnEvent,
)
from tui.domain.pictures import Picture
from tui.services.history import History

_LONGEST_UNSAVED = 0.4
"""Seconds a piece waits to be written: with the write itself, a crash loses half a second."""
_MOST_UNSAVED = 1536
"""Bytes that are written without waiting any longer."""
_MOST_HELD_BACK = 64 * 1024
"""Bytes waiting for a slow disk beyond which the stream is slowed down…"""
_LONGEST_HOLD = 0.25
"""… by this many seconds at most for one event."""


class Recorder:
    """Journals one answer, which a turn has begun in the history, piece by piece.

    Pieces are gathered and written on the history's thread, one write at a time. With nothing to
    write, nothing runs.
    """

    def __init__(
        self, history: History, message: Message, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._history = history
        self._message_id = message.id
        self._clock = clock
        self._text: list[str] = []
        self._reasoning: list[str] = []
        self._images: list[Picture] = []
        self._served: ServedBy | None = None
        self._size = 0
        self._oldest = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._writing: asyncio.Task[None] | None = None
        self._finished = False

    async def record(self, event: TurnEvent) -> None:
        """Take one event; returns at once unless the disk cannot keep up with the stream.

        An image is waited for: there is too much of it to be held back.
        """
        if self._finished:
            return
        match event:
            case TextDelta(text):
                self._keep(self._text, text)
            case ReasoningDelta(text):
                self._keep(self._reasoning, text)
            case Connected(generation_id) if generation_id:
                self._note(ServedBy(generation_id=generation_id))
            case ServedBy():
                self._note(event)
            case ImageArrived(picture, data):
                self._images.append(picture)
                await self._history.add_image(self._message_id, self._images, data)
            case _:
                return
        self._schedule()
        if self._size > _MOST_HELD_BACK and self._writing is not None:
            await asyncio.wait({self._writing}, timeout=_LONGEST_HOLD)

    async def finish(self, message: Message) -> None:
        """Write the final version of the answer, which replaces all pieces."""
        self._finished = True
        self._cancel_timer()
        # Jobs are done in the order of their calls, so a write under way need not be awaited.
        await self._history.finish_answer(message)
        if self._writing is not None:
            await asyncio.wait({self._writing})

    def _keep(self, pieces: list[str], text: str) -> None:
        self._mark_oldest()
        pieces.append(text)
        self._size += len(text.encode("utf-8", "surrogatepass"))

    def _note(self, served: ServedBy) -> None:
        self._mark_oldest()
        before = self._served or served
        self._served = ServedBy(
            model=served.model or before.model,
            provider=served.provider or before.provider,
            generation_id=served.generation_id or before.generation_id,
        )

    def _mark_oldest(self) -> None:
        if not self._has_pieces():
            self._oldest = self._clock()

    def _has_pieces(self) -> bool:
        return self._size > 0 or self._served is not None

    def _schedule(self) -> None:
        """Write now or later, unless a write is under way, which then looks again."""
        if self._writing is not None or self._finished or not self._has_pieces():
            return
        wait = self._oldest + _LONGEST_UNSAVED - self._clock()
        if self._size >= _MOST_UNSAVED or wait <= 0:
            self._flush()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(wait, self._flush)

    def _flush(self) -> None:
        self._cancel_timer()
        text, reasoning, served = "".join(self._text), "".join(self._reasoning), self._served
        self._text.clear()
        self._reasoning.clear()
        self._served = None
        self._size = 0
        self._writing = asyncio.create_task(self._write(text, reasoning, served))

    async def _write(self, text: str, reasoning: str, served: ServedBy | None) -> None:
        try:
            await self._history.journal(self._message_id, text, reasoning, served)
        finally:
            self._writing = None
        self._schedule()

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
