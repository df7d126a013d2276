"""`orw spend`: for people, for spreadsheets and for scripts."""

import asyncio
import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.fakes.conversations import answer_to, prompt_in, take_turn
from tui.cli import main
from tui.domain.connection import Overrides
from tui.domain.conversation import Generation, MessageState
from tui.domain.cost import NOT_BILLED, Cost, CostSource
from tui.domain.spend import SpendBy
from tui.runtime import Runtime
from tui.services.history import History
from tui.spend_command import SpendOptions, read_since, run_spend

D = Decimal
NOW = datetime.now(UTC)
NOON = NOW.replace(hour=12, minute=0, second=0, microsecond=0)


@pytest.fixture
def runtime(orw_home: Path) -> Runtime:
    return Runtime.start(home=orw_home, overrides=Overrides(provider="demo"), environ={})


@pytest.fixture
def spent(runtime: Runtime) -> Runtime:
    """Two conversations over three days, one answer of unknown cost."""

    async def write() -> None:
        history = await History.open(runtime.history_file)
        first = await history.new_conversation("example/model")
        second = await history.new_conversation("example/model")
        await take_turn(history, first, "First", cost="0.25", at=NOON - timedelta(days=2))
        await take_turn(history, second, "=SUM(A1)", cost="0.000000001", at=NOON)
        await take_turn(history, second, "Second", cost=None, at=NOON)
        await history.aclose()

    asyncio.run(write())
    return runtime


def test_a_table_has_a_line_for_each_day_and_their_sum(
    spent: Runtime, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_spend(spent, SpendOptions()) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == [
        "DAY",
        "SPENT",
        "ANSWERS",
        "INPUT",
        "CACHE",
        "READ",
        "CACHE",
        "WRITE",
        "OUTPUT",
        "REASONING",
        "CACHE",
        "SAVED",
    ]
    first, second = (f"{NOON - timedelta(days=ago):%Y-%m-%d}" for ago in (2, 1))
    assert lines[1].split() == [first, "$0.25", "1", "7", "0", "0", "5", "0"]
    assert lines[2].split() == [second, "$0", "0", "0", "0", "0", "0", "0"]
    assert lines[3].split()[:6] == [f"{NOON:%Y-%m-%d}", "<", "$0.0001", "+", "?", "2"]
    assert lines[4].split() == ["total", "$0.25", "+", "?", "3"]
    assert len({line.index("5") for line in lines[1:2]}) == 1


def test_what_a_server_on_this_machine_answered_is_local_and_not_free(
    runtime: Runtime, capsys: pytest.CaptureFixture[str]
) -> None:
    async def write() -> None:
        history = await History.open(runtime.history_file)
        conversation = await history.new_conversation("llama")
        prompt = prompt_in(conversation, at=NOON)
        answer = answer_to(prompt, at=NOON)
        await history.begin_turn(conversation, prompt, answer)
        local = Generation("llama", "ollama", cost=Cost(D(0), CostSource.LOCAL))
        done = replace(answer, state=MessageState.COMPLETE, generation=local)
        await history.finish_answer(done)
        await history.aclose()

    asyncio.run(write())
    assert run_spend(runtime, SpendOptions()) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split()[:3] == [f"{NOON:%Y-%m-%d}", "local", "1"]
    assert lines[1].split()[3:] == ["0", "+", "?", "0", "0", "0", "+", "?", "0"]
    assert lines[2].split() == ["total", "local", "1"]


def test_failed_requests_are_counted_apart(
    spent: Runtime, capsys: pytest.CaptureFixture[str]
) -> None:
    async def fail() -> None:
        history = await History.open(spent.history_file)
        conversation = await history.new_conversation("example/model")
        prompt = prompt_in(conversation, at=NOON)
        refused = answer_to(prompt, at=NOON)
        await history.begin_turn(conversation, prompt, refused)
        generation = Generation("example/model", "demo", cost=NOT_BILLED)
        await history.finish_answer(
            replace(refused, state=MessageState.FAILED, generation=generation)
        )
        await history.aclose()

    asyncio.run(fail())
    sums = []
    for by in (SpendBy.MODEL, SpendBy.PROVIDER, SpendBy.DAY):
        run_spend(spent, SpendOptions(by, as_json=True))
        document = json.loads(capsys.readouterr().out)
        sums.append([document[name] for name in ("usd", "answers", "failed_requests")])
        assert sum(group["answers"] for group in document["groups"]) == 3
    assert sums == [["0.250000001", 3, 1]] * 3
    run_spend(spent, SpendOptions(SpendBy.PROVIDER))
    _, example, total, remark = capsys.readouterr().out.splitlines()
    assert example.startswith("Example")
    assert total.split() == ["total", "$0.25", "+", "?", "3"]
    assert remark == "1 request failed; it is not among the answers."


def test_csv_and_json_have_exact_amounts(
    spent: Runtime, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_spend(spent, SpendOptions(SpendBy.CONVERSATION, as_csv=True)) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [(row["conversation"], row["usd"]) for row in rows] == [
        ("First", "0.25"),
        ("'=SUM(A1)", "0.000000001"),
    ]
    assert run_spend(spent, SpendOptions(SpendBy.MODEL, as_json=True)) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["usd"], document["unknown_answers"]) == ("0.250000001", 1)
    assert [group["label"] for group in document["groups"]] == ["example/model"]


def test_since_leaves_out_what_came_before(
    spent: Runtime, capsys: pytest.CaptureFixture[str]
) -> None:
    options = SpendOptions(since=NOON - timedelta(hours=1), as_json=True)
    assert run_spend(spent, options) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["usd"] == "0.000000001"
    assert [group["key"] for group in document["groups"]] == [f"{NOON:%Y-%m-%d}"]


def test_nothing_spent_makes_no_history(
    runtime: Runtime, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_spend(runtime, SpendOptions()) == 0
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "Nothing was spent.\n")
    assert not runtime.history_file.exists()
    assert run_spend(runtime, SpendOptions(as_json=True)) == 0
    assert json.loads(capsys.readouterr().out)["groups"] == []


@pytest.mark.parametrize(
    ("text", "day"),
    [("2026-11-01", "2026-11-01"), ("1d", "2026-11-21"), ("30d", "2026-10-23")],
)
def test_since_is_a_day_or_a_number_of_days(text: str, day: str) -> None:
    now = datetime(2026, 11, 21, 15, tzinfo=UTC)
    assert read_since(text, now) == datetime.fromisoformat(f"{day}T00:00+00:00")


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-01", "d", "0d", "9999999d", "-3d"])
def test_anything_else_is_no_day(text: str) -> None:
    with pytest.raises(ValueError, match="not a day"):
        read_since(text, datetime(2026, 11, 21, tzinfo=UTC))


def test_the_command_line_reaches_it(
    spent: Runtime, orw_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["spend", "--demo", "--home", str(orw_home), "--by", "provider", "--since", "3d"]
    assert main([*words, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["by"], document["usd"]) == ("provider", "0.250000001")
    assert spent.history_file.exists()


@pytest.mark.parametrize(
    "words", [["--since", "soon"], ["--by", "mood"], ["--json", "--csv"], ["extra"]]
)
def test_wrong_usage_exits_with_2(
    words: list[str], orw_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as done:
        main(["spend", "--demo", "--home", str(orw_home), *words])
    assert done.value.code == 2
    assert "usage:" in capsys.readouterr().err
