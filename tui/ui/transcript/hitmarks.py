"""Marks what was found in rows that are drawn already."""

from dataclasses import dataclass

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.ui.transcript.blocks import Block
from tui.ui.transcript.find import Query

_GUTTER = 2
_DECORATION = " │›‹↳"
_KEPT = 256


@dataclass(frozen=True, slots=True)
class Part:
    """The cells of a row that a hit takes."""

    row: int
    start: int
    end: int


def occurrences(query: Query, strips: list[Strip]) -> list[list[Part]]:
    """Where the query is seen in the rows of a block: for each time, the rows that it takes."""
    texts = [strip.text[_GUTTER:].rstrip() for strip in strips]
    starts = [0]
    for text in texts:
        starts.append(starts[-1] + len(text) + 1)
    found: list[list[Part]] = []
    row = 0
    for match in query.in_rows.finditer("\n".join(texts)):
        while starts[row + 1] <= match.start():
            row += 1
        parts: list[Part] = []
        at = row
        while at < len(texts) and starts[at] < match.end():
            start, end = max(match.start(), starts[at]), min(match.end(), starts[at + 1] - 1)
            start, end = start - starts[at], end - starts[at]
            text = texts[at]
            if at > row:
                start += len(text[start:end]) - len(text[start:end].lstrip(_DECORATION))
            if starts[at + 1] <= match.end():
                end = start + len(text[start:end].rstrip(_DECORATION))
            if start < end:
                cell = _GUTTER + cell_len(text[:start])
                parts.append(Part(at, cell, cell + cell_len(text[start:end])))
            at += 1
        if parts:
            found.append(parts)
    return found


class HitMarks:
    """Rows with their hits marked, kept as long as the rows themselves are the same."""

    def __init__(self, query: Query) -> None:
        self.query = query
        self.current: tuple[Block, int] | None = None
        """The block of the current hit, and which of the block's hits it is."""
        self._kept: dict[Block, tuple[list[Strip], object, list[Strip]]] = {}

    def paint(self, block: Block, strips: list[Strip], hit: Style, current: Style) -> list[Strip]:
        """The rows of a block with marks."""
        chosen = self.current[1] if self.current and self.current[0] is block else None
        state = (chosen, hit, current)
        kept = self._kept.get(block)
        if kept is not None and kept[0] is strips and kept[1] == state:
            return kept[2]
        painted = list(strips)
        found = occurrences(self.query, strips)
        if chosen is not None and found:
            chosen = min(chosen, len(found) - 1)
        for number, parts in enumerate(found):
            style = current if number == chosen else hit
            for part in parts:
                painted[part.row] = marked(painted[part.row], part.start, part.end, style)
        if len(self._kept) >= _KEPT:
            self._kept.clear()
        self._kept[block] = strips, state, painted
        return painted


def marked(strip: Strip, start: int, end: int, style: Style) -> Strip:
    """A row with some of its cells in another style."""
    return Strip.join(
        [
            strip.crop(0, start),
            Strip(Segment.apply_style(strip.crop(start, end), post_style=style), end - start),
            strip.crop(end, strip.cell_length),
        ]
    )
