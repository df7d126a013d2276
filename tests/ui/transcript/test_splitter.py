import pytest
from hypothesis import given

from tests.ui.transcript.support import NASTY
from tui.domain.sanitize import visible
from tui.ui.transcript.blocks import FITTED_ROWS, PIECE_LINES, Block, Kind
from tui.ui.transcript.grammar import new_parser
from tui.ui.transcript.splitter import Splitter


def split(text: str, *, markdown: bool = True) -> list[Block]:
    splitter = Splitter(markdown=markdown)
    splitter.feed(text)
    splitter.close()
    return splitter.blocks


def outline(text: str) -> list[tuple[str, str]]:
    return [(block.kind.name, block.source) for block in split(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one\ntwo\n\nthree", [("MARKDOWN", "one\ntwo"), ("MARKDOWN", "three")]),
        ("text\n# head\nend", [("MARKDOWN", "text"), ("MARKDOWN", "# head"), ("MARKDOWN", "end")]),
        ("Title\n---\ntext", [("MARKDOWN", "Title\n---"), ("MARKDOWN", "text")]),
        ("text\n***\ntext", [("MARKDOWN", "text"), ("MARKDOWN", "***"), ("MARKDOWN", "text")]),
        ("- a\n- b", [("ITEM", "- a"), ("ITEM", "- b")]),
        ("- a\n  - b\n- c", [("ITEM", "- a\n  - b"), ("ITEM", "- c")]),
        ("- a\n\n  b\n\nc", [("ITEM", "- a\n\n  b"), ("MARKDOWN", "c")]),
        ("- a\nlazy\n- b", [("ITEM", "- a\nlazy"), ("ITEM", "- b")]),
        ("- a\n* b", [("ITEM", "- a"), ("ITEM", "* b")]),
        ("text\n2. no list", [("MARKDOWN", "text\n2. no list")]),
        ("text\n1. list", [("MARKDOWN", "text"), ("ITEM", "1. list")]),
        ("> a\nlazy\n\n> b", [("MARKDOWN", "> a\nlazy"), ("MARKDOWN", "> b")]),
        ("> a\n- b", [("MARKDOWN", "> a"), ("ITEM", "- b")]),
        ("```\na\n```\nb", [("CODE", "a"), ("MARKDOWN", "b")]),
        ("~~~\n```\n~~~", [("CODE", "```")]),
        ("```\nnever closed", [("CODE", "never closed")]),
        ("    a\n\n    b\n\nc", [("CODE", "a\n\nb"), ("MARKDOWN", "c")]),
        ("x\na|b\n-|-\n1|2", [("MARKDOWN", "x"), ("TABLE_HEAD", "a|b"), ("TABLE_ROW", "1|2")]),
        ("a | b\n--|--\n- x", [("TABLE_HEAD", "a | b"), ("ITEM", "- x")]),
        ("[a]: //b.example\nc", [("DEFINITION", "[a]: //b.example"), ("MARKDOWN", "c")]),
        ("[a] is no definition", [("MARKDOWN", "[a] is no definition")]),
    ],
)  # fmt: skip
def test_text_is_cut_where_a_block_ends(text: str, expected: list[tuple[str, str]]) -> None:
    assert outline(text) == expected


@given(NASTY)
def test_no_line_is_lost(text: str) -> None:
    text = text.replace("`", "").replace("~", "")  # fences lose their first and last line
    written = []
    for block in split(text):
        written.append(block.source)
        if block.table is not None and block.kind is Kind.TABLE_HEAD:
            written.append(block.table.delimiter)
    assert "".join("".join(written).split()) == "".join(visible(text).split())


@pytest.mark.parametrize(
    "text",
    [
        "# a\n\ntext *b*\nmore\n\n- a\n- b\n  - c\n\n1. x\n2. y\n\n> q\n> r\n\n***\n\nend",
        "- a\n\n  para\n\n      code\n- b\n\nnext\n\n* c\n+ d\n",
        "a\n===\nb\n---\nc\n- d\n***\n#\n> - e\n>   f\ng",
        " - a\n  - b\n   - c\n\n10. x\n    y\n11. z\n1) other\n\n-\n- empty",
    ],
)
def test_pieces_parsed_one_by_one_are_what_the_whole_is(text: str) -> None:
    def outline(source: str) -> list[tuple[str, str]]:
        tokens = new_parser().parse(source)
        kinds = [(token.type, token.content) for token in tokens]
        return [kind for kind in kinds if not kind[0].endswith(("list_open", "list_close"))]

    assert [kind for block in split(text) for kind in outline(block.source)] == outline(text)


def test_items_are_numbered_from_the_first() -> None:
    assert [block.ordinal for block in split("3. a\n3. b\n9. c")] == [3, 4, 5]


def test_long_code_is_cut_into_pieces_and_framed_once() -> None:
    code = "\n".join(f"line {number}" for number in range(2 * PIECE_LINES))
    blocks = split(f"```\n{code}\n```")
    assert "\n".join(block.source for block in blocks) == code
    assert [block.first for block in blocks] == [0, PIECE_LINES]
    assert [block.last for block in blocks] == [False, True]


def test_a_blank_line_in_the_source_is_a_gap() -> None:
    blocks = split("text\n- a\n\n- b\n\nend")
    assert [block.gap for block in blocks] == [False, False, True, True]


def test_a_heading_stands_apart_from_what_is_above_it_only() -> None:
    blocks = split("text\n# head\n\ntext")
    assert [block.gap for block in blocks] == [False, True, False]


def test_what_the_user_wrote_stays_as_it_is() -> None:
    blocks = split("# no heading\n- no list\n\n```\ncode\n```", markdown=False)
    assert [block.kind for block in blocks] == [Kind.PLAIN, Kind.CODE]
    assert blocks[0].source == "# no heading\n- no list\n"


def test_the_tail_shows_the_incomplete_line_without_settling_it() -> None:
    splitter = Splitter()
    splitter.feed("para\n***")
    assert [block.source for block in splitter.tail()] == ["para", "***"]
    splitter.feed("bold***")
    assert [block.source for block in splitter.tail()] == ["para\n***bold***"]
    assert splitter.blocks == []


def test_an_open_fence_keeps_what_is_settled() -> None:
    splitter = Splitter()
    splitter.feed("```python\n" + "x = 1\n" * (PIECE_LINES + 1) + "y")
    assert len(splitter.blocks) == 1
    (tail,) = splitter.tail()
    assert (tail.source, tail.first, tail.last) == ("x = 1\ny", PIECE_LINES, False)
    assert tail.fence is splitter.blocks[0].fence
    assert tail.fence is not None
    assert not tail.fence.closed


def test_the_first_rows_and_the_end_of_a_table_change_what_stands_above() -> None:
    splitter = Splitter()
    splitter.feed("text\n\n| a |\n|---|\n" + "| 1 |\n" * (FITTED_ROWS - 1))
    assert splitter.changed_from == 1
    splitter.changed_from = None
    splitter.feed("| a wide cell |\n")
    assert splitter.changed_from is None
    splitter.feed("\ntext\n")
    assert splitter.changed_from == 1


def test_a_late_definition_changes_what_refers_to_it() -> None:
    splitter = Splitter()
    splitter.feed("no\n\nsee [docs]\n\n[docs]: https://a.example\n")
    splitter.close()
    assert splitter.changed_from == 1
    assert splitter.blocks[1].references["DOCS"]["href"] == "https://a.example"
