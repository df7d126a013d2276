"""The quick picker (Ctrl+K): type a part of a name, Enter, done."""

from collections.abc import Callable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from tui.domain.model_lists import ModelLists
from tui.ui.controllers.model_desk import ModelDesk
from tui.ui.controllers.picking import Picking
from tui.ui.guard import run_guarded
from tui.ui.presence import is_there
from tui.ui.widgets.catalogue.columns import PICKER_COLUMNS
from tui.ui.widgets.catalogue.filter_line import FilterLine
from tui.ui.widgets.catalogue.hint_line import Hint, HintLine, key_words
from tui.ui.widgets.catalogue.model_table import ModelTable, TableContent
from tui.ui.widgets.catalogue.table_heading import TableHeading
from tui.ui.widgets.row_list import RowList

_KEYS = key_words(
    ("Enter", "uses it"),
    ("Esc", "keeps the model"),
    ("F3", "browse"),
    ("Ctrl+F", "favourite"),
    ("Alt+↑↓", "move a favourite"),
    ("Tab", "complete"),
)


class ModelPicker(ModalScreen[str | None]):
    """Dismisses with the id of the model to use, or with None.

    The filter line understands everything that the browser's does. The focus stays in it: Up and
    Down move the cursor of the list.
    """

    CSS_PATH = "model_picker.tcss"
    AUTO_FOCUS = "FilterLine"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+k", "cancel", "Close", id="picker.close", tooltip="Keep the model"),
        Binding(
            "down,ctrl+n", "move(1)", "Down", id="picker.down", tooltip="Row below", priority=True
        ),
        Binding("up,ctrl+p", "move(-1)", "Up", id="picker.up", tooltip="Row above", priority=True),
        Binding("f3", "browse", "Browse", id="picker.browse", tooltip="Open the model browser"),
        Binding(
            "ctrl+f",
            "favourite",
            "Favourite",
            id="picker.favourite",
            tooltip="Keep it on top, or no longer",
            priority=True,
        ),
        Binding(
            "alt+up",
            "move_favourite(-1)",
            "Favourite up",
            id="picker.favourite_up",
            tooltip="Further up among the favourites",
        ),
        Binding(
            "alt+down",
            "move_favourite(1)",
            "Favourite down",
            id="picker.favourite_down",
            tooltip="Further down among the favourites",
        ),
    ]

    def __init__(self, desk: ModelDesk, in_use: str | None) -> None:
        super().__init__()
        self._desk = desk
        self._in_use = in_use
        self._picking = Picking(desk.catalogue, desk.context(in_use), desk.lists)

    def compose(self) -> ComposeResult:
        """Lay out the filter line and the list."""
        with Vertical(id="dialog"):
            yield FilterLine(self._picking.completions, self._typed)
            table = ModelTable(PICKER_COLUMNS, id="picked")
            yield TableHeading(table)
            yield table
            yield HintLine(self._hint)

    def on_mount(self) -> None:
        """Show favourites and recent models first."""
        self.table.can_focus, self.table.looks_focused = False, True
        self._show(0)

    @property
    def table(self) -> ModelTable:
        """The list."""
        return self.query_one(ModelTable)

    def session_changed(self) -> None:
        """Show what is new in the catalogue or the lists."""
        if is_there(self):
            desk = self._desk
            self._picking.use(desk.catalogue, desk.context(self._in_use), desk.lists)
            self._show()

    def _show(self, cursor: int | None = None) -> None:
        table, picking = self.table, self._picking
        table.empty_words = "No model matches." if picking.total else "There is no catalogue yet."
        table.show(TableContent(picking.found, picking.context, gone=picking.gone), cursor)
        self.query_one(HintLine).refresh()

    def _hint(self) -> Hint:
        """What Tab would do, what is wrong, or the keys."""
        return Hint(
            completions=tuple(self.query_one(FilterLine).offered()),
            problems=self._picking.filter.problems,
            at_rest=_KEYS,
        )

    def _typed(self, text: str) -> None:
        before = self._picking.filter
        self._picking.type(text)
        self._show(0)
        if self._desk.must_ask(self._picking.filter, before):
            run_guarded(self.app, self._read_usable(), "usable")

    async def _read_usable(self) -> None:
        await self._desk.read_usable(self._hint_again)
        self.session_changed()

    @on(FilterLine.CursorMoved)
    def _hint_again(self) -> None:
        if is_there(self):
            self.query_one(HintLine).refresh()

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self._use()

    @on(RowList.Chosen)
    def _chosen(self, event: RowList.Chosen) -> None:
        event.stop()
        self._use()

    @on(RowList.Moved)
    def _moved(self, event: RowList.Moved) -> None:
        event.stop()

    @on(FilterLine.Paged)
    def _paged(self, event: FilterLine.Paged) -> None:
        self.table.action_page(event.by)

    def _use(self) -> None:
        current = self.table.current
        if current is not None and current.model.id not in self._picking.gone:
            self.dismiss(current.model.id)

    def action_move(self, by: int) -> None:
        """Move the cursor of the list."""
        self.table.action_move(by)

    def action_favourite(self) -> None:
        """Make the model under the cursor a favourite, or no longer one."""
        current = self.table.current
        if current is not None:
            model_id = current.model.id
            self._change_lists(lambda lists: lists.toggled_favourite(model_id))

    def action_move_favourite(self, by: int) -> None:
        """Put the favourite under the cursor further up or down among the favourites."""
        current = self.table.current
        if current is not None:
            model_id = current.model.id
            self._change_lists(lambda lists: lists.moved_favourite(model_id, by))

    def _change_lists(self, change: Callable[[ModelLists], ModelLists]) -> None:
        async def changed() -> None:
            await self._desk.change_lists(change)
            self.session_changed()

        run_guarded(self.app, changed(), "lists")

    def action_browse(self) -> None:
        """Go on in the browser."""
        self.dismiss(None)
        self.app.call_later(self.app.run_action, "models")

    def action_cancel(self) -> None:
        """Keep the model."""
        self.dismiss(None)
