"""The facts of one model in words: prices, capabilities, variants, dates."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from tui.domain.bill import prices_at
from tui.domain.catalogue_index import Row, row_of
from tui.domain.catalogue_terms import NEW_DAYS
from tui.domain.figures import UNKNOWN, price_per_million, tokens_short
from tui.domain.model import Model, PriceOverride, Pricing

_DAY = 86_400
_DAY_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_PRICE_NAMES = {
    "prompt": "prompt",
    "completion": "answer",
    "input_cache_read": "cache read",
    "input_cache_write": "cache write",
    "input_cache_write_1h": "cache write, 1 hour",
    "audio": "audio",
    "input_audio_cache": "cached audio",
}

VARIANTS = {
    "free": "costs nothing; limits on requests are low and prompts may be kept",
    "thinking": "thinks before it answers; newer models have a reasoning setting instead",
    "nitro": "the fastest providers first",
    "floor": "the cheapest providers first",
    "exacto": "only providers that call tools most reliably",
    "online": "with results of a web search",
    "extended": "with a longer context than the base model",
    "beta": "a version that its provider moderates itself",
    "batch": "for batches: slower and cheaper",
}
"""What the part of an id after the colon means, by OpenRouter's guide to model variants."""


@dataclass(frozen=True, slots=True)
class Capability:
    """A glyph for a column, and its word: a legend always gives both. ``flag`` is its term."""

    glyph: str
    word: str
    flag: str


CAPABILITIES = (
    Capability("t", "tools", "tools"),
    Capability("v", "vision", "vision"),
    Capability("f", "files", "files"),
    Capability("a", "audio", "audio"),
    Capability("m", "video", "video"),
    Capability("r", "reasoning", "reasoning"),
    Capability("j", "JSON", "json"),
    Capability("c", "prompt cache", "caching"),
    Capability("i", "makes images", "image-out"),
    Capability("s", "makes audio", "audio-out"),
)
"""In the order of their column. Letters, so that no font and no colour is needed to tell them."""


@dataclass(frozen=True, slots=True)
class RowFacts:
    """One model as a row shows it. Texts come from outside and are not sanitized yet.

    Prices are words per million tokens; the remarks are empty where there is nothing to say.
    """

    name: str
    author: str
    context: str
    price_in: str
    price_out: str
    price_cache: str
    capabilities: str
    discount: str
    variant: str
    alias: str
    expiry: str
    is_free: bool
    is_new: bool


def row_facts(model: Model, now: datetime, row: Row | None = None) -> RowFacts:
    """The facts of a model at a moment in UTC; ``row`` saves work where a search found it."""
    row = row or row_of(model, now)
    return RowFacts(
        name=short_name(model),
        author=model.author,
        context=tokens_short(model.context_length),
        price_in=price_words(model.pricing, "prompt", now),
        price_out=price_words(model.pricing, "completion", now),
        price_cache=price_words(model.pricing, "input_cache_read", now),
        capabilities=capability_glyphs(row),
        discount=discount_words(model.pricing),
        variant=variant_words(model.variant),
        alias=f"→ {model.alias_target}" if model.alias_target else "",
        expiry=expiry_words(model, now),
        is_free="free" in row.flags,
        is_new=is_new(model, now),
    )


def short_name(model: Model) -> str:
    """The name without its author, who has a column of its own; the id where there is no name."""
    return model.name.partition(": ")[2] or model.name or model.id


def price_words(pricing: Pricing, name: str, now: datetime) -> str:
    """A price per million tokens: ``$3``, ``free``, ``varies``, ``?``.

    With tiers by the length of the prompt it is ``from $1.25 / above 200k $2.50``, all as of now
    and with discount.
    """
    first: Decimal | None = getattr(prices_at(pricing, 0, now), name)
    words = price_per_million(first)
    if first is None or first < 0:
        return words
    tiers = []
    before = first
    for limit in tier_limits(pricing):
        price: Decimal | None = getattr(prices_at(pricing, limit + 1, now), name)
        if price is not None and price != before:
            tiers.append(f"above {tokens_short(limit)} {price_per_million(price)}")
            before = price
    return " / ".join([f"from {words}", *tiers]) if tiers else words


def tier_limits(pricing: Pricing) -> list[int]:
    """The lengths of prompts in tokens above which other prices can hold, ascending."""
    limits = {override.min_prompt_tokens for override in pricing.overrides}
    return sorted(limit for limit in limits if limit is not None)


def override_words(pricing: Pricing) -> list[str]:
    """Each override in words, such as "above 200k, Mon–Fri 09:00–17:00 UTC: prompt $2.50"."""
    return [
        f"{_condition(override)}: {_replaced(override)}"
        for override in pricing.overrides
        if override.prices
    ]


def discount_words(pricing: Pricing) -> str:
    """``−25 %`` for a discount that the prices already have in them, else nothing."""
    if pricing.discount is None or not 0 < pricing.discount <= 1:
        return ""
    percent = (pricing.discount * 100).normalize()
    return f"−{percent:f} %"


def capability_glyphs(row: Row) -> str:
    """One letter for each capability in a fixed place, a dot where the model lacks it."""
    return "".join(one.glyph if one.flag in row.flags else "·" for one in CAPABILITIES)


def capability_words(row: Row) -> list[str]:
    """The capabilities of a model by name."""
    return [one.word for one in CAPABILITIES if one.flag in row.flags]


def variant_words(variant: str | None) -> str:
    """What a variant means, or nothing for a model without one."""
    if variant is None:
        return ""
    meaning = VARIANTS.get(variant.lower())
    return f":{variant} {meaning}" if meaning else f":{variant} is a variant of the base model"


def is_new(model: Model, now: datetime) -> bool:
    """Whether the model was added within the last 30 days."""
    return model.created is not None and model.created >= now.timestamp() - NEW_DAYS * _DAY


def expiry_words(model: Model, now: datetime) -> str:
    """``ends 2026-12-31 (in 41 days)``, or nothing."""
    last = model.expiration_date
    if last is None:
        return ""
    days = (last - now.date()).days
    if days < 0:
        return f"ended {last}"
    when = {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")
    return f"ends {last} ({when})"


def _condition(override: PriceOverride) -> str:
    parts = []
    if override.min_prompt_tokens is not None:
        parts.append(f"above {tokens_short(override.min_prompt_tokens)}")
    clock = []
    if override.utc_days is not None:
        clock.append(_day_words(sorted(override.utc_days)))
    if override.utc_start is not None or override.utc_end is not None:
        start = f"{override.utc_start:%H:%M}" if override.utc_start else "00:00"
        end = f"{override.utc_end:%H:%M}" if override.utc_end else "24:00"
        clock.append(f"{start}–{end} UTC")
    if clock:
        parts.append(" ".join(clock))
    return ", ".join(parts) or "always"


def _day_words(days: list[int]) -> str:
    in_a_row = len(days) > 2 and days[-1] - days[0] == len(days) - 1
    if in_a_row:
        return f"{_DAY_NAMES[days[0]]}–{_DAY_NAMES[days[-1]]}"
    return ", ".join(_DAY_NAMES[day] for day in days)


def _replaced(override: PriceOverride) -> str:
    return (
        ", ".join(
            f"{_PRICE_NAMES.get(name, name)} {price_per_million(price)}"
            for name, price in override.prices.items()
        )
        or UNKNOWN
    )
