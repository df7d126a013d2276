"""Prompt caching: what it will do for a model, and where ``cache_control`` goes.

Source: OpenRouter's guide to prompt caching. Prices always come from the catalogue, as families
differ from model to model.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from tui.domain.bill import ONE_HOUR
from tui.domain.figures import price_per_million, tokens
from tui.domain.model import Model, Pricing

_GEMINI_TURNS_PER_MARK = 10
"""The mark stays in place for ten turns: a mark that moves each turn is written and never read."""
_CLAUDE_MARKED_TURNS = 2

_AUTOMATIC_AUTHORS = frozenset({"openai", "deepseek", "x-ai", "moonshotai", "z-ai"})
_MINIMUM_TOKENS = (
    ("anthropic/claude-opus-4.5", 4096),
    ("anthropic/claude-opus-4.6", 4096),
    ("anthropic/claude-opus-4.7", 4096),
    ("anthropic/claude-opus-4.8", 4096),
    ("anthropic/claude-haiku-4.5", 4096),
    ("anthropic/claude-3.5-haiku", 2048),
    ("anthropic/claude-sonnet-4", 1024),
    ("anthropic/claude-opus-4", 1024),
    ("google/gemini-", 4096),
    ("openai/", 1024),
)


class CachingKind(StrEnum):
    """How a model's prompt cache is switched on."""

    EXPLICIT = "explicit"
    GEMINI = "gemini"
    AUTOMATIC = "automatic"
    NONE = "none"
    UNKNOWN = "unknown"

    @property
    def is_there(self) -> bool:
        """Whether the model is known to cache."""
        return self not in (CachingKind.NONE, CachingKind.UNKNOWN)


def caching_kind(model_id: str, model: Model | None = None) -> CachingKind:
    """How caching works for a model, by its author and by the prices in the catalogue.

    Qwen's models take marks if writing has a price. A read price without a known rule means
    automatic, and a model with prices but none for reading does not cache by itself. Of one without
    prices, and of routers, which ask models of their own choice, nothing is known.
    """
    author, _, name = model_id.removeprefix("~").partition("/")
    pricing = model.pricing if model is not None else Pricing()
    if author == "anthropic" or (author == "qwen" and pricing.input_cache_write is not None):
        return CachingKind.EXPLICIT
    if author == "google" and name.startswith("gemini"):
        return CachingKind.GEMINI
    unlisted = pricing.prompt is None and author in _AUTOMATIC_AUTHORS
    if unlisted or pricing.input_cache_read is not None:
        return CachingKind.AUTOMATIC
    if pricing.prompt is None or pricing.varies:
        return CachingKind.UNKNOWN
    return CachingKind.NONE


def takes_ttl(model_id: str) -> bool:
    """Whether the lifetime of a cache entry can be chosen: only Anthropic offers an hour."""
    return model_id.removeprefix("~").startswith("anthropic/")


def lifetime(model_id: str, ttl: str | None) -> timedelta:
    """How long an entry lives after it was written or, but for Gemini's explicit ones, last read.

    ``ttl`` is what was asked for, "5m" or "1h"; it counts only where it can be chosen.
    """
    return timedelta(hours=1) if ttl == ONE_HOUR and takes_ttl(model_id) else timedelta(minutes=5)


def minimum_tokens(model_id: str) -> int | None:
    """How long a prompt must be to be cached, in tokens, where the provider documents it."""
    model_id = model_id.removeprefix("~")
    matching = [(prefix, least) for prefix, least in _MINIMUM_TOKENS if model_id.startswith(prefix)]
    return max(matching, key=lambda row: len(row[0]))[1] if matching else None


@dataclass(frozen=True, slots=True)
class CachingEffect:
    """What the "Enable prompt caching" box does for one model, in words."""

    kind: CachingKind
    active: bool
    badge: str
    sentence: str


