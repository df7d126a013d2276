"""The orders in which the catalogue can be listed."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from tui.domain.bill import prices_at
from tui.domain.catalogue_context import FilterContext, TypicalTurn
from tui.domain.catalogue_index import Row
from tui.domain.model import Endpoint


class SortKey(StrEnum):
    """What a list is sorted by. Ascending is cheapest, smallest, newest and best match first."""

    RELEVANCE = "relevance"
    POPULAR = "popular"
    NEWEST = "newest"
    PRICE_IN = "in"
    PRICE_OUT = "out"
    PRICE_CACHE = "cache"
    TURN = "turn"
    CONTEXT = "ctx"
    MAX_OUTPUT = "maxout"
    NAME = "name"
    AUTHOR = "author"
    ID = "id"
    INTELLIGENCE = "intelligence"
    CODING = "coding"
    SPEED = "speed"
    LATENCY = "latency"


SORT_WORDS = {
    SortKey.RELEVANCE: "best match, else as served",
    SortKey.POPULAR: "popularity, as served",
    SortKey.NEWEST: "newest",
    SortKey.PRICE_IN: "prompt price",
    SortKey.PRICE_OUT: "answer price",
    SortKey.PRICE_CACHE: "price of a cache read",
    SortKey.TURN: "price of your typical turn",
    SortKey.CONTEXT: "context length",
    SortKey.MAX_OUTPUT: "longest answer",
    SortKey.NAME: "name",
    SortKey.AUTHOR: "author",
    SortKey.ID: "id",
    SortKey.INTELLIGENCE: "intelligence index",
    SortKey.CODING: "coding index",
    SortKey.SPEED: "tokens per second, where read",
    SortKey.LATENCY: "time to first token, where read",
}
"""Every order in words, in the order in which they are offered."""


def sort_value(row: Row, key: SortKey, context: FilterContext) -> object | None:
    """What the row is sorted by; None where it is unknown. Values of one key can be compared."""
    model = row.model
    match key:
        case SortKey.NEWEST:
            return None if model.created is None else -model.created
        case SortKey.PRICE_IN:
            return row.prompt
        case SortKey.PRICE_OUT:
            return row.completion
        case SortKey.PRICE_CACHE:
            return row.cache_read
        case SortKey.TURN:
            return turn_price(row, context.turn, context.now)
        case SortKey.CONTEXT:
            return model.context_length
        case SortKey.MAX_OUTPUT:
            return model.max_completion_tokens
        case SortKey.NAME:
            return (model.name or model.id).casefold()
        case SortKey.AUTHOR:
            return model.author.casefold()
        case SortKey.ID:
            return model.id.casefold()
        case SortKey.INTELLIGENCE | SortKey.CODING:
            return model.benchmarks.get(f"{key}_index")
        case SortKey.SPEED:
            return throughput(context.endpoints.get(model.id, ()))
        case SortKey.LATENCY:
            return latency(context.endpoints.get(model.id, ()))
    return row.order


def turn_price(row: Row, turn: TypicalTurn, now: datetime) -> Decimal | None:
    """What a turn of this size costs in USD without a cache, or None if that is not known."""
    prompt, completion, request = row.prompt, row.completion, row.pricing.request
    if row.model.pricing.overrides:
        pricing = prices_at(row.model.pricing, turn.prompt_tokens, now)
        if pricing.varies:
            return None
        prompt, completion, request = pricing.prompt, pricing.completion, pricing.request
    if prompt is None or completion is None:
        return None
    price = turn.prompt_tokens * prompt + turn.completion_tokens * completion
    return price if request is None else price + request


def throughput(endpoints: Sequence[Endpoint]) -> float | None:
    """The best median throughput of the endpoints in tokens per second."""
    known = [value for one in endpoints if (value := one.throughput_last_30m.get("p50"))]
    return max(known, default=None)


def latency(endpoints: Sequence[Endpoint]) -> float | None:
    """The best median latency of the endpoints in ms to the first token."""
    known = [value for one in endpoints if (value := one.latency_last_30m.get("p50"))]
    return min(known, default=None)
