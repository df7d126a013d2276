import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len, get_character_cell_size
from rich.style import Style

from tui.ui.transcript.wrap import Row, Span, fold, is_narrow, undivided, wrap

BOLD = Style(bold=True)
PLAIN = Style()
TEXT = st.text(st.sampled_from("ab  c-éñ汉字、。👍\u0301—☎\ufe0f\u200d"), max_size=60)


def texts(rows: list[Row]) -> list[str]:
    return ["".join(text for text, _ in spans) for spans, _ in rows]


@pytest.mark.parametrize(
    ("text", "width", "rows"),
    [
        ("", 5, [""]),
        ("one two", 7, ["one two"]),
        ("one two", 6, ["one", "two"]),
        ("one  two", 4, ["one", "two"]),
        ("abcdefgh ij", 3, ["abc", "def", "gh", "ij"]),
        ("one\n\ntwo", 9, ["one", "", "two"]),
        ("汉字汉字", 5, ["汉字", "汉字"]),
        ("汉字，汉字", 4, ["汉", "字，", "汉字"]),
        ("see 汉字", 6, ["see 汉", "字"]),
        ("👩‍💻👩‍💻", 3, ["👩‍💻", "👩‍💻"]),
        ("汉", 1, ["汉"]),
    ],
)
def test_text_breaks_where_it_may(text: str, width: int, rows: list[str]) -> None:
    assert texts(wrap([(text, PLAIN)], width)) == rows


def test_styles_stay_with_their_text() -> None:
    rows = wrap([("one ", PLAIN), ("two three", BOLD), (" four", PLAIN)], 8)
    assert rows == [
        ([("one ", PLAIN), ("two", BOLD)], 7),
        ([("three", BOLD)], 5),
        ([("four", PLAIN)], 4),
    ]


@given(TEXT, TEXT, st.integers(2, 20))
def test_no_row_is_too_wide_and_no_letter_is_lost(first: str, second: str, width: int) -> None:
    rows = wrap([(first, PLAIN), (second, BOLD)], width)
    for text, (spans, cells) in zip(texts(rows), rows, strict=True):
        assert cells == cell_len(text) == sum(cell_len(part) for part, _ in spans) <= width
    assert _seen("".join(texts(rows))) == _seen(first + second)


def _seen(text: str) -> str:
    return text.replace(" ", "").strip("\u200d")


@given(TEXT, st.integers(2, 20))
def test_folded_code_keeps_every_space(text: str, width: int) -> None:
    rows = fold([(text, PLAIN)], width)
    assert "".join(texts(rows)) == text.strip("\u200d")
    assert all(cell_len(row) <= width for row in texts(rows))


@pytest.mark.parametrize(
    ("line", "spans"),
    [
        ([("a👩", PLAIN), ("\u200d💻b", BOLD)], [("a", PLAIN), ("👩\u200d💻", PLAIN), ("b", BOLD)]),
        ([("e", PLAIN), ("\u0301x", BOLD)], [("e\u0301", PLAIN), ("x", BOLD)]),
        ([("☎", PLAIN), ("\ufe0f", BOLD)], [("☎\ufe0f", PLAIN)]),
        ([("\u200d汉", PLAIN), ("字\u200d", BOLD)], [("汉", PLAIN), ("字", BOLD)]),
    ],
)
def test_a_character_of_several_code_points_has_one_style(
    line: list[Span], spans: list[Span]
) -> None:
    assert undivided(line) == spans


def test_characters_taken_for_narrow_are_one_cell_wide() -> None:
    narrow = [chr(code) for code in range(0x20, 0x3000) if is_narrow(chr(code))]
    assert len(narrow) > 1000
    assert {get_character_cell_size(character) for character in narrow} == {1}
