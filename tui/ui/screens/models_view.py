"""The part of the model browser that shows: it keeps every panel in step with the filter."""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Footer, Static

from tui.domain.catalogue_search import Found
from tui.ui.controllers.browsing import MOST_MARKED, Browsing
from tui.ui.controllers.model_desk import ModelDesk
from tui.ui.guard import run_guarded
from tui.ui.widgets.catalogue.browser_table import BrowserTable
from tui.ui.widgets.catalogue.columns import SORT_WORDS
from tui.ui.widgets.catalogue.details import DetailsPane
from tui.ui.widgets.catalogue.details_text import Told, details_text
from tui.ui.widgets.catalogue.facet_panel import FacetPanel
from tui.ui.widgets.catalogue.filter_line import FilterLine
from tui.ui.widgets.catalogue.hint_line import Hint, HintLine
from tui.ui.widgets.catalogue.model_table import TableContent
from tui.ui.widgets.catalogue.row_list import RowList
from tui.ui.widgets.catalogue.status_line import Status, StatusLine, age_of
from tui.ui.widgets.catalogue.table_heading import TableHeading

FACETS_FROM = 100
DETAILS_FROM = 120
"""Columns from which there is room for a panel beside the table."""

_DETAILS_AFTER = 0.08
_ENDPOINTS_AFTER = 0.25
"""Seconds for which the cursor rests before more than its row is shown, or asked for."""
_AGE_EVERY = 30.0
_NO_CATALOGUE = "There is no catalogue yet. F5 fetches it."
_NO_MATCH = "No model matches. Ctrl+U in the filter line starts again."


