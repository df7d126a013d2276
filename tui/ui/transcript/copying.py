"""The source text of what is selected: without wrap breaks, frames, padding and gutter.

It is one stretch of the message, less the marks whose counterpart is outside: half of ``**bold**``
is copied without asterisks, and some lines of a code block without its fences.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tui.domain.sanitize import visible
from tui.ui.transcript.aligned import Bounds, Mark
from tui.ui.transcript.blockmap import BlockMap
from tui.ui.transcript.blocks import Block, Fence
from tui.ui.transcript.entry_layout import EntryLayout
from tui.ui.transcript.selection import Part, Place, Selection, offset_in, part_of

MapOf = Callable[[EntryLayout, Block], BlockMap]


def selected_text(entries: Sequence[EntryLayout], selection: Selection, map_of: MapOf) -> str:
    """The text of a selection that begins in the first of the entries and ends in the last."""
    texts: list[str] = []
    for entry in entries:
        for part in Part:
            start = selection.start if selection.start.entry == entry.entry.id else None
            end = selection.end if selection.end.entry == entry.entry.id else None
            if (start and part < start.part) or (end and part > end.part):
                continue
            if part is Part.NOTE and selection.start.part is not Part.NOTE:
                continue
            if part is Part.REASONING and entry.entry.reasoning_folded:
                continue
            start = start if start and start.part is part else None
            end = end if end and end.part is part else None
            texts.append(_part_text(entry, part, start, end, map_of).strip("\n"))
    return "\n\n".join(filter(None, texts))


def _part_text(
    entry: EntryLayout, part: Part, start: Place | None, end: Place | None, map_of: MapOf
) -> str:
    blocks = [block for block in entry.blocks if part_of(block) is part]
    if part is Part.NOTE:
        original = map_of(entry, blocks[0]).source if blocks else ""
    else:
        original = entry.entry.reasoning if part is Part.REASONING else entry.entry.text
    if start is None and end is None:
        return original
    text = _Text(visible(original))
    marks: list[Mark] = []
    first, last = 0, len(text.text)
    if start is not None and (block := _block_at(blocks, start)) is not None:
        first = text.offset(block, map_of(entry, block).source, start)
        marks += text.marks(block, blocks, map_of(entry, block))
    if end is not None and (block := _block_at(blocks, end)) is not None:
        last = text.offset(block, map_of(entry, block).source, end)
        marks += text.marks(block, blocks, map_of(entry, block))
    kept = kept_bounds(first, last, marks)
    if text.text == original:
        return "".join(original[begin:stop] for begin, stop in kept)
    place = _original_places(original, text.text)
    return "".join(original[place[begin] : place[stop]] for begin, stop in kept)


def kept_bounds(start: int, end: int, marks: Sequence[Mark]) -> list[Bounds]:
    """A stretch of source with the marks that belong to it, and without those that do not."""
    dropped: list[Bounds] = []
    taken: list[Bounds] = []
    first, last = start, end
    for mark in marks:
        left, right = mark.inner
        covers = start <= left and right <= end
        if covers and (start < left or right < end):
            first, last = min(first, mark.outer[0]), max(last, mark.outer[1])
            taken += mark.hidden
        else:
            dropped += mark.hidden
    for bounds in taken:
        dropped = [part for whole in dropped for part in _without(whole, bounds)]
    kept: list[Bounds] = []
    for left, right in sorted(dropped):
        kept.append((first, min(left, last)))
        first = max(first, right)
    kept.append((first, last))
    return [(left, right) for left, right in kept if left < right]


def _without(whole: Bounds, part: Bounds) -> list[Bounds]:
    """What is left of a stretch without a part of it."""
    sides = (whole[0], min(whole[1], part[0])), (max(whole[0], part[1]), whole[1])
    return [(left, right) for left, right in sides if left < right]


def _block_at(blocks: Sequence[Block], place: Place) -> Block | None:
    """The block that holds a line of the source."""
    found = [block for block in blocks if block.line <= place.line]
    return found[-1] if found else blocks[0] if blocks else None


@dataclass(slots=True)
class _Text:
    """A message as it is cut into blocks."""

    text: str
    lines: list[str]
    starts: list[int]

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.split("\n")
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line) + 1)

    def offset(self, block: Block, source: str, place: Place) -> int:
        """Where a place in a block is in the message."""
        return self.moved(block, source, offset_in(block, source, place.line, place.column))

    def moved(self, block: Block, source: str, offset: int) -> int:
        """Where an offset into a block's source is in the message."""
        number = block.line + source.count("\n", 0, offset)
        if number >= len(self.lines):
            return len(self.text)
        begin = source.rfind("\n", 0, offset) + 1
        indent = self._indent(block, source, number)
        return self.starts[number] + min(indent + offset - begin, len(self.lines[number]))

    def marks(self, block: Block, blocks: Sequence[Block], found: BlockMap) -> list[Mark]:
        """The marks in and around a block, by their places in the message."""
        source = found.source
        if block.fence is not None:
            return [self._fence_mark(block.fence, [b for b in blocks if b.fence is block.fence])]
        seen, size = found.seen, len(source)
        own = Mark((0, size), seen, ((0, seen[0]), (seen[1], size)))

        def moved(bounds: Bounds) -> Bounds:
            return self.moved(block, source, bounds[0]), self.moved(block, source, bounds[1])

        return [
            Mark(moved(mark.outer), moved(mark.inner), tuple(map(moved, mark.hidden)))
            for mark in (own, *found.marks)
        ]

    def _fence_mark(self, fence: Fence, pieces: Sequence[Block]) -> Mark:
        """The fences around some code, and what stands before each of its lines."""
        first, last = pieces[0], pieces[-1]
        begin, end = first.line, last.line + last.count
        hidden: list[Bounds] = []
        for piece in pieces:
            for number in range(piece.line, min(piece.line + piece.count, len(self.lines))):
                indent = self._indent(piece, piece.source, number)
                hidden.append((self.starts[number], self.starts[number] + indent))
        inner = hidden[0][1] if hidden else self._start(begin), self._start(end) - 1
        opening, closing = self._start(begin), self._start(end) - 1
        if fence.fenced:
            opening = self._start(begin - 1)
            hidden.append((opening, self._start(begin)))
            if fence.closed and end < len(self.lines) and self.lines[end].strip(" \t`~") == "":
                closing = self.starts[end] + len(self.lines[end])
                hidden.append((self._start(end) - 1, closing))
        return Mark((opening, closing), inner, tuple(hidden))

    def _start(self, line: int) -> int:
        return min(self.starts[min(line, len(self.starts) - 1)], len(self.text) + 1)

    def _indent(self, block: Block, source: str, number: int) -> int:
        """How many characters stand before a line of code in the message."""
        if block.fence is None:
            return 0
        lines = source.split("\n")
        at = number - block.line
        if not 0 <= at < len(lines):
            return 0
        return max(0, len(self.lines[number]) - len(lines[at]))


def _original_places(original: str, shown: str) -> list[int]:
    """For each character of a text made safe to show, and for its end, where it comes from."""
    places: list[int] = []
    at = 0
    for character in shown:
        while at < len(original) and visible(original[at]) not in {character, ""}:
            at += 1  # one of too many marks on a letter
        places.append(at)
        at += 2 if original.startswith("\r\n", at) else 1
    return [*places, len(original)]
