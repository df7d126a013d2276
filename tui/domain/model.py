"""Models, their prices and the endpoints that serve them, as the catalogue describes them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal

_ROUTER_PREFIX = "openrouter/"
_FREE_VARIANT = ":free"


@dataclass(frozen=True, slots=True)
class PriceOverride:
    """Prices that replace the base ones while every stated condition holds.

    ``min_prompt_tokens`` applies when the prompt is strictly longer. ``utc_start`` and ``utc_end``
    are a half-open window that may wrap midnight; an absent one stands for midnight, and a window
    that ends where it starts is the whole day. ``utc_days`` counts Monday as 0. Only the prices
    named in ``prices`` change; they are USD per token, keyed as in :class:`Pricing`.
    """

    prices: Mapping[str, Decimal]
    min_prompt_tokens: int | None = None
    utc_start: time | None = None
    utc_end: time | None = None
    utc_days: frozenset[int] | None = None

    def applies(self, prompt_tokens: int, at: datetime) -> bool:
        """Whether the override holds for a prompt of this many tokens at this moment in UTC."""
        if self.min_prompt_tokens is not None and prompt_tokens <= self.min_prompt_tokens:
            return False
        if self.utc_days is not None and at.weekday() not in self.utc_days:
            return False
        start, end = self.utc_start or time.min, self.utc_end or time.min
        now = at.time()
        if start < end:
            return start <= now < end
        return now >= start or now < end


@dataclass(frozen=True, slots=True)
class Pricing:
    """Prices in USD: per token, except ``request`` (per request) and ``web_search`` (per search).

    ``image`` is for an image or for a token of one, as the server means it.

    None means that the catalogue names no price; a negative price means that it varies, as for
    OpenRouter's own routers. ``discount`` is a fraction: what is paid is price × (1 − discount).
    """

    prompt: Decimal | None = None
    completion: Decimal | None = None
    request: Decimal | None = None
    image: Decimal | None = None
    image_token: Decimal | None = None
    image_output: Decimal | None = None
    audio: Decimal | None = None
    audio_output: Decimal | None = None
    input_audio_cache: Decimal | None = None
    web_search: Decimal | None = None
    internal_reasoning: Decimal | None = None
    input_cache_read: Decimal | None = None
    input_cache_write: Decimal | None = None
    input_cache_write_1h: Decimal | None = None
    discount: Decimal | None = None
    overrides: tuple[PriceOverride, ...] = ()

    @property
    def varies(self) -> bool:
        """Whether the price depends on a choice that the server makes later."""
        return any(price is not None and price < 0 for price in (self.prompt, self.completion))

    @property
    def is_free(self) -> bool:
        """Whether both prompt and completion cost nothing."""
        return self.prompt == 0 and self.completion == 0


@dataclass(frozen=True, slots=True)
class ReasoningAbility:
    """What a model lets a request say about reasoning; ``efforts`` None means that all work."""

    mandatory: bool = False
    default_enabled: bool | None = None
    efforts: tuple[str, ...] | None = None
    default_effort: str | None = None
    takes_max_tokens: bool = False


@dataclass(frozen=True, slots=True)
class Model:
    """One row of the catalogue. Lengths are in tokens; absent facts are None or empty."""

    id: str
    name: str = ""
    canonical_slug: str | None = None
    hugging_face_id: str | None = None
    description: str = ""
    created: int | None = None
    context_length: int | None = None
    max_completion_tokens: int | None = None
    input_modalities: tuple[str, ...] = ("text",)
    output_modalities: tuple[str, ...] = ("text",)
    tokenizer: str | None = None
    pricing: Pricing = field(default_factory=Pricing)
    supported_parameters: frozenset[str] = frozenset()
    default_parameters: Mapping[str, float] = field(default_factory=dict)
    is_moderated: bool | None = None
    knowledge_cutoff: date | None = None
    expiration_date: date | None = None
    alias_target: str | None = None
    reasoning: ReasoningAbility | None = None
    benchmarks: Mapping[str, float] = field(default_factory=dict)

    @property
    def author(self) -> str:
        """The part of the id before the slash, without the ``~`` of an alias."""
        return self.id.partition("/")[0].removeprefix("~")

    @property
    def variant(self) -> str | None:
        """The suffix after the colon, such as ``free``."""
        return self.id.partition(":")[2] or None


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One provider's offer of a model. Uptimes are percent, latency ms, throughput tokens/s."""

    provider_name: str
    tag: str
    context_length: int | None = None
    max_completion_tokens: int | None = None
    quantization: str | None = None
    pricing: Pricing = field(default_factory=Pricing)
    supported_parameters: frozenset[str] = frozenset()
    status: int | None = None
    uptime_last_5m: float | None = None
    uptime_last_30m: float | None = None
    uptime_last_1d: float | None = None
    latency_last_30m: Mapping[str, float] = field(default_factory=dict)
    throughput_last_30m: Mapping[str, float] = field(default_factory=dict)
    supports_implicit_caching: bool | None = None


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """What ``GET /key`` says of the key in use; amounts are USD, None where there is no limit.

    The spans of usage begin in UTC. Free requests are those of a day to free models.
    """

    label: str = ""
    limit: Decimal | None = None
    limit_remaining: Decimal | None = None
    limit_reset: str | None = None
    usage: Decimal | None = None
    usage_daily: Decimal | None = None
    usage_weekly: Decimal | None = None
    usage_monthly: Decimal | None = None
    is_free_tier: bool | None = None
    free_requests_limit: int | None = None
    free_requests_left: int | None = None


def normalise_model_id(model_id: str) -> str:
    """The id as requests want it: without the ``openrouter/`` prefix that other tools write.

    OpenRouter's own routers, such as ``openrouter/auto``, keep theirs: it is their author.
    """
    rest = model_id.strip().removeprefix(_ROUTER_PREFIX)
    return rest if "/" in rest else model_id.strip()


_FREE_OF_CHARGE = Pricing(prompt=Decimal(0), completion=Decimal(0))


def base_model_id(model_id: str) -> str:
    """The id without its variant suffix: ``:nitro``, ``:floor`` and ``:online`` are not listed."""
    return model_id.partition(":")[0]


def find_model(models: Mapping[str, Model], model_id: str) -> Model | None:
    """The catalogue row for an id: itself, else the row without the variant suffix.

    ``models`` is keyed by id. Answers name the dated slug, so that is looked up as well; a free
    variant shares it with the base model, which comes first. One that is not listed, as it came or
    went a moment ago, does not cost what the base model does: it is free.
    """
    wanted = normalise_model_id(model_id)
    if (listed := models.get(wanted)) is not None:
        return listed
    if (base := models.get(base_model_id(wanted))) is not None:
        return replace(base, pricing=_FREE_OF_CHARGE) if wanted.endswith(_FREE_VARIANT) else base
    same = [model for model in models.values() if model.canonical_slug == wanted]
    return min(same, key=lambda model: model.variant is not None, default=None)
