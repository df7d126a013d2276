"""What is selected, by places in the source: rows may move and wrap in another way meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum, IntEnum, auto

from tui.ui.transcript.aligned import Bounds
from tui.ui.transcript.blockmap import BlockMap
from tui.ui.transcript.blocks import Block, Kind
from tui.ui.transcript.document import Entry
from tui.ui.transcript.entry_layout import EntryLayout
from tui.ui.transcript.layout import Layout

TraceBlock = Callable[[Entry, Block], BlockMap]
"""Which part of a block's source its cells show."""

_KEPT_MAPS = 256
_FAR = 1 << 60


class Part(IntEnum):
    """Which text of an entry, in the order in which they are shown."""

    REASONING = auto()
    TEXT = auto()
    NOTE = auto()


class Unit(Enum):
    """By how much a selection grows."""

    CHARACTER = auto()
    WORD = auto()
    LINE = auto()


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a text of an entry: between two characters of a line of its source."""

    entry: str
    part: Part
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Selection:
    """Everything from one place to another one below it."""

    start: Place
    end: Place


@dataclass(frozen=True, slots=True)
class Spot:
    """What is under the mouse: a character, word or line, or the place beside one."""

    start: Place
    end: Place
    row: tuple[Place, Place] | None = None
    """The row of a table that it is in."""


def part_of(block: Block) -> Part | None:
    """The text that a block is cut from; None if it shows nothing of any."""
    if block.kind in {Kind.SEPARATOR, Kind.REASONING, Kind.FOLDED, Kind.IMAGE}:
        return None
    if block.kind is Kind.NOTE:
        return Part.NOTE
    return Part.REASONING if block.quiet else Part.TEXT


def place_in(entry: EntryLayout, block: Block, source: str, offset: int) -> Place:
    """The place at an offset into the source of a block."""
    part = part_of(block) or Part.TEXT
    line = block.line + source.count("\n", 0, offset)
    return Place(entry.entry.id, part, line, offset - source.rfind("\n", 0, offset) - 1)


def offset_in(block: Block, source: str, line: int, column: int) -> int:
    """The offset into the source of a block; what is outside of it counts as its ends."""
    if line < block.line:
        return 0
    start = 0
    for _ in range(line - block.line):
        start = source.find("\n", start) + 1
        if not start:
            return len(source)
    end = source.find("\n", start)
    return min(start + column, len(source) if end < 0 else end)


class Places:
    """From cells to places in the source and back, for one document."""

    def __init__(self, layout: Layout, trace: TraceBlock) -> None:
        self._layout = layout
        self._trace = trace
        self._maps: dict[tuple[Block, int, int], BlockMap] = {}

    def forget(self) -> None:
        """Drop what can be computed again."""
        self._maps.clear()

    def map(self, entry: EntryLayout, block: Block) -> BlockMap:
        """The cells and the source of a block."""
        rows = block.measured[1] if block.measured else 0
        key = block, self._layout.width, rows
        found = self._maps.get(key)
        if found is None:
            if len(self._maps) >= _KEPT_MAPS:
                self._maps.clear()
            found = self._maps[key] = self._trace(entry.entry, block)
        return found

    def at(self, row: int, cell: int, unit: Unit, *, notes: bool) -> Spot | None:
        """What is at a cell of the document; the quiet lines under answers only if asked for."""
        if not self._layout.total:
            return None
        entry, index, inside = self._layout.find(max(0, min(row, self._layout.total - 1)))
        block = entry.blocks[index]
        if part_of(block) is None or (block.kind is Kind.NOTE and not notes):
            return self._beside(entry, index)
        found = self.map(entry, block)
        start, end = found.under(inside, cell)
        if unit is Unit.WORD and start < end:
            start, end = found.word(start)
        elif unit is Unit.LINE:
            start, end = found.line(start)
        return self._spot(entry, block, start, end)

    def select(self, first: Spot, other: Spot) -> Selection | None:
        """From one spot to the other, both included; whole rows of a table if there are several."""
        if self.key(first.start) is None or self.key(other.start) is None:
            return None
        if first.start.part is Part.NOTE and self._key_of_text(first) != self._key_of_text(other):
            other = self._clamped(first, other)
        if first.row != other.row:
            first, other = _whole_row(first), _whole_row(other)
        start = min(first.start, other.start, key=self._key)
        end = max(first.end, other.end, key=self._key)
        return Selection(start, end)

    def within(self, selection: Selection, entry: EntryLayout, block: Block) -> Bounds | None:
        """The part of a block's source that is selected."""
        part = part_of(block)
        if part is None or (part is Part.NOTE) != (selection.start.part is Part.NOTE):
            return None
        start, end = self.key(selection.start), self.key(selection.end)
        index = self._layout.index_of(entry)
        if start is None or end is None or end < (index, part, block.line, 0):
            return None
        last = block.line + block.source.count("\n")
        if start > (index, part, last, _FAR):
            return None
        source = self.map(entry, block).source if part is Part.NOTE else block.source
        first, final = 0, len(source)
        if start[:2] == (index, part):
            first = offset_in(block, source, start[2], start[3])
        if end[:2] == (index, part):
            final = offset_in(block, source, end[2], end[3])
        return (first, final) if first < final else None

    def key(self, place: Place) -> tuple[int, int, int, int] | None:
        """For comparing places; None if the entry is gone."""
        entry = self._layout.get(place.entry)
        if entry is None:
            return None
        return self._layout.index_of(entry), place.part, place.line, place.column

    def _key(self, place: Place) -> tuple[int, int, int, int]:
        return self.key(place) or (0, 0, 0, 0)

    def _key_of_text(self, spot: Spot) -> tuple[str, Part]:
        return spot.start.entry, spot.start.part

    def _clamped(self, first: Spot, other: Spot) -> Spot:
        """An end of the text in which the selection began, for one that has left it."""
        if self._key(other.start) < self._key(first.start):
            place = replace(first.start, line=0, column=0)
        else:
            place = replace(first.end, line=_FAR, column=0)
        return Spot(place, place)

    def _beside(self, entry: EntryLayout, index: int) -> Spot:
        """The end of the text above a block without any, or the beginning of what is below."""
        for above in reversed(entry.blocks[:index]):
            if part_of(above) in {Part.REASONING, Part.TEXT}:
                end = self.map(entry, above).seen[1]
                return self._spot(entry, above, end, end)
        for below in entry.blocks[index:]:
            if part_of(below) in {Part.REASONING, Part.TEXT}:
                start = self.map(entry, below).seen[0]
                return self._spot(entry, below, start, start)
        place = Place(entry.entry.id, Part.TEXT, 0, 0)
        return Spot(place, place)

    def _spot(self, entry: EntryLayout, block: Block, start: int, end: int) -> Spot:
        source = self.map(entry, block).source if block.kind is Kind.NOTE else block.source
        row = None
        if block.table is not None:
            row = place_in(entry, block, source, 0), place_in(entry, block, source, len(source))
        return Spot(place_in(entry, block, source, start), place_in(entry, block, source, end), row)


def _whole_row(spot: Spot) -> Spot:
    return spot if spot.row is None else Spot(*spot.row)