COMPATIBLE_EFFECT = CachingEffect(
    CachingKind.UNKNOWN,
    False,
    "unknown",
    "Nothing is sent: whether an OpenAI-compatible server caches prompts is its own affair.",
)
"""What the box does for a server that knows nothing of OpenRouter's marks."""


def caching_effect(
    model_id: str, model: Model | None, *, enabled: bool, ttl: str | None = None
) -> CachingEffect:
    """What caching will do for this model with the box checked or not; ``ttl`` is 5m or 1h."""
    kind = caching_kind(model_id, model)
    name = _name(model_id, model)
    least = minimum_tokens(model_id)
    from_length = f" from {tokens(least)} tokens on" if least else ""
    one_hour = ttl == ONE_HOUR and takes_ttl(model_id)
    prices = _prices(model, one_hour=one_hour)
    lifetime = "1 hour" if one_hour else "5 minutes"
    match kind, enabled:
        case CachingKind.EXPLICIT, True:
            sentence = (
                f"{name}: the start of the conversation is cached for {lifetime}{from_length}"
            )
            badge = f"explicit · {'1h' if one_hour else '5m'}"
            return CachingEffect(kind, True, badge, f"{sentence}{prices}.")
        case CachingKind.EXPLICIT, False:
            sentence = f"{name}: nothing is cached until you check the caching box{prices}."
            return CachingEffect(kind, False, "off", sentence)
        case CachingKind.GEMINI, True:
            sentence = f"{name}: an explicit cache is kept for 5 minutes{from_length}{prices}."
            return CachingEffect(kind, True, "Gemini explicit", sentence)
        case CachingKind.GEMINI, False:
            sentence = (
                f"{name}: the explicit cache stays off until you check the caching box{prices}. "
                "Gemini may still reuse recent prompts by itself."
            )
            return CachingEffect(kind, False, "off", sentence)
        case CachingKind.AUTOMATIC, _:
            sentence = f"{name} caches by itself{from_length}{prices}; the box changes nothing."
            return CachingEffect(kind, True, "automatic", sentence)
        case CachingKind.UNKNOWN, _:
            return CachingEffect(kind, False, "unknown", f"{name}: {_unknown(model)}.")
        case _:
            return CachingEffect(kind, False, "none", f"{name} has no prompt cache.")


def _unknown(model: Model | None) -> str:
    if model is not None and model.pricing.varies:
        return "whether prompts are cached depends on the model that is chosen"
    return "it is not known whether prompts are cached"


def _name(model_id: str, model: Model | None) -> str:
    """The model's name without its author, which the catalogue puts before a colon."""
    name = model.name if model is not None else ""
    return name.partition(": ")[2] or name or model_id


def _prices(model: Model | None, *, one_hour: bool) -> str:
    if model is None or model.pricing.input_cache_read is None:
        return ""
    pricing = model.pricing
    read = price_per_million(pricing.input_cache_read)
    words = f"; a read costs {read} / M instead of {price_per_million(pricing.prompt)}"
    write_price = pricing.input_cache_write
    if one_hour and pricing.input_cache_write_1h is not None:
        write_price = pricing.input_cache_write_1h
    return words if write_price is None else f"{words}, a write {price_per_million(write_price)}"


def marked_turns(kind: CachingKind, user_turns: Sequence[int], system: int | None) -> set[int]:
    """Which messages get a mark, as indices into the request's messages.

    ``user_turns`` are the indices of the user's messages that have text, ``system`` that of the
    system prompt. Claude and Qwen: the system prompt and the last two user turns, within the limit
    of four marks. Gemini uses only the last mark: one at the end of the prefix that stays the same.
    """
    match kind:
        case CachingKind.EXPLICIT:
            marked = set(user_turns[-_CLAUDE_MARKED_TURNS:])
            return marked if system is None else marked | {system}
        case CachingKind.GEMINI if user_turns:
            return {
                user_turns[(len(user_turns) - 1) // _GEMINI_TURNS_PER_MARK * _GEMINI_TURNS_PER_MARK]
            }
        case _:
            return set()
