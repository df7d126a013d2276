import asyncio
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.images import png
from tests.fakes.service import FakeService
from tui.ask import AskOptions, ask, read_prompt, run_ask
from tui.ask_output import VisibleStream, as_object, receipt
from tui.domain.answer import Answer
from tui.domain.connection import Overrides
from tui.domain.conversation import MessageState
from tui.domain.cost import Usage
from tui.domain.errors import Failure, FailureKind
from tui.domain.events import (
    Connected,
    Failed,
    Finished,
    FinishReason,
    ImageArrived,
    Interrupted,
    ReasoningDelta,
    Retrying,
    ServedBy,
    TextDelta,
    TurnEvent,
    UsageReported,
)
from tui.domain.pictures import Picture
from tui.domain.sanitize import visible
from tui.runtime import Runtime

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
OVERLOADED = Failure(FailureKind.OVERLOADED, "The server is busy.", "Try again later.")
USAGE = Usage(prompt_tokens=1204, completion_tokens=561, cost=Decimal("0.004218"))


def succeeding(*texts: str) -> list[TurnEvent]:
    return [
        Connected("gen-1"),
        ServedBy("demo/model-1", "Acme"),
        *(TextDelta(text) for text in texts),
        UsageReported(USAGE),
        Finished(FinishReason.STOP, "stop"),
    ]


@pytest.fixture
def service() -> FakeService:
    return FakeService([succeeding("Hello", " world")])


@pytest.fixture
def runtime(orw_home: Path, service: FakeService, monkeypatch: pytest.MonkeyPatch) -> Runtime:
    monkeypatch.setattr(Runtime, "open_service", lambda _: service)
    overrides = Overrides(provider="demo", model="demo/model")
    return Runtime.start(home=orw_home, overrides=overrides, environ={})


def play(service: FakeService, *events: TurnEvent | asyncio.Event | Exception) -> None:
    service.scripts = [events]


# --- the prompt


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("argument", "piped", "prompt"),
    [
        ("hi", None, "hi"),
        ("Review this:", "diff\n", "Review this:\n\ndiff"),
        (None, "from a pipe\n", "from a pipe"),
        ("-", "from a pipe", "from a pipe"),
        ("hi", "", "hi"),
        (None, None, ""),
    ],
)
def test_the_prompt_is_the_argument_and_what_is_piped_in(
    argument: str | None, piped: str | None, prompt: str
) -> None:
    stdin = _Terminal("typed") if piped is None else io.StringIO(piped)
    assert read_prompt(argument, stdin) == prompt


def test_a_dash_reads_even_from_a_terminal() -> None:
    assert read_prompt("-", _Terminal("typed")) == "typed"


def test_piped_bytes_that_are_not_utf8_do_not_stop_it() -> None:
    stdin = io.TextIOWrapper(io.BytesIO(b"caf\xe9 \xe2\x82\xac"), encoding="ascii")
    assert read_prompt(None, stdin) == "caf\N{REPLACEMENT CHARACTER} €"


def test_without_stdin_the_argument_is_the_prompt() -> None:
    assert read_prompt("hi", None) == "hi"


# --- the answer


def test_the_answer_goes_to_stdout_and_the_receipt_to_stderr(
    runtime: Runtime, service: FakeService, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_ask(runtime, "Why?", AskOptions()) == 0
    out, err = capsys.readouterr()
    assert out == "Hello world\n"
    assert err == "model-1 · Acme · $0.004218 · 1,204 → 561 tok · 0.0 s\n"
    (body,) = service.bodies
    assert body["model"] == "demo/model"
    assert [message["content"] for message in body["messages"]] == ["Why?"]
    assert service.open_streams == 0


def test_an_image_is_kept_in_a_file_that_is_told(
    runtime: Runtime, service: FakeService, capsys: pytest.CaptureFixture[str]
) -> None:
    picture, [begin, *rest] = Picture.of(png()), succeeding("Look.")
    path = runtime.paths.images / "ask" / picture.file_name
    for options in (AskOptions(), AskOptions(as_json=True)):
        play(service, begin, ImageArrived(picture, png()), *rest)
        assert run_ask(runtime, "Why?", options) == 0
        out, err = capsys.readouterr()
        assert f"Image 1, PNG 1×1 · 72 B: {path}" in err
    assert path.read_bytes() == png()
    assert json.loads(out)["images"] == [
        {"format": "PNG", "width": 1, "height": 1, "bytes": 72, "file": str(path)}
    ]


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [('{"a": 1}', 0, ""), ("[1]", 1, "not an object"), ("Sure!", 1, "not valid JSON")],
)
def test_an_answer_without_the_format_asked_for_has_failed(
    runtime: Runtime,
    service: FakeService,
    capsys: pytest.CaptureFixture[str],
    text: str,
    code: int,
    words: str,
) -> None:
    runtime.settings = runtime.settings.with_values(
        "default", params={"response_format": "json_object"}
    )
    play(service, *succeeding(text))
    assert run_ask(runtime, "Why?", AskOptions()) == code
    assert words in capsys.readouterr().err
    assert run_ask(runtime, "Why?", AskOptions(as_json=True)) == code
    assert json.loads(capsys.readouterr().out)["format"]["ok"] is (code == 0)


