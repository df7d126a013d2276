from hypothesis import given
from hypothesis import strategies as st

from tests.ui.transcript.support import NASTY, pieces
from tui.ui.transcript.lines import LineFeed


def lines(parts: list[str]) -> list[str]:
    feed = LineFeed()
    result = [line for part in parts for line in feed.feed(part)]
    return result + feed.close()


@given(NASTY, st.lists(st.integers(1, 7), min_size=1, max_size=9))
def test_lines_do_not_depend_on_how_the_text_arrived(text: str, sizes: list[int]) -> None:
    assert lines(pieces(text, sizes)) == lines([text])


def test_a_line_break_cut_in_two_is_one_line_break() -> None:
    assert lines(["a\r", "\nb"]) == ["a", "b"]


def test_the_incomplete_line_is_shown_without_the_first_half_of_a_line_break() -> None:
    feed = LineFeed()
    assert feed.feed("a\nb\r") == ["a"]
    assert feed.partial() == ["b"]


def test_control_characters_become_visible() -> None:
    assert lines(["a\x1b[2J\n", "b\x07"]) == ["a␛[2J", "b␇"]
