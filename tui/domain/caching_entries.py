"""Which cache entries the answers of a conversation left behind, and what of them a path can use.

An entry belongs to the beginning of one request, up to a mark or, with models that cache by
themselves, up to its end. Another request can read it as far as both begin with the same messages.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from tui.domain.bill import asked_ttl
from tui.domain.caching import CachingKind, caching_kind, lifetime, marked_turns, minimum_tokens
from tui.domain.conversation import Conversation, Generation, Message, MessageState, Role
from tui.domain.model import Model
from tui.domain.prompt_size import PromptSize
from tui.domain.request import is_sent
from tui.domain.settings import ProviderKind

FindModel = Callable[[str], Model | None]
"""Looks a model up in the catalogue."""

AUTOMATIC_MINIMUM = 1024
"""Tokens from which on models cache by themselves, where nothing else is documented."""
STICKY_FOR = timedelta(minutes=10)
"""A conversation without requests for so long may be sent to another provider."""

_SYSTEM = -1
"""Stands for the system prompt among the numbers of the user's turns."""
_CANDIDATES = 8
"""Earlier answers that are looked at: an entry that none of them kept warm has expired."""


@dataclass(frozen=True, slots=True)
class WarmPrefix:
    """The beginning of a path that a provider still holds.

    ``messages`` are its ids and ``tokens`` about how many tokens they have. ``until`` is when it
    expires; after ``sticky_until`` another provider may be chosen, which holds nothing. Both in
    UTC.
    """

    messages: tuple[str, ...]
    tokens: int
    until: datetime
    sticky_until: datetime
    provider: str = ""

    def left(self, now: datetime) -> float:
        """Seconds for which it stays warm; 0 when it is cold."""
        return max(0.0, (self.until - now).total_seconds())


@dataclass(frozen=True, slots=True)
class Asked:
    """One answered request, beside the active path.

    ``sent`` messages went with it, of which the first ``shared`` are those of the path. ``offered``
    is how the model caches, ``kind`` what of it was in force.
    ``boundaries`` say up to how many messages of the path it may have been cached, ascending, and
    ``least`` how many tokens a prompt needs for that. ``cached_since`` is when its entry was
    written or last prolonged, ``expires`` when it ends.
    """

    message: Message
    generation: Generation
    sent: int
    shared: int
    on_path: bool
    offered: CachingKind
    kind: CachingKind
    boundaries: tuple[int, ...]
    least: int
    cached_since: datetime
    expires: datetime

    @property
    def intact(self) -> bool:
        """Whether everything that was sent is the beginning of the path."""
        return self.shared == self.sent

    @property
    def prompt_tokens(self) -> int:
        """The tokens of its prompt, as reported."""
        usage = self.generation.usage
        return (usage.prompt_tokens or 0) if usage is not None else 0

    @property
    def place(self) -> tuple[str, str]:
        """The model and the connection: caches of different ones are kept apart."""
        return self.generation.model_asked, self.generation.provider_name


