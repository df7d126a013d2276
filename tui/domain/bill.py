"""Price × usage in Decimal, line by line: what an answer comes to if nobody says what it cost."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from tui.domain.cost import UNKNOWN_COST, Cost, CostSource, Usage, reported_cost, usable_amount
from tui.domain.model import Pricing

ONE_HOUR = "1h"
"""The longer of the two lifetimes of a cache entry, with a write price of its own."""

_TOKEN_PRICES = ("prompt", "completion")
_PRICE_NAMES = tuple(
    field.name for field in fields(Pricing) if field.name not in ("discount", "overrides")
)


def prices_at(pricing: Pricing, prompt_tokens: int, at: datetime) -> Pricing:
    """The prices that hold for a prompt of this length at this moment in UTC.

    Later overrides win for each price they name; the discount is taken off at the end. A price that
    is no amount of money becomes None, except that a negative one for prompt or completion stays:
    it says that the price varies.
    """
    in_force = {
        name: price
        for override in pricing.overrides
        if override.applies(prompt_tokens, at)
        for name, price in override.prices.items()
    }
    if "completion" in in_force and pricing.internal_reasoning == pricing.completion:
        # Reasoning that costs what the rest of an answer does also does so above a price step;
        # overrides name no price for it (OpenRouter's OpenAPI file, as of Gemini 3.1 Pro).
        in_force.setdefault("internal_reasoning", in_force["completion"])
    discount = usable_amount(pricing.discount)
    paid = 1 - discount if discount is not None and discount <= 1 else Decimal(1)
    prices: dict[str, Any] = {}
    for name in _PRICE_NAMES:
        price = in_force.get(name, getattr(pricing, name))
        usable = usable_amount(price)
        if usable is not None:
            prices[name] = usable * paid
        elif name in _TOKEN_PRICES and price is not None and price.is_finite() and price < 0:
            prices[name] = price
    return Pricing(**prices)


class BillItem(StrEnum):
    """What is billed apart from everything else, in words for the receipt."""

    INPUT = "input"
    AUDIO_INPUT = "audio input"
    CACHE_READ = "cache read"
    CACHE_WRITE = "cache write"
    CACHE_WRITE_1H = "cache write, 1 h"
    OUTPUT = "output"
    REASONING = "reasoning"
    IMAGE_OUTPUT = "image output"
    AUDIO_OUTPUT = "audio output"
    SEARCH = "web search"
    REQUEST = "request"
    PDF_PAGE = "PDF page read"


@dataclass(frozen=True, slots=True)
class BillLine:
    """One line of a bill: how many tokens (or searches, or requests), and USD for each."""

    item: BillItem
    count: int
    price: Decimal

    @property
    def amount(self) -> Decimal:
        """The line in USD."""
        return self.count * self.price


def bill_lines(
    usage: Usage, prices: Pricing, *, cache_ttl: str | None = None
) -> tuple[BillLine, ...] | None:
    """The usage line by line at prices in force (see :func:`prices_at`); None if one is missing.

    Tokens read from and written to the cache are part of the prompt and have prices of their own.
    Gemini counts written tokens as cached too, and its write price is for the storage alone: it
    comes on top, so written tokens are not taken off the prompt a second time. Lines of nothing are
    left out.
    """
    if usage.prompt_tokens is None and usage.completion_tokens is None:
        return None
    if prices.varies or prices.prompt is None or prices.completion is None:
        return None
    prompt_tokens, completion = usage.prompt_tokens or 0, usage.completion_tokens or 0
    cached = min(usage.cached_tokens or 0, prompt_tokens)
    written = min(usage.cache_write_tokens or 0, prompt_tokens)
    read_price = _or(prices.input_cache_read, prices.prompt)
    write_price, write_item = prices.input_cache_write, BillItem.CACHE_WRITE
    if cache_ttl == ONE_HOUR and prices.input_cache_write_1h is not None:
        write_price, write_item = prices.input_cache_write_1h, BillItem.CACHE_WRITE_1H
    on_top = writes_are_read(usage, prices)
    if write_price is None:
        write_price = Decimal(0) if on_top else prices.prompt
    plain = prompt_tokens - cached - (0 if on_top else written)
    heard = min(usage.audio_tokens or 0, plain)
    # What is neither reasoning, image nor audio is text, however the parts are reported.
    reasoning = min(usage.reasoning_tokens or 0, completion)
    drawn = min(usage.image_output_tokens or 0, completion - reasoning)
    spoken = min(usage.audio_output_tokens or 0, completion - reasoning - drawn)
    lines = (
        (BillItem.INPUT, plain - heard, prices.prompt),
        (BillItem.AUDIO_INPUT, heard, _or(prices.audio, prices.prompt)),
        (BillItem.CACHE_READ, cached, read_price),
        (write_item, written, write_price),
        (BillItem.OUTPUT, completion - reasoning - drawn - spoken, prices.completion),
        # Older catalogues name a price of zero for reasoning that is billed as output.
        (BillItem.REASONING, reasoning, prices.internal_reasoning or prices.completion),
        (BillItem.IMAGE_OUTPUT, drawn, _or(prices.image_output, prices.completion)),
        (BillItem.AUDIO_OUTPUT, spoken, _or(prices.audio_output, prices.completion)),
        (BillItem.SEARCH, usage.web_searches or 0, prices.web_search or Decimal(0)),
        (BillItem.REQUEST, 1 if prices.request else 0, prices.request or Decimal(0)),
    )
    return tuple(BillLine(*line) for line in lines if line[1])


def writes_are_read(usage: Usage, prices: Pricing | None) -> bool:
    """Whether the tokens written to the cache are among those read from it, as Gemini counts them.

    It shows where they are more than the prompt has, or where writing has a price lower than that
    of the prompt: for the storage alone.
    """
    prompt = usage.prompt_tokens or 0
    if min(usage.cached_tokens or 0, prompt) + min(usage.cache_write_tokens or 0, prompt) > prompt:
        return True
    if prices is None or prices.input_cache_write is None or prices.prompt is None:
        return False
    return prices.input_cache_write < prices.prompt


def _or(price: Decimal | None, otherwise: Decimal) -> Decimal:
    return otherwise if price is None else price


def computed_cost(
    usage: Usage, pricing: Pricing, at: datetime, *, cache_ttl: str | None = None
) -> Decimal | None:
    """What the usage costs at the catalogue's prices in USD, or None if a price is missing."""
    prices = prices_at(pricing, usage.prompt_tokens or 0, at)
    lines = bill_lines(usage, prices, cache_ttl=cache_ttl)
    return None if lines is None else amount_of(lines)


