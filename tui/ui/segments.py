"""Lines made of segments: when the width is too small, the least important ones go first."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content

_GAP = 3


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a status line; of those that do not fit, the highest ``rank`` is dropped first.

    ``shorter`` are other ways to say it, each shorter than the one before. One that has some is
    rather said shortly than left out for the sake of the longer form of another one.
    """

    content: Content
    rank: int
    shorter: tuple[Content, ...] = ()

    @property
    def forms(self) -> tuple[Content, ...]:
        """Every way to say it, the longest first."""
        return (self.content, *self.shorter)


def fit(segments: Sequence[Segment], width: int, gap: int = _GAP) -> Content:
    """The segments in their order, as many as fit into ``width`` cells, ``gap`` cells apart.

    The lowest rank is placed first, even if it does not fit; whatever fits beside it follows.
    """
    ranked = sorted(enumerate(segments), key=lambda item: item[1].rank)
    said = [(place, one) for place, one in ranked if one.content.plain]
    kept: dict[int, Content] = {}
    left = width
    for index, (place, segment) in enumerate(said):
        between = gap if kept else 0
        to_come = sum(
            gap + one.shorter[-1].cell_length for _, one in said[index + 1 :] if one.shorter
        )
        fitting = [form for form in segment.forms if form.cell_length + between <= left]
        roomy = [form for form in fitting if form.cell_length + between + to_come <= left]
        # Where not all of them find room, the more important one has it.
        form = next(iter([*roomy, *fitting[-1:]]), None)
        if form is None and not kept:
            form = segment.forms[-1]
        if form is not None:
            kept[place] = form
            left -= form.cell_length + between
    return Content(" " * gap).join([kept[place] for place in sorted(kept)])
