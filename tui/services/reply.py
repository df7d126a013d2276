"""An answer of a server whose headers have arrived, read within bounds of time and size."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass

from tui.domain.errors import Failure, WorkbenchError
from tui.domain.settings import ReliabilitySettings
from tui.services import network_failures
from tui.services.answer_failures import compressed, too_long

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_LONGEST_BODY_WAIT = 5.0
"""Seconds for the body of an error: its status says enough to show it without."""
_LONGEST_SETTLING = 0.05
"""Seconds to wait for the end of a body whose content is complete, so that TLS can be reused."""


@dataclass(frozen=True, slots=True)
class Waits:
    """How long to wait for a server; ``first_byte_by`` is a moment of the loop's clock."""

    origin: str
    first_byte_by: float
    reliability: ReliabilitySettings

    def next_byte_by(self, begun: bool) -> float:
        """Until when the next byte of a body has to come."""
        if not begun:
            return self.first_byte_by
        return asyncio.get_running_loop().time() + self.reliability.silence_timeout

    def timed_out(self, begun: bool) -> Failure:
        """The failure for a byte that did not come in time."""
        if begun:
            return network_failures.fell_silent(self.origin, self.reliability.silence_timeout)
        return network_failures.no_answer(self.origin, self.reliability.first_byte_timeout)


class Reply:
    """An answer whose headers have arrived; it must be closed.

    ``headers`` does not care for the case of names. ``chunks`` raises ConnectionError when the body
    breaks off. ``listener`` hears of every chunk as it comes.
    """

    def __init__(
        self,
        status: int,
        headers: Mapping[str, str],
        chunks: AsyncIterator[bytes],
        close: Callable[[], Awaitable[None]],
        waits: Waits,
    ) -> None:
        self.status = status
        self.headers = headers
        self._chunks = chunks
        self._close = close
        self._waits = waits
        self._begun = False
        self.listener: Callable[[bytes], None] | None = None

    @property
    def media_type(self) -> str:
        """The content type without its parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def is_encoded(self) -> bool:
        """Whether the body is compressed, which was not asked for and could be a bomb."""
        return self.headers.get("content-encoding", "").strip().lower() not in ("", "identity")

    @property
    def succeeded(self) -> bool:
        """Whether the status says that the body is what was asked for."""
        return 200 <= self.status < 300

    @property
    def is_redirect(self) -> bool:
        """Whether the server sends us elsewhere."""
        return self.status in _REDIRECTS

    async def next_chunk(self) -> bytes | None:
        """The next bytes of the body, or None at its end.

        Raises :class:`WorkbenchError` for a lost connection, and when nothing comes in time: until
        the first byte the first-byte timeout counts, from then on the silence timeout.
        """
        try:
            async with asyncio.timeout_at(self._waits.next_byte_by(self._begun)):
                chunk = await anext(self._chunks)
        except StopAsyncIteration:
            return None
        except TimeoutError:
            failure = self._waits.timed_out(self._begun)
        except ConnectionError:
            failure = network_failures.lost_within_answer(self._waits.origin)
        else:
            self._begun = True
            if self.listener is not None:
                self.listener(chunk)
            return chunk
        raise WorkbenchError(failure)

    async def read(self, at_most: int) -> bytes:
        """The whole body of at most this many bytes.

        Raises :class:`WorkbenchError` for a longer body, a compressed one, or a lost connection.
        """
        if self.is_encoded:
            raise WorkbenchError(compressed(self._waits.origin))
        body = bytearray()
        while (chunk := await self.next_chunk()) is not None:
            body += chunk
            if len(body) > at_most:
                raise WorkbenchError(too_long(self._waits.origin, at_most))
        return bytes(body)

    async def read_some(self, at_most: int) -> bytes:
        """The beginning of the body, as far as it comes without trouble within a few seconds."""
        body = bytearray()
        if self.is_encoded:
            return b""
        try:
            async with asyncio.timeout(_LONGEST_BODY_WAIT):
                while len(body) < at_most and (chunk := await self.next_chunk()) is not None:
                    body += chunk
        except (TimeoutError, WorkbenchError):
            pass
        return bytes(body[:at_most])

    async def settle(self) -> None:
        """Give the body a moment to end, so that its connection can serve the next request."""
        try:
            async with asyncio.timeout(_LONGEST_SETTLING):
                await self.next_chunk()
        except (TimeoutError, WorkbenchError):
            pass

    async def aclose(self) -> None:
        """Close the answer; if it has not ended, its connection is closed at once."""
        await self._close()
