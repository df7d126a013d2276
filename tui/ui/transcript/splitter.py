"""Cuts a growing Markdown text into blocks, line by line, in time proportional to what arrives.

A cut is made only where a top-level block, an item of a top-level list or a row of a table
certainly ends; in doubt the lines stay together, and markdown-it decides inside of the block. Each
line is looked at once and only complete lines are final, so the blocks do not depend on how the
text was cut in transit.
"""

import copy

from markdown_it.common.utils import normalizeReference

from tui.ui.transcript import grammar
from tui.ui.transcript.blocks import FITTED_ROWS, Block, Kind
from tui.ui.transcript.formulas import display_opening
from tui.ui.transcript.lines import LineFeed
from tui.ui.transcript.openblocks import (
    OpenBlock,
    OpenFence,
    OpenIndented,
    OpenLine,
    OpenList,
    OpenPlain,
    OpenQuote,
    OpenTable,
)
from tui.ui.transcript.openextras import (
    FOOTNOTE,
    OpenFootnote,
    OpenFormula,
    footnote_label,
)


class Splitter:
    """Text in, blocks out. ``markdown=False`` keeps all but fences as it was written."""

    def __init__(self, *, markdown: bool = True) -> None:
        self.blocks: list[Block] = []
        """The settled blocks; they only ever grow in number."""
        self.changed_from: int | None = None
        """The first settled block that looks different since this was last set to None."""
        self._markdown = markdown
        self._feed = LineFeed()
        self._references: dict[str, dict[str, str]] = {}
        self._open: OpenBlock | None = None
        self._number = 0  # of the next line
        self._opened_at = 0  # the line with which the open block begins
        self._blank = False  # a blank line was seen since the last text
        self._gap = False  # a blank line stands above the next piece
        self._after_heading = False
        self._written = False  # there is a piece already
        self._table_at = 0  # index of the last table's first block

    def feed(self, text: str) -> None:
        """Take more text."""
        for line in self._feed.feed(text):
            self._line(line)

    def close(self) -> None:
        """End the text: everything is settled, late link definitions too."""
        for line in self._feed.close():
            self._line(line)
        self._end()
        if self._references:
            for index, block in enumerate(self.blocks):
                if "[" in block.source:
                    block.revision += 1
                    self._touch(index)

    def tail(self) -> list[Block]:
        """The pieces that are still open, as they would be if the text ended here."""
        partial = self._feed.partial()
        if self._open is None and not partial:
            return []
        return copy.copy(self).end_with(partial)

    def end_with(self, lines: list[str]) -> list[Block]:
        """For a copy made by ``tail``: the blocks after some more lines and the end."""
        self.blocks = []
        self._references = dict(self._references)
        if self._open is not None:
            self._open = self._open.trial()
        for line in lines:
            self._line(line)
        if self._open is not None:
            self._open.live = False
        self._end()
        return self.blocks

    def _line(self, line: str) -> None:
        """Give the line to the open block, or end that and begin another."""
        block = self._open
        if type(block) is OpenBlock and block.lines and grammar.is_table(block.lines[-1], line):
            header = block.lines.pop()
            self._end()
            self._open = OpenTable(header, line)
            self._opened_at = self._number - 1
            self._table_at = len(self.blocks)
        elif block is None or not block.add(line):
            self._end()
            self._begin(line)
        self._number += 1
        self._collect()

    def _begin(self, line: str) -> None:
        """The first line of a block, or a blank line between two."""
        if not line.strip():
            self._blank = True
            return
        self._gap, self._blank = self._blank, False
        self._opened_at = self._number
        if (fence := grammar.fence_opening(line)) is not None:
            self._open = OpenFence(line, *fence)
        elif not self._markdown:
            self._open = OpenPlain(line)
        elif grammar.indent(line) >= grammar.CODE_INDENT:
            self._open = OpenIndented(line)
        elif grammar.is_heading(line) or grammar.is_rule(line):
            self._open = OpenLine(line)
        elif grammar.is_quote(line):
            self._open = OpenQuote(line)
        elif (marker := grammar.item_marker(line)) is not None:
            self._open = OpenList(line, marker)
        elif (label := footnote_label(line)) is not None:
            reference = {"href": FOOTNOTE, "title": ""}
            self._references.setdefault(normalizeReference(f"^{label}"), reference)
            self._open = OpenFootnote(line)
        elif (opening := display_opening(line)) is not None:
            self._open = OpenFormula(line, opening)
        else:
            self._open = OpenBlock(line)

    def _end(self) -> None:
        """End the open block."""
        if self._open is None:
            return
        self._open.end()
        self._collect()
        self._blank = self._open.ends_blank
        if isinstance(self._open, OpenTable):
            self._touch(self._table_at)
        self._open = None

    def _collect(self) -> None:
        """Take over the pieces that the open block has completed."""
        if self._open is None or not self._open.ready:
            return
        ready, self._open.ready = self._open.ready, []
        for block in ready:
            block.line += self._opened_at
            if block.kind is Kind.MARKDOWN and block.source.lstrip().startswith("["):
                self._define(block)
            else:
                self._append(block)
        if isinstance(self._open, OpenTable) and len(self._open.table.rows) <= FITTED_ROWS:
            self._touch(self._table_at)

    def _define(self, block: Block) -> None:
        """Take the link definitions off the top of a paragraph."""
        found, lines = grammar.definitions(block.source)
        for label, definition in found.items():
            self._references.setdefault(label, definition)
        source = block.source.split("\n")
        if lines:
            self._append(Block(Kind.DEFINITION, "\n".join(source[:lines]), block.line))
        if lines < len(source):
            self._append(Block(Kind.MARKDOWN, "\n".join(source[lines:]), block.line + lines))

    def _append(self, block: Block) -> None:
        heading = block.kind is Kind.MARKDOWN and grammar.is_heading_block(block.source)
        gap = (block.gap or self._gap or heading) and not self._after_heading
        block.gap = gap and self._written
        block.references = self._references
        self._gap, self._after_heading, self._written = False, heading, True
        self.blocks.append(block)

    def _touch(self, index: int) -> None:
        """A settled block looks different from now on."""
        if self.changed_from is None or index < self.changed_from:
            self.changed_from = index
