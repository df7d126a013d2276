"""A soft line warns, a hard one asks; a send that costs nothing crosses none."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.budget import BudgetScope, Severity, Verdict, judge
from tui.domain.cost import CostTotal, Usage
from tui.domain.preview import LOCAL, NO_PRICE, CostPreview
from tui.domain.settings import BudgetSettings
from tui.domain.totals import Totals

D = Decimal


def likely(amount: str) -> CostPreview:
    return CostPreview(Usage(10, 10), likely=D(amount), worst=D(amount) * 5)


def spent(
    today: str = "0", *, conversation: str = "0", month: str = "0", unknown: int = 0
) -> Totals:
    return Totals(
        conversation=CostTotal(D(conversation)),
        today=CostTotal(D(today), unknown=unknown),
        month=CostTotal(D(month)),
    )


@pytest.mark.parametrize(
    ("limits", "totals", "amount", "severity", "words"),
    [
        ({}, spent("100"), "5", Severity.NONE, ""),
        ({"day_hard": "2"}, spent("1.90"), "0.10", Severity.NONE, ""),
        (
            {"day_hard": "2"},
            spent("1.90"),
            "0.11",
            Severity.HARD,
            "Today would come to ≈ $2.01: more than the hard limit of $2.00.",
        ),
        (
            {"day_hard": "2"},
            spent("2"),
            "0.0001",
            Severity.HARD,
            "Today came to $2.00: the hard limit of $2.00 is reached.",
        ),
        (
            {"day_soft": "1", "day_hard": "2"},
            spent("0.99"),
            "0.02",
            Severity.SOFT,
            "Today would come to ≈ $1.01: more than the soft limit of $1.00.",
        ),
        (
            {"send_hard": "0.05"},
            spent(),
            "0.06",
            Severity.HARD,
            "This send would cost ≈ $0.06: more than the hard limit of $0.05.",
        ),
        (
            {"conversation_soft": "1"},
            spent(conversation="0.98"),
            "0.04",
            Severity.SOFT,
            "This conversation would come to ≈ $1.02: more than the soft limit of $1.00.",
        ),
        (
            {"month_hard": "50", "day_soft": "1"},
            spent("2", month="49.99"),
            "0.02",
            Severity.HARD,
            "This month would come to ≈ $50.01: more than the hard limit of $50.00.",
        ),
        (
            {"day_hard": "2"},
            spent("1.99", unknown=2),
            "0.02",
            Severity.HARD,
            (
                "Today would come to ≈ $2.01: more than the hard limit of $2.00."
                " The cost of 2 answers is not known."
            ),
        ),
    ],
)
def test_a_line_is_crossed_by_what_a_send_would_likely_cost(
    limits: dict[str, str], totals: Totals, amount: str, severity: Severity, words: str
) -> None:
    verdict = judge(BudgetSettings.model_validate(limits), totals, likely(amount))
    assert (verdict.severity, verdict.words) == (severity, words)
    assert (verdict.is_soft, verdict.is_hard) == (severity == 1, severity == 2)


def test_of_two_lines_as_grave_the_nearer_one_is_told() -> None:
    budgets = BudgetSettings(send_hard=D("0.1"), month_hard=D(1))
    verdict = judge(budgets, spent(month="2"), likely("0.5"))
    assert [one.scope for one in verdict.crossings] == [BudgetScope.SEND, BudgetScope.MONTH]


def test_without_a_preview_only_what_is_reached_counts() -> None:
    budgets = BudgetSettings(day_soft=D(1), send_hard=D(0))
    assert judge(budgets, spent("0.99")) == Verdict()
    assert judge(budgets, spent("1")).is_soft


def test_a_send_of_unknown_cost_is_held_back_only_behind_a_line() -> None:
    unknown = CostPreview(Usage(10, 10), unknown=NO_PRICE)
    budgets = BudgetSettings(day_hard=D(1))
    assert judge(budgets, spent("0.99"), unknown) == Verdict()
    assert judge(budgets, spent("1"), unknown).is_hard


@pytest.mark.parametrize(
    "nothing",
    [
        CostPreview(Usage(10, 10), worst=D(0), unknown=LOCAL),
        CostPreview(Usage(10, 10), likely=D(0), worst=D(0)),
    ],
)
def test_what_costs_nothing_may_always_be_sent(nothing: CostPreview) -> None:
    assert judge(BudgetSettings(day_hard=D(1)), spent("5"), nothing) == Verdict()


def test_a_local_send_that_others_may_take_over_is_held_back_behind_a_line() -> None:
    at_an_unknown_price = CostPreview(Usage(10, 10), worst=None, unknown=LOCAL)
    assert judge(BudgetSettings(day_hard=D(1)), spent("5"), at_an_unknown_price).is_hard


def test_a_limit_of_zero_lets_nothing_through_that_costs() -> None:
    budgets = BudgetSettings(day_hard=D(0))
    assert judge(budgets, spent(), likely("0.0001")).is_hard


amounts = st.decimals(min_value=0, max_value=100, places=6)


@given(amounts, amounts, amounts, amounts)
def test_more_spending_is_never_judged_more_mildly(
    before: Decimal, more: Decimal, send: Decimal, limit: Decimal
) -> None:
    budgets = BudgetSettings(day_soft=limit / 2, day_hard=limit)
    preview = CostPreview(Usage(1, 1), likely=send, worst=send + 1)
    less = judge(budgets, Totals(today=CostTotal(before)), preview)
    greater = judge(budgets, Totals(today=CostTotal(before + more)), preview)
    assert greater.severity >= less.severity
    assert (less.severity is Severity.HARD) == (before + send > limit or before >= limit)


def test_answers_under_way_count_as_if_they_were_spent() -> None:
    limits = BudgetSettings(day_hard=D(2))
    coming = Totals(today=CostTotal(D("0.08"), estimated=1, unknown=1))

    verdict = judge(limits, spent("1.90"), likely("0.03"), coming)

    assert verdict.is_hard
    assert verdict.words == (
        "Today would come to ≈ $2.01 with the answers under way: more than the hard limit of $2.00."
        " The cost of 1 answer is not known."
    )
    assert not judge(limits, spent("1.90"), likely("0.02"), coming).crossings


def test_answers_under_way_may_reach_a_limit_by_themselves() -> None:
    coming = Totals(conversation=CostTotal(D("0.6"), estimated=2))

    verdict = judge(
        BudgetSettings(conversation_hard=D(1)), spent(conversation="0.5"), likely("0.01"), coming
    )

    assert verdict.crossings[0].is_over_already
    assert verdict.words == (
        "This conversation comes to ≈ $1.10 with the answers under way:"
        " the hard limit of $1.00 is reached."
    )


@pytest.mark.parametrize(
    ("limits", "severity", "words"),
    [
        (
            {"day_hard": "2"},
            Severity.HARD,
            (
                "The history cannot be read, so nobody knows what was spent today: "
                "the hard limit of $2.00 may be reached."
            ),
        ),
        (
            {"month_soft": "9"},
            Severity.SOFT,
            (
                "The history cannot be read, so nobody knows what was spent this month: "
                "the soft limit of $9.00 may be reached."
            ),
        ),
        ({"send_hard": "1", "conversation_hard": "1"}, Severity.NONE, ""),
        (
            {"day_hard": "0.001"},
            Severity.HARD,
            "Today would come to ≈ $0.01: more than the hard limit of $0.001.",
        ),
    ],
)
def test_where_the_past_cannot_be_read_a_limit_may_be_reached(
    limits: dict[str, str], severity: Severity, words: str
) -> None:
    budgets = BudgetSettings(**{name: D(limit) for name, limit in limits.items()})
    verdict = judge(budgets, Totals(), likely("0.01"), is_complete=False)
    assert (verdict.severity, verdict.words) == (severity, words)
    assert judge(budgets, Totals(), is_complete=False).is_hard == ("day_hard" in limits)


def test_what_was_spent_is_marked_where_it_is_an_estimate() -> None:
    totals = Totals(today=CostTotal(D(2), estimated=1))
    verdict = judge(BudgetSettings(day_hard=D(2)), totals, likely("0.01"))
    assert verdict.words == "Today came to ≈ $2.00: the hard limit of $2.00 is reached."
