"""What a terminal can do is asked of it, without waiting for one that does not answer."""

import os
import termios
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

import pytest

from tui.services.doctor_terminal import (
    Abilities,
    abilities,
    ask,
    ask_terminal,
    questions,
    terminal,
)

KITTY = b"\x1b[?0u\x1b_Gi=4211;OK\x1b\\\x1b[?62;4;52c"
XTERM = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}


@contextmanager
def answering(answer: bytes) -> Iterator[int]:
    """The near end of a terminal whose far end answers once it was asked for its attributes."""
    far, near = os.openpty()

    def serve() -> None:
        asked = b""
        while not asked.endswith(b"\x1b[c"):
            asked += os.read(far, 1024)
        for byte in answer:
            os.write(far, bytes([byte]))

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield near
        thread.join(5)
    finally:
        os.close(near)
        os.close(far)


def test_a_terminal_that_answers_is_read_to_the_end_and_left_as_it_was() -> None:
    with answering(KITTY) as near:
        before = termios.tcgetattr(near)
        begun = monotonic()
        assert ask(near, near, questions(XTERM), 5.0) == KITTY
        assert monotonic() - begun < 5
        assert termios.tcgetattr(near) == before


def test_a_terminal_that_says_nothing_is_given_up() -> None:
    with answering(b"") as near:
        assert ask(near, near, questions(XTERM), 0.05) == b""


def test_what_is_no_terminal_is_not_asked() -> None:
    reading, writing = os.pipe()
    try:
        assert ask(reading, writing, questions(XTERM), 0.05) == b""
    finally:
        os.close(reading)
        os.close(writing)
    assert ask_terminal({"TERM": "dumb"}) == b""


@pytest.mark.parametrize(
    "environ",
    [{**XTERM, "TMUX": "1"}, {**XTERM, "STY": "1"}, {"TERM": "linux"},
     {**XTERM, "TERM_PROGRAM": "Apple_Terminal"}],
)  # fmt: skip
def test_who_would_show_the_question_about_images_is_not_asked_it(environ: dict[str, str]) -> None:
    assert b"_G" not in questions(environ)
    assert b"_G" in questions(XTERM)


@pytest.mark.parametrize(
    ("environ", "answer", "can"),
    [
        (XTERM, KITTY, Abilities("16 million", True, "kitty", True)),
        (XTERM, b"\x1b[?62;4c", Abilities("16 million", False, "sixel", True)),
        ({"TERM": "xterm"}, b"\x1b[?1;2c", Abilities("16", False, "none", True)),
        ({"TERM": "vt100"}, b"\x1b[?1;2c", Abilities("16", False, "none", False)),
        ({"TERM": "screen-256color"}, b"", Abilities("256", clipboard=True)),
        ({"TERM": "dumb"}, b"", Abilities("none")),
        ({}, b"junk", Abilities("none")),
    ],
)
def test_abilities_come_from_the_answer_and_the_environment(
    environ: dict[str, str], answer: bytes, can: Abilities
) -> None:
    assert abilities(environ, answer) == can


@pytest.mark.parametrize(
    ("environ", "answer", "words", "fix"),
    [
        (XTERM, KITTY, "16 million colours, kitty keys, OSC 52, images: kitty", ""),
        (XTERM, b"", "kitty keys: not said, OSC 52, images: not said", ""),
        (XTERM, b"\x1b[?62c", "no kitty keys", "Ctrl+J always make a new line"),
        ({**XTERM, "TMUX": "1"}, KITTY, "kitty keys", "allow-passthrough"),
        ({"TERM": "xterm-256color"}, KITTY, "256 colours", "COLORTERM=truecolor"),
    ],
)
def test_what_is_missing_comes_with_what_helps(
    environ: dict[str, str], answer: bytes, words: str, fix: str
) -> None:
    finding = terminal(environ, answer, is_terminal=True)
    assert words in finding.words
    assert fix in finding.fix
    assert bool(finding.fix) is bool(fix)
    assert finding.state != "wrong"


def test_a_pipe_is_no_fault_and_a_dumb_terminal_is() -> None:
    assert terminal(XTERM, b"", is_terminal=False).state == "fine"
    assert terminal({"TERM": "dumb"}, b"", is_terminal=True).state == "wrong"
