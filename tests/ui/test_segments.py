from hypothesis import given
from hypothesis import strategies as st
from textual.content import Content

from tui.ui.segments import Segment, fit


def test_all_segments_stand_in_their_order_when_there_is_room() -> None:
    line = fit([Segment(Content("one"), 5), Segment(Content("two"), 0)], width=20)

    assert line.plain == "one   two"


def test_the_highest_rank_goes_first_when_the_width_is_too_small() -> None:
    segments = [
        Segment(Content("answer"), 1),
        Segment(Content("extra"), 9),
        Segment(Content("chat"), 0),
    ]

    assert fit(segments, width=13).plain == "answer   chat"
    assert fit(segments, width=5).plain == "chat"


def test_empty_segments_take_no_gap() -> None:
    assert fit([Segment(Content(""), 0), Segment(Content("x"), 1)], width=9).plain == "x"


@given(
    st.lists(st.tuples(st.text(alphabet="abcdef", min_size=1, max_size=9), st.integers(0, 9))),
    st.integers(1, 80),
)
def test_the_line_fits_or_is_a_single_segment(rows: list[tuple[str, int]], width: int) -> None:
    line = fit([Segment(Content(text), rank) for text, rank in rows], width)

    assert line.cell_length <= width or "   " not in line.plain


def test_what_can_be_said_shortly_is_said_shortly_before_others_are_left_out() -> None:
    meter = Segment(Content("a long meter"), 2, (Content("meter"), Content("m")))
    segments = [Segment(Content("chat"), 0), meter, Segment(Content("extra"), 9)]

    assert fit(segments, width=40).plain == "chat   a long meter   extra"
    assert fit(segments, width=20).plain == "chat   a long meter"
    assert fit(segments, width=17).plain == "chat   meter"
    assert fit(segments, width=8).plain == "chat   m"
    assert fit(segments, width=7).plain == "chat"


def test_a_more_important_segment_is_said_shortly_for_one_that_is_short_already() -> None:
    first = Segment(Content("elaborate"), 0, (Content("brief"),))
    second = Segment(Content("elaborate"), 1, (Content("brief"),))

    assert fit([first, second], width=16).plain == "brief   brief"
    assert fit([first, second], width=17).plain == "elaborate   brief"
