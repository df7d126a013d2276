"""The details pane: one model in full, and below it who serves it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.domain.provider_choice import routing_words
from tui.domain.sanitize import single_line
from tui.services.endpoint_cache import EndpointsRead
from tui.ui.widgets.catalogue.endpoint_list import EndpointList


class DetailsText(VerticalScroll):
    """The text of the details; it scrolls with the usual keys once it has the focus."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "scroll_down", id="models.read_down", tooltip="Read on", show=False),
        Binding("k", "scroll_up", id="models.read_up", tooltip="Read back", show=False),
    ]


class DetailsPane(Vertical):
    """Shows what it is given; an empty one says how to fill it."""

    DEFAULT_CSS = """
    DetailsPane {
        width: 44;
        background: $surface;
        & > DetailsText {
            height: 1fr;
            padding: 0 1;
            scrollbar-size-vertical: 1;
            & > Static { height: auto; }
        }
        & > .endpoints--title {
            height: auto;
            padding: 0 1;
            color: $quiet;
            border-top: solid $panel;
        }
        & > EndpointList { max-height: 45%; }
    }
    """

    def compose(self) -> ComposeResult:
        """Lay out the text and the endpoints."""
        with DetailsText():
            yield Static("", markup=False)
        yield Static("", classes="endpoints--title", markup=False)
        yield EndpointList()

    @property
    def endpoints(self) -> EndpointList:
        """The list of endpoints."""
        return self.query_one(EndpointList)

    @property
    def text_width(self) -> int:
        """Cells in a line of the text."""
        return self.query_one(DetailsText).scrollable_content_region.width

    def enter(self) -> None:
        """Go to the endpoints, or to the text as long as there are none."""
        target = self.endpoints if self.endpoints.option_count else self.query_one(DetailsText)
        target.focus()

    def show_model(self, text: Content) -> None:
        """Show the text of another model, from its beginning."""
        scroll = self.query_one(DetailsText)
        scroll.query_one(Static).update(text)
        scroll.scroll_home(animate=False)

    def show_nothing(self) -> None:
        """Say nothing: there is no model under the cursor."""
        self.show_model(Content(""))
        self.query_one(".endpoints--title", Static).update("")
        self.endpoints.show((), {}, datetime.now(UTC))

    def show_endpoints(
        self, read: EndpointsRead | None, routing: Mapping[str, Any], now: datetime
    ) -> None:
        """Show who serves the model; None while it is being asked."""
        self.query_one(".endpoints--title", Static).update(_title(read, routing))
        self.endpoints.show(read.endpoints if read is not None else (), routing, now)


def _title(read: EndpointsRead | None, routing: Mapping[str, Any]) -> Content:
    if read is None:
        return Content("Endpoints: asking …")
    lines = []
    if read.endpoints:
        keys = ("  o only p prefer n never", "$text-accent")
        count = len(read.endpoints)
        lines.append(Content.assemble(f"{count} endpoint{'s' * (count > 1)}", keys))
    elif read.failure is None:
        lines.append(Content("The server names no endpoints."))
    if read.failure is not None:
        lines.append(Content.styled(f"! {single_line(str(read.failure), 200)}", "$text-warning"))
    chosen = routing_words(routing)
    if chosen:
        lines.append(Content.styled(single_line(f"Set: {chosen}.", 300), "$text-warning"))
    return Content("\n").join(lines)
