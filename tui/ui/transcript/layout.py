"""Where every entry and block stands, and what must be measured to show a place."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from tui.ui.transcript.blocks import Block, Kind
from tui.ui.transcript.document import Entry, Outline
from tui.ui.transcript.entry_layout import EntryLayout
from tui.ui.transcript.entry_list import EntryList
from tui.ui.transcript.heights import Heights

Measure = Callable[[Entry, Block, int], int]
"""The height in rows of an entry's block at a width."""


@dataclass(slots=True)
class Anchor:
    """A row of the document that stays where it is while heights around it change."""

    entry: EntryLayout
    block: Block
    index: int
    """The block's place in its entry, for when the block itself is replaced."""
    offset: int


class Layout:
    """All entries, top to bottom."""

    def __init__(self, measure: Measure) -> None:
        self.width = 1
        self.entries = EntryList(Outline.of([]), self.width)
        self._measure = measure
        self._heights = Heights()

    @property
    def total(self) -> int:
        """Rows of the whole document; partly guessed."""
        return self._heights.total

    def show(self, outline: Outline) -> None:
        """Replace everything."""
        self.entries = EntryList(outline, self.width)
        self._sum_up()

    def add(self, entry: Entry) -> None:
        """Append an entry."""
        self._heights.append(self.entries.append(entry).height)

    def remove(self, entry_id: str) -> None:
        """Take an entry out."""
        self.entries.remove(entry_id)
        self._sum_up()

    def get(self, entry_id: str) -> EntryLayout | None:
        """The entry of that id."""
        return self.entries.get(entry_id)

    def resize(self, width: int) -> None:
        """Lay everything out for another width."""
        self.width = width
        self.entries.resize(width)
        self._sum_up()

    def sync(self, entry: EntryLayout) -> int:
        """An entry has changed; the first row that may look different now."""
        block = entry.sync()
        index = self.index_of(entry)
        self._heights.set(index, entry.height)
        return self._heights.before(index) + entry.heights.before(min(block, len(entry.heights)))

    def _sum_up(self) -> None:
        self._heights = Heights(self.entries.heights())

    def find(self, row: int) -> tuple[EntryLayout, int, int]:
        """The entry, the index of the block in it and the row in that block.

        Raises:
            IndexError: There is no such row.

        """
        index, rest = self._heights.find(row)
        entry = self.entries[index]
        self._open(index)
        # Opening may have changed the height: stay inside of the entry.
        block, offset = entry.heights.find(min(rest, entry.height - 1))
        return entry, block, offset

    def place(self, entry: EntryLayout, block: int = 0, offset: int = 0) -> Anchor:
        """A place by the index of a block, wherever that stands."""
        self._open(self.index_of(entry))
        block = min(block, len(entry.blocks) - 1)
        return Anchor(entry, entry.blocks[block], block, offset)

    def index_of(self, entry: EntryLayout) -> int:
        """Which of the entries this one is, from 0."""
        return self.entries.index_of(entry)

    def redraw(self, kinds: Collection[Kind]) -> None:
        """Blocks of these kinds are drawn in another way now: forget their heights."""
        for entry in self.entries.made():
            entry.redraw(kinds)
        self._sum_up()

    def anchor(self, row: int) -> Anchor | None:
        """The place that ``row`` shows now."""
        try:
            entry, index, offset = self.find(row)
        except IndexError:
            return None
        return Anchor(entry, entry.blocks[index], index, offset)

    def row_of(self, anchor: Anchor) -> int:
        """The row where the anchor stands now; its entry must still be there."""
        entry = anchor.entry
        index = self._block_index(anchor)
        inside = min(anchor.offset, entry.heights[index] - 1)
        start = self._heights.before(self.index_of(entry))
        return start + entry.heights.before(index) + max(0, inside)

    def holds(self, anchor: Anchor) -> bool:
        """Whether the anchor's entry is still part of the document."""
        return anchor.entry in self.entries

    def settle(self, anchor: Anchor, above: int, below: int) -> None:
        """Measure the blocks around an anchor: so many rows above it and below it."""
        at, index = self.index_of(anchor.entry), self._block_index(anchor)
        self._settle_down(at, index, below + anchor.offset)
        self._settle_up(at, index, above)

    def settle_end(self, rows: int) -> None:
        """Measure the last blocks, so many rows of them."""
        self._settle_up(len(self.entries), 0, rows)

    def _settle_down(self, at: int, index: int, rows: int) -> None:
        while rows > 0 and at < len(self.entries):
            self._open(at)
            blocks = self.entries[at].blocks
            while rows > 0 and index < len(blocks):
                rows -= self._settle(at, index)
                index += 1
            at, index = at + 1, 0

    def _settle_up(self, at: int, index: int, rows: int) -> None:
        while rows > 0:
            if index == 0:
                if at == 0:
                    return
                at -= 1
                self._open(at)
                index = len(self.entries[at].blocks)
                continue
            index -= 1
            rows -= self._settle(at, index)

    def _settle(self, at: int, index: int) -> int:
        layout = self.entries[at]
        block = layout.blocks[index]
        if block.measured is None or block.measured[0] != self.width:
            height = self._measure(layout.entry, block, self.width)
            block.measured = self.width, height
            layout.heights.set(index, height)
            self._heights.set(at, layout.height)
        return block.measured[1]

    def _open(self, at: int) -> None:
        self.entries[at].open()
        self._heights.set(at, self.entries[at].height)

    def _block_index(self, anchor: Anchor) -> int:
        """The place of the anchor's block in its entry now."""
        # What folds or resizes an entry may leave it with its old blocks until it is opened.
        self._open(self.index_of(anchor.entry))
        blocks = anchor.entry.blocks
        index = min(anchor.index, len(blocks) - 1)
        if blocks[index] is anchor.block:
            return index
        try:
            return blocks.index(anchor.block)
        except ValueError:
            return index
