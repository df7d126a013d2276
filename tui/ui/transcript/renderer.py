"""Blocks as strips for one width and one look. Without state, but for what can be dropped."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import replace

from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.strip import Strip
from textual.style import Style as ContentStyle

from tui.domain.sanitize import visible
from tui.ui.transcript.blockmap import BlockMap
from tui.ui.transcript.blocks import Block, Fence, Kind, Table
from tui.ui.transcript.code import Highlighter, code_rows, overflow
from tui.ui.transcript.look import Look
from tui.ui.transcript.markdown import formula_rows, markdown_rows
from tui.ui.transcript.options import Options
from tui.ui.transcript.pictures import picture_rows
from tui.ui.transcript.tables import Columns, TableFitter, table_rows
from tui.ui.transcript.trace import Trace, pieces
from tui.ui.transcript.wrap import Row, Span, window, wrap

GUTTER = 2
"""Cells at the left of every row: the role's bar and a space."""

_KEPT_ROWS = 1_500
_TAB = 4


class Renderer:
    """Draws blocks; what was drawn last is kept, up to a number of rows."""

    def __init__(self, parse_style: Callable[[str | ContentStyle], ContentStyle]) -> None:
        self.options = Options()
        self.overflow = 0
        """How many cells what scrolls sideways has more than the view, at most."""
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
        drawn = self._drawn(block, inner, look)
        return [([], 0), *drawn] if block.gap else drawn

    def traced(self, block: Block, width: int, look: Look) -> BlockMap:
        """Which part of the block's source each of its cells shows."""
        if block.kind is Kind.NOTE:
            source = "".join(text for text, _ in self._note(block.content, look.text))
        else:
            source = block.source
        trace = Trace(source, fine=self.options.pan > 0)
        rows = self.rows(block, width, replace(look, trace=trace))
        return BlockMap(source, pieces(rows, GUTTER, source), trace.marks)

    def _variant(self, block: Block, width: int, look: Look) -> Hashable:
        """What else than the block itself decides how it looks."""
        options = self.options
        if block.table is not None:
            columns = self._columns(block.table, max(1, width - GUTTER), look)
            return columns, options, block.revision
        if block.fence is not None:
            return block.fence.closed, block.fence.folded, options
        return block.revision, options

    def _drawn(self, block: Block, width: int, look: Look) -> list[Row]:
        """The rows of a block; of one that cannot be drawn, its source."""
        try:
            return self._draw(block, width, look)
        except Exception:  # noqa: BLE001 - parsers of other projects read text from outside here
            if look.trace is None:
                return wrap([(visible(block.source).expandtabs(_TAB), look.text)], width)
        # The rows have to be those that are seen: without a trace, each shows the whole source.
        look.trace.marks.clear()
        return self._drawn(block, width, replace(look, trace=None))

    def _draw(self, block: Block, width: int, look: Look) -> list[Row]:
        match block.kind:
            case Kind.MARKDOWN | Kind.ITEM | Kind.FOOTNOTE:
                return markdown_rows(block, width, look, self._highlighter, self.options)
            case Kind.CODE if block.fence is not None:
                return self._code(block, block.fence, width, look)
            case Kind.TABLE_HEAD | Kind.TABLE_ROW if block.table is not None:
                return self._table(block, block.table, width, look)
            case Kind.FORMULA:
                return formula_rows(block.source, width, look, self.options)
            case Kind.DEFINITION:
                return wrap(self._verbatim(block.source, look, look["mark"]), width)
            case Kind.FOLDED:
                size = f" · {block.content}"
                room = max(0, width - len(size))
                spans, _ = window([(f"▸ {block.source}", look["mark"])], 0, room)
                return [window([*spans, (size, look["mark"])], 0, width)]
            case Kind.REASONING:
                glyph = "▸" if block.folded else "▾"
                return wrap([(f"{glyph} {block.source}", look["reasoning-head"])], width)
            case Kind.IMAGE:
                return picture_rows(block, width, look)
            case Kind.NOTE:
                if look.trace is not None:
                    return wrap(look.trace.text(), width)
                return wrap(self._note(block.content, look["note"]), width)
            case Kind.SEPARATOR:
                return [([], 0)]
        return wrap(self._verbatim(block.source, look, look.text), width)

    @staticmethod
    def _verbatim(source: str, look: Look, style: Style) -> list[Span]:
        if look.trace is not None:
            return look.trace.text()
        return [(source.expandtabs(_TAB), style)]

    def _code(self, block: Block, fence: Fence, width: int, look: Look) -> list[Row]:
        """Some lines of a fence; a folded one shows its first piece only."""
        if fence.folded and block.first:
            return []
        if look.trace is not None:
            lines = look.trace.code(block.source) if block.count else []
        else:
            lines = self._highlighter.lines(block, look)
        if not self.options.wrap_code:
            self.overflow = max(self.overflow, overflow(lines, width))
        return code_rows(
            lines,
            width,
            look,
            label=None if block.first else fence.language,
            last=block.last,
            options=self.options,
            hidden=f"… {len(fence.lines) - block.count:,} more lines" if fence.folded else "",
        )

    def _table(self, block: Block, table: Table, width: int, look: Look) -> list[Row]:
        options = self.options
        columns = self._columns(table, width, look)
        if columns is not None and not options.fit_tables:
            self.overflow = max(self.overflow, columns.total - width)
        return table_rows(block, table, columns, width, look, options)

    def _columns(self, table: Table, width: int, look: Look) -> Columns | None:
        try:
            return self._fitter.columns(table, width, look, fitted=self.options.fit_tables)
        except Exception:  # noqa: BLE001 - as for every block; its cells are drawn to measure them
            return None

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