@dataclass(frozen=True, slots=True)
class Held:
    """A cache entry that is still warm: whose it is, and how much of a path it holds."""

    asked: Asked
    messages: int
    tokens: int

    def as_prefix(self, path: Sequence[Message]) -> WarmPrefix:
        """The entry as the beginning of its path."""
        return WarmPrefix(
            tuple(message.id for message in path[: self.messages]),
            self.tokens,
            self.asked.expires,
            self.asked.message.created_at + STICKY_FOR,
            self.asked.generation.served_by or "",
        )


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the messages of a conversation stand against the active path."""

    on_path: Mapping[str, int]
    depth: Mapping[str, int]
    shared: Mapping[str, int]
    turns_apart: Mapping[str, int]


def asked_before(
    conversation: Conversation, path: Sequence[Message], find: FindModel
) -> list[Asked]:
    """Every answer of the conversation whose prompt was counted, in the order of the requests."""
    places = _places(conversation, path)
    markable = [index for index, message in enumerate(path) if _takes_mark(message)]
    turns = [index for index in markable if path[index].role is Role.USER]
    system = next((index for index in markable if path[index].role is Role.SYSTEM), None)
    written: dict[tuple[str, int], datetime] = {}
    asked = []
    for message in conversation.messages.values():
        generation, parent = message.generation, message.parent_id or ""
        if generation is None or message.state is MessageState.STREAMING:
            continue
        if generation.usage is None or generation.usage.prompt_tokens is None:
            continue
        offered = _offered(generation, find)
        kind = _in_force(generation, offered)
        shared = places.shared.get(parent, 0)
        if kind is CachingKind.AUTOMATIC:
            boundaries: tuple[int, ...] = (shared,) if shared else ()
        else:
            common, apart = bisect_left(turns, shared), places.turns_apart.get(parent, 0)
            # By number first: a request may hold turns that are none of this path.
            marked = marked_turns(kind, range(common + apart), _SYSTEM)
            marks = [turns[number] for number in marked if 0 <= number < common]
            if _SYSTEM in marked and system is not None:
                marks.append(system)
            boundaries = tuple(mark + 1 for mark in sorted(marks) if mark < shared)
        since = message.created_at
        if kind is CachingKind.GEMINI and boundaries:
            # Reading an explicit cache of Gemini does not prolong its five minutes.
            key = (generation.model_asked, boundaries[-1])
            if not generation.usage.cache_write_tokens:
                since = written.get(key, since)
            written[key] = since
        asked.append(
            Asked(
                message,
                generation,
                sent=places.depth.get(parent, 0),
                shared=shared,
                on_path=message.id in places.on_path,
                offered=offered,
                kind=kind,
                boundaries=boundaries,
                least=minimum_tokens(generation.model_asked) or AUTOMATIC_MINIMUM,
                cached_since=since,
                expires=since
                + lifetime(generation.model_asked, asked_ttl(generation.request_settings)),
            )
        )
    return asked


def longest_held(
    earlier: Sequence[Asked], upto: Sequence[int], count: int, now: datetime
) -> Held | None:
    """The longest beginning of the first ``count`` messages of a path that is still warm.

    ``earlier`` are requests of the same model and connection, the oldest first, and ``upto`` are
    the tokens before each message of the path.
    """
    best: Held | None = None
    for one in reversed(earlier[-_CANDIDATES:]):
        usage = one.generation.usage
        if now >= one.expires or usage is None or usage.cached_tokens is None:
            continue
        boundary = max((b for b in one.boundaries if b <= count), default=0)
        held = _held(one, boundary, upto) if boundary else 0
        if held and (best is None or held > best.tokens):
            best = Held(one, boundary, held)
    return best


def tokens_before(size: PromptSize) -> list[int]:
    """The tokens before each message, and those of them all at the end."""
    return [0, *accumulate(size.messages)]


def _held(one: Asked, boundary: int, upto: Sequence[int]) -> int:
    """How many tokens of an entry lie within its first ``boundary`` messages; 0 if none does."""
    usage = one.generation.usage
    if usage is None or one.prompt_tokens < one.least:
        return 0
    if one.kind is CachingKind.AUTOMATIC:
        return one.prompt_tokens if boundary == one.sent else upto[boundary]
    read, written = usage.cached_tokens or 0, usage.cache_write_tokens or 0
    reported = max(read, written) if one.kind is CachingKind.GEMINI else read + written
    whole = one.intact and boundary == one.boundaries[-1]
    return reported if whole else min(reported, upto[boundary])


def _offered(generation: Generation, find: FindModel) -> CachingKind:
    """How the model that was asked caches; of a compatible server nothing is known."""
    if generation.request_settings.get("kind") == ProviderKind.COMPATIBLE:
        return CachingKind.UNKNOWN
    return caching_kind(generation.model_asked, find(generation.model_asked))


def _in_force(generation: Generation, offered: CachingKind) -> CachingKind:
    """What of it the request made use of; without marks, Gemini may still cache by itself."""
    if generation.request_settings.get("prompt_caching") is True:
        return offered
    by_itself = offered in (CachingKind.AUTOMATIC, CachingKind.GEMINI)
    return CachingKind.AUTOMATIC if by_itself else CachingKind.NONE


def _takes_mark(message: Message) -> bool:
    return is_sent(message) and bool(message.text.strip())


def _places(conversation: Conversation, path: Sequence[Message]) -> _Places:
    on_path = {message.id: index for index, message in enumerate(path)}
    depth: dict[str, int] = {}
    shared: dict[str, int] = {}
    apart: dict[str, int] = {}
    for message in conversation.messages.values():
        parent = message.parent_id or ""
        depth[message.id] = depth.get(parent, 0) + 1
        if message.id in on_path:
            shared[message.id], apart[message.id] = on_path[message.id] + 1, 0
        else:
            turn = message.role is Role.USER and _takes_mark(message)
            shared[message.id] = shared.get(parent, 0)
            apart[message.id] = apart.get(parent, 0) + turn
    return _Places(on_path, depth, shared, apart)
