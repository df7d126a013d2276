"""The part of the model browser that shows: it keeps every panel in step with the filter."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Static

from tui.domain.catalogue_filter import Filter
from tui.domain.catalogue_search import Found
from tui.ui.controllers.browsing import MOST_MARKED, Browsing
from tui.ui.controllers.model_desk import ModelDesk
from tui.ui.presence import is_there
from tui.ui.widgets.catalogue.browser_table import BrowserTable
from tui.ui.widgets.catalogue.details import DetailsPane
from tui.ui.widgets.catalogue.details_text import Told, details_text
from tui.ui.widgets.catalogue.facet_panel import FacetPanel
from tui.ui.widgets.catalogue.filter_line import FilterLine
from tui.ui.widgets.catalogue.hint_line import Hint, HintLine, legend
from tui.ui.widgets.catalogue.key_line import KeyLine
from tui.ui.widgets.catalogue.model_table import TableContent
from tui.ui.widgets.catalogue.status_line import Status, StatusLine, age_of
from tui.ui.widgets.catalogue.table_heading import TableHeading

FACETS_FROM = 100
DETAILS_FROM = 120
"""Columns from which there is room for a panel beside the table."""
_HUGE_FROM = 160
"""Columns from which the panels can be wider than they must."""

_AGE_EVERY = 30.0
_NO_CATALOGUE = "There is no catalogue yet. F5 fetches it."
_NO_MATCH = "No model matches. Ctrl+U in the filter line starts again."


class ModelsView(Screen[str | None]):
    """Lays the browser out and shows what ``browsing`` holds."""

    CSS_PATH = "models.tcss"
    AUTO_FOCUS = "FilterLine"
    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self, desk: ModelDesk, in_use: str | None) -> None:
        super().__init__()
        self.desk = desk
        self.in_use = in_use
        self.browsing = Browsing(desk.catalogue, desk.context(in_use), desk.filter_text)
        self._room: tuple[bool, bool, bool] | None = None

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        # Known before the first layout, the width costs no second one.
        self._make_room(self.app.size.width)
        with Horizontal(id="filter-row"):
            yield Static("Models ›", id="filter-mark", markup=False)
            yield FilterLine(
                self.browsing.completions, self._typed, self.browsing.text, self._to_table
            )
        yield HintLine(self._hint)
        table = BrowserTable(id="models")
        with Horizontal(id="body"):
            yield FacetPanel(id="facets")
            with Vertical(id="middle"):
                yield TableHeading(table)
                yield table
            yield DetailsPane()
        yield StatusLine()
        yield KeyLine()

    def on_mount(self) -> None:
        """Show the catalogue of now, and follow its age."""
        self.use_lists()
        self.show(self._place_of(self.in_use))
        self.set_interval(_AGE_EVERY, self.status_changed)

    def on_resize(self, event: events.Resize) -> None:
        """Put the panels beside the table where there is room, and away where there is not."""
        self._make_room(event.size.width)
        self.call_after_refresh(self.show_details)

    def _make_room(self, width: int) -> None:
        room = (width >= FACETS_FROM, width >= DETAILS_FROM, width >= _HUGE_FROM)
        if room == self._room:
            return
        facets, details, huge = room
        classes = {
            "-narrow": not facets,
            "-wide": facets and not details,
            "-broad": details and not huge,
            "-huge": huge,
        }
        if self._room is None or room[:2] != self._room[:2]:
            classes |= {"-facets-hidden": not facets, "-details-hidden": not details}
        self._room = room
        self.update_classes(classes)

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
        if not is_there(self):
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
        self.show_table(cursor)
        self.query_one(TableHeading).refresh()
        self.query_one(FacetPanel).show(self.browsing.facets.groups, self.browsing.active_terms)
        self._show_status()

    def show_table(self, cursor: int | None = None) -> None:
        """Show the rows alone; the rest of the screen says the same as before."""
        browsing, table = self.browsing, self.table
        table.empty_words = _NO_MATCH if browsing.catalogue.models else _NO_CATALOGUE
        table.show(
            TableContent(
                browsing.found,
                browsing.context,
                browsing.sort,
                browsing.descending,
                tuple(browsing.marked),
                frozenset(browsing.gone),
            ),
            cursor,
        )

    def status_changed(self) -> None:
        """Something that the status line says has changed, maybe after the screen was closed."""
        if is_there(self):
            self._show_status()

    def _show_status(self) -> None:
        browsing, session = self.browsing, self.desk.session
        catalogue, failure = browsing.catalogue, session.catalogue_failure
        self.query_one(StatusLine).status = Status(
            shown=len(browsing.found) - len(browsing.gone),
            total=len(catalogue.models),
            order=browsing.order_words,
            descending=browsing.descending,
            age=age_of(catalogue.fetched_at, self.desk.now()),
            marked=len(browsing.marked),
            most_marked=MOST_MARKED,
            refreshing=self.desk.refreshing,
            failure="" if failure is None else failure.what,
            skipped=catalogue.skipped,
        )

    def _to_table(self) -> None:
        """Go on to the table at once: the next key may be there already."""
        self.set_focus(self.table)

    def _typed(self, text: str) -> None:
        """Filter at each key."""
        browsing = self.browsing
        if text != browsing.text:
            before = browsing.filter
            browsing.type(text)
            self.desk.filter_text = text
            self.show(0)
            self.filter_changed(before)
        self.query_one(HintLine).refresh()

    def filter_changed(self, before: Filter) -> None:
        """Find out what another filter has to know; it was ``before``."""

    @property
    def notice(self) -> str:
        """What has to be said of the filter, empty for nothing."""
        return ""

    def _hint(self) -> Hint:
        """What Tab would do, what is wrong, or what the letters mean."""
        line = self.filter_line
        return Hint(
            saved_name=line.recalled_name,
            completions=tuple(line.offered()) if line.has_focus else (),
            problems=self.browsing.filter.problems,
            notice=self.notice,
            at_rest=legend(),
        )

    @on(FilterLine.CursorMoved)
    def on_descendant_focus(self) -> None:
        """Let the hints follow the focus and the cursor."""
        self.query_one(HintLine).refresh()

    @property
    def shows_details(self) -> bool:
        """Whether the details pane is on screen."""
        return not self.has_class("-details-hidden")

    def show_details(self) -> None:
        """Show the model under the cursor in full, where there is a pane for it."""
        found = self.current
        if not is_there(self) or not self.shows_details:
            return
        if found is None:
            self.details.show_nothing()
            return
        model_id, context = found.model.id, self.browsing.context
        provider = self.desk.provider_settings
        settings = self.desk.model_settings(model_id)
        ttl = settings.params.get("cache_ttl")
        told = Told(
            caching_enabled=provider is not None and provider.prompt_caching,
            ttl=ttl if ttl in ("5m", "1h") else None,
            remark="gone from the catalogue" if model_id in self.browsing.gone else "",
            fallbacks=settings.fallbacks,
        )
        details = self.details
        details.text.show(details_text(found, context, told, details.text.text_width))
        self.show_endpoints(model_id)

    def show_endpoints(self, model_id: str) -> None:
        """Show the endpoints of a model, as far as they are known."""
        if not is_there(self):
            return
        routing = self.desk.model_settings(model_id).provider
        known = self.desk.endpoints.peek(model_id)
        self.details.show_endpoints(known, routing, self.browsing.context.now)

    def _place_of(self, model_id: str | None) -> int:
        """The row of a model, the first one if it is not listed."""
        model = self.desk.catalogue.find(model_id) if model_id else None
        ids: Sequence[str] = [found.model.id for found in self.browsing.found]
        return ids.index(model.id) if model is not None and model.id in ids else 0
