"""What was spent, as it is looked at: grouped by something, measured by something, drilled into.

It knows no widget.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, tzinfo
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from tui.domain.cost import CostTotal, total
from tui.domain.figures import money, tokens_short
from tui.domain.spend import (
    SpendBy,
    SpendGroup,
    SpendRow,
    group_spending,
    rows_behind,
)
from tui.ui.controllers.plotting import linear_ticks

CLASSES = ("input", "cache read", "cache write", "output", "reasoning")
"""The classes of tokens in the order in which they are stacked."""
_MOST_BARS = 60
_LEAST_BARS = 4
_TICK_CELLS = 9
"""Cells that the name of a bar takes."""


class Measure(StrEnum):
    """What the bars show."""

    COST = "cost"
    SAVING = "cache saving"
    TOKENS = "tokens by class"


def value_of(group: SpendGroup, measure: Measure) -> Decimal:
    """What a bar of the group shows: USD, or tokens."""
    match measure:
        case Measure.COST:
            return group.cost.amount
        case Measure.SAVING:
            return group.saving
        case Measure.TOKENS:
            return Decimal(group.tokens.total)


@dataclass(frozen=True)
class Level:
    """The rows behind one group, or all of them, grouped by something."""

    rows: Sequence[SpendRow]
    by: SpendBy
    zone: tzinfo | None = None
    title: str = ""

    @cached_property
    def groups(self) -> list[SpendGroup]:
        """Spans of time in their order, anything else the dearest first."""
        return group_spending(self.rows, self.by, self.zone)

    @cached_property
    def total(self) -> CostTotal:
        """What all of them cost."""
        return total(row.cost for row in self.rows)

    def behind(self, index: int) -> "Level":
        """The conversations behind one group."""
        group = self.groups[index]
        rows = rows_behind(self.rows, self.by, group.key, self.zone)
        return Level(rows, SpendBy.CONVERSATION, self.zone, group.label)


class Spending:
    """The levels that are open, one within the other; ``rows`` are all answers."""

    def __init__(self, rows: Sequence[SpendRow], zone: tzinfo | None = None) -> None:
        self.measure = Measure.COST
        self._levels = [Level(rows, SpendBy.DAY, zone)]

    @property
    def level(self) -> Level:
        """The one that is looked at."""
        return self._levels[-1]

    @property
    def by(self) -> SpendBy:
        """What everything is grouped by on the outermost level."""
        return self._levels[0].by

    def use(self, rows: Sequence[SpendRow], here: int) -> int:
        """Look at more rows; where the group at ``here`` of the open level stands now."""
        groups = self.level.groups
        key = groups[here].key if 0 <= here < len(groups) else None
        self._levels[0] = replace(self._levels[0], rows=rows)
        keys = [group.key for group in self.level.groups]
        return keys.index(key) if key in keys else len(keys) - 1

    def group_by(self, by: SpendBy) -> None:
        """Group everything by something else."""
        self._levels = [replace(self._levels[0], by=by)]

    def open(self, index: int) -> None:
        """Look at the conversations behind a group."""
        self._levels.append(self.level.behind(index))

    def back(self) -> bool:
        """Look at what is around; False on the outermost level."""
        if len(self._levels) == 1:
            return False
        self._levels.pop()
        return True

    def next_measure(self) -> None:
        """Let the bars show something else."""
        measures = list(Measure)
        self.measure = measures[(measures.index(self.measure) + 1) % len(measures)]


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars at the places 0, 1, 2, …, each with its parts from the bottom up.

    ``first`` is the index of the group at place 0; the ticks are places on an axis with words.
    """

    first: int
    parts: tuple[tuple[float, ...], ...]
    x_ticks: Sequence[tuple[float, str]]
    y_ticks: Sequence[tuple[float, str]]

    @property
    def lowest(self) -> float:
        """Where the vertical axis begins: below zero if a bar goes there."""
        return min(0.0, min((sum(parts) for parts in self.parts), default=0.0))

    @property
    def highest(self) -> float:
        """Where the highest bar ends."""
        return max((sum(parts) for parts in self.parts), default=0.0)


def bars_of(level: Level, measure: Measure, here: int, cells: int) -> Bars:
    """The bars around a group that fit into a width in cells, at least two cells for each."""
    count = max(_LEAST_BARS, min(_MOST_BARS, cells // 2))
    groups = level.groups
    first = max(0, min(here - count // 2, len(groups) - count))
    shown = groups[first : first + count]
    if measure is Measure.TOKENS:
        parts = [tuple(float(count) for count, _ in one.tokens.by_class) for one in shown]
    else:
        parts = [(float(value_of(group, measure)),) for group in shown]
    ends = [sum(each) for each in parts]
    words = _count_words if measure is Measure.TOKENS else _money_words
    return Bars(
        first,
        tuple(parts),
        _time_ticks([group.key for group in shown], level.by, cells),
        linear_ticks(min(0.0, *ends), max(*ends, 0.0), words) if ends else (),
    )


def _time_ticks(keys: Sequence[str], by: SpendBy, cells: int) -> list[tuple[float, str]]:
    """Words below some of the bars, so far apart that they can be read."""
    if not keys:
        return []
    words = _month_words if by is SpendBy.MONTH else _day_words
    step = max(1, -(-len(keys) * _TICK_CELLS // max(1, cells)))
    # The last bar is always named: it is the one that people look at.
    places = range(len(keys) - 1, -1, -step)
    return [(float(at), words(date.fromisoformat(keys[at]))) for at in sorted(places)]


def _day_words(day: date) -> str:
    return f"{day:%b} {day.day}"


def _month_words(day: date) -> str:
    return f"{day:%b %Y}"


def _money_words(value: float) -> str:
    return money(Decimal(f"{value:.3g}"))


def _count_words(value: float) -> str:
    return tokens_short(round(value))
