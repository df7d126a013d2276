"""Prices of a model or an endpoint, with the conditions under which others replace them."""

from datetime import time
from decimal import Decimal

from tui.domain.model import PriceOverride, Pricing
from tui.domain.values import JsonObject, as_count, as_list, as_object, as_price, as_text

_BASE_PRICES = (
    "prompt",
    "completion",
    "request",
    "image",
    "image_token",
    "image_output",
    "audio",
    "audio_output",
    "input_audio_cache",
    "web_search",
    "internal_reasoning",
    "input_cache_read",
    "input_cache_write",
    "input_cache_write_1h",
)
_OVERRIDABLE = (
    "prompt",
    "completion",
    "audio",
    "input_audio_cache",
    "input_cache_read",
    "input_cache_write",
    "input_cache_write_1h",
)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MIDNIGHT = time(0, 0)
_END_OF_DAY = 2400


def read_pricing(value: object) -> Pricing:
    """The prices of a ``pricing`` object in USD; those that make no sense count as not named."""
    pricing = as_object(value)
    return Pricing(
        **{name: as_price(pricing.get(name)) for name in _BASE_PRICES},
        discount=_read_discount(pricing.get("discount")),
        overrides=tuple(
            override
            for item in as_list(pricing.get("overrides"))
            if isinstance(item, dict) and (override := _read_override(item)) is not None
        ),
    )


def _read_discount(value: object) -> Decimal | None:
    """A fraction of the price."""
    discount = as_price(value)
    return discount if discount is not None and 0 <= discount <= 1 else None


def _read_override(item: JsonObject) -> PriceOverride | None:
    """The override, or None if a condition cannot be read: it must not hold when it should not."""
    found = {name: as_price(item.get(name)) for name in _OVERRIDABLE}
    prices = {name: price for name, price in found.items() if price is not None}
    if not prices:
        return None
    start = end = days = tokens = None
    if item.get("min_prompt_tokens") is not None:
        tokens = as_count(item["min_prompt_tokens"])
        if tokens is None:
            return None
    if item.get("utc_start") is not None or item.get("utc_end") is not None:
        start = _read_clock(item.get("utc_start") or 0)
        end = _read_clock(_END_OF_DAY if item.get("utc_end") is None else item["utc_end"])
        if start is None or end is None:
            return None
        if start == end == _MIDNIGHT:
            start = end = None
    if item.get("utc_days") is not None:
        days = _read_days(item["utc_days"])
        if days is None:
            return None
    return PriceOverride(prices, tokens, start, end, days)


def _read_clock(value: object) -> time | None:
    """A time of day written as the number HHMM; 2400 is the midnight that ends the day."""
    clock = as_count(value)
    if clock is None:
        return None
    hour, minute = divmod(clock % _END_OF_DAY if clock == _END_OF_DAY else clock, 100)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _read_days(value: object) -> frozenset[int] | None:
    """Names of weekdays as numbers, Monday 0."""
    names = [as_text(name).lower() for name in as_list(value)]
    if not names or any(name not in _DAYS for name in names):
        return None
    return frozenset(_DAYS.index(name) for name in names)
