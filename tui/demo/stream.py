"""A simulated answer as OpenRouter streams it: comments, chunks, usage and the last line."""

import time
from collections.abc import AsyncIterator

from tui.demo.answers import Ending
from tui.demo.catalogue import Json
from tui.demo.chunks import (
    Script,
    choice_row,
    image_rows,
    json_bytes,
    provider_failure,
    reasoning_detail,
    reasoning_seal,
    usage_chunk_choices,
    usage_row,
)
from tui.demo.pace import Pace
from tui.services.http import ByteStream

_COMMENT = b": OPENROUTER PROCESSING\n\n"
_DONE = b"data: [DONE]\n\n"
_COMMENT_EVERY = 0.5
"""Seconds between comments while there is nothing to say."""
_TOKENS_PER_COMMENT = 60


class WholeBody(ByteStream):
    """A body in one piece that, unlike the library's own, can still be read as raw bytes."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The content, once."""
        yield self._content


class AnswerStream(ByteStream):
    """The body of a streamed answer; closing it early is noticed and billed as cancelled."""

    def __init__(self, script: Script, pace: Pace) -> None:
        self._script = script
        self._generation = script.generation
        self._pace = pace
        self._tokens = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """The lines of the stream, each with the blank line that ends an event."""
        async for comment in self._silence():
            yield comment
        self._generation.first_token_at = started = time.monotonic()
        async for chunk in self._reasoning(started):
            yield chunk
        for piece in self._script.reply.tokens:
            await self._next_token(started)
            yield self._chunk({"role": "assistant", "content": piece, **self._no_reasoning()})
            if self._tokens % _TOKENS_PER_COMMENT == 0:
                yield _COMMENT
        if self._script.reply.images:
            images = image_rows(self._script.reply.images)
            yield self._chunk({"role": "assistant", "content": "", "images": images})
        if self._script.reply.ending is Ending.CUT:
            self._end(None, None)
            return
        if self._script.reply.ending is Ending.ERROR:
            self._generation.waived = True
            self._end("error", None)
            yield self._error()
        else:
            self._end(self._script.reply.finish_reason, self._script.native_reason)
            yield self._chunk({"role": "assistant", "content": ""}, finished=True)
            yield self._usage()
        yield _DONE

    async def aclose(self) -> None:
        """The reader is gone: some providers stop here, the others bill the whole answer."""
        if self._generation.has_ended:
            return
        if not self._generation.endpoint.host.stops_when_cancelled:
            reply = self._script.reply
            self._generation.reasoning_tokens = len(reply.reasoning)
            self._generation.completion_tokens = len(reply.reasoning) + len(reply.tokens)
        self._generation.cancelled = True
        self._end(None, None)

    async def _silence(self) -> AsyncIterator[bytes]:
        remaining = self._script.silence
        while remaining > 0:
            yield _COMMENT
            await self._pace.wait(min(remaining, _COMMENT_EVERY))
            remaining -= _COMMENT_EVERY

    async def _reasoning(self, started: float) -> AsyncIterator[bytes]:
        thoughts = self._script.reply.reasoning
        for piece in thoughts:
            await self._next_token(started)
            self._generation.reasoning_tokens += 1
            if not self._script.hides_reasoning:
                yield self._thought(piece, reasoning_detail(self._script.author, piece))
        seal = reasoning_seal(self._script.author, "".join(thoughts)) if thoughts else None
        if seal is not None:
            yield self._thought(None, seal)

    async def _next_token(self, started: float) -> None:
        await self._pace.keep(started, self._tokens / self._script.rate)
        self._tokens += 1
        self._generation.completion_tokens += 1

    def _end(self, reason: str | None, native: str | None) -> None:
        self._generation.finish_reason = reason
        self._generation.native_finish_reason = native
        self._generation.ended_at = time.monotonic()

    def _no_reasoning(self) -> Json:
        has_thought = bool(self._script.reply.reasoning)
        return {"reasoning": None, "reasoning_details": []} if has_thought else {}

    def _thought(self, piece: str | None, detail: Json) -> bytes:
        delta = {"role": "assistant", "content": "", "reasoning": piece}
        return self._chunk(delta | {"reasoning_details": [detail]})

    def _chunk(self, delta: Json, *, finished: bool = False) -> bytes:
        reason = self._script.reply.finish_reason if finished else None
        native = self._script.native_reason if finished else None
        return self._event(choices=[choice_row(delta, reason, native)])

    def _error(self) -> bytes:
        error = provider_failure(self._generation.endpoint.host.name)
        return self._event(error=error, choices=[choice_row({"content": ""}, "error", None)])

    def _usage(self) -> bytes:
        metadata = self._script.metadata
        more = {"openrouter_metadata": metadata} if metadata is not None else {}
        choices = usage_chunk_choices(self._script)
        return self._event(choices=choices, usage=usage_row(self._script), **more)

    def _event(self, **fields: object) -> bytes:
        chunk = self._script.head | {"object": "chat.completion.chunk"} | fields
        return b"data: " + json_bytes(chunk) + b"\n\n"
