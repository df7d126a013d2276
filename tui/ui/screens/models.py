"""The model browser (F3): it only wires the keys to what they do."""

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widget import Widget
from textual.widgets import Input

from tui.domain.catalogue_filter import toggled
from tui.domain.catalogue_sort import SortKey
from tui.domain.catalogue_terms import quoted
from tui.domain.model_lists import ModelLists
from tui.domain.sanitize import single_line
from tui.ui.controllers.browsing import MOST_MARKED
from tui.ui.guard import run_guarded
from tui.ui.screens.ask_text import AskText
from tui.ui.screens.models_view import ModelsView
from tui.ui.widgets.catalogue.endpoint_list import EndpointList
from tui.ui.widgets.catalogue.facet_panel import FacetPanel
from tui.ui.widgets.catalogue.filter_line import FilterLine
from tui.ui.widgets.catalogue.row_list import RowList
from tui.ui.widgets.catalogue.table_heading import TableHeading

_LONGEST_NAME = 60
_FEWEST_COMPARED = 2


class ModelsScreen(ModelsView):
    """Dismisses with the id of the model to use, or with None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "app.help", "Help", id="models.help", tooltip="Every key on one page"),
        Binding("escape,f3", "back", "Close", id="models.close", tooltip="Back to the chat"),
        Binding(
            "f5", "refresh", "Refresh", id="models.refresh", tooltip="Fetch the catalogue again"
        ),
    ]

    def action_back(self) -> None:
        """Close what lies over the table, else the screen."""
        if self.has_class("-narrow") and not self.has_class("-facets-hidden"):
            self.action_facets()
        elif self._details_cover and self.shows_details:
            self.action_details()
        else:
            self.dismiss(None)

    @property
    def _details_cover(self) -> bool:
        """Whether the details lie over the table for want of room."""
        return self.has_class("-narrow") or self.has_class("-wide")

    def action_filter(self) -> None:
        """Go to the filter line."""
        self.filter_line.focus()

    @on(FilterLine.Left)
    def _to_table(self) -> None:
        self.table.focus()

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
            self._say("That model is gone from the catalogue; nobody would answer.")
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
        inside = self.focused is not None and panel in self.focused.ancestors_with_self
        if self.has_class(hidden):
            self.remove_class(hidden)
            self.call_after_refresh(enter)
        elif inside:
            self.add_class(hidden)
            self.table.focus()
        else:
            enter()

    def action_mark(self) -> None:
        """Mark the model under the cursor, or take its mark away."""
        found = self.current
        if found is None:
            return
        if self.browsing.toggle_mark(found.model.id):
            self.show()
            self.table.action_move(1)
        else:
            self._say(f"{MOST_MARKED} models are marked already; Space takes a mark away.")

    def action_favourite(self) -> None:
        """Make the model under the cursor a favourite, or no longer one."""
        found = self.current
        if found is not None:
            model_id = found.model.id
            self._change_lists(lambda lists: lists.toggled_favourite(model_id))

    def _change_lists(self, change: Callable[[ModelLists], ModelLists]) -> None:
        async def changed() -> None:
            await self.desk.change_lists(change)
            self.session_changed()

        run_guarded(self.app, changed(), "lists")

    def action_sort(self) -> None:
        """Choose another order from a list."""
        from tui.ui.screens.sort_chooser import SortChooser

        def chosen(key: SortKey | None) -> None:
            if key is not None and key is not self.browsing.sort:
                self._sort_by(key)

        self.app.push_screen(SortChooser(self.browsing.sort), chosen)

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

    def action_refresh(self) -> None:
        """Fetch the catalogue again."""
        run_guarded(self.app, self.desk.refresh(self.show_status), "catalogue")

    def action_save_filter(self) -> None:
        """Save the filter under a name."""
        text = self.browsing.text.strip()
        if not text:
            self._say("There is no filter to save.")
            return

        def named(name: str | None) -> None:
            if name:
                self._change_lists(lambda lists: lists.with_filter(name, text))
                self._say(
                    f"Saved “{single_line(name, _LONGEST_NAME)}”; ↑ in the filter line recalls it."
                )

        self.app.push_screen(AskText("Save this filter as", self._saved_name or ""), named)

    @property
    def _saved_name(self) -> str | None:
        """The name under which the filter in the line is saved."""
        wanted = self.browsing.text.strip()
        filters = self.desk.lists.filters
        return next((name for name, text in filters.items() if text == wanted), None)

    def action_forget_filter(self) -> None:
        """Forget the saved filter that is in the line."""
        name = self._saved_name
        if name is None:
            self._say("The filter in the line is not a saved one.")
            return
        self._change_lists(lambda lists: lists.without_filter(name))
        self._say(f"Forgot “{single_line(name, _LONGEST_NAME)}”.")

    def action_fallbacks(self) -> None:
        """Let the marked models answer when the one under the cursor cannot."""
        found = self.current
        if found is None:
            return
        model_id = found.model.id
        fallbacks = tuple(one for one in self.browsing.marked if one != model_id)

        async def save() -> None:
            await self.desk.set_fallbacks(model_id, fallbacks)
            names = ", then ".join(fallbacks) if fallbacks else "no other model"
            self._say(f"When {model_id} cannot answer, {names} does.")

        run_guarded(self.app, save(), "settings")

    @on(EndpointList.ChoiceMade)
    def _provider_chosen(self, event: EndpointList.ChoiceMade) -> None:
        found = self.current
        if found is not None:
            run_guarded(self.app, self._choose_provider(found.model.id, event), "settings")

    async def _choose_provider(self, model_id: str, event: EndpointList.ChoiceMade) -> None:
        words = await self.desk.choose_provider(model_id, event.tag, event.choice)
        self.show_endpoints(model_id)
        self._say(f"{model_id}: {words or 'any provider'}.")

    def action_compare(self) -> None:
        """Set the marked models side by side."""
        from tui.ui.screens.spec_sheet import SpecSheet

        marked = self.browsing.marked_rows()
        if len(marked) < _FEWEST_COMPARED:
            self._say("Mark two to four models with Space first.")
        else:
            self.app.push_screen(SpecSheet(marked, self.browsing.context), self._went_to)

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

    def _say(self, words: str) -> None:
        self.notify(single_line(words, 300), markup=False)
