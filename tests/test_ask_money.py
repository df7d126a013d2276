"""What `orw ask` costs is kept, and a budget stands in its way until it is told otherwise."""

import asyncio
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.conversations import answer_to, prompt_in, take_turn
from tests.fakes.service import FakeService
from tui.ask import AskOptions, run_ask
from tui.cli import main
from tui.domain.calibration import Estimate
from tui.domain.connection import Connection, Overrides
from tui.domain.conversation import Conversation, MessageState
from tui.domain.cost import UNKNOWN_COST, Usage
from tui.domain.errors import Failure, FailureKind
from tui.domain.events import (
    Connected,
    Failed,
    Finished,
    FinishReason,
    ServedBy,
    TextDelta,
    TurnEvent,
    UsageReported,
)
from tui.domain.model import Pricing
from tui.domain.settings import ProviderKind
from tui.runtime import Runtime
from tui.services.catalogue_cache import CatalogueCache
from tui.services.history import History

D = Decimal
MODEL = "example/model"
CATALOGUE = json.dumps(
    {"data": [{"id": MODEL, "pricing": {"prompt": "0.000003", "completion": "0.000015"}}]}
).encode()
COST = D("0.004218")
ANSWER: list[TurnEvent] = [
    Connected("gen-1"),
    ServedBy("example/model-1", "Acme"),
    TextDelta("Hello"),
    UsageReported(Usage(1204, 561, cost=COST)),
    Finished(FinishReason.STOP, "stop"),
]

Start = Callable[..., Runtime]


@pytest.fixture
def service() -> FakeService:
    connection = Connection("openrouter", ProviderKind.OPENROUTER, "https://or.test/v1", MODEL)
    return FakeService([ANSWER], connection=connection)


@pytest.fixture
def start(orw_home: Path, service: FakeService, monkeypatch: pytest.MonkeyPatch) -> Start:
    """Starts the program with these budgets in its settings, and prices in its cache."""
    monkeypatch.setattr(Runtime, "open_service", lambda _: service)

    def started(**budget: str) -> Runtime:
        lines = [f"{name} = {amount}" for name, amount in budget.items()]
        (orw_home / "config").mkdir(parents=True, exist_ok=True)
        (orw_home / "config" / "config.toml").write_text("[budget]\n" + "\n".join(lines))
        overrides = Overrides(provider="demo", model=MODEL)
        runtime = Runtime.start(home=orw_home, overrides=overrides, environ={})
        assert runtime.connection is not None
        runtime.paths.cache.mkdir(parents=True, exist_ok=True)
        CatalogueCache(runtime.paths.cache, runtime.connection.origin).save(
            CATALOGUE, datetime.now(UTC)
        )
        return runtime

    return started


def stored(runtime: Runtime) -> list[Conversation]:
    """The conversations in the history's file."""

    async def read() -> list[Conversation]:
        history = await History.open(runtime.history_file)
        try:
            loaded = [await history.load(one.id) for one in await history.conversations()]
            return [one for one in loaded if one is not None]
        finally:
            await history.aclose()

    return asyncio.run(read())


def spend(runtime: Runtime, cost: str | None) -> None:
    """Let a turn of this cost in USD be in the history, as of now."""

    async def write() -> None:
        history = await History.open(runtime.history_file)
        conversation = await history.new_conversation(MODEL)
        await take_turn(history, conversation, cost=cost, at=datetime.now(UTC))
        await history.aclose()

    asyncio.run(write())


# --- kept


def test_the_turn_is_kept_with_its_cost(start: Start) -> None:
    runtime = start()
    assert run_ask(runtime, "Why is that?", AskOptions()) == 0
    (conversation,) = stored(runtime)
    prompt, answer = conversation.path()
    assert conversation.title == "Why is that?"
    assert (prompt.text, answer.text) == ("Why is that?", "Hello")
    assert answer.state is MessageState.COMPLETE
    assert answer.generation is not None
    assert answer.generation.cost.amount == COST
    assert answer.generation.estimate is not None


