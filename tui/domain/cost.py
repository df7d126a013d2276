"""Price × usage in Decimal: what was billed, and what it will probably be.

The reported cost is the truth. OpenRouter's ``usage.cost`` is what the account is charged; with a
key of one's own at the provider (``is_byok`` true) the provider bills ``upstream_inference_cost``
on top. Without BYOK the upstream figure repeats the cost, so adding it would double the bill.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from tui.domain.model import Pricing

_ONE_HOUR = "1h"


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts and charges of one generation, as far as the server reported them.

    Counts are tokens and never negative; charges are USD. ``completion_tokens`` includes
    ``reasoning_tokens``; ``prompt_tokens`` includes what was read from or written to the cache.
    """

    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    reasoning_tokens: int | None = None
    cached_tokens: int | None = None
    cache_write_tokens: int | None = None
    cost: Decimal | None = None
    upstream_inference_cost: Decimal | None = None
    is_byok: bool | None = None

    def merged(self, later: "Usage") -> "Usage":
        """This usage with everything that a later report knows."""
        known = {
            name: value for name in later.__slots__ if (value := getattr(later, name)) is not None
        }
        return replace(self, **known)


class CostSource(StrEnum):
    """Where a cost comes from; only ``REPORTED`` is shown without ``≈``."""

    REPORTED = "reported"
    COMPUTED = "computed"
    ESTIMATED = "estimated"
    UNKNOWN = "unknown"
    LOCAL = "local"
    NOT_BILLED = "not_billed"


@dataclass(frozen=True, slots=True)
class Cost:
    """An amount in USD and how far to trust it; ``amount`` is None when it is unknown."""

    amount: Decimal | None
    source: CostSource

    @property
    def is_exact(self) -> bool:
        """Whether the amount is what is billed, to the last digit."""
        return self.source in (CostSource.REPORTED, CostSource.LOCAL, CostSource.NOT_BILLED)


UNKNOWN_COST = Cost(None, CostSource.UNKNOWN)
NOT_BILLED = Cost(Decimal(0), CostSource.NOT_BILLED)


@dataclass(frozen=True, slots=True)
class CostTotal:
    """A sum of costs: the known part in USD, and how many parts are estimated or unknown."""

    amount: Decimal = Decimal(0)
    estimated: int = 0
    unknown: int = 0

    def plus(self, cost: Cost) -> "CostTotal":
        """The total with one more cost."""
        if cost.amount is None:
            return replace(self, unknown=self.unknown + 1)
        return CostTotal(
            self.amount + cost.amount, self.estimated + (not cost.is_exact), self.unknown
        )


def total(costs: Iterable[Cost]) -> CostTotal:
    """The sum of all costs."""
    result = CostTotal()
    for cost in costs:
        result = result.plus(cost)
    return result


def usable_amount(amount: Decimal | None) -> Decimal | None:
    """The amount if it can be money that was spent: finite and not negative."""
    return amount if amount is not None and amount.is_finite() and amount >= 0 else None


def reported_cost(usage: Usage) -> Decimal | None:
    """What the usage says was billed in USD, or None if it does not say.

    ``cost + (upstream if is_byok is True else 0)``; a missing ``is_byok`` means no BYOK.
    """
    cost = usable_amount(usage.cost)
    if cost is None:
        return None
    upstream = usable_amount(usage.upstream_inference_cost) if usage.is_byok is True else None
    return cost + (upstream or Decimal(0))


def prices_at(pricing: Pricing, prompt_tokens: int, at: datetime) -> Pricing:
    """The prices that hold for a prompt of this length at this moment in UTC.

    Later overrides win for each price they name; the discount is taken off at the end.
    """
    in_force = {
        name: price
        for override in pricing.overrides
        if override.applies(prompt_tokens, at)
        for name, price in override.prices.items()
        if name in pricing.__slots__
    }
    paid = 1 - (usable_amount(pricing.discount) or Decimal(0))
    prices: dict[str, Any] = {}
    for name in pricing.__slots__:
        if name not in ("discount", "overrides"):
            price = in_force.get(name, getattr(pricing, name))
            prices[name] = price * paid if price is not None and price > 0 else price
    return Pricing(**prices)


def computed_cost(
    usage: Usage, pricing: Pricing, at: datetime, *, cache_ttl: str | None = None
) -> Decimal | None:
    """What the usage costs at the catalogue's prices in USD, or None if a price is missing.

    Tokens read from and written to the cache are part of the prompt and have prices of their own.
    Gemini counts written tokens as cached too, so what remains of the prompt is never negative.
    """
    prompt_tokens = usage.prompt_tokens or 0
    completion_tokens = usage.completion_tokens or 0
    if usage.prompt_tokens is None and usage.completion_tokens is None:
        return None
    prices = prices_at(pricing, prompt_tokens, at)
    if prices.varies or prices.prompt is None or prices.completion is None:
        return None
    cached = min(usage.cached_tokens or 0, prompt_tokens)
    written = min(usage.cache_write_tokens or 0, prompt_tokens)
    counted_twice = cached + written > prompt_tokens
    plain = prompt_tokens - cached - (0 if counted_twice else written)
    write_price = prices.input_cache_write
    if cache_ttl == _ONE_HOUR and prices.input_cache_write_1h is not None:
        write_price = prices.input_cache_write_1h
    return (
        plain * prices.prompt
        + cached * (prices.prompt if prices.input_cache_read is None else prices.input_cache_read)
        + written * (_write_price_or_default(write_price, prices.prompt, counted_twice))
        + completion_tokens * prices.completion
        + (prices.request or Decimal(0))
    )


def _write_price_or_default(
    write_price: Decimal | None, prompt_price: Decimal, counted_twice: bool
) -> Decimal:
    if write_price is not None:
        return write_price
    return Decimal(0) if counted_twice else prompt_price


def generation_cost(
    usage: Usage | None,
    pricing: Pricing | None,
    at: datetime,
    *,
    local: bool = False,
    finished: bool = True,
) -> Cost:
    """The cost of one generation: reported, else computed from the catalogue, else unknown.

    ``local`` is a server that bills nothing. ``finished`` is False for an answer that ended without
    its usage: its figures are our own estimates, and it is never called free.
    """
    if usage is None:
        return Cost(Decimal(0), CostSource.LOCAL) if local else UNKNOWN_COST
    reported = reported_cost(usage)
    if reported is not None:
        return Cost(reported, CostSource.REPORTED)
    if local:
        return Cost(Decimal(0), CostSource.LOCAL)
    computed = computed_cost(usage, pricing, at) if pricing is not None else None
    if computed is None:
        return UNKNOWN_COST
    return Cost(computed, CostSource.COMPUTED if finished else CostSource.ESTIMATED)
