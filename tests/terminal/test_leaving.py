"""Every way out keeps what there is and leaves the terminal usable."""

import signal
from pathlib import Path

import pytest

from tests.fakes.server import FakeServer, Stall, chunk, sse
from tests.terminal.conftest import READY, Start, ask, assert_restored
from tests.terminal.harness import Terminal

LONGEST_EXIT = 1.0
"""Seconds from the key to the end of the process, while an answer streams."""
ENDING = [signal.SIGTERM, signal.SIGHUP, signal.SIGINT]


@pytest.fixture
def streaming(online: Start, server: FakeServer) -> Terminal:
    """An answer that has begun and will never end by itself."""
    server.on_chat(sse(chunk("The first half"), Stall()))
    terminal = online()
    ask(terminal, "Tell me everything")
    terminal.wait_for("The first half")
    return terminal


def is_stored(home: Path, text: bytes) -> bool:
    """Whether the text is in a file of the history already."""
    return any(text in file.read_bytes() for file in (home / "data").iterdir() if file.is_file())


def assert_kept(online: Start) -> None:
    """The next start shows what had arrived."""
    again = online("--resume")
    again.wait_for("The first half")
    assert "Tell me everything" in again.text


def test_quitting_while_streaming_keeps_the_partial_answer(
    streaming: Terminal, online: Start
) -> None:
    streaming.send("\x11")
    assert streaming.wait_for_exit(LONGEST_EXIT) == 0
    assert_restored(streaming)
    assert_kept(online)


def test_quitting_with_a_waiting_message_keeps_it_for_the_next_start(
    streaming: Terminal, online: Start, server: FakeServer
) -> None:
    streaming.send("And then?")
    streaming.wait_for("And then?")
    streaming.send("\r")
    streaming.wait_for("queued: And then?")
    streaming.send("\x11")
    assert streaming.wait_for_exit(LONGEST_EXIT) == 0
    assert len(server.chats) == 1
    again = online("--resume")
    again.wait_for("The first half")
    again.wait_for("And then?")


@pytest.mark.parametrize("number", ENDING)
def test_a_signal_while_streaming_keeps_the_partial_answer(
    streaming: Terminal, online: Start, number: signal.Signals
) -> None:
    streaming.signal(number)
    assert streaming.wait_for_exit(5) == 130
    assert_restored(streaming)
    assert_kept(online)


def test_closing_the_terminal_keeps_the_partial_answer(streaming: Terminal, online: Start) -> None:
    streaming.hang_up()
    assert streaming.wait_for_exit(5) == 130
    assert_kept(online)


def test_a_terminal_that_goes_without_a_signal_costs_nothing_either(workbench: Start) -> None:
    terminal = workbench("--demo", controlling=False)
    terminal.wait_for(READY)
    terminal.send("typed at the last moment")
    terminal.wait_for("typed at the last moment")
    terminal.hang_up()
    assert terminal.wait_for_exit(5) == 130
    again = workbench("--demo", "--resume")
    again.wait_for("typed at the last moment")


def test_a_kill_is_survived(streaming: Terminal, online: Start, orw_home: Path) -> None:
    streaming.wait_for(lambda: is_stored(orw_home, b"The first half"), what="the journal")
    streaming.signal(signal.SIGKILL)
    assert streaming.wait_for_exit(5) == -signal.SIGKILL
    assert_kept(online)


def test_a_draft_survives_leaving(workbench: Start) -> None:
    terminal = workbench("--demo")
    terminal.wait_for(READY)
    terminal.send("not sent yet")
    terminal.wait_for("not sent yet")
    terminal.send("\x11")
    assert terminal.wait_for_exit() == 0
    again = workbench("--demo", "--resume")
    again.wait_for("not sent yet")


def test_an_error_in_a_handler_exits_with_1_a_report_and_no_key(
    start: Start, environ: dict[str, str], orw_home: Path, server: FakeServer
) -> None:
    terminal = start("tests.terminal.crashing", orw_home, server.base_url)
    terminal.wait_for(READY)
    terminal.send("\x1b[24~")
    assert terminal.wait_for_exit() == 1
    assert_restored(terminal)
    assert b"RuntimeError: a handler failed with [masked]" in terminal.raw
    assert b"test-canary" not in terminal.raw
