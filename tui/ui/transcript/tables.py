"""Tables: ruled columns whose widths are fitted to the view."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from weakref import WeakKeyDictionary

from rich.cells import cell_len
from rich.style import Style

from tui.ui.transcript.blocks import FITTED_ROWS, Block, Kind, Table
from tui.ui.transcript.grammar import table_cells
from tui.ui.transcript.inline import References, inline_source
from tui.ui.transcript.look import Look
from tui.ui.transcript.wrap import Row, Span, wrap

_NARROWEST = 4
_BREAK = " │ "
_NO_STYLE = Style.null()

Cell = list[Span]


@dataclass(frozen=True, slots=True)
class Columns:
    """Widths in cells and alignments; ``crowded`` if cells had to be wrapped."""

    widths: tuple[int, ...]
    aligns: tuple[str, ...]
    crowded: bool


def fit(natural: Sequence[int], aligns: Sequence[str], width: int) -> Columns | None:
    """Give every column its natural width, or take from the widest; None if they cannot fit."""
    if not _fits(len(natural), width):
        return None
    room = width - len(_BREAK) * (len(natural) - 1)
    widths = [max(1, size) for size in natural]
    crowded = sum(widths) > room
    if crowded:
        # The largest limit under which all columns fit together.
        low, high = _NARROWEST, max(widths)
        while low < high:
            limit = (low + high + 1) // 2
            if sum(min(size, limit) for size in widths) <= room:
                low = limit
            else:
                high = limit - 1
        spare = room - sum(min(size, low) for size in widths)
        for index, size in enumerate(widths):
            extra = 1 if size > low and spare > 0 else 0
            spare -= extra
            widths[index] = min(size, low + extra)
    return Columns(tuple(widths), tuple(aligns), crowded)


def _fits(columns: int, width: int) -> bool:
    """Whether every column can have a width that words can still be read in."""
    return _NARROWEST * columns + len(_BREAK) * (columns - 1) <= width


def alignment(delimiter: str) -> str:
    """What a cell of the delimiter row asks for."""
    if delimiter.endswith(":"):
        return "center" if delimiter.startswith(":") else "right"
    return "left"


def row_lines(cells: Sequence[Cell], columns: Columns, look: Look) -> list[Row]:
    """One row of a table, as many lines high as its highest cell."""
    frame = look["table-frame"]
    wrapped = [wrap(cell, width) for cell, width in zip(cells, columns.widths, strict=True)]
    total = sum(columns.widths) + len(_BREAK) * (len(columns.widths) - 1)
    rows: list[Row] = []
    for line in zip_longest(*wrapped):
        spans: list[Span] = []
        for index, part in enumerate(line):
            width, align = columns.widths[index], columns.aligns[index]
            content, used = part or ([], 0)
            space = max(0, width - used)
            left = space if align == "right" else space // 2 if align == "center" else 0
            if index:
                spans.append((_BREAK, frame))
            spans.append((" " * left, look.text))
            spans.extend(content)
            spans.append((" " * (space - left), look.text))
        rows.append(([span for span in spans if span[0]], total))
    return rows


def rule(columns: Columns, look: Look) -> Row:
    """The line under the header, and between rows that may be several lines high."""
    text = "─┼─".join("─" * width for width in columns.widths)
    return [(text, look["table-frame"])], len(text)


def pad_cells(sources: list[str], count: int) -> list[str]:
    """As many cells as there are columns; what is too much stays in the last one."""
    if len(sources) > count:
        sources = [*sources[: count - 1], " | ".join(sources[count - 1 :])]
    return sources + [""] * (count - len(sources))


def cell_width(cell: Cell) -> int:
    """The width of a cell that need not be wrapped."""
    return max((sum(cell_len(text) for text, _ in cell)), 1)


@dataclass(slots=True)
class _Measured:
    """The natural widths of a table's columns, row by row as they arrive."""

    aligns: list[str]
    widths: list[int]
    rows: int = 0
    first: list[int] = field(default_factory=list)
    """The widths after the first rows: they hold while the table grows."""


class TableFitter:
    """The widths of growing tables: each row is measured once."""

    def __init__(self) -> None:
        self._measured: WeakKeyDictionary[Table, _Measured] = WeakKeyDictionary()

    def columns(self, table: Table, width: int, look: Look) -> Columns | None:
        """The columns for a view of this width; None if there are too many of them."""
        measured = self._measured.get(table)
        if measured is None:
            aligns = [alignment(cell) for cell in table_cells(table.delimiter)]
            measured = self._measured[table] = _Measured(aligns, [1] * len(aligns))
        aligns = measured.aligns
        if not _fits(len(aligns), width):
            return None
        for source in table.rows[measured.rows :]:
            cells = pad_cells(table_cells(source), len(aligns))
            for index, cell in enumerate(cells):
                natural = cell_width(inline_source(cell, look, _NO_STYLE, {}))
                measured.widths[index] = max(measured.widths[index], natural)
            measured.rows += 1
            if measured.rows <= FITTED_ROWS:
                measured.first = list(measured.widths)
        return fit(measured.widths if table.closed else measured.first, aligns, width)


def table_rows(
    block: Block, columns: Columns | None, width: int, look: Look, references: References
) -> list[Row]:
    """The header or one row of a table."""
    table = block.table
    head = block.kind is Kind.TABLE_HEAD
    if table is None or columns is None:
        # More columns than fit: the source says more than cells of two characters.
        text = f"{block.source}\n{table.delimiter}" if head and table else block.source
        return wrap([(text, look.text)], width)
    base = look["table-head"] if head else look.text
    sources = pad_cells(table_cells(block.source), len(columns.widths))
    cells = [inline_source(source, look, base, references) for source in sources]
    rows = row_lines(cells, columns, look)
    if head:
        return [*rows, rule(columns, look)]
    if columns.crowded and block.first > 1:
        return [rule(columns, look), *rows]
    return rows
