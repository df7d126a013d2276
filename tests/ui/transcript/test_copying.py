"""What is copied when cells are selected."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.transcript.support import NASTY, Page
from tui.ui.transcript.document import Entry, Role
from tui.ui.transcript.selection import Unit


def page(text: str, width: int = 60) -> Page:
    return Page(Entry("a", Role.ASSISTANT, text), width=width)


def copied(text: str, first: str, last: str, width: int = 60) -> str:
    """What dragging from the beginning of one text to the end of another copies."""
    shown = page(text, width)
    return shown.copied(shown.find(first), shown.end_of(last))


LIST = "Before\n\n- one **two**\n  three\n- four\n\nAfter"
CODE = "Before\n\n```python\ndef f():\n\treturn 1\n```\n\nAfter"
TABLE = "| a | b |\n|---|---|\n| one | *two* |\n| three | four |\n\nAfter"
NESTED = "1. Do\n\n   ```sh\n   first\n     second\n   ```\n\n2. Done"


@pytest.mark.parametrize(
    ("text", "first", "last", "expected"),
    [
        # A text that wraps, its marks with it if they are whole, and without half of them.
        ("one two three four five", "two", "four", "two three four"),
        ("a **bold text** end", "bold", "text", "bold text"),
        ("a **bold text** end", "a", "text", "a **bold text**"),
        ("a **bold text** end", "text", "end", "text end"),
        ("a `code` b", "code", "code", "code"),
        ("see [it](http://a.example) now", "see", "now", "see [it](http://a.example) now"),
        ("see [it](http://a.example) now", "it", "it", "it"),
        (r"a \* b &amp; c", "*", "&", r"\* b &amp;"),
        # Whole blocks with their marks, parts of them without.
        ("## Title\n\nText", "Title", "Text", "## Title\n\nText"),
        ("## Title\n\nText", "Title", "Title", "Title"),
        (LIST, "one", "two", "one **two**"),
        (LIST, "two", "three", "**two**\nthree"),
        (LIST, "one", "four", "- one **two**\n  three\n- four"),
        (LIST, "Before", "After", LIST),
        (LIST, "three", "four", "three\n- four"),
        # Code without its frame and fences, unless it is part of more.
        (CODE, "def", "1", "def f():\n\treturn 1"),
        (CODE, "f():", "return", "f():\n\treturn"),
        (CODE, "Before", "def f():", "Before\n\ndef f():"),
        (CODE, "return", "After", "return 1\n\nAfter"),
        (CODE, "Before", "After", CODE),
        (CODE, "def", "After", CODE.removeprefix("Before\n\n")),
        (NESTED, "first", "second", "first\n  second"),
        (NESTED, "rst", "sec", "rst\n  sec"),
        (NESTED, "Do", "Done", NESTED),
        ("    indented\n    code\n\nAfter", "indented", "code", "indented\ncode"),
        ("    indented\n    code\n\nAfter", "indented", "After", "    indented\n    code\n\nAfter"),
        # Cells by themselves, and rows as soon as there are several.
        (TABLE, "one", "one", "one"),
        (TABLE, "two", "two", "two"),
        (TABLE, "one", "two", "one | *two*"),
        (TABLE, "two", "three", "| one | *two* |\n| three | four |"),
        (TABLE, "b", "After", TABLE),
        # Wide characters and marks on letters.
        ("汉字测试 e\u0301 👩‍💻!", "字", "测", "字测"),
        ("汉字测试 e\u0301 👩‍💻!", "e\u0301", "👩‍💻", "e\u0301 👩‍💻"),
        # HTML is text like any other.
        ("<think>so</think> yes", "<think>", "yes", "<think>so</think> yes"),
    ],
)
@pytest.mark.parametrize("width", [16, 60])
def test_the_source_of_what_is_seen_is_copied(
    text: str, first: str, last: str, expected: str, width: int
) -> None:
    shown = page(text, width)
    if not any(first in row for row in shown.rows) or not any(last in row for row in shown.rows):
        pytest.skip("wrapped inside of a word")
    assert shown.copied(shown.find(first), shown.end_of(last)) == expected


def test_half_a_wide_character_is_all_of_it() -> None:
    shown = page("汉字")
    row, column = shown.find("汉")
    assert shown.copied((row, column + 1), (row, column + 1)) == "汉"


def test_a_drag_upwards_is_the_same() -> None:
    shown = page(LIST)
    start, end = shown.find("one"), shown.end_of("four")
    assert shown.copied(end, start) == shown.copied(start, end)


def test_frames_and_the_space_beside_a_text_stand_for_its_ends() -> None:
    shown = page(CODE)
    row, _ = shown.find("┌")
    bottom, _ = shown.find("└")
    assert shown.copied((row, 3), (bottom, 20)) == "def f():\n\treturn 1"
    line, _ = shown.find("def")
    assert shown.copied((line, 0), (line, 59)) == "def f():"


def test_the_mark_of_a_list_is_copied_with_its_item() -> None:
    shown = page("- one\n- two")
    row, cell = shown.find("• one")
    assert shown.copied((row, cell), shown.end_of("one")) == "- one"


@pytest.mark.parametrize(
    ("unit", "at", "expected"),
    [
        (Unit.WORD, "snake", "snake_case"),
        (Unit.WORD, "(", "("),
        (Unit.WORD, "bold", "bold"),
        (Unit.WORD, "汉", "汉字"),
        (Unit.LINE, "snake", "1. a snake_case (**bold**) 汉字 line"),
    ],
)
def test_words_and_lines(unit: Unit, at: str, expected: str) -> None:
    shown = page("1. a snake_case (**bold**) 汉字 line\n2. another")
    assert shown.copied(shown.find(at), shown.find(at), unit) == expected


def test_words_are_added_whole() -> None:
    shown = page("one two three")
    row, cell = shown.find("two")
    assert shown.copied((row, cell + 1), shown.find("three"), Unit.WORD) == "two three"


def test_messages_are_copied_one_after_the_other_without_what_stands_under_them() -> None:
    shown = Page(
        Entry("u", Role.USER, "A question\n"),
        Entry("a", Role.ASSISTANT, "An *answer*", note="model · $0.01"),
        Entry("v", Role.USER, "Another one"),
    )
    assert shown.copied(shown.find("question"), shown.end_of("Another")) == (
        "question\n\nAn *answer*\n\nAnother"
    )
    assert shown.copied(shown.find("$0.01"), shown.end_of("$0.01")) == "$0.01"
    assert shown.copied(shown.find("$0.01"), shown.find("Another")) == "$0.01"
    assert shown.copied(shown.find("answer"), shown.find("model")) == "answer"


@pytest.mark.parametrize(("folded", "expected"), [(True, ""), (False, "some thoughts\n\n")])
def test_reasoning_is_copied_if_it_is_seen(folded: bool, expected: str) -> None:
    answer = Entry("a", Role.ASSISTANT, "The end", "some thoughts", folded=folded)
    shown = Page(Entry("u", Role.USER, "question"), answer)
    assert shown.copied(shown.find("question"), shown.end_of("end")) == (
        f"question\n\n{expected}The end"
    )


def test_characters_that_are_not_shown_are_copied_as_they_were() -> None:
    text = "a\x07b e" + "\u0301" * 9 + "\u202e c\r\nnext line"
    shown = Page(Entry("u", Role.USER, text))
    assert shown.copied(shown.find("a␇"), shown.end_of("next")) == text.removesuffix(" line")


def test_late_pieces_of_a_long_fence_are_code_too() -> None:
    lines = [f"    line {number}" for number in range(50)]
    text = "```\n" + "\n".join(lines) + "\n```\n\nAfter"
    assert copied(text, "line 20", "line 40") == "\n".join(lines[20:41]).strip()
    assert copied(text, "line 20", "After") == "\n".join(lines[20:]).strip() + "\n\nAfter"


@given(NASTY, st.integers(12, 60), st.booleans(), st.data())
def test_any_selection_is_part_of_the_source(
    text: str, width: int, markdown: bool, data: st.DataObject
) -> None:
    text = text.replace("\r", "")
    role = Role.ASSISTANT if markdown else Role.USER
    shown = Page(Entry("a", role, text), width=width)
    cells = st.tuples(st.integers(0, shown.layout.total - 1), st.integers(0, width - 1))
    result = shown.copied(data.draw(cells), data.draw(cells))
    rest = iter(text)
    assert all(character in rest for character in result)
    if not markdown and "```" not in text and "~~~" not in text:
        assert result in text


@given(NASTY, st.integers(12, 60))
def test_everything_that_is_selected_is_everything(text: str, width: int) -> None:
    before, after = Entry("b", Role.USER, "before"), Entry("c", Role.USER, "after")
    shown = Page(before, Entry("a", Role.ASSISTANT, text), after, width=width)
    result = shown.copied((0, 2), shown.end_of("after"))
    middle = text.strip("\n")
    assert result == "\n\n".join(filter(None, ["before", middle, "after"]))
