"""The top-level block that the next line may continue, one class for each kind.

``add`` takes a line or refuses it; pieces that are complete wait in ``ready``; ``end`` completes
the rest. A ``trial`` copy can be ended without touching what the settled pieces share.
"""

import copy
from typing import Self

from tui.ui.transcript import grammar
from tui.ui.transcript.blocks import PIECE_LINES, Block, Fence, Kind, Table


class OpenBlock:
    """A block that is read line by line: by itself, a paragraph."""

    kind = Kind.MARKDOWN

    def __init__(self, line: str) -> None:
        self.lines = [line]
        self.at = 0
        """Where the next piece begins, in lines from the beginning of this block."""
        self.ready: list[Block] = []
        self.live = True

    @property
    def ends_blank(self) -> bool:
        """Whether blank lines that it took stand between it and what follows."""
        return False

    def add(self, line: str) -> bool:
        """Take the line if it belongs to this block."""
        if not self.lines:
            return False
        underlined = grammar.is_underline(line)
        if not underlined and (not line.strip() or grammar.interrupts_paragraph(line)):
            return False
        self.lines.append(line)
        if underlined:  # it makes a heading of the paragraph, and ends it
            self.end()
        return True

    def end(self) -> None:
        """Complete the last piece."""
        if self.lines:
            self.ready.append(Block(self.kind, "\n".join(self.lines), self.at))
            self.lines = []

    def trial(self) -> Self:
        """A copy that can take lines and end while this one goes on."""
        trial = copy.copy(self)
        trial.lines = list(self.lines)
        trial.ready = []
        trial.live = False
        return trial


class OpenLine(OpenBlock):
    """A heading or a thematic break: complete at once."""

    def add(self, line: str) -> bool:
        """Nothing continues it."""
        return False


class OpenQuote(OpenBlock):
    """A block quote, with the lines that continue its paragraph without a mark."""

    def add(self, line: str) -> bool:
        """Take marked lines, and unmarked ones that begin nothing else."""
        if not grammar.is_quote(line) and (not line.strip() or grammar.starts_block(line)):
            return False
        self.lines.append(line)
        return True


class OpenList(OpenBlock):
    """A list: its items become pieces one by one."""

    kind = Kind.ITEM

    def __init__(self, line: str, marker: tuple[str, int, int | None]) -> None:
        super().__init__(line)
        self._type, self._content, self._ordinal = marker
        self._seen = 0
        self._blanks = 0
        self._gap = False

    def add(self, line: str) -> bool:
        """Take what is indented, what continues a paragraph, and further items of this list."""
        self._seen += 1
        if not line.strip():
            self._blanks += 1
            return True
        if grammar.indent(line) >= self._content:
            self._take(line)
            return True
        marker = grammar.item_marker(line)
        if marker is not None and marker[0] == self._type:
            gap = self._blanks > 0
            ordinal = None if self._ordinal is None else self._ordinal + 1
            self.end()
            self.lines, self.at, self._gap, self._blanks = [line], self._seen, gap, 0
            self._content, self._ordinal = marker[1], ordinal
            return True
        if self._blanks or marker is not None or grammar.starts_block(line):
            return False
        self._take(line)
        return True

    def _take(self, line: str) -> None:
        self.lines.extend([""] * self._blanks)
        self.lines.append(line)
        self._blanks = 0

    @property
    def ends_blank(self) -> bool:
        """Whether blank lines stand between the last item and what follows."""
        return self._blanks > 0

    def end(self) -> None:
        """Complete the last item."""
        if self.lines:
            source = "\n".join(self.lines)
            self.ready.append(
                Block(self.kind, source, self.at, gap=self._gap, ordinal=self._ordinal)
            )
            self.lines = []


class OpenPlain(OpenBlock):
    """Lines that are shown as they are, blank ones too."""

    kind = Kind.PLAIN

    def add(self, line: str) -> bool:
        """Take everything but the beginning of a fence."""
        if grammar.fence_opening(line) is not None:
            return False
        if len(self.lines) == PIECE_LINES:
            self.end()
            self.at += PIECE_LINES
        self.lines.append(line)
        return True


class OpenFence(OpenBlock):
    """Fenced code: some lines make a piece."""

    kind = Kind.CODE

    def __init__(self, line: str, opening: str, language: str) -> None:
        super().__init__("")
        self.lines = []
        self.at = 1
        self.fence = Fence(language)
        self._opening = opening
        self._indent = grammar.indent(line)
        self._first = 0
        self._closed = False

    def add(self, line: str) -> bool:
        """Take every line up to the fence's end."""
        if self._closed:
            return False
        if grammar.closes_fence(line, self._opening):
            self.end()
        else:
            self._take(line[min(self._indent, len(line) - len(line.lstrip(" "))) :])
        return True

    def _take(self, line: str) -> None:
        if len(self.lines) == PIECE_LINES:
            self._complete(last=False)
        self.lines.append(line)

    def _complete(self, *, last: bool) -> None:
        count = len(self.lines)
        block = Block(
            self.kind,
            "\n".join(self.lines),
            self.at + self._first,
            fence=self.fence,
            first=self._first,
            count=count,
            last=last,
        )
        self.ready.append(block)
        self._first += count
        if self.live:
            self.fence.lines.extend(self.lines)
            self.fence.closed = last
        self.lines = []

    def end(self) -> None:
        """Complete the code, whether its closing fence came or not."""
        if not self._closed:
            self._complete(last=self.live)
            self._closed = True


class OpenIndented(OpenFence):
    """Code by indentation; blank lines at its end do not belong to it."""

    def __init__(self, line: str) -> None:
        super().__init__("", "", "")
        self.fence.fenced = False
        self.at = 0
        self._blanks: list[str] = []
        self.add(line)

    def add(self, line: str) -> bool:
        """Take indented and blank lines."""
        expanded = line.expandtabs(4)
        if not line.strip():
            self._blanks = [*self._blanks, expanded[grammar.CODE_INDENT :]]
            return True
        if grammar.indent(line) < grammar.CODE_INDENT:
            return False
        for blank in self._blanks:
            self._take(blank)
        self._blanks = []
        self._take(expanded[grammar.CODE_INDENT :])
        return True

    @property
    def ends_blank(self) -> bool:
        """Whether blank lines stand between the code and what follows."""
        return bool(self._blanks)


class OpenTable(OpenBlock):
    """A table: every row is a piece."""

    kind = Kind.TABLE_ROW

    def __init__(self, header: str, delimiter: str) -> None:
        super().__init__("")
        self.lines = []
        self.table = Table(delimiter, [header])
        self.ready = [Block(Kind.TABLE_HEAD, header, table=self.table)]

    def add(self, line: str) -> bool:
        """Take rows."""
        if (
            not line.strip()
            or grammar.indent(line) >= grammar.CODE_INDENT
            or grammar.starts_block(line)
        ):
            return False
        row = len(self.table.rows)
        self.ready.append(Block(self.kind, line, row + 1, table=self.table, first=row))
        if self.live:
            self.table.rows.append(line)
        return True

    def end(self) -> None:
        """Settle the widths of the columns."""
        if self.live:
            self.table.closed = True