def amount_of(lines: Iterable[BillLine]) -> Decimal:
    """The sum of the lines in USD."""
    return sum((line.amount for line in lines), Decimal(0))


def asked_ttl(request_settings: Mapping[str, object]) -> str | None:
    """The lifetime of cache entries that a request asked for, from its settings as recorded."""
    return ONE_HOUR if request_settings.get("cache_ttl") == ONE_HOUR else None


def generation_cost(
    usage: Usage | None,
    pricing: Pricing | None,
    at: datetime,
    *,
    local: bool = False,
    finished: bool = True,
    cache_ttl: str | None = None,
) -> Cost:
    """The cost of one generation: reported, else computed from the catalogue, else unknown.

    ``local`` is a server on this machine: what it costs is its own affair. ``finished`` is False
    for an answer that ended without its usage: its figures are our own estimates. ``cache_ttl`` is
    the lifetime that was asked for.
    """
    if usage is None:
        return Cost(Decimal(0), CostSource.LOCAL) if local else UNKNOWN_COST
    reported = reported_cost(usage)
    if reported is not None:
        return Cost(reported, CostSource.REPORTED)
    if local:
        return Cost(Decimal(0), CostSource.LOCAL)
    computed = None
    if pricing is not None:
        computed = computed_cost(usage, pricing, at, cache_ttl=cache_ttl)
    # A fee is named here only where it is not all: what the provider bills comes to it.
    fee = usable_amount(usage.cost)
    if computed is None:
        return Cost(fee, CostSource.COMPUTED) if fee else UNKNOWN_COST
    computed += fee or Decimal(0)
    return Cost(computed, CostSource.COMPUTED if finished else CostSource.ESTIMATED)
