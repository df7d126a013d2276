"""Dots with a cursor on them; the plotting library is imported only with this module."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.events import Click
from textual.message import Message
from textual_plot import PlotWidget

from tui.ui.controllers.plotting import Picture, nearest
from tui.ui.widgets.plot_words import TickWords

_MARGIN = 0.04
"""Part of an axis that is left free at both of its ends."""


def _arrow(key: str, dx: int, dy: int, tooltip: str) -> Binding:
    return Binding(key, f"go({dx}, {dy})", key, id=f"scatter.{key}", tooltip=tooltip, show=False)


class ScatterPlot(PlotWidget, inherit_bindings=False):
    """Models as dots. Arrows go to the next dot in a direction, Tab through all by their price."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "scatter--dot",
        "scatter--favourite",
        "scatter--in-use",
        "scatter--cursor",
    }
    DEFAULT_CSS = """
    ScatterPlot {
        height: 1fr;
        background: $background;
        & > .scatter--dot { color: $foreground; }
        & > .scatter--favourite { color: $text-warning; text-style: bold; }
        & > .scatter--in-use { color: $money; text-style: bold; }
        & > .scatter--cursor { color: $text-accent; text-style: bold reverse; }
        & > .plot--axis, &:focus > .plot--axis { color: $panel; }
        & > .plot--tick { color: $quiet; text-style: not bold; }
        & > .plot--label { color: $text-accent; text-style: not italic; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", id="scatter.open", tooltip="Go to the model"),
        _arrow("left", -1, 0, "Dot at the left"),
        _arrow("right", 1, 0, "Dot at the right"),
        _arrow("up", 0, -1, "Dot above"),
        _arrow("down", 0, 1, "Dot below"),
        Binding("tab", "step(1)", "Dearer", id="scatter.next", tooltip="Next dot by price"),
        Binding(
            "shift+tab", "step(-1)", "Cheaper", id="scatter.previous", tooltip="Dot before by price"
        ),
        Binding("plus", "zoom_in", "Zoom in", id="scatter.zoom_in", tooltip="Zoom in"),
        Binding("minus", "zoom_out", "Zoom out", id="scatter.zoom_out", tooltip="Zoom out"),
        Binding("0", "reset_scales", "All", id="scatter.reset", tooltip="Show all dots again"),
    ]

    @dataclass
    class Moved(Message):
        """The cursor is on another dot."""

        index: int

    @dataclass
    class Opened(Message):
        """The user wants to see the model under the cursor."""

        index: int

    def __init__(self) -> None:
        super().__init__()
        self._picture = Picture((), 0)
        self._signs: Sequence[str] = ()
        self._cursor = 0

    def show(self, picture: Picture, signs: Sequence[str], names: tuple[str, str]) -> None:
        """Show the dots; ``signs`` has a glyph for each, ``names`` are those of the axes."""
        self._picture, self._signs = picture, signs
        self._cursor = signs.index("▸") if "▸" in signs else 0
        self.set_xlabel(names[0])
        self.set_ylabel(names[1])
        self.set_x_formatter(TickWords(picture.x_ticks))
        self.set_y_formatter(TickWords(picture.y_ticks))
        if picture.dots:
            self.set_xlimits(*_limits([dot.x for dot in picture.dots]))
            self.set_ylimits(*_limits([dot.y for dot in picture.dots]))
        self.go_to(self._cursor)

    @property
    def sharing(self) -> int:
        """How many dots are in the cell under the cursor."""
        cells = self._cells()
        return cells.count(cells[self._cursor]) if cells else 0

    def go_to(self, index: int) -> None:
        """Put the cursor on a dot."""
        self._cursor = index
        self._draw()
        if self._picture.dots:
            self.post_message(self.Moved(index))

    def notify_style_update(self) -> None:
        """Draw with the colours of another theme."""
        super().notify_style_update()
        if self.is_mounted:
            self._draw()

    def _draw(self) -> None:
        self.clear()
        dots = self._picture.dots
        for sign, name in (("·", "dot"), ("★", "favourite"), ("▸", "in-use")):
            alike = [dot for dot, own in zip(dots, self._signs, strict=True) if own == sign]
            self._scatter([(dot.x, dot.y) for dot in alike], "•" if sign == "·" else sign, name)
        if dots:
            here = dots[self._cursor]
            self._scatter([(here.x, here.y)], "◉", "cursor")

    def _scatter(self, places: list[tuple[float, float]], marker: str, name: str) -> None:
        if places:
            style = str(self.get_component_rich_style(f"scatter--{name}"))
            self.scatter([x for x, _ in places], [y for _, y in places], marker, style)

    def _cells(self) -> list[tuple[int, int]]:
        """Where each dot is on the screen."""
        return [self.get_pixel_from_coordinate(dot.x, dot.y) for dot in self._picture.dots]

    def action_go(self, dx: int, dy: int) -> None:
        """Go to the next dot in a direction."""
        cells = self._cells()
        if cells:
            self.go_to(nearest(cells, self._cursor, dx, dy))

    def action_step(self, by: int) -> None:
        """Go to the next dot by price, also where several are in one place."""
        if self._picture.dots:
            self.go_to((self._cursor + by) % len(self._picture.dots))

    def action_open(self) -> None:
        """Go to the model under the cursor."""
        if self._picture.dots:
            self.post_message(self.Opened(self._cursor))

    def on_click(self, event: Click) -> None:
        """Put the cursor on the dot that is nearest to the pointer."""
        event.stop()
        cells = self._cells()
        if not cells:
            return
        x, y = event.x - self.margin_left, event.y - self.margin_top
        self.go_to(min(range(len(cells)), key=lambda i: _distance(cells[i], x, y)))


def _distance(cell: tuple[int, int], x: int, y: int) -> int:
    return abs(cell[0] - x) + 2 * abs(cell[1] - y)


def _limits(values: Sequence[float]) -> tuple[float, float]:
    """The ends of an axis, a little beyond the values."""
    lowest, highest = min(values), max(values)
    margin = (highest - lowest) * _MARGIN or 0.5
    return lowest - margin, highest + margin
