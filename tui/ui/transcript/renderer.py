"""Blocks as strips for one width and one look. Without state, but for what can be dropped."""

from collections import OrderedDict
from collections.abc import Callable, Hashable

from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.strip import Strip
from textual.style import Style as ContentStyle

from tui.domain.sanitize import visible
from tui.ui.transcript.blocks import Block, Kind
from tui.ui.transcript.code import Highlighter, code_rows
from tui.ui.transcript.look import Look
from tui.ui.transcript.markdown import markdown_rows
from tui.ui.transcript.tables import TableFitter, table_rows
from tui.ui.transcript.wrap import Row, Span, wrap

GUTTER = 2
"""Cells at the left of every row: the role's bar and a space."""

_KEPT_ROWS = 1_500
_TAB = 4


class Renderer:
    """Draws blocks; what was drawn last is kept, up to a number of rows."""

    def __init__(self, parse_style: Callable[[str | ContentStyle], ContentStyle]) -> None:
        self._parse_style = parse_style
        self._highlighter = Highlighter()
        self._fitter = TableFitter()
        self._strips: OrderedDict[Hashable, list[Strip]] = OrderedDict()
        self._rows = 0

    def strips(self, block: Block, width: int, look: Look) -> list[Strip]:
        """The rows of a block, each exactly ``width`` cells wide."""
        key = (block, width, look, self._variant(block, width, look))
        strips = self._strips.get(key)
        if strips is not None:
            self._strips.move_to_end(key)
            return strips
        strips = [self._strip(row, width, block, look) for row in self.rows(block, width, look)]
        self._strips[key] = strips
        self._rows += len(strips)
        while self._rows > _KEPT_ROWS and len(self._strips) > 1:
            _, dropped = self._strips.popitem(last=False)
            self._rows -= len(dropped)
        return strips

    def clear(self) -> None:
        """Drop all that was drawn: under another theme or width it is of no use."""
        self._strips.clear()
        self._rows = 0
        self._highlighter.forget()

    def rows(self, block: Block, width: int, look: Look) -> list[Row]:
        """The rows of a block without the gutter, the blank line above it included."""
        inner = max(1, width - GUTTER)
        drawn = self._draw(block, inner, look)
        return [([], 0), *drawn] if block.gap else drawn

    def _variant(self, block: Block, width: int, look: Look) -> Hashable:
        """What else than the block itself decides how it looks."""
        if block.table is not None:
            return self._fitter.columns(block.table, max(1, width - GUTTER), look)
        if block.fence is not None:
            return block.fence.closed
        return block.revision

    def _draw(self, block: Block, width: int, look: Look) -> list[Row]:
        match block.kind:
            case Kind.MARKDOWN | Kind.ITEM:
                return markdown_rows(block, width, look, self._highlighter)
            case Kind.CODE:
                lines = self._highlighter.lines(block, look)
                language = block.fence.language if block.fence and not block.first else None
                return code_rows(lines, width, look, label=language, last=block.last)
            case Kind.TABLE_HEAD | Kind.TABLE_ROW if block.table is not None:
                columns = self._fitter.columns(block.table, width, look)
                return table_rows(block, columns, width, look, block.references)
            case Kind.DEFINITION:
                return wrap([(block.source, look["mark"])], width)
            case Kind.REASONING:
                glyph = "▸" if block.folded else "▾"
                return wrap([(f"{glyph} {block.source}", look["reasoning-head"])], width)
            case Kind.NOTE:
                return wrap(self._note(block.content, look["note"]), width)
            case Kind.SEPARATOR:
                return [([], 0)]
        return wrap([(block.source.expandtabs(_TAB), look.text)], width)

    def _note(self, content: Content | str, base: Style) -> list[Span]:
        if isinstance(content, str):
            return [(visible(content), base)]
        styled = content.render(ContentStyle.null(), end="", parse_style=self._parse_style)
        return [(visible(text), base + style.rich_style) for text, style in styled]

    @staticmethod
    def _strip(row: Row, width: int, block: Block, look: Look) -> Strip:
        spans, used = row
        if block.kind is Kind.SEPARATOR:
            return Strip.blank(width, look["text"])
        bar = " " if block.kind is Kind.NOTE else look.bar
        segments = [Segment(f"{bar} ", look.bar_style)]
        segments += [Segment(text, style) for text, style in spans]
        used += GUTTER
        if used < width:
            segments.append(Segment(" " * (width - used), look["text"]))
        strip = Strip(segments, max(width, used))
        return strip if used <= width else strip.adjust_cell_length(width)
