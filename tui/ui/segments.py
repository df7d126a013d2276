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
    """The segments in their order, as many as fit into ``width`` cells, ``gap`` cells apart."""
    kept = [segment for segment in segments if segment.content.plain]
    while len(kept) > 1 and _width(kept, gap) > width:
        kept.remove(max(kept, key=lambda segment: segment.rank))
    return Content(" " * gap).join([segment.content for segment in kept])


def _width(segments: Sequence[Segment], gap: int) -> int:
    return sum(segment.content.cell_length for segment in segments) + gap * (len(segments) - 1)
