"""What is asked before a send."""

from decimal import Decimal

import pytest

from tui.domain.budget import BudgetScope, Crossing, Severity, Verdict
from tui.domain.errors import Failure, FailureKind
from tui.domain.request import TurnSettings
from tui.domain.settings import ProviderKind
from tui.ui.controllers.budgeting import Choice, budget_question, overflow_question

TOO_LONG = Failure(FailureKind.CONTEXT_OVERFLOW, "It is too long.", "Do something.")


def crossing(scope: BudgetScope, severity: Severity, spent: str = "1.9") -> Crossing:
    return Crossing(scope, severity, Decimal(2), Decimal(spent), Decimal("2.1"))


@pytest.mark.parametrize(
    ("kind", "offered"), [(ProviderKind.OPENROUTER, True), (ProviderKind.COMPATIBLE, False)]
)
def test_the_box_is_offered_where_somebody_would_compress(
    kind: ProviderKind, offered: bool
) -> None:
    asked = overflow_question(TOO_LONG, TurnSettings(kind, "a/b"))

    choices = [choice for choice, _ in asked.answers]
    assert (Choice.COMPRESS in choices) is offered
    assert choices[0] is Choice.BACK
    assert {Choice.FRESH, Choice.LARGER} <= set(choices)


def test_every_hard_limit_that_would_be_crossed_is_named() -> None:
    hard = [crossing(scope, Severity.HARD) for scope in (BudgetScope.DAY, BudgetScope.MONTH)]
    soft = crossing(BudgetScope.SEND, Severity.SOFT)

    asked = budget_question(Verdict((*hard, soft)))

    assert asked.words == hard[0].words
    assert hard[1].words in asked.detail
    assert soft.words not in asked.detail
    assert asked.answers[0][0] is Choice.BACK