def test_json_is_one_object(
    runtime: Runtime, service: FakeService, capsys: pytest.CaptureFixture[str]
) -> None:
    events = succeeding("汉字 \u202e\x1b[2J")
    play(service, events[0], ReasoningDelta("Hm."), *events[1:])
    assert run_ask(runtime, "Why?", AskOptions(as_json=True)) == 0
    out = capsys.readouterr().out
    assert out.isascii()
    assert "\x1b" not in out
    answer: dict[str, Any] = json.loads(out)
    assert answer.pop("seconds") >= 0
    assert answer.pop("usage")["cost"] == "0.004218"
    assert answer == {
        "text": "汉字 \u202e\x1b[2J",
        "reasoning": "Hm.",
        "model_asked": "demo/model",
        "model_served": "demo/model-1",
        "provider": "Acme",
        "cost": "0.004218",
        "cost_source": "reported",
        "finish_reason": "stop",
        "state": "complete",
        "generation_id": "gen-1",
        "failure": None,
        "format": {"ok": None, "problems": []},
        "images": [],
    }


@pytest.mark.parametrize(
    ("last", "code", "words"),
    [
        (Finished(FinishReason.LENGTH, "length"), 0, "The answer is cut"),
        (Finished(FinishReason.CONTENT_FILTER), 1, "content filter"),
        (Interrupted(OVERLOADED), 1, "The server is busy. Try again later."),
        (Failed(OVERLOADED), 1, "The server is busy. Try again later."),
    ],
)
def test_every_other_end_is_said_on_stderr_and_in_the_exit_code(
    runtime: Runtime,
    service: FakeService,
    capsys: pytest.CaptureFixture[str],
    last: TurnEvent,
    code: int,
    words: str,
) -> None:
    play(service, Connected(), TextDelta("as far as it came"), last)
    assert run_ask(runtime, "Why?", AskOptions()) == code
    out, err = capsys.readouterr()
    assert out == "as far as it came\n"
    assert words in err


def test_a_turn_that_never_began_has_no_receipt(
    runtime: Runtime, service: FakeService, capsys: pytest.CaptureFixture[str]
) -> None:
    play(service, Retrying(OVERLOADED, 1, 2, 1.5), Failed(OVERLOADED))
    assert run_ask(runtime, "Why?", AskOptions()) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [
        "The server is busy. Try 1 of 2 in 1.5 s.",
        "The server is busy. Try again later.",
    ]


def test_a_failure_is_in_the_json_too(
    runtime: Runtime, service: FakeService, capsys: pytest.CaptureFixture[str]
) -> None:
    play(service, Failed(OVERLOADED))
    assert run_ask(runtime, "Why?", AskOptions(as_json=True)) == 1
    answer = json.loads(capsys.readouterr().out)
    assert answer["state"] == "failed"
    assert answer["failure"]["kind"] == "overloaded"
    assert answer["cost"] == "0"


