"""Cells of a table drawn line by line: cut and padded to a width, with matches highlighted."""

from collections.abc import Collection, Iterator

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style


def fitted(text: str, width: int, *, right: bool = False) -> str:
    """The text in exactly ``width`` cells; an ellipsis shows that it was cut."""
    if width <= 0:
        return ""
    length = cell_len(text)
    if length > width:
        return set_cell_size(text, width - 1) + "…"
    padding = " " * (width - length)
    return padding + text if right else text + padding


def highlighted(
    text: str, places: Collection[int], plain: Style, match: Style
) -> Iterator[Segment]:
    """The text in segments; the characters at ``places`` in the style ``match``."""
    if not places:
        yield Segment(text, plain)
        return
    begun, inside = 0, 0 in places
    for place in range(1, len(text) + 1):
        if place == len(text) or (place in places) != inside:
            yield Segment(text[begun:place], match if inside else plain)
            begun, inside = place, not inside