class ModelsView(Screen[str | None]):
    """Lays the browser out and shows what ``browsing`` holds."""

    CSS_PATH = "models.tcss"
    AUTO_FOCUS = "FilterLine"
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual declares no ClassVar
        (0, "-narrow"),
        (FACETS_FROM, "-wide"),
        (DETAILS_FROM, "-broad"),
        (160, "-huge"),
    ]
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, desk: ModelDesk, in_use: str | None) -> None:
        super().__init__()
        self.desk = desk
        self.in_use = in_use
        self.browsing = Browsing(desk.catalogue, desk.context(in_use), desk.filter_text)
        self._details_timer: Timer | None = None
        self._endpoints_timer: Timer | None = None
        self._room: tuple[bool, bool] | None = None

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        with Horizontal(id="filter-row"):
            yield Static("Models ›", id="filter-mark", markup=False)
            yield FilterLine(self.browsing.completions, self._typed, self.browsing.text)
        yield HintLine(self._hint)
        table = BrowserTable(id="models")
        with Horizontal(id="body"):
            yield FacetPanel(id="facets")
            with Vertical(id="middle"):
                yield TableHeading(table)
                yield table
            yield DetailsPane()
        yield StatusLine()
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Show the catalogue of now, and follow its age."""
        self._make_room(self.app.size.width)
        self.use_lists()
        self.show(self._place_of(self.in_use))
        self.set_interval(_AGE_EVERY, self.show_status)

    def on_resize(self, event: events.Resize) -> None:
        """Put the panels beside the table where there is room, and away where there is not."""
        self._make_room(event.size.width)
        self.call_after_refresh(self.show_details)

    def _make_room(self, width: int) -> None:
        room = (width >= FACETS_FROM, width >= DETAILS_FROM)
        if room != self._room:
            self._room = room
            self.set_class(not room[0], "-facets-hidden")
            self.set_class(not room[1], "-details-hidden")

    @property
    def table(self) -> BrowserTable:
        """The table of models."""
        return self.query_one(BrowserTable)

    @property
    def filter_line(self) -> FilterLine:
        """The filter line."""
        return self.query_one(FilterLine)

    @property
    def details(self) -> DetailsPane:
        """The details pane."""
        return self.query_one(DetailsPane)

    @property
    def current(self) -> Found | None:
        """The model under the cursor."""
        return self.table.current

    def session_changed(self) -> None:
        """Show what is new in the catalogue, the settings or the lists."""
        if not self.is_mounted:
            return
        self.browsing.use(self.desk.catalogue, self.desk.context(self.in_use))
        self.use_lists()
        self.show()
        self.show_details()

    def use_lists(self) -> None:
        """Offer the saved filters of now."""
        self.filter_line.use_saved(list(self.desk.lists.filters.items()))

    def show(self, cursor: int | None = None) -> None:
        """Show what was found; the cursor stays at its model unless a row is named."""
        self._show_table(cursor)
        self.query_one(TableHeading).refresh()
        self.query_one(FacetPanel).show(self.browsing.facets.groups, self.browsing.active_terms)
        self.show_status()

    def _show_table(self, cursor: int | None = None) -> None:
        browsing, table = self.browsing, self.table
        table.empty_words = _NO_MATCH if browsing.catalogue.models else _NO_CATALOGUE
        table.show(
            TableContent(
                browsing.found,
                browsing.context,
                browsing.sort,
                browsing.descending,
                frozenset(browsing.marked),
                frozenset(browsing.gone),
            ),
            cursor,
        )

    def show_status(self) -> None:
        """Bring the status line up to date."""
        browsing, session = self.browsing, self.desk.session
        catalogue, failure = browsing.catalogue, session.catalogue_failure
        self.query_one(StatusLine).status = Status(
            shown=len(browsing.found) - len(browsing.gone),
            total=len(catalogue.models),
            order=SORT_WORDS[browsing.sort],
            descending=browsing.descending,
            age=age_of(catalogue.fetched_at, self.desk.now()),
            marked=len(browsing.marked),
            most_marked=MOST_MARKED,
            refreshing=self.desk.refreshing,
            failure="" if failure is None else failure.what,
            skipped=catalogue.skipped,
        )

    def _typed(self, text: str) -> None:
        """Filter at each key."""
        if text != self.browsing.text:
            self.browsing.type(text)
            self.desk.filter_text = text
            self.show(0)
        self.query_one(HintLine).refresh()

    def _hint(self) -> Hint:
        """What Tab would do, what is wrong, or what the letters mean."""
        line = self.filter_line
        return Hint(
            saved_name=line.recalled_name,
            completions=tuple(line.offered()) if line.has_focus else (),
            problems=self.browsing.filter.problems,
            shows_legend=True,
        )

    @on(FilterLine.CursorMoved)
    def on_descendant_focus(self) -> None:
        """Let the hints follow the focus and the cursor."""
        self.query_one(HintLine).refresh()

    @on(RowList.Moved, "#models")
    def _moved(self, event: RowList.Moved) -> None:
        """Show the details once the cursor rests; asking for endpoints takes a longer rest."""
        event.stop()
        for timer in (self._details_timer, self._endpoints_timer):
            if timer is not None:
                timer.stop()
        self._details_timer = self.set_timer(_DETAILS_AFTER, self.show_details)
        self._endpoints_timer = self.set_timer(_ENDPOINTS_AFTER, self.ask_endpoints)

    @property
    def shows_details(self) -> bool:
        """Whether the details pane is on screen."""
        return not self.has_class("-details-hidden")

    def show_details(self) -> None:
        """Show the model under the cursor in full, where there is a pane for it."""
        found = self.current
        if not self.shows_details or not self.is_mounted:
            return
        if found is None:
            self.details.show_nothing()
            return
        model_id, context = found.model.id, self.browsing.context
        provider = self.desk.provider_settings
        ttl = self.desk.model_settings(model_id).params.get("cache_ttl")
        told = Told(
            caching_enabled=provider is not None and provider.prompt_caching,
            ttl=ttl if ttl in ("5m", "1h") else None,
            remark="gone from the catalogue" if model_id in self.browsing.gone else "",
        )
        details = self.details
        details.show_model(details_text(found, context, told, details.text_width))
        self.show_endpoints(model_id)

    def show_endpoints(self, model_id: str) -> None:
        """Show the endpoints of a model, as far as they are known."""
        routing = self.desk.model_settings(model_id).provider
        known = self.desk.endpoints.peek(model_id)
        self.details.show_endpoints(known, routing, self.browsing.context.now)

    def ask_endpoints(self) -> None:
        """Ask who serves the model under the cursor, unless that is known."""
        found = self.current
        if found is not None and self.shows_details and self.is_mounted:
            run_guarded(self.app, self._read_endpoints(found.model.id), "endpoints")

    async def _read_endpoints(self, model_id: str) -> None:
        read = await self.desk.endpoints.get(model_id)
        if not self.is_mounted:
            return
        context = self.browsing.context
        if read.endpoints and context.endpoints.get(model_id) is not read.endpoints:
            known = replace(context, endpoints=self.desk.endpoints.known())
            before = len(self.browsing.found)
            self.browsing.use(self.browsing.catalogue, known)
            if len(self.browsing.found) != before:
                self.show()
            else:
                self._show_table()
        current = self.current
        if current is not None and current.model.id == model_id:
            self.show_endpoints(model_id)

    def _place_of(self, model_id: str | None) -> int:
        """The row of a model, the first one if it is not listed."""
        model = self.desk.catalogue.find(model_id) if model_id else None
        ids: Sequence[str] = [found.model.id for found in self.browsing.found]
        return ids.index(model.id) if model is not None and model.id in ids else 0
