"""What servers answered, byte by byte and with the time of each chunk, for the last few requests.

It is kept in memory only and never more of it than a bound: the beginning of a long answer and its
end, which holds the usage. Requests are not kept: they can be built again.
"""

from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from time import monotonic

from pydantic import SecretStr

from tui.domain.connection import SHORTEST_KEY
from tui.services.reply import Reply

_KEPT = 20
_BEGINNING = 192 * 1024
_END = 64 * 1024
_CHUNK_OVERHEAD = 128
"""Bytes of memory that a chunk takes besides its data."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Bytes of a body, and the seconds after the send at which they came."""

    at: float
    data: bytes


@dataclass(slots=True)
class Try:
    """One try of a request: its answer as far as it came; ``problem`` says why it did not.

    ``answered_at`` is in seconds after the send. ``left_out`` counts the bytes between the
    beginning and the end of a long body.
    """

    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    answered_at: float | None = None
    problem: str = ""
    left_out: int = 0
    _beginning: list[Chunk] = field(default_factory=list)
    _end: deque[Chunk] = field(default_factory=deque)
    _room: int = _BEGINNING
    _end_size: int = 0

    @property
    def chunks(self) -> Iterator[Chunk]:
        """The chunks that were kept, in their order."""
        yield from self._beginning
        yield from self._end

    def take(self, chunk: Chunk) -> None:
        """Keep one more chunk; in the middle of a long body an older one goes for it."""
        size = len(chunk.data) + _CHUNK_OVERHEAD
        if not self._end and size <= self._room:
            self._beginning.append(chunk)
            self._room -= size
            return
        self._end.append(chunk)
        self._end_size += size
        while self._end_size > _END and self._end:
            gone = self._end.popleft()
            self._end_size -= len(gone.data) + _CHUNK_OVERHEAD
            self.left_out += len(gone.data)


class Exchange:
    """One request and its tries; ``clock`` is monotonic, in seconds.

    The key that it carried is known, since a server may send it back: see :meth:`masked`.
    """

    def __init__(
        self, clock: Callable[[], float] = monotonic, key: SecretStr | None = None
    ) -> None:
        self.tries: list[Try] = []
        self._clock = clock
        self._key = key
        self._started = clock()

    def begin(self) -> None:
        """A try is sent now."""
        self.tries.append(Try())
        self._started = self._clock()

    def answered(self, reply: Reply) -> None:
        """The headers of the answer are here; its body is listened to."""
        current = self.tries[-1]
        current.status = reply.status
        current.headers = tuple(reply.headers.items())
        current.answered_at = self._since()
        reply.listener = self._take

    def failed(self, problem: str) -> None:
        """The try brought no answer, or one that is no success."""
        self.tries[-1].problem = problem

    def masked(self, texts: Sequence[str]) -> Iterator[str]:
        """The pieces of a text from the server as they may be shown: with stars for the key.

        They are looked at as one, since a key may begin in one piece and end in the next.
        """
        whole = "".join(texts)
        secret = self._key.get_secret_value().strip() if self._key is not None else ""
        if len(secret) >= SHORTEST_KEY:
            whole = whole.replace(secret, "*" * len(secret))
        begin = 0
        for text in texts:
            yield whole[begin : begin + len(text)]
            begin += len(text)

    def _take(self, data: bytes) -> None:
        self.tries[-1].take(Chunk(self._since(), data))

    def _since(self) -> float:
        return self._clock() - self._started


class Exchanges:
    """The last twenty exchanges, by the id that their requests carry."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Exchange] = OrderedDict()

    def open(self, request_id: str, key: SecretStr | None = None) -> Exchange:
        """Keep the exchange of a request that is about to be sent with this key."""
        exchange = self._kept[request_id] = Exchange(key=key)
        self._kept.move_to_end(request_id)
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return exchange

    def find(self, request_id: str) -> Exchange | None:
        """The exchange of a request; None if it is too long ago, or was not of this start."""
        return self._kept.get(request_id)
