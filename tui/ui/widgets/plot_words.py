"""Words along the axes of a plot."""

from collections.abc import Sequence

from textual_plot.axis_formatter import AxisFormatter


class TickWords(AxisFormatter):
    """Tick marks that are known already, with their words."""

    def __init__(self, ticks: Sequence[tuple[float, str]]) -> None:
        self._ticks = dict(ticks)

    def get_ticks(self, min_: float, max_: float, max_ticks: int = 8) -> list[float]:
        """Those in sight."""
        return [tick for tick in self._ticks if min_ <= tick <= max_]

    def get_labels_for_ticks(self, ticks: Sequence[float]) -> list[str]:
        """The words of each."""
        return [self._ticks.get(tick, "") for tick in ticks]
