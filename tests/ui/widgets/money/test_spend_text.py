from dataclasses import replace
from decimal import Decimal

from tui.domain.cost import CostTotal
from tui.domain.model import KeyInfo
from tui.domain.settings import BudgetSettings
from tui.domain.spend import SpendBy, SpendGroup, TokenClasses
from tui.domain.totals import Totals
from tui.ui.controllers.spending import Measure
from tui.ui.widgets.money.spend_text import (
    account_line,
    answers_words,
    group_line,
    tabs_line,
    totals_line,
)

ACCOUNT = KeyInfo(
    limit=Decimal(20),
    limit_remaining=Decimal("12.5"),
    limit_reset="monthly",
    usage=Decimal(9),
    usage_daily=Decimal("0.12"),
    free_requests_left=47,
)


def test_our_sums_stand_with_their_budgets_and_what_is_not_known_of_them() -> None:
    totals = Totals(today=CostTotal(Decimal("0.5")), all_time=CostTotal(Decimal(3), unknown=1))

    words = totals_line(totals, BudgetSettings(day_hard=Decimal(2)), 200).plain

    assert "today $0.50 / $2.00" in words
    assert "all time $3.00 + ?" in words
    assert "1 unknown" in words
    assert totals_line(None, BudgetSettings(), 80).plain == "Spent"


def test_the_account_says_what_it_knows_and_nothing_else() -> None:
    words = account_line(ACCOUNT, asked=True, width=200).plain

    for expected in ("today $0.12", "$12.50 left of $20.00, monthly", "47 free requests left"):
        assert expected in words
    assert "this week" not in words
    assert "asking" in account_line(None, asked=False, width=80).plain
    assert "says nothing" in account_line(None, asked=True, width=80).plain


def test_a_group_is_told_by_class_of_tokens_as_far_as_there_is_room() -> None:
    tokens = TokenClasses(plain=1_200, read=980, answer=561)
    group = SpendGroup("k", "[/]", CostTotal(Decimal(1)), tokens, Decimal("-0.5"), 1)

    words = group_line(group, 200).plain
    assert "input 1.2k" in words
    assert "read 980" in words
    assert "written" not in words
    assert "cache ≈ $0.50 lost" in words
    assert "1 answer" in words
    assert "≈" not in words.replace("cache ≈", "")
    assert "?" not in words
    ours = replace(group, tokens=tokens + TokenClasses(800, answer=39, estimated=1, unknown=1))
    words = group_line(ours, 200).plain
    assert "input ≈ 2k" in words
    assert "read 980" in words
    assert "output ≈ 600" in words
    assert "+ ? tok" in words
    assert group_line(group, 24).plain.startswith("[/]   $1.00")
    assert group_line(None, 80).plain == ""


def test_the_tabs_name_their_keys_and_what_is_open() -> None:
    words = tabs_line(SpendBy.MODEL, Measure.SAVING, "a/b", 120).plain

    assert "1 Day  2 Week  3 Month  4 Model" in words
    assert "bars: cache saving" in words
    assert words.endswith("› a/b")


def test_requests_that_failed_stand_beside_the_answers() -> None:
    assert answers_words(SpendGroup("a/b", "a/b", answers=12)) == "12 answers"
    assert answers_words(SpendGroup("a/b", "a/b", answers=1, failed=3)) == "1 answer, 3 failed"
