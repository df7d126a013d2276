"""Cells beside the source that they show."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.ui.transcript.support import LOOKS, NASTY, new_renderer
from tui.ui.transcript.blockmap import BlockMap
from tui.ui.transcript.blocks import Block
from tui.ui.transcript.inline import flat
from tui.ui.transcript.options import Options
from tui.ui.transcript.splitter import Splitter


def blocks_of(text: str, *, markdown: bool = True) -> list[Block]:
    splitter = Splitter(markdown=markdown)
    splitter.feed(text)
    splitter.close()
    return splitter.blocks


def traced(text: str, width: int = 60) -> BlockMap:
    (block,) = blocks_of(text)
    return new_renderer().traced(block, width, LOOKS.assistant)


def shown(found: BlockMap) -> list[list[tuple[str, str]]]:
    """Each piece of each row that shows anything, with its source."""
    rows = [[(p.text, found.source[p.start : p.end]) for p in row] for row in found.rows]
    return [row for row in rows if row]


@pytest.mark.parametrize(
    ("source", "pieces"),
    [
        ("plain", [("plain", "plain")]),
        ("a **b** c", [("a ", "a "), ("b", "b"), (" c", " c")]),
        ("***a***", [("a", "a")]),
        ("`a  b` ``c`d``", [("a  b", "a  b"), (" ", " "), ("c`d", "c`d")]),
        ("`` ` `` x", [("`", "`"), (" x", " x")]),
        ("[a](http://x.example) b", [("a", "a"), (" b", " b")]),
        ("[a *b*](<x y> 'it') c", [("a ", "a "), ("b", "b"), (" (x y)", ""), (" c", " c")]),
        (r"1 \* 2&lt;3", [("1 ", "1 "), ("*", r"\*"), (" 2", " 2"), ("<", "&lt;"), ("3", "3")]),
        ("see www.a.com!", [("see ", "see "), ("www.a.com", "www.a.com"), ("!", "!")]),
        ("<http://a.fr/%C3%A9> c", [("http://a.fr/é", "http://a.fr/%C3%A9"), (" c", " c")]),
        ("a\n b", [("a", "a"), (" ", "\n "), ("b", "b")]),
        ("# A `b` #", [("A ", "A "), ("b", "b")]),
        ("汉字 **é👩‍💻**", [("汉字 ", "汉字 "), ("é", "é"), ("👩‍💻", "👩‍💻")]),
        ("~~a~~ * b", [("a", "a"), (" * b", " * b")]),
    ],
)
def test_inline_text_is_found_in_its_source(source: str, pieces: list[tuple[str, str]]) -> None:
    (row,) = shown(traced(source))
    assert row == [piece for piece in pieces if piece[1]]


def test_rows_of_a_wrapped_text_go_on_where_the_row_above_ended() -> None:
    assert shown(traced("one two three four", width=12)) == [
        [("one two", "one two")],
        [("three four", "three four")],
    ]


def test_marks_of_lists_and_quotes_show_nothing_of_the_text() -> None:
    assert shown(traced("- one **b**\n  - two")) == [
        [("one ", "one "), ("b", "b")],
        [("two", "two")],
    ]
    assert shown(traced("> one\n> two")) == [[("one", "one"), (" ", "\n"), ("two", "two")]]


def test_code_in_a_list_is_found_behind_its_indent() -> None:
    found = traced("1. do\n   ```sh\n   a\n   \tb\n   ```")
    assert shown(found) == [
        [("do", "do")],
        [("a", "a")],
        [("    ", "\t"), ("b", "b")],
    ]


def test_cells_of_a_table_are_found_in_their_order() -> None:
    head, row = blocks_of("| a | a |\n|---|--:|\n| `a` | \\| a |")
    renderer = new_renderer()
    assert shown(renderer.traced(head, 60, LOOKS.assistant)) == [[("a", "a"), ("a", "a")]]
    found = renderer.traced(row, 60, LOOKS.assistant)
    assert shown(found) == [[("a", "a"), ("|", r"\|"), (" a", " a")]]
    assert found.rows[0][0].start == 3
    assert found.rows[0][1].start == 8


def test_lines_that_are_cut_at_the_left_are_found_too() -> None:
    renderer = new_renderer()
    renderer.options = Options(wrap_code=False, pan=3)
    (block,) = blocks_of("```\naaaaaabc\n```")
    found = renderer.traced(block, 60, LOOKS.assistant)
    first = next(row for row in found.rows if row)[0]
    assert (first.start, first.text) == (3, "a")


def test_spaces_of_a_tab_that_reaches_into_a_text_show_that_tab() -> None:
    found = traced("- [ ] ```python\n\tab")
    assert all(
        found.source[piece.start : piece.end] == piece.text or piece.text == " "
        for row in found.rows
        for piece in row
    )
    assert found.rows[0][-1].end == len(found.source)


def test_marks_that_are_not_found_in_the_source_do_not_end_past_it() -> None:
    found = traced(r"http://b/\][]()")
    bounds = [bound for mark in found.marks for bound in (*mark.outer, *mark.inner)]
    assert all(0 <= bound <= len(found.source) for bound in bounds)


@given(NASTY, st.integers(4, 60), st.booleans())
@example(r"http://b/\][]()", 60, True)
@example("- [ ] ```python\n\t\x1b[2J", 4, True)
def test_every_text_can_be_traced(text: str, width: int, markdown: bool) -> None:
    renderer = new_renderer()
    for block in blocks_of(text, markdown=markdown):
        strips = renderer.strips(block, width, LOOKS.assistant)
        found = renderer.traced(block, width, LOOKS.assistant)
        assert len(found.rows) == len(strips)
        for row, strip in zip(found.rows, strips, strict=True):
            cell = 0
            for piece in row:
                assert 0 <= piece.start <= piece.end <= len(found.source)
                assert cell <= piece.cell
                cell = piece.cell
                if cell_len(piece.text):
                    assert strip.crop(piece.cell, strip.cell_length).text.startswith(piece.text)


@given(NASTY, st.integers(4, 60))
def test_what_is_seen_is_what_stands_in_the_source(text: str, width: int) -> None:
    renderer = new_renderer()
    for block in blocks_of(text):
        found = renderer.traced(block, width, LOOKS.assistant)
        for piece in (piece for row in found.rows for piece in row):
            source = found.source[piece.start : piece.end]
            if piece.is_literal and 1 < len(source) < len(found.source):
                assert flat(source) == piece.text


@given(NASTY, st.integers(4, 60))
def test_cells_and_offsets_agree(text: str, width: int) -> None:
    renderer = new_renderer()
    for block in blocks_of(text):
        found = renderer.traced(block, width, LOOKS.assistant)
        for number in range(len(found.rows)):
            for cell in range(width):
                start, end = found.under(number, cell)
                assert 0 <= start <= end <= len(found.source)
                marked = found.cells(number, start, end)
                if start < end and found.rows[number]:
                    assert any(left <= cell < right for left, right in marked)
