import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import ControlType, Segment
from rich.style import Style
from textual.color import Color

from tui.domain.sanitize import visible
from tui.ui.filters import OwnSequence, VisibleText, harmless

BLACK = Color(0, 0, 0)


def filtered(*segments: Segment) -> list[Segment]:
    return VisibleText().apply(list(segments), BLACK)


def test_harmless_segments_are_the_very_same_list() -> None:
    segments = [Segment("plain", Style(bold=True)), Segment("汉字 é 👩‍👧"), Segment("  ")]
    assert VisibleText().apply(segments, BLACK) is segments


@given(st.text())
def test_nothing_that_acts_is_left(text: str) -> None:
    shown = harmless(text)
    assert visible(shown) == shown
    assert "\n" not in shown
    assert "\t" not in shown


@given(st.text(st.sampled_from("ab\x1b\x9b\x07\t\u200b\u202e\U000e0041\ufeff汉")))
def test_a_line_keeps_its_width_and_its_visible_text(text: str) -> None:
    assert cell_len(harmless(text)) == cell_len(text)
    assert harmless(text).replace(" ", "") == "".join(c for c in text if c in "ab汉")


def test_a_flood_of_marks_is_cut() -> None:
    assert harmless("e" + "\u0301" * 50) == "e" + "\u0301" * 4


def test_the_style_stays_on_a_text_that_was_changed() -> None:
    style = Style(color="red")
    assert filtered(Segment("a\x1bb", style)) == [Segment("ab", style)]


@pytest.mark.parametrize(
    "url",
    ["http://x/\x1b]0;t\x07", "javascript:alert(1)", "file:///etc/passwd", "http://x/ y", "汉字"],
)
def test_a_link_that_must_not_be_one_is_dropped(url: str) -> None:
    (segment,) = filtered(Segment("text", Style(link=url, bold=True)))
    assert segment.style is not None
    assert segment.style.link is None
    assert segment.style.bold


def test_a_safe_link_stays() -> None:
    segments = [Segment("text", Style(link="https://example.org/a%20b?c=d"))]
    assert VisibleText().apply(segments, BLACK) is segments


def test_control_codes_are_not_passed_on() -> None:
    assert filtered(Segment("\x1b[2J", None, [(ControlType.CLEAR,)])) == [Segment("[2J")]


def test_a_sequence_of_our_own_is_let_through_beside_what_is_not() -> None:
    own = Segment(OwnSequence("\x1bP0q!1~\x1b\\"), None, ((ControlType.CURSOR_FORWARD, 0),))
    assert VisibleText().apply([own], BLACK) == [own]
    assert filtered(own, Segment("a\x1bb")) == [own, Segment("ab")]
    same_text = Segment("\x1bP0q!1~\x1b\\")
    assert "\x1b" not in "".join(segment.text for segment in filtered(same_text))
