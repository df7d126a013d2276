"""Budgets as they are typed, and what each does right now."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.cost import CostTotal
from tui.domain.settings import BudgetSettings
from tui.domain.totals import Totals
from tui.ui.controllers.settings_budgets import (
    BUDGET_FIELDS,
    LIMIT_WANTED,
    limit_problem,
    limit_text,
    limit_words,
    parse_limit,
)

D = Decimal
SPENT = Totals(
    conversation=CostTotal(D("0.03"), estimated=1),
    today=CostTotal(D("0.84")),
    month=CostTotal(D("12.5")),
)


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("", None),
        ("  ", None),
        ("$", None),
        ("2", D(2)),
        ("2.50", D("2.5")),
        ("$0.05", D("0.05")),
        (" $ 1 ", D(1)),
        (".5", D("0.5")),
        ("3.", D(3)),
        ("0", D(0)),
    ],
)
def test_an_amount_is_read_as_people_write_it(text: str, limit: Decimal | None) -> None:
    assert parse_limit(text) == limit


@pytest.mark.parametrize("text", ["two", "-1", "1,50", "1_0", "1e3", "nan", "inf", ".", "٣", "2 €"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        parse_limit(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0,06", "Write 0.06, with a point"),
        ("$ ,5", "Write .5, with a point"),
        ("two", LIMIT_WANTED),
        ("1,2,3", LIMIT_WANTED),
    ],
)
def test_a_decimal_comma_is_answered_with_the_same_amount_written_with_a_point(
    text: str, said: str
) -> None:
    assert limit_problem(text).startswith(said)


@given(st.none() | st.decimals(0, 10**6, places=6))
def test_a_limit_is_read_as_it_was_written(limit: Decimal | None) -> None:
    assert parse_limit(limit_text(limit)) == limit


@pytest.mark.parametrize(
    ("field", "limits", "said"),
    [
        ("day_hard", {"day_hard": D(2)}, ("Today $0.84 of $2.00.", False)),
        ("day_hard", {"day_hard": D("0.5")}, ("Today $0.84 of $0.50: reached.", True)),
        ("day_soft", {}, ("No limit; today came to $0.84.", False)),
        ("month_soft", {"month_soft": D(20)}, ("This month $12.50 of $20.00.", False)),
        (
            "conversation_hard",
            {"conversation_hard": D(1)},
            ("This conversation ≈ $0.03 of $1.00.", False),
        ),
        ("send_soft", {}, ("No limit.", False)),
        ("send_soft", {"send_soft": D("0.05")}, None),
        (
            "day_soft",
            {"day_soft": D(2), "day_hard": D(2)},
            ("It never warns: the hard limit, $2.00, comes first.", True),
        ),
    ],
)
def test_a_limit_says_what_it_does(
    field: str, limits: dict[str, Decimal], said: tuple[str, bool] | None
) -> None:
    assert limit_words(field, BudgetSettings(**limits), SPENT) == said


@pytest.mark.parametrize("field", BUDGET_FIELDS)
def test_without_a_history_there_is_no_sum(field: str) -> None:
    assert limit_words(field, BudgetSettings(), None) == ("No limit.", False)
