"""Rendering without an app: what the tests of the document and the renderer share."""

from collections.abc import Iterable

from hypothesis import strategies as st
from rich.cells import cell_len
from rich.style import Style
from textual.style import Style as ContentStyle

from tui.ui.transcript.blockmap import BlockMap
from tui.ui.transcript.blocks import Block, Table
from tui.ui.transcript.copying import selected_text
from tui.ui.transcript.document import Entry, Outline
from tui.ui.transcript.layout import Layout
from tui.ui.transcript.look import Look, Looks
from tui.ui.transcript.renderer import Renderer
from tui.ui.transcript.selection import Part, Places, Selection, Unit
from tui.ui.transcript.splitter import Splitter
from tui.ui.transcript.tables import Columns
from tui.ui.transcript.wrap import Row

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


class StrictRenderer(Renderer):
    """A renderer whose failures a test sees, instead of the source that stands in for them."""

    def _drawn(self, block: Block, width: int, look: Look) -> list[Row]:
        return self._draw(block, width, look)

    def _columns(self, table: Table, width: int, look: Look) -> Columns | None:
        return self._fitter.columns(table, width, look, fitted=self.options.fit_tables)


def new_renderer() -> Renderer:
    """A renderer that needs no app."""
    return StrictRenderer(
        lambda style: style if isinstance(style, ContentStyle) else ContentStyle.null()
    )


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


class Page:
    """Entries laid out without an app, whose cells can be selected."""

    def __init__(self, *entries: Entry, width: int = 60) -> None:
        self._renderer = new_renderer()
        self.layout = Layout(self._measure)
        self.layout.resize(width)
        self.layout.show(Outline.of(entries))
        self.layout.settle_end(1_000_000)
        self.places = Places(self.layout, self._trace)

    def _measure(self, entry: Entry, block: Block, width: int) -> int:
        return len(self._renderer.strips(block, width, LOOKS.of(entry, quiet=block.quiet)))

    def _trace(self, entry: Entry, block: Block) -> BlockMap:
        return self._renderer.traced(block, self.layout.width, LOOKS.of(entry, quiet=block.quiet))

    @property
    def rows(self) -> list[str]:
        """What is seen."""
        found = [self.layout.find(row) for row in range(self.layout.total)]
        return [
            self._renderer.strips(
                entry.blocks[index],
                self.layout.width,
                LOOKS.of(entry.entry, quiet=entry.blocks[index].quiet),
            )[offset].text
            for entry, index, offset in found
        ]

    def find(self, text: str) -> tuple[int, int]:
        """The row and the cell where a text is seen first."""
        row = next(number for number, row in enumerate(self.rows) if text in row)
        return row, cell_len(self.rows[row].partition(text)[0])

    def end_of(self, text: str) -> tuple[int, int]:
        """The row and the last cell of a text."""
        row, cell = self.find(text)
        return row, cell + cell_len(text) - 1

    def select(
        self, start: tuple[int, int], end: tuple[int, int], unit: Unit = Unit.CHARACTER
    ) -> Selection | None:
        """What dragging the mouse from one cell (row, column) to another selects."""
        first = self.places.at(*start, unit, notes=True)
        assert first is not None
        notes = first.start.part is Part.NOTE
        other = self.places.at(*end, unit, notes=notes)
        assert other is not None
        return self.places.select(first, other)

    def copied(
        self, start: tuple[int, int], end: tuple[int, int], unit: Unit = Unit.CHARACTER
    ) -> str:
        """The text that is copied then."""
        selection = self.select(start, end, unit)
        assert selection is not None
        ends = [self.layout.get(place.entry) for place in (selection.start, selection.end)]
        first, last = (self.layout.index_of(entry) for entry in ends if entry is not None)
        entries = self.layout.entries[first : last + 1]
        return selected_text(entries, selection, self.places.map)
