"""The models as dots: what each axis says, where each dot is, and which is next to which."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, log10

from tui.domain.catalogue_context import FilterContext
from tui.domain.catalogue_facts import TURNS
from tui.domain.catalogue_search import Found
from tui.domain.catalogue_sort import throughput, turn_price
from tui.domain.figures import money, tokens_short

_FREE_AT = 0.6
"""Decades to the left of the cheapest dot at which the free ones stand: log has no zero."""
_FEW_DECADES = 2

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that can be drawn upwards; ``value`` is None where it is not known."""

    name: str
    value: Callable[[Found, FilterContext], float | None]
    words: Callable[[float], str]
    is_log: bool = True
    missing: str = ""


def _context_length(found: Found, _context: FilterContext) -> float | None:
    return found.model.context_length or None


def _intelligence(found: Found, _context: FilterContext) -> float | None:
    return found.model.benchmarks.get("intelligence_index")


def _throughput(found: Found, context: FilterContext) -> float | None:
    return throughput(context.endpoints.get(found.model.id, ()))


MEASURES = (
    Measure("context length", _context_length, lambda value: tokens_short(round(value))),
    Measure(
        "intelligence index",
        _intelligence,
        lambda value: f"{value:.3g}",
        is_log=False,
        missing="The catalogue names no benchmarks of these models.",
    ),
    Measure(
        "tokens per second",
        _throughput,
        lambda value: f"{value:.3g}",
        missing="Endpoints are read where the cursor rests in the table, or for all of it with E;"
        " those of these models were not read yet.",
    ),
)


@dataclass(frozen=True, slots=True)
class Dot:
    """One model; ``x`` and ``y`` are coordinates on the axes, ``price`` USD for many turns."""

    found: Found
    x: float
    y: float
    price: float
    value: float


@dataclass(frozen=True, slots=True)
class Picture:
    """The dots in the order of their price, and the tick marks of both axes with their words."""

    dots: tuple[Dot, ...]
    left_out: int
    x_ticks: Sequence[tuple[float, str]] = ()
    y_ticks: Sequence[tuple[float, str]] = ()


def picture(models: Sequence[Found], context: FilterContext, measure: Measure) -> Picture:
    """The models of which both price and measure are known."""
    known = []
    for found in models:
        price = turn_price(found.row, context.turn, context.now)
        value = measure.value(found, context)
        if price is not None and value is not None and value > 0:
            known.append((float(price * TURNS), value, found))
    if not known:
        return Picture((), len(models))
    paid = [price for price, _, _ in known if price > 0]
    free_at = (log10(min(paid)) if paid else 0) - _FREE_AT
    dots = [
        Dot(
            found,
            log10(price) if price > 0 else free_at,
            log10(value) if measure.is_log else value,
            price,
            value,
        )
        for price, value, found in known
    ]
    dots.sort(key=lambda dot: (dot.x, dot.y))
    x_ticks = log_ticks(min(paid), max(paid), money_words) if paid else []
    if len(paid) < len(known):
        x_ticks = [(free_at, "free"), *x_ticks]
    values = [value for _, value, _ in known]
    ticks = log_ticks if measure.is_log else linear_ticks
    y_ticks = ticks(min(values), max(values), measure.words)
    return Picture(tuple(dots), len(models) - len(dots), x_ticks, y_ticks)


def money_words(value: float) -> str:
    """An amount on an axis."""
    return money(Decimal(f"{value:.3g}"))


def log_ticks(
    lowest: float, highest: float, words: Callable[[float], str]
) -> list[tuple[float, str]]:
    """Powers of ten, with 2 and 5 between them where there are few, as (log10, words)."""
    first, last = floor(log10(lowest)), ceil(log10(highest))
    steps = (1, 2, 5) if last - first <= _FEW_DECADES else (1,)
    values = [step * 10.0**power for power in range(first, last + 1) for step in steps]
    inside = [value for value in values if lowest <= value <= highest]
    return [(log10(value), words(value)) for value in inside or [lowest, highest]]


def linear_ticks(
    lowest: float, highest: float, words: Callable[[float], str]
) -> list[tuple[float, str]]:
    """A few round numbers, as (value, words)."""
    span = highest - lowest
    if span <= 0:
        return [(lowest, words(lowest))]
    step = 10.0 ** floor(log10(span / 2))
    values = [step * count for count in range(ceil(lowest / step), floor(highest / step) + 1)]
    return [(value, words(value)) for value in values[:: ceil(len(values) / 8)]]


def nearest(places: Sequence[tuple[int, int]], here: int, dx: int, dy: int) -> int:
    """The dot next to ``here`` in a direction, by cells of the screen; itself if there is none.

    What lies aside counts double, and rows count double as they are twice as high as columns.
    """
    x, y = places[here]
    best, best_distance = here, float("inf")
    for place, (other_x, other_y) in enumerate(places):
        along = (other_x - x) * dx + 2 * (other_y - y) * dy
        aside = abs((other_x - x) * dy) + abs(2 * (other_y - y) * dx)
        if along > 0 and along + 2 * aside < best_distance:
            best, best_distance = place, along + 2 * aside
    return best
