"""What is asked before a send."""

from decimal import Decimal

import pytest

from tui.domain.budget import BudgetScope, Crossing, Severity, Verdict
from tui.domain.errors import Failure, FailureKind
from tui.domain.request import TurnSettings
from tui.domain.settings import ProviderKind
from tui.ui.controllers.budgeting import Choice, budget_question, overflow_question

ANSWER_CELLS = 60
"""What a dialog has for the words of an answer at 80 columns."""
TOO_LONG = Failure(FailureKind.CONTEXT_OVERFLOW, "It is too long.", "Do something.")


def crossing(scope: BudgetScope, severity: Severity, spent: str = "1.9") -> Crossing:
    return Crossing(scope, severity, Decimal(2), Decimal(spent), Decimal("2.1"))


@pytest.mark.parametrize(
    ("kind", "offered"), [(ProviderKind.OPENROUTER, True), (ProviderKind.COMPATIBLE, False)]
)
def test_the_box_is_offered_where_somebody_would_compress(
    kind: ProviderKind, offered: bool
) -> None:
    asked = overflow_question(TOO_LONG, TurnSettings(kind, "a/b"), caches=False)

    choices = [choice for choice, _ in asked.answers]
    assert (Choice.COMPRESS in choices) is offered
    assert choices[0] is Choice.BACK
    assert {Choice.FRESH, Choice.LARGER} <= set(choices)


@pytest.mark.parametrize("caches", [True, False])
def test_an_answer_fits_the_dialog_and_speaks_of_a_cache_only_where_there_is_one(
    caches: bool,
) -> None:
    settings = TurnSettings(ProviderKind.OPENROUTER, "a/b")
    words = [words for _, words in overflow_question(TOO_LONG, settings, caches=caches).answers]

    assert max(map(len, words)) <= ANSWER_CELLS
    assert any("cache" in one for one in words) is caches


def test_every_hard_limit_that_would_be_crossed_is_named() -> None:
    hard = [crossing(scope, Severity.HARD) for scope in (BudgetScope.DAY, BudgetScope.MONTH)]
    soft = crossing(BudgetScope.SEND, Severity.SOFT)

    asked = budget_question(Verdict((*hard, soft)))

    assert asked.words == hard[0].words
    assert hard[1].words in asked.detail
    assert soft.words not in asked.detail
    assert asked.answers[0][0] is Choice.BACK