def test_the_request_carries_the_conversations_session_and_the_answers_id(
    start: Start, service: FakeService
) -> None:
    runtime = start()
    run_ask(runtime, "Why?", AskOptions())
    (conversation,) = stored(runtime)
    (body,), (headers,) = service.bodies, service.headers
    assert body["session_id"] == conversation.session_id
    assert headers["X-Client-Request-Id"] == conversation.path()[-1].id


def test_a_turn_that_fails_is_kept_too(start: Start, service: FakeService) -> None:
    service.scripts = [[Failed(Failure(FailureKind.OVERLOADED, "Busy.", "Wait."))]]
    runtime = start()
    assert run_ask(runtime, "Why?", AskOptions()) == 1
    (conversation,) = stored(runtime)
    assert conversation.path()[-1].state is MessageState.FAILED


def test_when_nobody_reads_any_more_what_had_arrived_is_kept(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = start()

    def broken(_text: str) -> None:
        raise BrokenPipeError

    monkeypatch.setattr("tui.ask_output.Printer._write", lambda _self, text: broken(text))
    with pytest.raises(BrokenPipeError):
        run_ask(runtime, "Why?", AskOptions())
    (conversation,) = stored(runtime)
    answer = conversation.path()[-1]
    assert (answer.state, answer.text) == (MessageState.STOPPED, "Hello")


def test_no_save_leaves_no_trace(start: Start) -> None:
    runtime = start()
    assert run_ask(runtime, "Why?", AskOptions(save=False)) == 0
    assert not runtime.history_file.exists()


def test_a_history_that_cannot_be_written_is_told_and_the_answer_comes(
    start: Start, capsys: pytest.CaptureFixture[str]
) -> None:
    runtime = start()
    runtime.history_file.parent.mkdir(parents=True)
    runtime.history_file.write_text("This is no database, but more than nothing at all." * 30)
    assert run_ask(runtime, "Why?", AskOptions()) == 0
    out, err = capsys.readouterr()
    assert out == "Hello\n"
    assert str(runtime.history_file.name) in err


# --- budgets


@pytest.mark.parametrize("save", [True, False])
@pytest.mark.parametrize(
    ("budget", "before", "refused"),
    [
        ({"day_hard": "2"}, "1.99999", True),
        ({"day_hard": "2"}, "1.9", False),
        ({"send_hard": "0.001"}, None, True),
        ({"conversation_hard": "0.001"}, None, True),
        ({"month_hard": "1.5"}, "1.6", True),
    ],
)
def test_a_hard_budget_refuses_with_a_code_of_its_own(
    start: Start,
    service: FakeService,
    capsys: pytest.CaptureFixture[str],
    budget: dict[str, str],
    before: str | None,
    refused: bool,
    save: bool,
) -> None:
    runtime = start(**budget)
    if before is not None:
        spend(runtime, before)
    code = run_ask(runtime, "Why?", AskOptions(save=save))
    out, err = capsys.readouterr()
    assert (code, len(service.bodies)) == ((3, 0) if refused else (0, 1))
    assert out == ("" if refused else "Hello\n")
    assert ("Nothing was sent." in err and "--over-budget" in err) == refused
    assert len(stored(runtime)) == (before is not None) + (save and not refused)


def test_what_another_instance_streams_counts_against_the_budget(
    start: Start, service: FakeService, capsys: pytest.CaptureFixture[str]
) -> None:
    runtime = start(day_hard="2")

    async def while_another_streams() -> None:
        history = await History.open(runtime.history_file)
        conversation = await history.new_conversation(MODEL)
        prompt = prompt_in(conversation, at=datetime.now(UTC))
        answer = answer_to(prompt, at=datetime.now(UTC))
        assert answer.generation is not None
        begun = replace(
            answer.generation,
            cost=UNKNOWN_COST,
            prices=Pricing(prompt=D("0.001"), completion=D("0.001")),
            estimate=Estimate(prompt_raw=1_000, prompt=1_000, completion=1_000),
        )
        await history.begin_turn(conversation, prompt, replace(answer, generation=begun))
        assert await asyncio.to_thread(run_ask, runtime, "Why?", AskOptions()) == 3
        await history.aclose()

    asyncio.run(while_another_streams())
    assert "Today comes to ≈ $2.00 with the answers under way" in capsys.readouterr().err
    assert service.bodies == []


def test_over_budget_sends_it_all_the_same_and_says_so(
    start: Start, service: FakeService, capsys: pytest.CaptureFixture[str]
) -> None:
    runtime = start(send_hard="0.001")
    assert run_ask(runtime, "Why?", AskOptions(over_budget=True)) == 0
    assert "more than the hard limit of $0.001" in capsys.readouterr().err
    assert len(service.bodies) == 1


def test_a_soft_budget_warns_and_sends(
    start: Start, service: FakeService, capsys: pytest.CaptureFixture[str]
) -> None:
    runtime = start(day_soft="1")
    spend(runtime, "1.5")
    assert run_ask(runtime, "Why?", AskOptions()) == 0
    assert "Today came to $1.50: the soft limit of $1.00 is reached." in capsys.readouterr().err
    assert len(service.bodies) == 1


def test_the_refusal_is_in_the_json(start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_ask(start(send_hard="0"), "Why?", AskOptions(as_json=True)) == 3
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert (document["state"], document["cost_source"]) == ("failed", "not_billed")
    assert document["failure"]["kind"] == "over_budget"


@pytest.mark.parametrize(
    ("flags", "options"),
    [
        ([], AskOptions()),
        (["--no-save"], AskOptions(save=False)),
        (["--over-budget", "--json"], AskOptions(as_json=True, over_budget=True)),
    ],
)
def test_the_flags_reach_it(
    orw_home: Path, monkeypatch: pytest.MonkeyPatch, flags: list[str], options: AskOptions
) -> None:
    seen: list[AskOptions] = []

    def take(_runtime: Runtime, _prompt: str, given: AskOptions) -> int:
        seen.append(given)
        return 3

    monkeypatch.setattr("tui.ask.run_ask", take)
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    assert main(["ask", "--demo", "--home", str(orw_home), *flags, "Why?"]) == 3
    assert seen == [options]


# --- files


def test_files_go_with_the_prompt_and_are_kept(
    start: Start, service: FakeService, tmp_path: Path
) -> None:
    (tmp_path / "a.py").write_text("print(1)\n")
    runtime = start()
    assert run_ask(runtime, "Look", AskOptions(attach=(str(tmp_path / "a.py"),))) == 0
    assert "print(1)" in service.bodies[0]["messages"][0]["content"]
    (conversation,) = stored(runtime)
    assert [file.name for file in conversation.path()[0].attachments] == ["a.py"]


def test_nothing_is_sent_without_a_file_that_was_to_go_along(
    start: Start, service: FakeService, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_ask(start(), "Look", AskOptions(attach=("/dev/zero",))) == 1
    assert "zero is a device" in capsys.readouterr().err
    assert service.bodies == []


def test_where_the_past_cannot_be_read_a_hard_budget_refuses(
    start: Start, service: FakeService, capsys: pytest.CaptureFixture[str]
) -> None:
    runtime = start(day_hard="2")
    runtime.history_file.parent.mkdir(parents=True)
    runtime.history_file.write_text("This is no database, but more than nothing at all." * 30)
    for options in (AskOptions(), AskOptions(save=False)):
        assert run_ask(runtime, "Why?", options) == 3
    assert "nobody knows what was spent today" in capsys.readouterr().err
    assert service.bodies == []
    assert run_ask(runtime, "Why?", AskOptions(over_budget=True)) == 0
