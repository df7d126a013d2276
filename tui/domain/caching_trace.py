"""What became of the prompt cache: for each answer of a path what was read, and if not, why.

Providers say how many tokens they read and wrote, never why they did not. The reasons here follow
from what the history knows: who answered when, what had been sent before, and how long an entry
lives. See OpenRouter's guide to prompt caching for the lifetimes and for sticky routing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tui.domain.caching import CachingKind
from tui.domain.caching_entries import (
    Asked,
    FindModel,
    WarmPrefix,
    asked_before,
    longest_held,
    tokens_before,
)
from tui.domain.caching_reasons import MissReason, explain_miss
from tui.domain.conversation import Conversation, Message
from tui.domain.figures import tokens
from tui.domain.request import marked_messages
from tui.domain.turn import TurnRequest

_NOT_WORTH_A_WORD = 0.05
"""The part of a warm prefix that may be missed silently: caches work in blocks."""
_SAYS_NOTHING = "the server says nothing about its cache"
_ORDER_WARNING = (
    "provider.order is set for this model, and switches sticky routing off: "
    "another provider than the one with the warm cache may answer."
)


@dataclass(frozen=True, slots=True)
class CacheState:
    """What the cache did for one answer; counts are tokens of its prompt.

    ``missed`` are those that an earlier turn had left in the cache and that were paid in full.
    ``reason`` says why something was not read, None when nothing was missed or nobody knows of any
    cache. ``warm_until`` is when the entry this answer read or wrote ends, in UTC.
    """

    read: int = 0
    written: int = 0
    plain: int = 0
    missed: int = 0
    reason: MissReason | None = None
    words: str = ""
    warm_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class CacheTrace:
    """The cache along the active path: by answer, for the next request, and its marks.

    ``states`` and ``marks`` hold ids of messages.
    """

    states: Mapping[str, CacheState] = field(default_factory=dict)
    marks: frozenset[str] = frozenset()
    warm: WarmPrefix | None = None


def sticky_warning(request: TurnRequest) -> str:
    """What to say where the routing works against the cache; empty where it does not."""
    settings = request.settings
    return _ORDER_WARNING if settings.prompt_caching and settings.routing.get("order") else ""


def warm_now(
    conversation: Conversation, path: Sequence[Message], request: TurnRequest, now: datetime
) -> WarmPrefix | None:
    """What is still warm of a path of the conversation, for the next request along it."""
    asked = asked_before(conversation, path, request.catalogue.find)
    like = [one for one in asked if one.place == _place(request)]
    held = longest_held(like, tokens_before(request.size(path)), len(path), now)
    return held.as_prefix(path) if held is not None else None


def _place(request: TurnRequest) -> tuple[str, str]:
    return request.settings.model, request.connection.provider


def cache_trace(
    conversation: Conversation,
    request: TurnRequest,
    now: datetime,
    find: FindModel | None = None,
) -> CacheTrace:
    """The cache along the active path of a conversation, and what its next request will find.

    ``request`` is the next one; ``find`` looks other models up in the catalogue.
    """
    path = conversation.path()
    find = find or request.catalogue.find
    upto = tokens_before(request.size(path))
    states: dict[str, CacheState] = {}
    places: dict[tuple[str, str], list[Asked]] = {}
    for one in asked_before(conversation, path, find):
        like = places.setdefault(one.place, [])
        if one.on_path:
            states[one.message.id] = _state(one, like, path, upto, others=len(places) > 1)
        like.append(one)
    marks = marked_messages(path, request.settings, request.model)
    held = longest_held(places.get(_place(request), []), upto, len(path), now)
    return CacheTrace(
        states,
        frozenset(path[index].id for index in marks),
        held.as_prefix(path) if held is not None else None,
    )


def _state(
    one: Asked,
    like: Sequence[Asked],
    path: Sequence[Message],
    upto: Sequence[int],
    *,
    others: bool,
) -> CacheState:
    """What the cache did for one answer.

    ``like`` are the requests before it in the same place, and ``others`` says whether there were
    any in another one. ``upto`` are the tokens before each message of the path.
    """
    usage = one.generation.usage
    if usage is None or usage.cached_tokens is None:
        return CacheState(plain=one.prompt_tokens, words=_SAYS_NOTHING)
    read, written = min(usage.cached_tokens, one.prompt_tokens), usage.cache_write_tokens or 0
    # Gemini counts what it writes as read too.
    plain = one.prompt_tokens - read - (0 if one.kind is CachingKind.GEMINI else written)
    expected = longest_held(like, upto, one.sent, one.message.created_at)
    missed = max(0, expected.tokens - read) if expected is not None else 0
    if missed <= one.prompt_tokens * _NOT_WORTH_A_WORD:
        missed = 0
    miss = None
    if missed or not read:
        miss = explain_miss(one, like, expected, path, others=others)
    by_itself = one.kind is CachingKind.AUTOMATIC and one.prompt_tokens >= one.least
    parts = [f"read {tokens(read)}"] if read else []
    if written:
        parts.append(f"wrote {tokens(written)}")
    if missed:
        parts.append(f"missed {tokens(missed)}")
    return CacheState(
        read=read,
        written=written,
        plain=max(0, plain),
        missed=missed,
        reason=miss.reason if miss is not None else None,
        words=" · ".join([*parts, *([miss.words] if miss is not None else [])]),
        warm_until=one.expires if read or written or by_itself else None,
    )
