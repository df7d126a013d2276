"""One entry as a list of blocks with heights, guessed until they are seen."""

from collections.abc import Collection, Iterable

from tui.domain.sanitize import single_line
from tui.ui.transcript.blocks import Block, Kind
from tui.ui.transcript.document import Entry, Role, shape_of
from tui.ui.transcript.heights import Heights
from tui.ui.transcript.pictures import picture_blocks
from tui.ui.transcript.splitter import Splitter

_FOLDED_ROWS = 2
_FOLDED_TEXT = 60
"""Characters of a folded entry that are shown."""
_AROUND = 2
"""Rows of an entry beside its text: its last line and the blank line below it."""


_NOTHING = Heights()
"""Stands for the heights of an entry that is still to be cut: there are many of these."""


def guessed_heights(shapes: Iterable[tuple[int, int]], width: int) -> list[int]:
    """The rows of entries with texts of so many characters and line breaks."""
    width = max(1, width)
    return [breaks + characters // width + _AROUND for characters, breaks in shapes]


class EntryLayout:
    """One entry: cut into blocks only when it comes near the view."""

    def __init__(self, entry: Entry, width: int) -> None:
        self.entry = entry
        self.blocks: list[Block] = []
        self.heights = _NOTHING
        self._width = width
        self._body: Splitter | None = None
        self._reasoning: Splitter | None = None
        self._settled = 0  # blocks that further text of the answer leaves alone
        self._placed = 0  # how many of the answer's blocks are among them
        self._rebuild = True
        self._resized = False  # the heights still are those at another width
        self._guess: tuple[int, int] | None = None  # characters and line breaks, until it is opened
        self._note: Block | None = None
        self._images: list[Block] = []
        self._separator: Block | None = None

    @property
    def height(self) -> int:
        """Rows, as far as they are known, guessed for the rest."""
        if self._body is not None:
            return self.heights.total
        if self.entry.hidden:
            return _FOLDED_ROWS
        if self._guess is None:
            entry = self.entry
            shown = entry.text if entry.reasoning_folded else entry.text + entry.reasoning
            characters, breaks = shape_of(shown)
            self._guess = characters, breaks + bool(entry.reasoning) + bool(entry.note)
        return guessed_heights([self._guess], self._width)[0]

    def open(self) -> None:
        """Cut the entry into blocks, if that is still to be done."""
        if self._body is not None:
            if self._resized:
                self.sync()
            return
        markdown = self.entry.role is Role.ASSISTANT
        self._body = Splitter(markdown=markdown)
        self._body.feed(self.entry.text)
        self._reasoning = Splitter()
        self._reasoning.feed(self.entry.reasoning)
        if not self.entry.open:
            self._body.close()
            self._reasoning.close()
        self.sync()

    def append(self, text: str, reasoning: str = "") -> None:
        """More of the answer, more of its reasoning; ``sync`` makes it count."""
        entry = self.entry
        # The first text folds the reasoning, and all text stands below it.
        self._rebuild |= bool(reasoning) or not entry.text
        self._guess = None
        entry.text += text
        entry.reasoning += reasoning
        if self._body is not None and self._reasoning is not None:
            self._body.feed(text)
            self._reasoning.feed(reasoning)

    def close(self) -> None:
        """No more text will come."""
        self.entry.open = False
        self._rebuild = True
        if self._body is not None and self._reasoning is not None:
            self._body.close()
            self._reasoning.close()

    def resize(self, width: int) -> None:
        """The width is another one: forget all heights, once the entry comes near the view."""
        self._width = width
        self._rebuild = self._resized = True

    def redraw(self, kinds: Collection[Kind]) -> None:
        """Forget the heights of blocks of these kinds."""
        known = [block for block in self.blocks if block.kind in kinds]
        for block in known:
            block.measured = None
        if known:
            self._rebuild = True
            self.sync()

    def changed(self) -> None:
        """Something else than the text changed: a note, the fold."""
        self._rebuild = True
        self._note = None

    def sync(self) -> int:
        """Bring the list of blocks up to date; the index of the first one that may be new."""
        if self._body is None or self._reasoning is None:
            return 0
        self._resized = False
        if self.entry.hidden:
            return self._sync_hidden()
        first = self._settled
        if self._rebuild:
            first, self._rebuild = 0, False
            self.blocks, self.heights = [], Heights()
            self._settled = self._placed = 0
            self._place_reasoning(self._reasoning)
            self._settled = len(self.blocks)
        del self.blocks[self._settled :]
        self.heights.truncate(self._settled)
        for block in self._body.blocks[self._placed :]:
            self._place(block)
        offset = len(self.blocks) - len(self._body.blocks)
        if (changed := self._body.changed_from) is not None:
            self._body.changed_from = None
            first = min(first, offset + changed)
            for block in self.blocks[offset + changed :]:
                block.measured = None
        self._settled, self._placed = len(self.blocks), len(self._body.blocks)
        for block in self._body.tail():
            self._place(block)
        for block in self._image_blocks():
            self._place(block)
        if note := self.entry.shown_note():
            self._note = self._note or Block(Kind.NOTE, content=note)
            self._place(self._note)
        self._place_separator()
        return first

    def _sync_hidden(self) -> int:
        """One row stands for the whole entry."""
        text = self.entry.text or self.entry.reasoning
        lines = text.count("\n") + 1
        size = "1 line" if lines == 1 else f"{lines:,} lines"
        self.blocks, self.heights, self._rebuild = [], Heights(), True
        self._place(Block(Kind.FOLDED, single_line(text, _FOLDED_TEXT), content=size))
        self._place_separator()
        return 0

    def _image_blocks(self) -> list[Block]:
        if len(self._images) != len(self.entry.images):
            self._images = picture_blocks(self.entry)
        return self._images

    def _place_separator(self) -> None:
        self._separator = self._separator or Block(Kind.SEPARATOR)
        self._place(self._separator)

    def _place_reasoning(self, reasoning: Splitter) -> None:
        entry = self.entry
        if not entry.reasoning:
            return
        folded = entry.reasoning_folded
        label = entry.heading or f"reasoning · {len(entry.reasoning):,} characters"
        self._place(Block(Kind.REASONING, label, folded=folded, quiet=True))
        if folded:
            return
        if reasoning.changed_from is not None:
            for block in reasoning.blocks[reasoning.changed_from :]:
                block.measured = None
            reasoning.changed_from = None
        for block in (*reasoning.blocks, *reasoning.tail()):
            block.quiet = True
            self._place(block)

    def _place(self, block: Block) -> None:
        self.blocks.append(block)
        self.heights.append(self._height(block))

    def _height(self, block: Block) -> int:
        if block.measured is not None and block.measured[0] == self._width:
            return block.measured[1]
        if block.fence is not None and block.fence.folded and block.first:
            return 0
        lines = block.count or block.source.count("\n") + 1
        return max(lines, len(block.source) // max(1, self._width) + 1) + block.gap
