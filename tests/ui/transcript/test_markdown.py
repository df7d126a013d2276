import pytest
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.content import Content

from tests.ui.transcript.support import LOOKS, drawn, new_renderer
from tui.ui.transcript.blocks import Block, Kind
from tui.ui.transcript.look import Looks
from tui.ui.transcript.splitter import Splitter


def splitter_of(text: str) -> Splitter:
    splitter = Splitter()
    splitter.feed(text)
    splitter.close()
    return splitter


def segments(text: str, width: int = 60) -> list[Segment]:
    renderer = new_renderer()
    return [
        segment
        for block in splitter_of(text).blocks
        for strip in renderer.strips(block, width, LOOKS.assistant)
        for segment in strip
    ]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("one\ntwo", ["one two"]),
        ("one  \ntwo", ["one", "two"]),
        ("# A\n## B\ntext", ["# A", "## B", "text"]),
        ("A\n---", ["## A"]),
        ("- a\n- b\n  - c", [" • a", " • b", "    ◦ c"]),
        ("9. a\n10. b", [" 9. a", "10. b"]),
        ("- [ ] a\n- [x] b", [" ☐ a", " ☑ b"]),
        ("> a\n> > b", ["│ a", "│ │ b"]),
        ("> - a\n>\n>   b", ["│  • a", "│", "│    b"]),
        ("![a cat](http://a.example/c.png)", ["[image: a cat · c.png]"]),
        ("<think>x</think>", ["<think>x</think>"]),
        ("<details>\n<!-- c -->", ["<details> <!-- c -->"]),
        ("a &lt; b &#27;[2J &#x202e;", ["a < b \ufffd[2J \ufffd"]),
        ("汉字 👩‍💻", ["汉字 👩‍💻"]),
        ("[a]: http://b.example", ["[a]: http://b.example"]),
    ],
)
def test_markdown_is_drawn_as_rows(text: str, rows: list[str]) -> None:
    assert drawn(text) == rows


def test_a_rule_takes_the_whole_width() -> None:
    assert drawn("***", 12) == ["─" * 10]


def test_wrapped_items_hang_under_their_text() -> None:
    assert drawn("1. one two three", 14) == [" 1. one two", "    three"]


def test_code_is_framed_and_named() -> None:
    assert drawn("```python\nx = 1\n\ty\n```", 22) == [
        "┌ python ──────────┐",
        "│ x = 1            │",
        "│     y            │",
        "└──────────────────┘",
    ]


def test_code_inside_of_an_item_is_framed_too() -> None:
    assert drawn("- a\n  ```\n  x\n  ```", 20)[1:] == [
        "   ┌─────────────┐",
        "   │ x           │",
        "   └─────────────┘",
    ]


def test_a_link_to_the_web_is_a_link_of_the_terminal() -> None:
    links = [
        segment.style.link for segment in segments("[a](https://b.example/ü)") if segment.style
    ]
    assert "https://b.example/%C3%BC" in links


@pytest.mark.parametrize("url", ["ftp://a.example", "mailto:a@b.example", "vscode://x", "/etc/x"])
def test_any_other_link_is_text_only(url: str) -> None:
    drawn_segments = segments(f"[a]({url})")
    assert any(segment.text == "a" for segment in drawn_segments)
    assert not any(segment.style.link for segment in drawn_segments if segment.style)


def test_no_control_character_gets_into_a_link() -> None:
    links = [s.style.link for s in segments("[a](https://b.example/&#x9b;&#27;)") if s.style]
    assert any(links)
    assert all(link.isascii() and link.isprintable() for link in links if link)


def test_a_late_definition_makes_a_link_of_what_came_before() -> None:
    links = {
        s.text: s.style.link for s in segments("see [it]\n\n[it]: https://a.example") if s.style
    }
    assert links["it"] == "https://a.example"


def test_a_note_keeps_its_styles_and_never_reads_markup() -> None:
    block = Block(Kind.NOTE, content=Content.assemble("plain ", ("bold", "bold"), " [red]x"))
    (strip,) = new_renderer().strips(block, 40, LOOKS.assistant)
    assert strip.text.strip() == "plain bold [red]x"


def test_what_was_drawn_is_kept_until_there_is_too_much_of_it() -> None:
    renderer = new_renderer()
    first = Block(Kind.MARKDOWN, "first")
    strips = renderer.strips(first, 40, LOOKS.assistant)
    assert renderer.strips(first, 40, LOOKS.assistant) is strips
    for number in range(5_000):
        renderer.strips(Block(Kind.MARKDOWN, str(number)), 40, LOOKS.assistant)
    assert renderer.strips(first, 40, LOOKS.assistant) is not strips


@pytest.mark.parametrize(
    ("text", "width", "rows"),
    [
        ("- - - 1. deep", 14, [" •  ◦  ▪", "       1.", "      deep"]),
        ("> > > deep", 10, ["│ deep"]),
        ("###### a heading", 12, ["######", "a heading"]),
        ("a[^1]\n\n[^1]: b cc", 8, ["a¹", "", "¹", "b cc"]),
        ("| a | b |\n|---|---|\n| one | two |", 5, ["a │", "b", "───", "a:", "one", "b:", "two"]),
    ],
)
def test_without_room_for_it_a_mark_stands_above_and_a_frame_is_left_out(
    text: str, width: int, rows: list[str]
) -> None:
    assert drawn(text, width) == rows


@pytest.mark.parametrize("width", [10, 14, 30])
def test_an_emoji_in_code_is_as_wide_as_the_terminal_draws_it(width: int) -> None:
    emoji = "👩\u200d💻"
    row = next(row for row in drawn(f"```python\n{emoji}\n```", width) if emoji in row)
    assert cell_len(row) in {2, width - 2}


def test_long_code_inside_of_an_item_has_its_colours_once_its_fence_is_closed() -> None:
    looks = Looks(lambda name: Style(bold=name == "code-keyword"))
    code = "- a\n  ```python\n" + "  return 1;\n" * 150

    def keywords(text: str) -> int:
        (block,) = splitter_of(text).blocks
        strips = new_renderer().strips(block, 60, looks.assistant)
        return sum(
            s.text == "return" and s.style is not None and bool(s.style.bold)
            for strip in strips
            for s in strip
        )

    assert keywords(code) == 0
    assert keywords(f"{code}  ```\n") == 150
    assert keywords(f"{code}  ```\n  and more") == 150
    assert keywords("> ```python\n> return 1") == 1
