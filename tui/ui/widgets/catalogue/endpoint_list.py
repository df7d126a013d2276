"""The endpoints of a model; single keys say who may serve it."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Any, ClassVar

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.strip import Strip
from textual.visual import Visual

from tui.domain.model import Endpoint
from tui.domain.provider_choice import ProviderChoice
from tui.ui.widgets.catalogue.endpoint_text import endpoint_text
from tui.ui.widgets.row_list import RowList


class EndpointList(RowList):
    """Each endpoint in a few lines; the list is as high as they are, up to its share."""

    DEFAULT_CSS = """
    EndpointList { height: 0; background: $surface; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.use", "Use", id="models.use_it", tooltip="Use the model"),
        Binding(
            "o",
            "want('only')",
            "Only",
            id="models.only",
            tooltip="Only this provider, or any again",
        ),
        Binding(
            "p",
            "want('prefer')",
            "Prefer",
            id="models.prefer",
            tooltip="This provider first, or no preference again",
        ),
        Binding(
            "n",
            "want('never')",
            "Never",
            id="models.never",
            tooltip="Never this provider, or allow it again",
        ),
    ]

    @dataclass
    class ChoiceMade(Message):
        """The user wants something of a provider; ``tag`` is its slug."""

        tag: str
        choice: ProviderChoice

    def __init__(self) -> None:
        super().__init__()
        self.texts: tuple[Content, ...] = ()
        self._endpoints: tuple[Endpoint, ...] = ()
        self._drawn: dict[tuple[int, str], list[Strip]] = {}
        self._first_rows: list[int] = []
        self._count = 0
        self._width = 1
        """Cells in a line at the last layout, which may not yet be those of the next one."""

    @property
    def count(self) -> int:
        """How many lines all endpoints take."""
        return self._count

    @property
    def current(self) -> Endpoint | None:
        """The endpoint under the cursor."""
        return None if self.cursor is None else self._endpoints[self._place_of(self.cursor)]

    def show(
        self, endpoints: tuple[Endpoint, ...], routing: Mapping[str, Any], now: datetime
    ) -> None:
        """Show these endpoints; ``routing`` is the ``provider`` object of the model's settings.

        The cursor stays where it is as long as they are the same ones.
        """
        same = [one.tag for one in endpoints] == [one.tag for one in self._endpoints]
        place = self._place_of(self.cursor) if same and self.cursor is not None else 0
        self._endpoints = endpoints
        self.texts = tuple(endpoint_text(one, routing, now) for one in endpoints)
        self._lay_out(place)

    def on_resize(self, _event: events.Resize) -> None:
        """Wrap the lines anew for another width; the rest is done for every list."""
        self._lay_out(self._place_of(self.cursor) if self.cursor is not None else 0)

    def notify_style_update(self) -> None:
        """Draw with the colours of another theme."""
        self._drawn.clear()
        super().notify_style_update()

    def _lay_out(self, place: int) -> None:
        """Work out which rows each endpoint takes, and put the cursor on one of them."""
        self._drawn.clear()
        self._width = max(1, self.row_width - 2)
        heights = [len(self._strips(one, "")) for one in range(len(self.texts))]
        *self._first_rows, self._count = accumulate(heights, initial=0)
        height = self.styles.height
        if height is None or height.value != self._count:
            self.styles.height = self._count
        self.rows_changed(self._first_rows[place] if self._first_rows else 0)

    def _place_of(self, row: int) -> int:
        """Which endpoint a row belongs to."""
        return bisect_right(self._first_rows, row) - 1

    def is_selectable(self, index: int) -> bool:
        """Whether an endpoint begins in this row."""
        return index in self._first_rows

    def extent(self, index: int) -> range:
        """The rows of the endpoint that this row belongs to."""
        place = self._place_of(index)
        first_rows = [*self._first_rows, self._count]
        return range(first_rows[place], first_rows[place + 1])

    def row_segments(self, index: int, width: int, ground: str) -> list[Segment]:
        """One line of an endpoint."""
        place = self._place_of(index)
        strip = self._strips(place, ground)[index - self._first_rows[place]]
        style = self.style_of("text", ground)
        edge = Segment(" ", style)
        return [*Strip([edge, *strip, edge]).adjust_cell_length(width, style)]

    def _strips(self, place: int, ground: str) -> list[Strip]:
        """The lines of an endpoint without the margin of one cell at each side."""
        if (place, ground) not in self._drawn:
            style = self.get_visual_style(f"row--{ground}") if ground else self.visual_style
            self._drawn[place, ground] = Visual.to_strips(
                self, self.texts[place], self._width, None, style, pad=True
            )
        return self._drawn[place, ground]

    def action_want(self, choice: str) -> None:
        """Ask for something of the endpoint's provider."""
        endpoint = self.current
        if endpoint is not None and endpoint.tag:
            self.post_message(self.ChoiceMade(endpoint.tag, ProviderChoice(choice)))
