"""The demo's bill: what a simulated prompt cache holds, and price × usage in Decimal."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tui.demo.catalogue import Json
from tui.demo.endpoints import DemoEndpoint
from tui.demo.prompt import Prompt
from tui.domain.bill import computed_cost
from tui.domain.caching import CachingKind, caching_kind, minimum_tokens
from tui.domain.cost import Usage
from tui.domain.model import Model, Pricing

_LIFETIMES = {"5m": 300.0, "1h": 3600.0}
_AUTOMATIC_MINIMUM = 1024


@dataclass(frozen=True, slots=True)
class CacheUse:
    """How many tokens of a prompt were read from the cache and written to it, and for how long."""

    read: int = 0
    written: int = 0
    ttl: str = "5m"


@dataclass(frozen=True, slots=True)
class _Prefix:
    """The beginning of a conversation: ``key`` is a hash of endpoint, session and messages."""

    key: bytes
    tokens: int


class PromptCache:
    """Remembers which beginnings of a conversation a provider would still hold.

    ``clock`` gives seconds and says when they expire.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._expiry: dict[bytes, float] = {}

    def use(self, endpoint: DemoEndpoint, session_id: str, prompt: Prompt) -> CacheUse:
        """What this prompt reads and writes; the cache remembers it for the next one.

        Claude and Qwen cache up to each mark, Gemini up to the last one only and counts what it
        writes as read as well; other models with a cache price cache by themselves.
        """
        model = endpoint.model
        kind = caching_kind(model.id, Model(model.id, pricing=endpoint.pricing))
        if not kind.is_there:
            return CacheUse()
        prefixes = _prefixes(endpoint, session_id, prompt)
        least = minimum_tokens(model.id) or _AUTOMATIC_MINIMUM
        long_enough = [prefix for prefix in prefixes if prefix.tokens >= least]
        read = max((p.tokens for p in long_enough if self._holds(p)), default=0)
        if kind is CachingKind.AUTOMATIC:
            self._remember(long_enough, "5m")
            return CacheUse(read)
        marks = [
            (prefix, message.cache_ttl)
            for prefix, message in zip(prefixes, prompt.messages, strict=True)
            if message.cache_ttl is not None and prefix.tokens >= least
        ]
        if not marks:
            return CacheUse()
        last, ttl = marks[-1]
        if kind is CachingKind.GEMINI:
            if self._holds(last):
                # Reading an explicit cache of Gemini does not prolong its five minutes.
                return CacheUse(last.tokens)
            self._remember([last], "5m")
            return CacheUse(last.tokens, last.tokens)
        self._remember([prefix for prefix, _ in marks], ttl)
        return CacheUse(read, max(0, last.tokens - read), ttl)

    def _holds(self, prefix: _Prefix) -> bool:
        return self._expiry.get(prefix.key, 0.0) > self._clock()

    def _remember(self, prefixes: list[_Prefix], ttl: str) -> None:
        until = self._clock() + _LIFETIMES[ttl]
        self._expiry.update((prefix.key, until) for prefix in prefixes)


def _prefixes(endpoint: DemoEndpoint, session_id: str, prompt: Prompt) -> list[_Prefix]:
    """The conversation up to each of its messages."""
    place = f"{endpoint.host.tag}\0{endpoint.model.id}\0{session_id}\0"
    digest = hashlib.sha256(place.encode(errors="replace"))
    tokens, prefixes = 0, []
    for message in prompt.messages:
        digest.update(f"{message.role}\0{message.text}\0".encode(errors="replace"))
        tokens += message.tokens
        prefixes.append(_Prefix(digest.digest(), tokens))
    return prefixes


@dataclass(slots=True)
class Generation:
    """One answer as the server sees it: it grows with each token and is billed at the end.

    ``started`` and the other moments are monotonic, in seconds; ``at`` is in UTC.
    """

    id: str
    endpoint: DemoEndpoint
    pricing: Pricing
    at: datetime
    started: float
    prompt_tokens: int
    cache: CacheUse
    streamed: bool
    session_id: str
    completion_tokens: int = 0
    reasoning_tokens: int = 0
    first_token_at: float | None = None
    ended_at: float | None = None
    finish_reason: str | None = None
    native_finish_reason: str | None = None
    cancelled: bool = False
    waived: bool = False
    """A provider's failure is not billed."""

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will be billed."""
        return self.ended_at is not None

    def cost(self) -> Decimal:
        """What the account is charged so far, in USD."""
        return Decimal(0) if self.waived else self._cost_of(self._usage(self.completion_tokens))

    def prompt_cost(self) -> Decimal:
        """The part of :meth:`cost` that the prompt makes up, in USD."""
        return Decimal(0) if self.waived else self._cost_of(self._usage(0))

    def _usage(self, completion_tokens: int) -> Usage:
        return Usage(
            prompt_tokens=self.prompt_tokens,
            completion_tokens=completion_tokens,
            cached_tokens=self.cache.read,
            cache_write_tokens=self.cache.written,
        )

    def _cost_of(self, usage: Usage) -> Decimal:
        cost = computed_cost(usage, self.pricing, self.at, cache_ttl=self.cache.ttl)
        if cost is None:
            raise ValueError(f"{self.endpoint.model.id} has no price in the demo's catalogue")
        return cost


class Ledger:
    """Every generation of this demo, and what the account has spent with them."""

    def __init__(self) -> None:
        self._generations: dict[str, Generation] = {}

    def open(self, generation: Generation) -> None:
        """Keep a generation that begins."""
        self._generations[generation.id] = generation

    def find(self, generation_id: str) -> Generation | None:
        """The generation with this id, once it has ended."""
        found = self._generations.get(generation_id)
        return found if found is not None and found.has_ended else None

    def spent(self) -> Decimal:
        """The sum of all costs so far, in USD."""
        return sum((row.cost() for row in self._generations.values()), Decimal(0))


def generation_row(generation: Generation) -> Json:
    """What ``GET /generation`` tells of a generation that has ended."""
    first = generation.first_token_at or generation.ended_at or generation.started
    ended = generation.ended_at or first
    cost = generation.cost()
    tokens = {"prompt": generation.prompt_tokens, "completion": generation.completion_tokens}
    return {
        "id": generation.id,
        "upstream_id": None,
        "model": generation.endpoint.model.served_as,
        "provider_name": generation.endpoint.host.name,
        "created_at": generation.at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "total_cost": cost,
        "usage": cost,
        "upstream_inference_cost": 0,
        "cache_discount": _cache_discount(generation) or None,
        "is_byok": False,
        **{f"tokens_{name}": count for name, count in tokens.items()},
        **{f"native_tokens_{name}": count for name, count in tokens.items()},
        "native_tokens_reasoning": generation.reasoning_tokens,
        "native_tokens_cached": generation.cache.read,
        "finish_reason": generation.finish_reason,
        "native_finish_reason": generation.native_finish_reason,
        "latency": round((first - generation.started) * 1000),
        "generation_time": round((ended - first) * 1000),
        "moderation_latency": None,
        "cancelled": generation.cancelled,
        "streamed": generation.streamed,
        "service_tier": None,
        "session_id": generation.session_id or None,
        "router": None,
    }


def _cache_discount(generation: Generation) -> Decimal:
    """What the cache saved on this generation in USD; negative when writing cost more."""
    plain = Usage(
        prompt_tokens=generation.prompt_tokens, completion_tokens=generation.completion_tokens
    )
    cost = computed_cost(plain, generation.pricing, generation.at)
    return Decimal(0) if cost is None or generation.waived else cost - generation.cost()
