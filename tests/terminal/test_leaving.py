"""Every way out keeps what there is and leaves the terminal usable."""

import itertools
import signal
from collections.abc import Iterator
from pathlib import Path

from tests.fakes.server import FakeServer, Stall, chunk, sse
from tests.terminal.conftest import READY, Start, ask, assert_restored

LONGEST_EXIT = 1.0
"""Seconds from the key to the end of the process, while an answer streams."""


def is_stored(home: Path, text: str) -> bool:
    """Whether the text is in a file of the history already."""
    files = [file for file in (home / "data").iterdir() if file.is_file()]
    return any(text.encode() in file.read_bytes() for file in files)


def answers_that_never_end(server: FakeServer) -> Iterator[tuple[str, str]]:
    """Prompts, and for each the words with which its answer begins and stops."""
    for number in itertools.count(1):
        words = f"The first half of answer {number}"
        server.on_chat(sse(chunk(words), Stall()))
        yield f"Tell me everything {number}", words


def test_leaving_while_streaming_keeps_the_partial_answer(
    online: Start, server: FakeServer
) -> None:
    turns = answers_that_never_end(server)
    terminal = online()
    for ending in (None, signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        prompt, half = next(turns)
        ask(terminal, prompt)
        terminal.wait_for(half)
        if ending is None:
            terminal.send("\x11")
            assert terminal.wait_for_exit(LONGEST_EXIT) == 0
        else:
            terminal.signal(ending)
            assert terminal.wait_for_exit(5) == 130, ending
        assert_restored(terminal)
        terminal = online("--resume")
        terminal.wait_for(half)
        assert prompt in terminal.text, ending


def test_losing_the_terminal_or_being_killed_keeps_the_partial_answer(
    online: Start, server: FakeServer, orw_home: Path
) -> None:
    turns = answers_that_never_end(server)
    terminal = online()
    prompt, half = next(turns)
    ask(terminal, prompt)
    terminal.wait_for(half)
    terminal.hang_up()
    assert terminal.wait_for_exit(5) == 130
    terminal = online("--resume")
    terminal.wait_for(half)
    assert prompt in terminal.text

    prompt, half = next(turns)
    ask(terminal, prompt)
    terminal.wait_for(half)
    terminal.wait_for(lambda: is_stored(orw_home, half), what="the journal")
    terminal.signal(signal.SIGKILL)
    assert terminal.wait_for_exit(5) == -signal.SIGKILL
    terminal = online("--resume")
    terminal.wait_for(half)
    assert prompt in terminal.text


def test_quitting_with_a_waiting_message_keeps_it_for_the_next_start(
    online: Start, server: FakeServer
) -> None:
    prompt, half = next(answers_that_never_end(server))
    terminal = online()
    ask(terminal, prompt)
    terminal.wait_for(half)
    terminal.send("And then?")
    terminal.wait_for("And then?")
    terminal.send("\r")
    terminal.wait_for("queued: And then?")
    terminal.send("\x11")
    assert terminal.wait_for_exit(LONGEST_EXIT) == 0
    assert len(server.chats) == 1
    again = online("--resume")
    again.wait_for(half)
    again.wait_for("And then?")


def test_a_draft_survives_leaving_and_a_terminal_that_goes_without_a_signal(
    workbench: Start,
) -> None:
    terminal = workbench("--demo")
    terminal.wait_for(READY)
    terminal.send("not sent yet")
    terminal.wait_for("not sent yet")
    terminal.send("\x11")
    assert terminal.wait_for_exit() == 0
    terminal = workbench("--demo", "--resume", controlling=False)
    terminal.wait_for("not sent yet")
    terminal.send(" at the last moment")
    terminal.wait_for("not sent yet at the last moment")
    terminal.hang_up()
    assert terminal.wait_for_exit(5) == 130
    terminal = workbench("--demo", "--resume")
    terminal.wait_for("not sent yet at the last moment")


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
