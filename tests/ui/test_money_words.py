"""What the figures around the prompt say."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tui.domain.budget import BudgetScope, Crossing, Severity, Verdict
from tui.domain.caching_reasons import MissReason
from tui.domain.caching_trace import CacheState
from tui.domain.cost import CostTotal
from tui.domain.settings import BudgetSettings
from tui.ui.money_words import (
    countdown,
    crossed_words,
    day_limit,
    missed_words,
    warning_words,
)
from tui.ui.widgets.money.next_send_text import clock_words

D = Decimal


def crossing(scope: BudgetScope, severity: Severity, spent: str = "1.9") -> Crossing:
    return Crossing(scope, severity, Decimal(2), Decimal(spent), Decimal("2.1"))


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (Verdict(), ""),
        (
            Verdict((crossing(BudgetScope.DAY, Severity.SOFT),)),
            "soft budget: day ≈ $2.10 of $2.00",
        ),
        (
            Verdict((crossing(BudgetScope.MONTH, Severity.HARD, "3"),)),
            "hard budget: month $3.00 of $2.00",
        ),
    ],
)
def test_the_bar_names_the_budget_in_a_few_words(verdict: Verdict, words: str) -> None:
    assert warning_words(verdict) == words


@pytest.mark.parametrize(
    ("left", "shown", "step"),
    [(252.5, 250, 2.5), (250.0, 250, 10), (60.5, 60, 0.5), (60.0, 60, 1), (12.25, 12, 0.25)],
)
def test_a_countdown_moves_every_ten_seconds_and_in_the_last_minute_every_second(
    left: float, shown: float, step: float
) -> None:
    assert countdown(left) == (shown, step)


@pytest.mark.parametrize(("left", "words"), [(250, "4:10"), (9.9, "0:09"), (3_600, "1:00:00")])
def test_a_time_that_is_left_reads_like_a_clock(left: float, words: str) -> None:
    assert clock_words(left) == words


def test_only_a_miss_that_surprises_is_said_under_the_answer() -> None:
    assert missed_words(CacheState(written=9, reason=MissReason.FIRST_TURN, words="x")) == ""
    missed = CacheState(reason=MissReason.EXPIRED, words="expired: 7 minutes had passed")
    assert missed_words(missed) == "cache: expired: 7 minutes had passed"


@pytest.mark.parametrize(
    ("limits", "today", "shown"),
    [
        ({}, "5", None),
        ({"day_hard": D(2)}, "0", D(2)),
        ({"day_soft": D(1)}, "5", D(1)),
        ({"day_soft": D(1), "day_hard": D(2)}, "0.99", D(1)),
        ({"day_soft": D(1), "day_hard": D(2)}, "1", D(2)),
    ],
)
def test_today_is_shown_against_the_next_line(
    limits: dict[str, Decimal], today: str, shown: Decimal | None
) -> None:
    assert day_limit(BudgetSettings(**limits), CostTotal(D(today))) == shown


def test_what_nobody_knows_is_no_amount() -> None:
    blind = replace(crossing(BudgetScope.DAY, Severity.HARD, "0"), is_blind=True)
    assert warning_words(Verdict((blind,))) == "hard budget: day ? of $2.00"


def test_a_crossing_is_named_in_a_word_or_two_where_there_is_little_room() -> None:
    verdict = Verdict((replace(crossing(BudgetScope.DAY, Severity.HARD), under_way=D("0.2")),))
    assert warning_words(verdict) == "hard budget: day ≈ $2.10 of $2.00"
    assert crossed_words(verdict) == "hard: day"
    assert crossed_words(Verdict()) == ""
