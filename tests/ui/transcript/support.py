"""Rendering without an app: what the tests of the document and the renderer share."""

from collections.abc import Iterable

from hypothesis import strategies as st
from rich.style import Style
from textual.style import Style as ContentStyle

from tui.ui.transcript.look import Looks
from tui.ui.transcript.renderer import Renderer
from tui.ui.transcript.splitter import Splitter

LOOKS = Looks(lambda name: Style(bold=name == "heading", underline=name == "link"))

_FRAGMENTS = (
    "- ", "1. ", "2) ", "10. ", "> ", "# ", "## ", "```", "~~~", "```python\n", "def f():\n", '"""',
    "\n", "\n", "\n\n", "    ", "\t", " ", "  ", "| a | b |\n|---|---|\n", "|", "---", "===", "***",
    "*", "**", "`", "[x]", "[x]: http://a.example\n", "(http://a.example)", "text ", "word", "\\",
    "&#27;", "&#x202e;", "&#10;", "<think>", "<!-- ", "![", "汉字", "👩‍💻", "é", "\r", "\r\n",
    "\x1b[2J", "\x00", "- [ ] ", "https://a.example ", "www.a.example", "_", "~~",
)  # fmt: skip
NASTY = st.one_of(
    st.lists(st.sampled_from(_FRAGMENTS), max_size=40).map("".join),
    st.text(max_size=200),
)
"""Text that looks like Markdown, and any other."""


def new_renderer() -> Renderer:
    """A renderer that needs no app."""
    return Renderer(lambda style: style if isinstance(style, ContentStyle) else ContentStyle.null())


def pieces(text: str, sizes: Iterable[int]) -> list[str]:
    """The text cut into pieces of these sizes, over and over."""
    result: list[str] = []
    sizes = list(sizes)
    at = 0
    while at < len(text):
        size = sizes[len(result) % len(sizes)]
        result.append(text[at : at + size])
        at += size
    return result


def streamed(parts: Iterable[str], width: int = 60, *, markdown: bool = True) -> list[str]:
    """The rows of a finished text, after drawing it at every piece as it arrived."""
    renderer, splitter = new_renderer(), Splitter(markdown=markdown)
    for part in parts:
        splitter.feed(part)
        for block in (*splitter.blocks[-3:], *splitter.tail()):
            renderer.strips(block, width, LOOKS.assistant)
    splitter.close()
    return [
        strip.text
        for block in splitter.blocks
        for strip in renderer.strips(block, width, LOOKS.assistant)
    ]


def drawn(text: str, width: int = 60, *, markdown: bool = True) -> list[str]:
    """The rows of a text without the gutter and the space at the right."""
    return [row[2:].rstrip() for row in streamed([text], width, markdown=markdown)]
