"""The details pane: one model in full, and below it who serves it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from tui.domain.provider_choice import routing_words
from tui.domain.sanitize import single_line
from tui.services.endpoint_cache import EndpointsRead
from tui.ui.widgets.catalogue.content_view import ContentView
from tui.ui.widgets.catalogue.endpoint_list import EndpointList


class DetailsText(ContentView):
    """The text of the details; it scrolls with the usual keys once it has the focus."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "screen.use", "Use", id="models.use_this", tooltip="Use the model"),
        Binding("j", "scroll_down", id="models.read_down", tooltip="Read on", show=False),
        Binding("k", "scroll_up", id="models.read_up", tooltip="Read back", show=False),
    ]


class DetailsPane(Vertical):
    """Shows what it is given; an empty one says how to fill it."""

    DEFAULT_CSS = """
    DetailsPane {
        width: 44;
        background: $surface;
        & > DetailsText { background: $surface; }
        & > .endpoints--title {
            height: auto;
            padding: 0 1;
            color: $quiet;
            border-top: solid $panel;
        }
        & > EndpointList { max-height: 45%; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._awaits_endpoints = False
        """Whether the focus went to the text only because there were no endpoints yet."""

    def compose(self) -> ComposeResult:
        """Lay out the text and the endpoints."""
        yield DetailsText()
        yield Static("", classes="endpoints--title", markup=False)
        yield EndpointList()

    @property
    def endpoints(self) -> EndpointList:
        """The list of endpoints."""
        return self.query_one(EndpointList)

    @property
    def text(self) -> DetailsText:
        """The text above the endpoints."""
        return self.query_one(DetailsText)

    def enter(self) -> None:
        """Go to the endpoints; as long as they are being asked for, to the text."""
        self._awaits_endpoints = not self.endpoints.count
        target = self.text if self._awaits_endpoints else self.endpoints
        target.focus()

    def show_nothing(self) -> None:
        """Say nothing: there is no model under the cursor."""
        self.text.show(Content(""))
        self._show_title(Content(""))
        self.endpoints.show((), {}, datetime.now(UTC))

    def show_endpoints(
        self, read: EndpointsRead | None, routing: Mapping[str, Any], now: datetime
    ) -> None:
        """Show who serves the model; None while it is being asked."""
        self._show_title(_title(read, routing))
        self.endpoints.show(read.endpoints if read is not None else (), routing, now)
        if self._awaits_endpoints and self.endpoints.count:
            self._awaits_endpoints = False
            if self.text.has_focus and not self.text.scroll_y:
                self.endpoints.focus()

    def _show_title(self, title: Content) -> None:
        """Show words above the endpoints; the screen is laid out anew only for more lines."""
        widget = self.query_one(".endpoints--title", Static)
        width, height = widget.content_size
        is_as_high = width > 0 and title.get_height({}, width) == height
        widget.update(title, layout=not is_as_high)


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
        why = f"{read.failure.what_was_said} {read.failure.next_step}"
        lines.append(Content.styled(f"! {single_line(why, 200)}", "$text-warning"))
    chosen = routing_words(routing)
    if chosen:
        lines.append(Content.styled(single_line(f"Set: {chosen}.", 300), "$text-warning"))
    return Content("\n").join(lines)
