import os
import signal
from pathlib import Path

import pytest

from tests.terminal import stuck as stuck_app
from tests.terminal.conftest import Start, assert_restored
from tests.terminal.harness import Terminal
from tests.terminal.probe import SECRET


@pytest.fixture
def probe(start: Start) -> Terminal:
    terminal = start("tests.terminal.probe")
    terminal.wait_for("ready")
    return terminal


def test_quitting_restores_the_terminal(probe: Terminal) -> None:
    probe.send("\x11")
    assert probe.wait_for_exit() == 0
    assert_restored(probe)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_unmounts_and_restores(
    start: Start, tmp_path: Path, number: signal.Signals
) -> None:
    empty = tmp_path / "empty"
    empty.touch()
    probe = start("tests.terminal.probe", empty, tmp_path / "out")
    probe.wait_for("ready")
    probe.signal(number)
    assert probe.wait_for_exit() == 130
    assert_restored(probe)
    assert (tmp_path / "out").read_text() == "saved"


def test_a_closed_terminal_ends_the_program_after_saving(start: Start, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.touch()
    probe = start("tests.terminal.probe", empty, tmp_path / "out")
    probe.wait_for("ready")
    probe.hang_up()
    probe.wait_for_exit()
    assert (tmp_path / "out").read_text() == "saved"


@pytest.mark.parametrize("key", ["\x1b[20~", "\x1b[21~"], ids=["handler", "worker"])
def test_an_error_ends_with_a_report_without_locals_or_key(probe: Terminal, key: str) -> None:
    probe.send(key)
    assert probe.wait_for_exit() == 1
    assert_restored(probe)
    assert b"RuntimeError: boom with [masked]" in probe.raw.replace(b"\r\n", b"\n")
    assert b"action_boom" in probe.raw
    assert SECRET.encode() not in probe.raw
    assert SECRET[-16:].encode() not in probe.raw


@pytest.mark.parametrize("how", ["mounting", "blocked"])
def test_a_signal_ends_an_app_that_is_stuck(start: Start, how: str) -> None:
    stuck = start("tests.terminal.stuck", how)
    stuck.wait_for(lambda: b"]2;stuck" in stuck.raw, what="the app to be stuck")
    stuck.signal(signal.SIGTERM)
    assert stuck.wait_for_exit() == 130
    assert_restored(stuck)


def test_an_error_ends_an_app_that_cannot_tell_its_secrets(start: Start) -> None:
    stuck = start("tests.terminal.stuck", "unknown")
    assert stuck.wait_for_exit(5) == 1
    assert_restored(stuck)
    assert b"LookupError: [masked]" in stuck.raw
    assert stuck_app.SECRET.encode() not in stuck.raw


def keys(probe: Terminal) -> list[str]:
    """The keys that reached the app so far."""
    return [line.removeprefix("key ") for line in probe.lines if line.startswith("key")]


def test_only_keys_are_keys_and_a_new_window_size_is_drawn(probe: Terminal) -> None:
    # Answers of the terminal.
    probe.send("\x1b[?62;22c")
    probe.send("\x1b]11;rgb:1111/1111/1111\x1b\\\x1b[>41;390;0c\x1bP>|xterm(390)\x1b\\x")
    probe.wait_for("key x")
    assert keys(probe) == ["x"]
    # Bytes that are not UTF-8 must not end the program; what they become is of no interest.
    probe.send(b"\xff\xfe")
    probe.send("z")
    probe.wait_for("key z")
    before = keys(probe)
    probe.send("\x1b")
    probe.wait_for("key escape")
    probe.send("a")
    probe.wait_for("key a")
    assert keys(probe) == [*before, "escape", "a"]
    probe.resize(40, 10)
    probe.wait_until_quiet()
    assert os.get_terminal_size(probe._slave) == (40, 10)
    assert "ready" in probe.text


def test_a_paste_is_whole_and_executes_nothing(probe: Terminal) -> None:
    probe.send("\x1b[200~before\x1b[201~\r\x11after\x1b[201~")
    probe.wait_for("paste 13 ")
    text = "line of text\n" * (1024 * 1024 // 13)
    probe.paste(text)
    probe.wait_for(f"paste {len(text)} ")
    assert keys(probe) == []


HOSTILE = {
    "title": "\x1b]0;PWNED\x07",
    "link": "\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\",
    "clipboard": "\x1b]52;c;cHduZWQ=\x1b\\",
    "erase": "\x1b[2J\x1b[3J",
    "scroll": "\x1b[5S",
    "device control": "\x1bP+q544e\x1b\\",
    "status query": "\x1b[6n",
    "C1": "\x9b2J\x9d0;PWNED\x9c",
    "bidi": "\u202e\u2066",
    "tags": "\U000e0041\U000e007f",
    "zero width": "\u200b\u2060\ufeff",
}


def test_the_second_wall_holds_for_a_widget_that_forgot_the_first(
    start: Start, tmp_path: Path
) -> None:
    file = tmp_path / "shown"
    lines = [f"before {name}{payload}after {name}" for name, payload in HOSTILE.items()]
    file.write_text("\n".join(lines), newline="")
    probe = start("tests.terminal.probe", file)
    probe.wait_for("ready")
    for name, payload in HOSTILE.items():
        assert f"before {name}" in probe.text
        assert f"after {name}" in probe.text
        assert payload.encode() not in probe.raw, name
        # ESC and BEL are in what Textual itself writes: those two count within a payload only.
        acting = {one for one in payload if not one.isprintable()} - {"\x1b", "\x07"}
        assert not [one for one in acting if one.encode() in probe.raw], name
