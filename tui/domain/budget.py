"""Budgets: a soft line that warns, and a hard one that asks before it is crossed.

Nothing is ever cut in the middle of an answer: a budget is looked at before a send.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import IntEnum, StrEnum

from tui.domain.cost import CostTotal
from tui.domain.figures import money
from tui.domain.preview import CostPreview
from tui.domain.settings import BudgetSettings
from tui.domain.totals import NOTHING, Totals


class BudgetScope(StrEnum):
    """What a budget is for."""

    SEND = "send"
    CONVERSATION = "conversation"
    DAY = "day"
    MONTH = "month"


class Severity(IntEnum):
    """How grave a verdict is."""

    NONE = 0
    SOFT = 1
    HARD = 2


_SPANS = {
    BudgetScope.SEND: "This send",
    BudgetScope.CONVERSATION: "This conversation",
    BudgetScope.DAY: "Today",
    BudgetScope.MONTH: "This month",
}
_WITHIN = {BudgetScope.DAY: "today", BudgetScope.MONTH: "this month"}
"""The spans of which a history that cannot be read held something."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """One line that would be crossed, in USD.

    ``spent`` is what was spent before, in part by our own estimate with ``is_estimate``;
    ``under_way`` is what answers that have not ended will likely add to it, and ``after`` what all
    would likely come to with the send. ``unknown`` counts answers whose cost nobody knows, so that
    each may be more. ``is_blind`` is for a line that may be crossed: what was spent before cannot
    be read.
    """

    scope: BudgetScope
    severity: Severity
    limit: Decimal
    spent: Decimal
    after: Decimal
    unknown: int = 0
    under_way: Decimal = Decimal(0)
    is_blind: bool = False
    is_estimate: bool = False

    @property
    def before(self) -> Decimal:
        """What was spent, and what answers under way will likely add to it."""
        return self.spent + self.under_way

    @property
    def before_words(self) -> str:
        """The same in words, with ``≈`` unless all of it was billed."""
        return money(self.before, estimated=self.is_estimate or self.under_way > 0)

    @property
    def is_over_already(self) -> bool:
        """Whether the line is crossed before anything is sent."""
        return self.scope is not BudgetScope.SEND and self.before >= self.limit

    @property
    def words(self) -> str:
        """The crossing in a sentence."""
        line = "hard" if self.severity is Severity.HARD else "soft"
        limit = f"the {line} limit of {money(self.limit)}"
        span, after = _SPANS[self.scope], money(self.after, estimated=True)
        if self.is_blind:
            return (
                f"The history cannot be read, so nobody knows what was spent {_WITHIN[self.scope]}:"
                f" {limit} may be reached."
            )
        if self.is_over_already and self.under_way:
            words = f"{span} comes to {self.before_words} with the answers under way: "
            words += f"{limit} is reached."
        elif self.is_over_already:
            words = f"{span} came to {self.before_words}: {limit} is reached."
        elif self.scope is BudgetScope.SEND:
            words = f"{span} would cost {after}: more than {limit}."
        elif self.under_way:
            words = f"{span} would come to {after} with the answers under way: more than {limit}."
        else:
            words = f"{span} would come to {after}: more than {limit}."
        if self.unknown:
            answers = "1 answer" if self.unknown == 1 else f"{self.unknown:,} answers"
            words += f" The cost of {answers} is not known."
        return words


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the budgets say; the gravest crossing comes first."""

    crossings: tuple[Crossing, ...] = ()

    @property
    def severity(self) -> Severity:
        """How grave it is."""
        return self.crossings[0].severity if self.crossings else Severity.NONE

    @property
    def is_soft(self) -> bool:
        """Whether it only warns."""
        return self.severity is Severity.SOFT

    @property
    def is_hard(self) -> bool:
        """Whether the user has to agree before anything is sent."""
        return self.severity is Severity.HARD

    @property
    def words(self) -> str:
        """The gravest crossing in a sentence; empty if there is none."""
        return self.crossings[0].words if self.crossings else ""


def judge(
    budgets: BudgetSettings,
    totals: Totals,
    preview: CostPreview | None = None,
    under_way: Totals = NOTHING,
    *,
    is_complete: bool = True,
) -> Verdict:
    """Which lines a send would likely cross; without a preview, which ones are crossed already.

    ``under_way`` is what answers that are no part of the totals yet will likely add to them. A
    limit is what may be spent: reaching it exactly is allowed to a send, but nothing after it.
    A send of unknown cost crosses only what is crossed already, and one that costs nothing crosses
    nothing. Where ``is_complete`` is False, totals lack what was spent before: any limit of a day
    or a month may be crossed then.
    """
    if preview is not None and preview.costs_nothing:
        return Verdict()
    likely = preview.likely if preview is not None else None
    spent = {
        BudgetScope.SEND: (CostTotal(), CostTotal()),
        BudgetScope.CONVERSATION: (totals.conversation, under_way.conversation),
        BudgetScope.DAY: (totals.today, under_way.today),
        BudgetScope.MONTH: (totals.month, under_way.month),
    }
    found: list[Crossing] = []
    for scope, (total, coming) in spent.items():
        blind = scope in _WITHIN and not is_complete
        found += _crossings(budgets, scope, total, coming, likely or Decimal(0), blind=blind)
    # The larger span last: of two as grave, the nearer one can be acted on.
    return Verdict(tuple(sorted(found, key=lambda one: -one.severity)))


def _crossings(
    budgets: BudgetSettings,
    scope: BudgetScope,
    total: CostTotal,
    coming: CostTotal,
    likely: Decimal,
    *,
    blind: bool,
) -> Iterable[Crossing]:
    """The gravest line of one scope that is crossed, if one is; ``blind`` ones may all be."""
    after = total.amount + coming.amount + likely
    unknown = total.unknown + coming.unknown
    for severity in (Severity.HARD, Severity.SOFT):
        limit = budgets.limit(scope, hard=severity is Severity.HARD)
        if limit is None:
            continue
        crossing = Crossing(
            scope,
            severity,
            limit,
            total.amount,
            after,
            unknown,
            under_way=coming.amount,
            is_estimate=total.estimated > 0,
        )
        if after > limit or crossing.is_over_already:
            yield crossing
            return
        if blind:
            yield replace(crossing, is_blind=True)
            return
