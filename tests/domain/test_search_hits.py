"""The line around a hit: short, safe to show, with the marks where the words are."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tui.domain.sanitize import visible
from tui.domain.search_hits import MOST_SPANS, merged, snippet


def shown(text: str, *words: str) -> tuple[str, list[str]]:
    spans = merged((text.index(word), text.index(word) + len(word)) for word in words)
    found = snippet(text, spans)
    return found.text, [found.text[start:end] for start, end in found.marks]


def test_a_short_text_is_shown_whole_on_one_line() -> None:
    assert shown("The sky\n\n  is blue.", "blue") == ("The sky is blue.", ["blue"])


def test_the_line_begins_near_the_first_hit() -> None:
    text, marks = shown("filler " * 100 + "the needle is here " + "filler " * 100, "needle")
    assert marks == ["needle"]
    assert text.startswith("…filler")
    assert text.endswith("…")
    assert len(text) < 200


def test_all_hits_in_the_line_are_marked() -> None:
    assert shown("alpha, beta,\tgamma", "alpha", "gamma")[1] == ["alpha", "gamma"]


def test_control_characters_become_visible_and_marks_stay_in_place() -> None:
    text, marks = shown("\x1b[31mred \x07needle\x1b]0;x\x07", "needle")
    assert marks == ["needle"]
    assert "\x1b" not in text
    assert "␛" in text


def test_a_hit_as_long_as_a_book_is_cut() -> None:
    text, marks = shown("needle" * 10_000, "needle" * 10_000)
    assert len(text) < 400
    assert len(marks) == 1


def test_without_a_hit_the_line_is_the_beginning() -> None:
    assert snippet("", ()).text == ""
    assert snippet("word " * 100, ()).text.startswith("word word")


@given(st.text(max_size=400), st.data())
def test_marks_lie_in_the_line_and_the_line_is_safe(text: str, data: st.DataObject) -> None:
    places = st.integers(0, len(text))
    spans = merged(
        (min(pair), max(pair)) for pair in data.draw(st.lists(st.tuples(places, places)))
    )
    found = snippet(text, spans)
    assert found.text == visible(found.text).replace("\n", " ")
    ends = [end for mark in found.marks for end in mark]
    assert ends == sorted(ends)
    assert all(0 <= end <= len(found.text) for end in ends)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30))))
def test_places_that_overlap_become_one(spans: list[tuple[int, int]]) -> None:
    pairs = [(min(pair), max(pair)) for pair in spans]
    covered = {place for start, end in pairs for place in range(start, end)}
    result = merged(pairs)
    assert {place for start, end in result for place in range(start, end)} == covered
    assert all(before[1] < after[0] for before, after in pairwise(result))


def test_no_more_places_are_told_than_a_screen_can_show() -> None:
    assert len(merged((2 * n, 2 * n + 1) for n in range(10_000))) == MOST_SPANS
