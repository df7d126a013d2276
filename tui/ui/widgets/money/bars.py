"""Bars over time with a cursor among them; the plotting library is imported only with this module.

Parts of a bar are drawn from its top down, each over the one before.
"""

from dataclasses import dataclass
from itertools import accumulate
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Click, Resize
from textual.message import Message
from textual_plot import PlotWidget

from tui.ui.controllers.spending import Bars, Level, Measure, bars_of
from tui.ui.widgets.plot_words import TickWords

_WIDEST = 12
"""Cells of the room of one bar: a single bar is not as wide as the screen."""
_RIGHT = 4
"""Cells kept free at the right, where the name of the last bar ends."""
_ABOVE = 1.12
"""The axis goes so far beyond the highest bar: there the cursor has its place."""
_CURSOR = "▼"
_AXES = 2
_EMPTY = 1e-9
"""The height of the axis where nothing was spent at all."""


class BarsPlot(PlotWidget, inherit_bindings=False):
    """One bar for each span of time; the arrow keys go through them."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "bars--0",
        "bars--1",
        "bars--2",
        "bars--3",
        "bars--4",
        "bars--here",
    }
    DEFAULT_CSS = """
    BarsPlot {
        height: 1fr;
        background: $background;
        & > .bars--0 { color: $foreground 55%; }
        & > .bars--1 { color: $money; }
        & > .bars--2 { color: $text-warning; }
        & > .bars--3 { color: $text-accent; }
        & > .bars--4 { color: $text-secondary; }
        & > .bars--here { color: $text-accent; text-style: bold; }
        & > .plot--axis, &:focus > .plot--axis { color: $panel; }
        & > .plot--tick { color: $quiet; text-style: not bold; }
        & > .plot--label { color: $text-accent; text-style: not italic; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "go(-1)", "Earlier", id="spend.earlier", tooltip="The bar before"),
        Binding("right,l", "go(1)", "Later", id="spend.later", tooltip="The next bar"),
        Binding(
            "home", "edge(False)", "First", id="spend.first", tooltip="The first bar", show=False
        ),
        Binding("end", "edge(True)", "Last", id="spend.last", tooltip="The last bar", show=False),
    ]

    @dataclass
    class Moved(Message):
        """The cursor is on another bar; ``index`` is that of its group."""

        index: int

    def __init__(self) -> None:
        super().__init__(allow_pan_and_zoom=False)
        self._level: Level | None = None
        self._measure = Measure.COST
        self._bars = Bars(0, (), (), ())
        self._cursor = 0
        self._room = 1

    @property
    def cursor(self) -> int:
        """The index of the group under the cursor."""
        return self._cursor

    def on_mount(self) -> None:
        """Leave no room for what has no words."""
        super().on_mount()
        self.margin_top = 1
        self.margin_bottom = 1

    def show(self, level: Level, measure: Measure, cursor: int) -> None:
        """Show the groups of a level with the cursor on one of them."""
        self._level, self._measure, self._cursor = level, measure, cursor
        self._draw()

    def on_resize(self, _event: Resize) -> None:
        """Show as many bars as there is room for."""
        self.call_after_refresh(self._draw)

    def notify_style_update(self) -> None:
        """Draw with the colours of another theme."""
        super().notify_style_update()
        if self.is_mounted:
            self._draw()

    def _draw(self) -> None:
        self.clear()
        if self._level is None or not self._level.groups:
            return
        cells = max(1, self.size.width - self.margin_left - _AXES)
        bars = self._bars = bars_of(self._level, self._measure, self._cursor, cells - _RIGHT)
        self.set_x_formatter(TickWords(bars.x_ticks))
        self.set_y_formatter(TickWords(bars.y_ticks))
        # Each bar has the same number of whole cells, the last of which stays free.
        self._room = min(_WIDEST, (cells - _RIGHT) // len(bars.parts))
        self.set_xlimits(-0.5, cells / self._room - 0.5)
        self.set_ylimits(bars.lowest * _ABOVE, max(_EMPTY, bars.highest) * _ABOVE)
        layers = max(map(len, bars.parts))
        for layer in reversed(range(layers)):
            self._draw_layer(bars, layer, layers)
        here = self._cursor - bars.first
        style = str(self.get_component_rich_style("bars--here"))
        top = max(0.0, sum(bars.parts[here])) + max(_EMPTY, bars.highest) * (_ABOVE - 1) / 2
        self.scatter([here - 0.5 / self._room], [top], _CURSOR, style)

    def _draw_layer(self, bars: Bars, layer: int, layers: int) -> None:
        """Every bar up to the end of one of its parts; what is empty is not drawn."""
        tops = [list(accumulate(parts))[layer] for parts in bars.parts]
        shown = [(at, top) for at, top in enumerate(tops) if bars.parts[at][layer]]
        if not shown:
            return
        name = "bars--1" if layers == 1 else f"bars--{layer}"
        style = str(self.get_component_rich_style(name))
        half_a_cell = 0.5 / self._room
        width = 1 - 4 * half_a_cell
        self.bar([at - half_a_cell for at, _ in shown], [top for _, top in shown], width, style)

    def action_go(self, step: int) -> None:
        """Go to another bar."""
        if self._level is not None:
            self._move_to(self._cursor + step)

    def action_edge(self, last: bool) -> None:
        """Go to the first or the last bar."""
        if self._level is not None:
            self._move_to(len(self._level.groups) - 1 if last else 0)

    def _move_to(self, index: int) -> None:
        count = len(self._level.groups) if self._level is not None else 0
        index = max(0, min(index, count - 1))
        if index != self._cursor:
            self._cursor = index
            self._draw()
            self.post_message(self.Moved(index))

    def on_click(self, event: Click) -> None:
        """Go to the bar under the pointer."""
        event.stop()
        self.focus()
        if self._bars.parts:
            x, _ = self.get_coordinate_from_pixel(event.x - self.margin_left, 1)
            self._move_to(self._bars.first + min(max(0, round(x)), len(self._bars.parts) - 1))
