"""What was spent, level by level."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tui.domain.cost import Cost, CostSource
from tui.domain.spend import SpendBy, SpendRow, TokenClasses
from tui.ui.controllers.spend_file import UnknownFormatError, export, named, target_of
from tui.ui.controllers.spending import Level, Measure, Spending, bars_of, value_of

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)


def row(days: int, cost: str = "1", chat: str | None = "a", model: str = "m/one") -> SpendRow:
    return SpendRow(
        MONDAY + timedelta(days=days),
        chat,
        f"Chat {chat}",
        model,
        "Example",
        Cost(Decimal(cost), CostSource.REPORTED),
        TokenClasses(plain=100, read=50, answer=25),
        Decimal("-0.5"),
    )


ROWS = [row(0), row(2, "2", "b"), row(2, "4", "c", "m/two")]


def test_a_level_leads_to_the_conversations_behind_a_group_and_back() -> None:
    spending = Spending(ROWS, UTC)
    assert [str(group.cost.amount) for group in spending.level.groups] == ["1", "0", "6"]

    spending.group_by(SpendBy.MODEL)
    assert [group.key for group in spending.level.groups] == ["m/two", "m/one"]
    spending.open(1)
    assert spending.level.title == "m/one"
    assert [group.key for group in spending.level.groups] == ["b", "a"]
    assert spending.level.total.amount == 3
    assert spending.by is SpendBy.MODEL

    assert spending.back()
    assert not spending.back()


def test_older_rows_come_later_and_the_cursor_stays_at_its_group() -> None:
    spending = Spending(ROWS[1:], UTC)

    assert spending.use(ROWS, 0) == 2
    assert len(spending.level.groups) == 3
    assert Spending((), UTC).use(ROWS, -1) == 2


def test_the_measures_follow_each_other() -> None:
    spending = Spending(ROWS, UTC)
    (group, *_) = spending.level.groups
    seen = []
    for _ in Measure:
        seen.append(value_of(group, spending.measure))
        spending.next_measure()

    assert seen == [1, Decimal("-0.5"), 175]
    assert spending.measure is Measure.COST


def test_bars_have_gaps_for_quiet_days_and_names_that_can_be_read() -> None:
    bars = bars_of(Level(ROWS, SpendBy.DAY, UTC), Measure.COST, 2, 80)

    assert bars.parts == ((1.0,), (0.0,), (6.0,))
    assert bars.x_ticks[-1] == (2.0, "Mar 4")
    assert (0, "$0") in [(round(place), words) for place, words in bars.y_ticks]
    assert (bars.lowest, bars.highest) == (0, 6)


def test_tokens_are_stacked_and_losses_go_below_zero() -> None:
    level = Level(ROWS, SpendBy.WEEK, UTC)

    assert bars_of(level, Measure.TOKENS, 0, 80).parts == ((300.0, 150.0, 0.0, 75.0, 0.0),)
    assert bars_of(level, Measure.SAVING, 0, 80).lowest == -1.5


@pytest.mark.parametrize("here", [0, 50, 399])
def test_of_many_bars_those_around_the_cursor_are_shown(here: int) -> None:
    level = Level([row(day) for day in range(400)], SpendBy.DAY, UTC)

    bars = bars_of(level, Measure.COST, here, 40)

    assert len(bars.parts) == 20
    assert bars.first <= here < bars.first + 20
    distances = [
        later - at for (at, _), (later, _) in zip(bars.x_ticks, bars.x_ticks[1:], strict=False)
    ]
    assert min(distances) * 2 >= 9


def test_nothing_has_no_bars() -> None:
    assert bars_of(Level((), SpendBy.DAY, UTC), Measure.COST, 0, 80).parts == ()


def test_a_file_is_written_in_the_format_of_its_name(tmp_path: Path) -> None:
    level = Level(ROWS, SpendBy.MODEL, UTC)
    for suffix in ("csv", "JSON"):
        export(level, tmp_path / f"out.{suffix}")

    assert (tmp_path / "out.csv").read_text().startswith("model,usd")
    assert '"usd": "7"' in (tmp_path / "out.JSON").read_text()
    with pytest.raises(UnknownFormatError):
        export(level, tmp_path / "out.txt")
    assert target_of("~/out.csv").is_absolute()
    assert named(SpendBy.DAY) == "spend-by-day.csv"
