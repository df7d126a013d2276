"""Answers in groups: nothing is lost between them, and their sums agree."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.money_support import per_million
from tui.domain.cost import UNKNOWN_COST, Cost, CostSource, CostTotal, Usage, total
from tui.domain.spend import (
    SpendBy,
    SpendRow,
    TokenClasses,
    group_spending,
    rows_behind,
    saving_of,
)
from tui.domain.spend_export import spend_csv, spend_json, spreadsheet_cell

D = Decimal
MILLION = D(1_000_000)
FRIDAY = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
PRICES = per_million(prompt="3", completion="15", input_cache_read="0.3", input_cache_write="3.75")


def row(
    days: float = 0,
    cost: str | None = "0.01",
    *,
    model: str = "a/b",
    provider: str = "Acme",
    conversation: str | None = "c1",
    title: str = "Caching",
) -> SpendRow:
    amount = None if cost is None else D(cost)
    return SpendRow(
        at=FRIDAY + timedelta(days=days),
        conversation_id=conversation,
        title=title if conversation else "",
        model=model,
        provider=provider,
        cost=UNKNOWN_COST if amount is None else Cost(amount, CostSource.REPORTED),
        tokens=TokenClasses(100, 50, 10, 200, 40),
        saving=D("0.001"),
    )


@pytest.mark.parametrize(
    ("usage", "tokens"),
    [
        (Usage(), TokenClasses()),
        (Usage(100, 50), TokenClasses(plain=100, answer=50)),
        (
            Usage(100, 50, reasoning_tokens=20, cached_tokens=60, cache_write_tokens=30),
            TokenClasses(plain=10, read=60, written=30, answer=30, reasoning=20),
        ),
        # Gemini counts what it writes as read, too: it was written
        (Usage(100, cached_tokens=90, cache_write_tokens=90), TokenClasses(10, 0, 90)),
        (Usage(100, cached_tokens=500), TokenClasses(read=100)),
    ],
)
def test_every_token_is_in_one_class(usage: Usage, tokens: TokenClasses) -> None:
    assert TokenClasses.of(usage) == tokens
    assert sum(count for count, _ in tokens.by_class) == tokens.total
    assert tokens.total == (usage.prompt_tokens or 0) + (usage.completion_tokens or 0)


@pytest.mark.parametrize(
    ("usage", "saving"),
    [
        (Usage(1000, 10), None),
        (Usage(1000, 10, cached_tokens=900), 900 * (D(3) - D("0.3")) / MILLION),
        (Usage(1000, 10, cache_write_tokens=900), 900 * (D(3) - D("3.75")) / MILLION),
        (
            Usage(1000, 10, cached_tokens=800, cache_write_tokens=100),
            (800 * (D(3) - D("0.3")) - 100 * D("0.75")) / MILLION,
        ),
    ],
)
def test_the_cache_saves_by_reading_and_costs_by_writing(
    usage: Usage, saving: Decimal | None
) -> None:
    assert saving_of(usage, PRICES, None) == saving


def test_without_prices_no_saving_is_claimed() -> None:
    assert saving_of(Usage(1000, 10, cached_tokens=900), replace(PRICES, prompt=None), None) is None


def test_days_are_local_and_without_gaps() -> None:
    rows = [row(), row(0.05), row(3)]
    # 22:30 in London is 23:30 in Berlin, and an hour later it is Saturday there
    groups = group_spending(rows, SpendBy.DAY, BERLIN)
    assert [(group.key, group.answers) for group in groups] == [
        ("2026-11-20", 1),
        ("2026-11-21", 1),
        ("2026-11-22", 0),
        ("2026-11-23", 1),
    ]
    assert groups[2].cost == CostTotal()
    assert groups[2].first is None
    assert [group.answers for group in group_spending(rows, SpendBy.DAY, UTC)] == [2, 0, 0, 1]


@pytest.mark.parametrize(
    ("by", "keys", "label"),
    [
        (SpendBy.WEEK, ["2026-11-16", "2026-11-23", "2026-11-30"], "2026-11-16"),
        (SpendBy.MONTH, ["2026-11-01", "2026-12-01"], "2026-11"),
    ],
)
def test_weeks_begin_on_monday_and_months_on_the_first(
    by: SpendBy, keys: list[str], label: str
) -> None:
    groups = group_spending([row(), row(14)], by, UTC)
    assert [group.key for group in groups] == keys
    assert groups[0].label == label


def test_other_groups_come_dearest_first() -> None:
    rows = [
        row(cost="0.01", model="a/cheap"),
        row(cost="0.5", model="a/dear"),
        row(model="a/cheap"),
    ]
    groups = group_spending(rows, SpendBy.MODEL)
    assert [(group.label, group.cost.amount, group.answers) for group in groups] == [
        ("a/dear", D("0.5"), 1),
        ("a/cheap", D("0.02"), 2),
    ]
    assert groups[1].tokens == TokenClasses(200, 100, 20, 400, 80)
    assert groups[1].saving == D("0.002")
    assert [group.label for group in group_spending([row(provider="")], SpendBy.PROVIDER)] == [
        "unknown"
    ]


def test_deleted_conversations_still_count() -> None:
    groups = group_spending([row(conversation=None), row()], SpendBy.CONVERSATION)
    assert {(group.key, group.label) for group in groups} == {
        ("", "deleted conversations"),
        ("c1", "Caching"),
    }


def test_behind_a_bar_are_its_answers() -> None:
    rows = [row(), row(1, "0.001", conversation="c2"), row(1)]
    behind = rows_behind(rows, SpendBy.DAY, "2026-11-21", UTC)
    assert behind == rows[1:]
    assert [group.key for group in group_spending(behind, SpendBy.CONVERSATION)] == ["c1", "c2"]


def test_nothing_has_no_groups() -> None:
    for by in SpendBy:
        assert group_spending([], by) == []


rows_strategy = st.lists(
    st.builds(
        row,
        st.floats(0, 400),
        st.none() | st.decimals(0, 100, places=9).map(str),
        model=st.sampled_from(["a/b", "c/d"]),
        provider=st.sampled_from(["", "Acme"]),
        conversation=st.none() | st.sampled_from(["c1", "c2"]),
    ),
    max_size=30,
)


@given(rows_strategy, st.sampled_from(SpendBy))
def test_the_groups_add_up_to_the_whole(rows: list[SpendRow], by: SpendBy) -> None:
    groups = group_spending(rows, by, BERLIN)
    whole = total(one.cost for one in rows)
    assert sum((group.cost.amount for group in groups), D(0)) == whole.amount
    assert sum(group.cost.unknown for group in groups) == whole.unknown
    assert sum(group.answers for group in groups) == len(rows)
    assert sum(group.tokens.total for group in groups) == sum(one.tokens.total for one in rows)
    behind = [one for group in groups for one in rows_behind(rows, by, group.key, BERLIN)]
    assert len(behind) == len(rows)


def test_what_is_our_own_count_shows_in_its_classes_alone() -> None:
    both = TokenClasses(100, 50, 10, 200, 40) + TokenClasses(5, answer=3, estimated=1)
    assert both.by_class == ((105, True), (50, False), (10, False), (203, True), (40, True))
    assert TokenClasses(5, estimated=1, unknown=2).by_class[-1] == (0, False)
    (group,) = group_spending([replace(row(), tokens=both)], SpendBy.MODEL)
    (line,) = csv.DictReader(io.StringIO(spend_csv([group], SpendBy.MODEL)))
    assert (line["estimated_token_answers"], line["unknown_token_answers"]) == ("1", "0")


# --- export


def test_csv_has_exact_amounts() -> None:
    rows = [row(cost="0.000000000123"), row(cost=None)]
    text = spend_csv(group_spending(rows, SpendBy.MODEL), SpendBy.MODEL)
    (line,) = csv.DictReader(io.StringIO(text))
    assert line["model"] == "a/b"
    assert line["usd"] == "0.000000000123"
    assert (line["unknown_answers"], line["answers"], line["cache_saving_usd"]) == (
        "1",
        "2",
        "0.002",
    )


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("x")'])
def test_a_title_cannot_become_a_formula(title: str) -> None:
    groups = group_spending([row(title=title)], SpendBy.CONVERSATION)
    (line,) = csv.DictReader(io.StringIO(spend_csv(groups, SpendBy.CONVERSATION)))
    assert line["conversation"].startswith("'") or line["conversation"][0] not in "=+-@\t"
    assert line["key"] == "c1"


def test_json_has_decimal_strings() -> None:
    rows = [row(cost="1E-9"), row(cost="10")]
    groups = group_spending(rows, SpendBy.MODEL)
    document = json.loads(spend_json(groups, SpendBy.MODEL, total(one.cost for one in rows)))
    assert document["usd"] == "10.000000001"
    (group,) = document["groups"]
    assert (group["usd"], group["output_tokens"], group["reasoning_tokens"]) == (
        "10.000000001",
        400,
        80,
    )


@given(st.text())
def test_no_text_leaves_its_cell(text: str) -> None:
    cell = spreadsheet_cell(text)
    assert "\n" not in cell
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


@given(rows_strategy, st.sampled_from(SpendBy))
def test_an_export_says_what_the_screen_says(rows: list[SpendRow], by: SpendBy) -> None:
    groups = group_spending(rows, by, UTC)
    lines = list(csv.DictReader(io.StringIO(spend_csv(groups, by))))
    document = json.loads(spend_json(groups, by, total(one.cost for one in rows)))
    assert [D(line["usd"]) for line in lines] == [group.cost.amount for group in groups]
    assert [D(one["usd"]) for one in document["groups"]] == [g.cost.amount for g in groups]


def test_what_gemini_writes_counts_once_however_long_the_prompt_is() -> None:
    gemini = per_million(prompt="1.25", completion="10", input_cache_write="0.375")
    written = Usage(1000, 10, cached_tokens=400, cache_write_tokens=400)
    assert TokenClasses.of(written, gemini) == TokenClasses(600, 0, 400, 10)
    assert TokenClasses.of(written, PRICES) == TokenClasses(200, 400, 400, 10)
