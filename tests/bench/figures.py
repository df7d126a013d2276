"""What the benchmarks report: one line for each promise, and the table of them all."""

from collections.abc import Sequence
from dataclasses import dataclass

_NOISE = 1.1
"""A limit is missed only beyond this factor: two runs of the same program differ by as much."""


@dataclass(frozen=True, slots=True)
class Line:
    """One figure beside its limit: at most ``limit``, in the unit that ``what`` names.

    ``floor`` is what it is compared with, measured in the same run: plain Textual, prose of the
    same size, or the same thing in an empty chat. ``worst`` is the worst single case behind it.
    """

    what: str
    figure: float
    limit: float | None = None
    floor: float | None = None
    worst: float | None = None

    @property
    def held(self) -> bool:
        """Whether the limit holds, but for noise."""
        return self.limit is None or self.figure <= self.limit * _NOISE

    @property
    def verdict(self) -> str:
        """A word for it; none where nothing is required."""
        if self.limit is None:
            return ""
        if self.figure <= self.limit:
            return "pass"
        return "pass, within noise" if self.held else "FAIL"

    @property
    def cells(self) -> tuple[str, ...]:
        """The line as cells of the table."""
        numbers = (self.figure, self.limit, self.floor, self.worst)
        return (self.what, *map(_number, numbers), self.verdict)


_HEAD = ("requirement", "measured", "at most", "floor", "worst", "verdict")


def table(lines: Sequence[Line]) -> str:
    """The lines as a Markdown table that is readable as it is."""
    rows = [_HEAD, *(line.cells for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:5]), "-" * widths[5]]
    shown = [
        " | ".join(
            cell.rjust(width) if 0 < column < 5 else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in (rows[0], tuple(rule), *rows[1:])
    ]
    return "\n".join(f"| {row} |" for row in shown)


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
