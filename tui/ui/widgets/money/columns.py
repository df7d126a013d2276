"""Figures in columns, as text."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual.content import Content

_GAP = 3
_INDENT = 2
_EIGHTHS = " ▏▎▍▌▋▊▉█"


@dataclass(frozen=True, slots=True)
class Row:
    """Words and figures of one line; figures stand at the right of their columns."""

    name: str
    figures: tuple[str, ...]
    style: str = ""


def columns(rows: Sequence[Row], width: int, *, last: str = "$money") -> list[Content]:
    """The rows with their figures below each other; ``last`` is the style of the last column.

    Names are cut where the figures leave no room for them.
    """
    count = max((len(row.figures) for row in rows), default=0)
    filled = [(*row.figures, *("",) * (count - len(row.figures))) for row in rows]
    widths = [max(cell_len(figures[at]) for figures in filled) for at in range(count)]
    taken = _INDENT + sum(one + _GAP for one in widths if one)
    longest = max((cell_len(row.name) for row in rows), default=0)
    room = max(1, min(longest, width - taken))
    lines = []
    for row, figures in zip(rows, filled, strict=True):
        line = Content(" " * _INDENT) + Content.styled(_cut(row.name, room), row.style)
        for at, figure in enumerate(figures):
            if widths[at]:
                style = row.style or (last if at == count - 1 else "")
                line += Content(" " * (_GAP + widths[at] - cell_len(figure)))
                line += Content.styled(figure, style)
        lines.append(line)
    return lines


def bar(share: float, cells: int) -> str:
    """A bar that shows a part of a whole, never empty as long as there is anything."""
    eighths = round(min(1.0, max(0.0, share)) * cells * 8)
    if share > 0:
        eighths = max(1, eighths)
    full, rest = divmod(eighths, 8)
    return "█" * full + (_EIGHTHS[rest] if rest else "")


def heading(words: str) -> Content:
    """The line above a group of rows."""
    return Content.styled(words, "bold $text-accent")


def _cut(text: str, width: int) -> str:
    length = cell_len(text)
    if length <= width:
        return text + " " * (width - length)
    return Content(text).truncate(width, ellipsis=True, pad=True).plain
