"""Tables: ruled columns whose widths are fitted to the view."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from weakref import WeakKeyDictionary

from rich.cells import cell_len
from rich.style import Style

from tui.ui.transcript.blocks import FITTED_ROWS, Block, Kind, Table
from tui.ui.transcript.grammar import table_cells
from tui.ui.transcript.inline import inline_source
from tui.ui.transcript.look import Look
from tui.ui.transcript.options import Options
from tui.ui.transcript.trace import Trace
from tui.ui.transcript.wrap import Row, Span, is_narrow, window, wrap

_NARROWEST = 4
_BREAK = " │ "
_LONGEST_WORD = 20
"""Cells from which on a word may be broken."""
_HANGING = 2
_MOST_IN_RECORDS = 64
"""Columns past which a table is data rather than text: it is shown as it was written."""
_NO_STYLE = Style.null()

Cell = list[Span]


@dataclass(frozen=True, slots=True)
class Columns:
    """Widths in cells and alignments; ``crowded`` if cells had to be wrapped."""

    widths: tuple[int, ...]
    aligns: tuple[str, ...]
    crowded: bool

    @property
    def total(self) -> int:
        """Cells from the first column to the last."""
        return sum(self.widths) + len(_BREAK) * (len(self.widths) - 1)


def fit(
    natural: Sequence[int], aligns: Sequence[str], width: int, words: Sequence[int] = ()
) -> Columns | None:
    """Give every column its natural width, or take from the widest; None if they cannot fit.

    No column becomes narrower than the longest of its ``words``.
    """
    if not _fits(len(natural), width):
        return None
    room = width - len(_BREAK) * (len(natural) - 1)
    widths = [max(1, size) for size in natural]
    crowded = sum(widths) > room
    if crowded:
        least = list(words) or [min(size, _NARROWEST) for size in widths]
        if sum(least) > room:
            return None
        # The largest limit under which all columns fit together.
        low, high = 1, max(widths)
        while low < high:
            limit = (low + high + 1) // 2
            if sum(_within(limit, widths, least)) <= room:
                low = limit
            else:
                high = limit - 1
        shares = _within(low, widths, least)
        spare = room - sum(shares)
        for index, share in enumerate(shares):
            extra = 1 if share == low < widths[index] and spare > 0 else 0
            spare -= extra
            shares[index] += extra
        widths = shares
    return Columns(tuple(widths), tuple(aligns), crowded)


def _within(limit: int, widths: Sequence[int], least: Sequence[int]) -> list[int]:
    return [max(low, min(size, limit)) for size, low in zip(widths, least, strict=True)]


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
    total = columns.total
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


def word_width(cell: Cell) -> int:
    """The width of a cell's longest word; text that breaks anywhere has none."""
    text = "".join(part for part, _ in cell)
    if not is_narrow(text):
        return min(_NARROWEST, cell_width(cell))
    return min(_LONGEST_WORD, max(map(len, text.split()), default=1))


@dataclass(slots=True)
class _Measured:
    """The natural widths of a table's columns and their longest words, as rows arrive."""

    aligns: list[str]
    widths: list[int]
    words: list[int]
    rows: int = 0
    first: tuple[list[int], list[int]] = field(default_factory=lambda: ([], []))
    """The widths and words after the first rows: they hold while the table grows."""
    fitted: tuple[tuple[int, int], Columns | None] | None = None
    """What was found last, under the width of the view and the number of rows that count."""


class TableFitter:
    """The widths of growing tables: each row is measured once."""

    def __init__(self) -> None:
        self._measured: WeakKeyDictionary[Table, _Measured] = WeakKeyDictionary()

    def columns(
        self, table: Table, width: int, look: Look, *, fitted: bool = True
    ) -> Columns | None:
        """The columns for a view of this width; None if there are too many of them.

        Unless they are to be ``fitted``, they keep their width, but none is wider than the view.
        """
        measured = self._measured.get(table)
        if measured is None:
            aligns = [alignment(cell) for cell in table_cells(table.delimiter)]
            measured = self._measured[table] = _Measured(
                aligns, [1] * len(aligns), [1] * len(aligns)
            )
        aligns = measured.aligns
        if len(aligns) > _MOST_IN_RECORDS or (fitted and not _fits(len(aligns), width)):
            return None
        for source in table.rows[measured.rows :]:
            cells = pad_cells(table_cells(source), len(aligns))
            for index, cell in enumerate(cells):
                spans = inline_source(cell, look, _NO_STYLE, {})
                measured.widths[index] = max(measured.widths[index], cell_width(spans))
                measured.words[index] = max(measured.words[index], word_width(spans))
            measured.rows += 1
            if measured.rows <= FITTED_ROWS:
                measured.first = list(measured.widths), list(measured.words)
        widths, words = (measured.widths, measured.words) if table.closed else measured.first
        if not fitted:
            return Columns(tuple(min(size, width) for size in widths), tuple(aligns), crowded=False)
        key = width, measured.rows if table.closed else min(measured.rows, FITTED_ROWS)
        if measured.fitted is None or measured.fitted[0] != key:
            measured.fitted = key, fit(widths, aligns, width, words)
        return measured.fitted[1]


def table_rows(
    block: Block,
    table: Table,
    columns: Columns | None,
    width: int,
    look: Look,
    options: Options,
) -> list[Row]:
    """The header or one row of a table."""
    head = block.kind is Kind.TABLE_HEAD
    count = len(table_cells(table.delimiter))
    if columns is None and count > _MOST_IN_RECORDS:
        text = f"{block.source}\n{table.delimiter}" if head else block.source
        return wrap([(text, look.text)], width)

    def cells(source: str, base: Style, trace: Trace | None = None) -> list[Cell]:
        formulas = options.readable_formulas
        return [
            inline_source(cell, look, base, block.references, formulas=formulas, trace=trace)
            for cell in pad_cells(table_cells(source), count)
        ]

    own = cells(block.source, look["table-head"] if head else look.text, look.trace)
    if columns is None:
        names = own if head else cells(table.rows[0], look["table-head"])
        return (
            record_head(names, width, look)
            if head
            else record(names, own, width, look, ruled=block.first > 1)
        )
    rows = row_lines(own, columns, look)
    if head:
        rows.append(rule(columns, look))
    elif columns.crowded and block.first > 1:
        rows.insert(0, rule(columns, look))
    if not options.fit_tables:
        rows = [window(spans, options.pan, width) for spans, _ in rows]
    return rows


def record_head(names: Sequence[Cell], width: int, look: Look) -> list[Row]:
    """The names of all columns above a table that is written as records."""
    spans: list[Span] = []
    for name in names:
        spans += [(_BREAK, look["table-frame"]), *name] if spans else name
    return [*wrap(spans, width), _line(width, look)]


def record(
    names: Sequence[Cell], cells: Sequence[Cell], width: int, look: Look, *, ruled: bool
) -> list[Row]:
    """One row of a table as lines of ``Name: value``, for columns that do not fit side by side."""
    rows = [_line(width, look)] if ruled else []
    for name, cell in zip(names, cells, strict=True):
        spans = [*name, (": ", look["table-frame"]), *cell]
        hanging = _HANGING if width - _HANGING >= _NARROWEST else 0
        first, *others = wrap(spans, width - hanging)
        rows.append(first)
        indent = (" " * hanging, look.text)
        rows += [([indent, *rest], used + hanging) for rest, used in others]
    return rows


def _line(width: int, look: Look) -> Row:
    return [("─" * width, look["table-frame"])], width
