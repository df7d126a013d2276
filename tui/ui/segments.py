"""Lines made of segments: when the width is too small, the least important ones go first."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content

_GAP = 3


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a status line; of those that do not fit, the highest ``rank`` is dropped first."""

    content: Content
    rank: int


def fit(segments: Sequence[Segment], width: int, gap: int = _GAP) -> Content:
    """The segments in their order, as many as fit into ``width`` cells, ``gap`` cells apart.

    The lowest rank is placed first, even if it does not fit; whatever fits beside it follows.
    """
    kept: set[int] = set()
    left = width
    for place, segment in sorted(enumerate(segments), key=lambda item: item[1].rank):
        cells = segment.content.cell_length + (gap if kept else 0)
        if segment.content.plain and (cells <= left or not kept):
            kept.add(place)
            left -= cells
    return Content(" " * gap).join([segments[place].content for place in sorted(kept)])
