"""A block on the screen beside its source: from cells to offsets and back."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from rich.cells import split_graphemes

from tui.ui.transcript.aligned import Bounds, Mark
from tui.ui.transcript.trace import Piece
from tui.ui.transcript.wrap import is_narrow

_WORD = re.compile(r"\w[\w\u200c\u200d\ufe0f\u0300-\u036f]*|\s+|[^\w\s]", re.UNICODE)


@dataclass(frozen=True)
class BlockMap:
    """What each row of a block shows of its source, and the marks that it does not show."""

    source: str
    rows: Sequence[Sequence[Piece]]
    marks: Sequence[Mark]

    @cached_property
    def seen(self) -> Bounds:
        """From the first character that is seen to the last one."""
        shown = [piece for row in self.rows for piece in row]
        if not shown:
            return 0, len(self.source)
        return min(piece.start for piece in shown), max(piece.end for piece in shown)

    def under(self, row: int, cell: int) -> Bounds:
        """The character under a cell; beside the text, the place where it begins or ends."""
        pieces = self.rows[row] if row < len(self.rows) else ()
        if not pieces:
            return self._beside(row)
        first = pieces[0]
        if cell < first.cell:
            start = self.source.rfind("\n", 0, first.start) + 1
            inner = first.start if self._is_seen_before(start, first.start) else start
            return inner, inner
        before = first
        for piece in pieces:
            if cell < piece.cell:
                return before.end, before.end
            if (bounds := _character(piece, cell - piece.cell)) is not None:
                return bounds
            before = piece
        return before.end, before.end

    def cells(self, row: int, start: int, end: int) -> list[Bounds]:
        """The cells of a row that show something of this part of the source."""
        found: list[Bounds] = []
        for piece in self.rows[row] if row < len(self.rows) else ():
            if piece.end <= start or piece.start >= end:
                continue
            bounds = _cells(piece, start, end)
            if found and found[-1][1] == bounds[0]:
                bounds = found.pop()[0], bounds[1]
            found.append(bounds)
        return found

    def row_of(self, offset: int) -> int:
        """The row that shows this place in the source, or the next one that shows anything."""
        for number, row in enumerate(self.rows):
            if any(piece.end > offset for piece in row):
                return number
        return max(0, len(self.rows) - 1)

    def word(self, offset: int) -> Bounds:
        """The word at a place, or the white space or the sign that stands there instead."""
        pieces = [p for row in self.rows for p in row if p.start <= offset < p.end]
        if pieces and not pieces[0].is_literal:
            return pieces[0].start, pieces[0].end
        start, end = self.line(offset)
        for match in _WORD.finditer(self.source, start, end):
            if match.start() <= offset < match.end():
                return match.span()
        return offset, offset

    def line(self, offset: int) -> Bounds:
        """The line of source at a place."""
        start = self.source.rfind("\n", 0, offset) + 1
        end = self.source.find("\n", offset)
        return start, len(self.source) if end < 0 else end

    def _beside(self, row: int) -> Bounds:
        """Where a row without text stands: below what is above it."""
        for above in reversed(self.rows[:row]):
            if above:
                return above[-1].end, above[-1].end
        return self.seen[0], self.seen[0]

    def _is_seen_before(self, start: int, end: int) -> bool:
        return any(start <= p.start < end for row in self.rows for p in row)


def _character(piece: Piece, cell: int) -> Bounds | None:
    """The bounds of the character at a cell of a piece; None if the piece ends before."""
    if is_narrow(piece.text):
        if cell >= len(piece.text):
            return None
        return (piece.start + cell, piece.start + cell + 1) if piece.is_literal else _whole(piece)
    for first, last, width in split_graphemes(piece.text)[0]:
        if cell < width:
            if piece.is_literal:
                return piece.start + first, piece.start + last
            return _whole(piece)
        cell -= width
    return None


def _whole(piece: Piece) -> Bounds:
    return piece.start, piece.end


def _cells(piece: Piece, start: int, end: int) -> Bounds:
    """The cells of a piece that show a part of the source; half a character counts as whole."""
    if is_narrow(piece.text):
        if not piece.is_literal:
            return piece.cell, piece.cell + len(piece.text)
        first = max(0, start - piece.start)
        last = min(len(piece.text), end - piece.start)
        return piece.cell + first, piece.cell + last
    at = piece.cell
    left, right = -1, at
    for first, last, width in split_graphemes(piece.text)[0]:
        inside = piece.start + first < end and piece.start + last > start
        if inside or not piece.is_literal:
            left = at if left < 0 else left
            right = at + width
        at += width
    return max(left, piece.cell), right
