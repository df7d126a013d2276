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