def test_settings_that_lead_nowhere_are_a_failure(
    orw_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    overrides = Overrides(provider="nobody")
    runtime = Runtime.start(home=orw_home, overrides=overrides, environ={})
    assert run_ask(runtime, "Why?", AskOptions(as_json=True)) == 1
    assert json.loads(capsys.readouterr().out)["failure"]["kind"] == "bad_settings"


def test_what_the_server_says_cannot_act_on_the_terminal(
    runtime: Runtime, service: FakeService, capsys: pytest.CaptureFixture[str]
) -> None:
    payload = "\x1b]52;c;cHduZWQ=\x1b\\"
    play(
        service,
        Connected(),
        ServedBy(f"demo/{payload}", f"Acme\n{payload}"),
        *(TextDelta(character) for character in f"a{payload}b"),
        Failed(Failure(FailureKind.PROVIDER_ERROR, "It failed.", "Retry.", detail=payload)),
    )
    run_ask(runtime, "Why?", AskOptions())
    out, err = capsys.readouterr()
    assert out == "a␛]52;c;cHduZWQ=␛\\b\n"
    assert "\x1b" not in err
    assert len(err.splitlines()) == 2, err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("as_json", [False, True])
def test_a_full_disk_costs_the_print_but_not_the_answer(
    runtime: Runtime,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    as_json: bool,
) -> None:
    with Path("/dev/full").open("w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert run_ask(runtime, "Why?", AskOptions(as_json=as_json)) == 1
    assert capsys.readouterr().err.splitlines() == [
        "model-1 · Acme · $0.004218 · 1,204 → 561 tok · 0.0 s",
        "stdout: No space left on device; the answer is in the history.",
    ]
    assert stored_answer(runtime) == ("complete", "Hello world")


def test_a_stdout_that_is_closed_costs_the_print_but_not_the_answer(
    runtime: Runtime, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    assert run_ask(runtime, "Why?", AskOptions()) == 1
    assert "stdout: it is closed; the answer is in the history." in capsys.readouterr().err
    assert stored_answer(runtime) == ("complete", "Hello world")
    assert run_ask(runtime, "Why?", AskOptions(save=False)) == 1
    assert capsys.readouterr().err.endswith("stdout: it is closed.\n")
    spoil_the_history(runtime)
    assert run_ask(runtime, "Why?", AskOptions()) == 1
    assert capsys.readouterr().err.endswith("stdout: it is closed.\n")


def spoil_the_history(runtime: Runtime) -> None:
    """Nothing can be kept any more."""
    for file in runtime.history_file.parent.glob(f"{runtime.history_file.name}*"):
        file.unlink()
    runtime.history_file.write_text("no history")


def stored_answer(runtime: Runtime) -> tuple[str, str]:
    """The state and the text of the one answer in the history."""
    with closing(sqlite3.connect(runtime.history_file)) as database:
        (row,) = database.execute("SELECT state, text FROM messages WHERE role = 'assistant'")
    state, text = row
    return state, text


async def test_a_cancellation_closes_the_stream_and_keeps_what_arrived(
    runtime: Runtime, service: FakeService
) -> None:
    play(service, Connected(), TextDelta("half"), asyncio.Event())
    arrived = asyncio.Event()

    def take(event: TurnEvent) -> None:
        if event == TextDelta("half"):
            arrived.set()

    asking = asyncio.create_task(ask(runtime, "Why?", take, AskOptions(), lambda _: None))
    await arrived.wait()
    asking.cancel()
    answer, _ = await asking
    assert (answer.state, answer.text) == (MessageState.STOPPED, "half")
    assert service.open_streams == 0


def start_ask(home: Path, *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tui", "ask", "--demo", "--home", str(home), *arguments]
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )


def test_ctrl_c_exits_with_130_and_what_had_arrived(orw_home: Path) -> None:
    with start_ask(orw_home, "Tell me about caching") as process:
        assert process.stdout is not None
        first = process.stdout.read(1)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=50)
    assert process.returncode == 130
    assert first + out
    assert out.endswith(b"\n")
    assert err.startswith(b"stopped")
    assert b"Traceback" not in err


def test_a_reader_that_goes_away_ends_the_request_quietly(orw_home: Path) -> None:
    with start_ask(orw_home, "Tell me about caching") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=50) == 1


# --- its parts


@given(st.lists(st.text(st.sampled_from("ab\r\n\x1b\u0301\u200d\u202e\u2028"), max_size=4)))
def test_text_in_pieces_is_shown_as_the_whole_would_be(pieces: Sequence[str]) -> None:
    stream = VisibleStream()
    shown = "".join(stream.feed(piece) for piece in pieces) + stream.flush()
    assert shown == visible("".join(pieces))


def test_an_answer_without_usage_or_prices_has_an_unknown_cost() -> None:
    answer = Answer("demo/model", "demo", started=0.0, expected=Usage(prompt_tokens=10))
    answer.apply(Connected(), 1.0)
    answer.apply(TextDelta("x" * 40), 2.0)
    answer.stop(3.0)
    assert receipt(answer, NOON) == "stopped · model · ? · 3.0 s"
    assert as_object(answer, NOON)["cost"] is None
    assert as_object(answer, NOON)["cost_source"] == "unknown"
