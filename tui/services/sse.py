"""Server-sent events from bytes, as the HTML standard reads them.

Lines end at CR, LF or CRLF and nowhere else: JSON may carry U+2028 and the like unescaped, so
``str.splitlines`` and what builds on it would cut an event in two.
https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MIB = 1024 * 1024

_LINE_END = re.compile(rb"\r\n|\r|\n")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class ServerSentEvent:
    """One dispatched event."""

    data: str
    event: str = "message"
    last_id: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """A line that begins with a colon: a sign of life."""


class EventTooLongError(Exception):
    """Raised for a line or an event that passes its bound; what came before has been yielded."""


class SseParser:
    """Splits a stream of bytes into events, however the bytes are cut into chunks.

    An event that the stream leaves unfinished is dropped, as the standard says. ``longest`` bounds
    a line, and the data lines of one event together, in bytes.
    """

    def __init__(self, longest: int = 4 * MIB) -> None:
        self._longest = longest
        self._line = bytearray()
        self._after_cr = False
        self._first_line = True
        self._data: list[str] = []
        self._data_size = 0
        self._event = ""
        self._last_id = ""

    def feed(self, chunk: bytes) -> Iterator[ServerSentEvent | Comment]:
        """The events and comments that this chunk completes; the iterator must be used up.

        Raises :class:`EventTooLongError`.
        """
        for line in self._lines(chunk):
            found = self._take(line)
            if found is not None:
                yield found

    def _lines(self, chunk: bytes) -> Iterator[bytes]:
        if not chunk:
            return
        if self._after_cr and chunk.startswith(b"\n"):
            chunk = chunk[1:]
        self._after_cr = chunk.endswith(b"\r")
        *complete, rest = _LINE_END.split(chunk)
        for piece in complete:
            self._hold(piece)
            line = bytes(self._line)
            self._line.clear()
            if self._first_line:
                line = line.removeprefix(_BYTE_ORDER_MARK)
                self._first_line = False
            yield line
        self._hold(rest)

    def _hold(self, piece: bytes) -> None:
        if len(self._line) + len(piece) > self._longest:
            raise EventTooLongError
        self._line += piece

    def _take(self, line: bytes) -> ServerSentEvent | Comment | None:
        if not line:
            return self._dispatch()
        name, _, raw = line.partition(b":")
        if not name:
            return Comment()
        value = raw.removeprefix(b" ").decode("utf-8", "replace")
        if name == b"data":
            self._data_size += len(line)
            if self._data_size > self._longest:
                raise EventTooLongError
            self._data.append(value)
        elif name == b"event":
            self._event = value
        elif name == b"id" and "\0" not in value:
            self._last_id = value
        return None

    def _dispatch(self) -> ServerSentEvent | None:
        event, data = self._event, self._data
        self._event, self._data, self._data_size = "", [], 0
        # One empty data line makes an event; no data line makes none.
        return ServerSentEvent("\n".join(data), event or "message", self._last_id) if data else None
