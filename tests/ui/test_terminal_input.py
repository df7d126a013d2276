from collections.abc import Iterable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual._xterm_parser import XTermParser
from textual.events import Key

from tui.ui.terminal_input import EscapePressed, InputToken, Keys, Pasted, TerminalInput

DELAY = 0.1
START, END = "\x1b[200~", "\x1b[201~"


def read(pieces: Iterable[str], *, pause: float = 0.001) -> list[InputToken]:
    """The tokens for pieces that come ``pause`` seconds apart, and for the silence behind them."""
    terminal = TerminalInput(DELAY)
    now = 0.0
    tokens: list[InputToken] = []
    for piece in pieces:
        tokens += terminal.feed(piece, now)
        now += pause
        tokens += terminal.tick(now)
    for _ in range(3):
        now += 1
        tokens += terminal.tick(now)
    assert terminal.patience(now, 7.0) == 7.0, "something is still waiting after a long silence"
    return tokens


def keys(tokens: Iterable[InputToken]) -> str:
    return "".join(token.text for token in tokens if isinstance(token, Keys))


ANSWERS = {
    "primary device attributes": "\x1b[?62;22;52c",
    "secondary device attributes": "\x1b[>41;354;0c",
    "tertiary device attributes": "\x1bP!|7E565445\x1b\\",
    "status": "\x1b[0n",
    "colour scheme": "\x1b[?997;1n",
    "kitty keyboard flags": "\x1b[?25u",
    "window size in pixels": "\x1b[4;600;800t",
    "background colour, BEL": "\x1b]11;rgb:1e1e/1e1e/1e1e\x07",
    "background colour, ST": "\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\",
    "terminal version": "\x1bP>|kitty(0.39.1)\x1b\\",
    "capability": "\x1bP1+r544e=787465726d\x1b\\",
    "graphics": "\x1b_Gi=31;OK\x1b\\",
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
def test_an_answer_of_the_terminal_is_never_typed_however_it_is_split(answer: str) -> None:
    whole = f"a{answer}b"
    for index in range(len(whole) + 1):
        assert keys(read([whole[:index], whole[index:]])) == "ab"
    assert keys(read(whole)) == "ab"


PASSED_ON = {
    "text": "héllo 汉字\r",
    "arrows": "\x1b[A\x1bOB\x1b[1;5C",
    "shift and right on rxvt": "\x1b[c",
    "function keys": "\x1bOP\x1b[15~\x1b[1;2R",
    "keys of the kitty protocol": "\x1b[97;5u\x1b[13;2u\x1b[27u",
    "mouse": "\x1b[<0;12;5M\x1b[<0;12;5m",
    "focus": "\x1b[I\x1b[O",
    "mode report": "\x1b[?2026;2$y\x1b[?2048;1$y",
    "resize": "\x1b[48;24;80;480;800t",
    "alt with a letter": "\x1bb",
}


@pytest.mark.parametrize("typed", PASSED_ON.values(), ids=PASSED_ON.keys())
def test_keys_mouse_and_reports_that_are_needed_pass_unchanged(typed: str) -> None:
    assert keys(read([typed])) == typed
    assert keys(read(typed)) == typed


def test_a_lone_escape_is_the_key_after_the_delay_and_not_before() -> None:
    terminal = TerminalInput(DELAY)
    assert list(terminal.feed("\x1b", 0.0)) == []
    assert list(terminal.tick(DELAY / 2)) == []
    assert list(terminal.tick(DELAY)) == [EscapePressed()]


def test_an_unfinished_sequence_is_handed_on_after_the_delay() -> None:
    assert read(["\x1b["]) == [Keys("\x1b[")]


@pytest.mark.parametrize("name", sorted(ANSWERS.keys() - {"status", "window size in pixels"}))
def test_an_answer_that_dawdles_or_never_ends_is_not_typed_either(name: str) -> None:
    begun, rest = ANSWERS[name][:3], ANSWERS[name][3:]  # the two left out could still become a key
    assert keys(read([begun, rest, "x"], pause=DELAY * 3)) == "x"
    assert keys(read([begun])) == ""


def test_a_paste_is_one_text_without_nul() -> None:
    assert read([f"x{START}two\rlines\0{END}"]) == [Keys("x"), Pasted("two\rlines")]


def test_what_follows_an_embedded_end_marker_is_still_pasted() -> None:
    evil = f"{START}a{END}\r\x11{START}b\x1b[31mred\x1b{END}"
    assert read([evil]) == [Pasted("a\r\x11b\x1b[31mred\x1b")]


def test_an_escape_character_in_a_paste_executes_no_key() -> None:
    assert read([f"{START}\x1b" + "\r" * 40 + END]) == [Pasted("\x1b" + "\r" * 40)]


def test_keys_typed_after_a_pause_are_keys_again() -> None:
    terminal = TerminalInput(DELAY)
    assert list(terminal.feed(f"{START}a{END}", 0.0)) == []
    assert list(terminal.tick(0.2)) == [Pasted("a")]
    assert list(terminal.feed("\r", 0.3)) == [Keys("\r")]


def test_keys_sent_right_behind_a_paste_are_keys() -> None:
    assert read([f"{START}a{END}\r"]) == [Pasted("a"), Keys("\r")]


def test_a_slow_paste_waits_for_its_end() -> None:
    assert read([START, "a", "b", END], pause=0.9) == [Pasted("ab")]


def test_a_paste_that_never_ends_does_not_keep_the_keys_for_ever() -> None:
    terminal = TerminalInput(DELAY)
    assert list(terminal.feed(f"{START}a\r", 0.0)) == []
    assert list(terminal.tick(0.9)) == []
    assert list(terminal.tick(1.0)) == [Pasted("a\r")]
    assert list(terminal.feed("\x11", 1.1)) == [Keys("\x11")]


def test_the_rest_of_a_paste_that_took_a_long_break_is_pasted_too() -> None:
    assert read([f"{START}a", f"b\r{END}c"], pause=5.0) == [Pasted("a"), Pasted("b\r"), Keys("c")]


@given(
    text=st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40),
    cuts=st.lists(st.integers(0, 60), max_size=6),
)
def test_a_paste_survives_any_split(text: str, cuts: list[int]) -> None:
    whole = START + text + END
    places = [0, *sorted(min(cut, len(whole)) for cut in cuts), len(whole)]
    pieces = [whole[a:b] for a, b in pairwise(places)]
    assert read(pieces) == [Pasted(text.replace(START, "").replace(END, ""))]


def test_alt_and_a_letter_is_one_key_however_it_is_split() -> None:
    parser = XTermParser()
    for pieces in (["\x1bi"], ["\x1b", "i"]):
        assert keys(read(pieces)) == "\x1b[105;3u"
    [key] = parser.feed("\x1b[105;3u")
    assert isinstance(key, Key)
    assert key.key == "alt+i"
    assert keys(read(["\x1b", "[A", "i"])) == "\x1b[Ai"


@pytest.mark.parametrize(
    ("typed", "name"),
    [(",", "alt+comma"), (".", "alt+full_stop"), ("1", "alt+1"), ("9", "alt+9")],
)
def test_alt_and_a_mark_is_one_key(typed: str, name: str) -> None:
    (key,) = XTermParser().feed(keys(read([f"\x1b{typed}"])))
    assert isinstance(key, Key)
    assert key.key == name


def test_alt_enter_is_one_key_however_it_is_split() -> None:
    assert keys(read(["a\x1b\rb"])) == "a\x1b[13;3ub"
    assert keys(read(["a\x1b", "\rb"])) == "a\x1b[13;3ub"
    assert [type(token) for token in read([START, "a\x1b\rb", END])] == [Pasted]
