"""The model browser (F3): it only wires the keys to what they do."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from tui.domain.catalogue_filter import toggled
from tui.domain.catalogue_search import Found
from tui.domain.catalogue_sort import SORT_WORDS, SortKey
from tui.domain.catalogue_terms import TERMS, quoted
from tui.ui.guard import run_guarded
from tui.ui.screens.models_keeping import ModelsKeeping
from tui.ui.widgets.catalogue.endpoint_list import EndpointList
from tui.ui.widgets.catalogue.facet_panel import FacetPanel
from tui.ui.widgets.catalogue.filter_line import FilterLine
from tui.ui.widgets.catalogue.table_heading import TableHeading
from tui.ui.widgets.row_list import RowList

_FEWEST_COMPARED = 2


class ModelsScreen(ModelsKeeping):
    """Dismisses with the id of the model to use, or with None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "app.help", "Help", id="models.help", tooltip="Every key on one page"),
        Binding("escape,f3", "back", "Close", id="models.close", tooltip="Back to the chat"),
        Binding(
            "f5", "refresh", "Refresh", id="models.refresh", tooltip="Fetch the catalogue again"
        ),
        Binding(
            "ctrl+t", "terms", "Terms", id="models.terms", tooltip="All terms of the filter line"
        ),
        Binding(
            "ctrl+l",
            "saved_filters",
            "Saved",
            id="models.saved",
            tooltip="The filters that you saved, by their names",
        ),
    ]

    def action_back(self) -> None:
        """Close what lies over the table, else go back to it from a panel, else close."""
        if self.has_class("-narrow") and not self.has_class("-facets-hidden"):
            self.action_facets()
        elif self._details_cover and self.shows_details:
            self.action_details()
        elif self._is_in(self.details) or self._is_in(self.query_one(FacetPanel)):
            self.table.focus()
        else:
            self.dismiss(None)

    @property
    def _details_cover(self) -> bool:
        """Whether the details lie over the table for want of room."""
        return self.has_class("-narrow") or self.has_class("-wide")

    def action_filter(self) -> None:
        """Go to the filter line."""
        self.filter_line.focus()

    @on(FilterLine.Paged)
    def _page(self, event: FilterLine.Paged) -> None:
        self.table.action_page(event.by)

    @on(RowList.LeftUpwards, "#models")
    def _to_filter(self) -> None:
        self.filter_line.focus()

    @on(Input.Submitted, "FilterLine")
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.action_use()

    @on(RowList.Chosen, "#models")
    def _chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        self.action_use()

    def action_use(self) -> None:
        """Use the model under the cursor in the conversation on screen."""
        found = self.current
        if found is None:
            return
        if found.model.id in self.browsing.gone:
            self.say("That model is gone from the catalogue; nobody would answer.")
        else:
            self.dismiss(found.model.id)

    @on(FacetPanel.Toggled)
    def _toggled(self, event: FacetPanel.Toggled) -> None:
        self.filter_line.put(toggled(self.filter_line.value, event.term))

    def action_facets(self) -> None:
        """Show the facets and go to them, or hide them."""
        facets = self.query_one(FacetPanel)
        self._toggle("-facets-hidden", facets, facets.focus)

    def action_details(self) -> None:
        """Show the details and go to them, or hide them."""
        self._toggle("-details-hidden", self.details, self.details.enter)
        if self.shows_details:
            self.show_details()
            self.ask_endpoints()

    def _toggle(self, hidden: str, panel: Widget, enter: Callable[[], object]) -> None:
        """Go to a panel, which may have to be shown first, or hide it if the focus is in it."""
        if self.has_class(hidden):
            self.remove_class(hidden)
            self.call_after_refresh(enter)
        elif self._is_in(panel):
            self.add_class(hidden)
            self.table.focus()
        else:
            enter()

    def _is_in(self, panel: Widget) -> bool:
        """Whether the focus is somewhere in a panel."""
        return self.focused is not None and panel in self.focused.ancestors_with_self

    def action_sort(self) -> None:
        """Choose another order from a list."""
        from tui.ui.screens.list_chooser import ListChooser

        keys = list(SORT_WORDS)

        def chosen(place: int | None) -> None:
            if place is not None and keys[place] is not self.browsing.sort:
                self._sort_by(keys[place])

        rows = [(words, "") for words in SORT_WORDS.values()]
        self.app.push_screen(ListChooser("Sort by", rows, keys.index(self.browsing.sort)), chosen)

    def action_terms(self) -> None:
        """Choose a term of the filter line from a list of all of them."""
        from tui.ui.screens.list_chooser import ListChooser

        examples = [info.example for info in TERMS.values()]

        def chosen(place: int | None) -> None:
            if place is not None:
                self.filter_line.put(toggled(self.filter_line.value, examples[place]))
                self.filter_line.focus()

        rows = [(info.example, info.meaning) for info in TERMS.values()]
        self.app.push_screen(ListChooser("Terms of the filter line", rows), chosen)

    def action_mine(self) -> None:
        """Only what the key in use may use, or everything again."""
        self.filter_line.put(toggled(self.filter_line.value, "mine"))

    def action_invert(self) -> None:
        """Turn the order round."""
        self._sort_by(self.browsing.sort)

    def action_next_sort(self, by: int) -> None:
        """Sort by the next column that is on screen, or by the one before."""
        laid = self.table.columns_for(self.table.row_width)
        keys = [SortKey.RELEVANCE, *(column.sort for column, _ in laid if column.sort is not None)]
        here = keys.index(self.browsing.sort) if self.browsing.sort in keys else 0
        self._sort_by(keys[(here + by) % len(keys)])

    @on(TableHeading.Clicked)
    def _heading_clicked(self, event: TableHeading.Clicked) -> None:
        self._sort_by(event.sort)

    def _sort_by(self, key: SortKey) -> None:
        self.browsing.sort_by(key)
        self.show(0)

    def action_read_endpoints(self) -> None:
        """Read who serves the models that are listed, and how fast."""
        self.read_candidates()

    def action_refresh(self) -> None:
        """Fetch the catalogue again, and what the key may use if the filter asks for it."""
        run_guarded(self.app, self._refresh(), "catalogue")

    async def _refresh(self) -> None:
        await self.desk.refresh(self.status_changed)
        if self.browsing.filter.asks("mine"):
            await self.read_usable()

    @on(EndpointList.ChoiceMade)
    def _provider_chosen(self, event: EndpointList.ChoiceMade) -> None:
        found = self.current
        if found is not None:
            run_guarded(self.app, self._choose_provider(found.model.id, event), "settings")

    async def _choose_provider(self, model_id: str, event: EndpointList.ChoiceMade) -> None:
        words = await self.desk.choose_provider(model_id, event.tag, event.choice)
        self.show_endpoints(model_id)
        self.say(f"{model_id}: {words or 'any provider'}.")

    def action_compare(self) -> None:
        """Set the marked models side by side."""
        marked = self.browsing.marked_rows()
        if len(marked) < _FEWEST_COMPARED:
            self.say("Mark two to four models with Space first.")
        else:
            run_guarded(self.app, self._compare(marked), "compare")

    async def _compare(self, marked: Sequence[Found]) -> None:
        from tui.ui.screens.spec_sheet import SpecSheet

        sheet = SpecSheet(marked, self.browsing.context)
        await self.app.push_screen(sheet, self._went_to)
        await self.desk.read_endpoints([one.model.id for one in marked], self.status_changed)
        sheet.use(self.desk.context(self.in_use))

    def action_picture(self) -> None:
        """Show the models that match as dots."""
        from tui.ui.screens.scatter import ScatterScreen

        self.app.push_screen(
            ScatterScreen(self.browsing.found, self.browsing.context), self._went_to
        )

    def action_changes(self) -> None:
        """Show what has changed in the catalogue."""
        run_guarded(self.app, self._show_changes(), "changes")

    async def _show_changes(self) -> None:
        from tui.ui.screens.model_changes import ModelChanges

        changes = await self.desk.changes()
        fetched_at = self.browsing.catalogue.fetched_at
        await self.app.push_screen(ModelChanges(changes, fetched_at), self._went_to)

    def _went_to(self, model_id: str | None) -> None:
        """Put the cursor on a model that was chosen elsewhere, whatever the filter."""
        if model_id is None:
            return
        ids = [found.model.id for found in self.browsing.found]
        if model_id not in ids:
            self.filter_line.put(quoted(model_id))
            self.browsing.type(self.filter_line.value)
            self.show(0)
        else:
            self.table.move_to(ids.index(model_id))
        self.table.focus()
