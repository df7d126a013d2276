"""What was spent on each, as rows with a bar: the dearest first."""

from collections.abc import Sequence
from decimal import Decimal
from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType

from tui.domain.figures import UNKNOWN, money, tokens_short
from tui.domain.receipt import total_words
from tui.domain.sanitize import single_line
from tui.domain.spend import SpendGroup
from tui.ui.controllers.spending import Measure, value_of
from tui.ui.widgets.cells import fitted
from tui.ui.widgets.money.columns import bar
from tui.ui.widgets.row_list import RowList

_AMOUNT, _ANSWERS, _TOKENS, _SAVING = 16, 13, 13, 18
"""Cells of the columns beside the label and its bar."""
_LABEL_SHARE = 0.5
_LONGEST_LABEL = 200
_TOKENS_FROM, _SAVING_FROM = 90, 110
"""Widths from which on there is room for a column."""


class RankList(RowList):
    """One group a row: what it is, a bar, what it cost, how many answers, tokens and savings."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "Open", id="spend.open", tooltip="Look behind the row"),
    ]

    empty_words = "Nothing was spent here."

    def __init__(self) -> None:
        super().__init__()
        self._groups: Sequence[SpendGroup] = ()
        self._measure = Measure.COST
        self._most = Decimal(1)

    @property
    def count(self) -> int:
        """How many groups there are."""
        return len(self._groups)

    def show(self, groups: Sequence[SpendGroup], measure: Measure, cursor: int = 0) -> None:
        """Show these groups, their bars by a measure."""
        self._groups, self._measure = groups, measure
        self._most = max((abs(value_of(one, measure)) for one in groups), default=Decimal(0))
        self.rows_changed(cursor)

    def row_segments(self, index: int, width: int, ground: str) -> list[Segment]:
        """One group in so many cells."""
        group = self._groups[index]
        cells = [
            (fitted(total_words(group.cost), _AMOUNT, right=True), "money"),
            (fitted(_answers(group), _ANSWERS, right=True), "text"),
        ]
        if width >= _TOKENS_FROM:
            counted = group.tokens
            words = tokens_short(counted.total, estimated=counted.estimated > 0)
            words += f"{f' + {UNKNOWN}' if counted.unknown else ''} tok"
            cells.append((fitted(words, _TOKENS, right=True), "text"))
        if width >= _SAVING_FROM:
            cells.append((fitted(saving_words(group.saving), _SAVING, right=True), "quiet"))
        left = max(0, width - sum(len(words) for words, _ in cells))
        label = round(left * _LABEL_SHARE)
        share = abs(value_of(group, self._measure)) / self._most if self._most else Decimal(0)
        room = max(0, left - label)
        shown = [
            (fitted(f" {single_line(group.label, _LONGEST_LABEL)}", label), "text"),
            (fitted(f" {bar(float(share), max(1, room - 1))}", room), "accent"),
            *cells,
        ]
        return [Segment(words, self.style_of(name, ground)) for words, name in shown]


def saving_words(saving: Decimal) -> str:
    """What the cache saved or lost in USD by the prices in force; empty where it did neither."""
    if not saving:
        return ""
    return f"{money(abs(saving), estimated=True)} {'saved' if saving > 0 else 'lost'}"


def _answers(group: SpendGroup) -> str:
    if group.failed and not group.answers:
        return f"{group.failed:,} failed"
    return "1 answer" if group.answers == 1 else f"{group.answers:,} answers"
