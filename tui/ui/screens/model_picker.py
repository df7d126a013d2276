"""The quick picker (Ctrl+K): type a part of a name, Enter, done."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tui.ui.controllers.model_desk import ModelDesk
from tui.ui.controllers.picking import Picking
from tui.ui.widgets.catalogue.columns import PICKER_COLUMNS
from tui.ui.widgets.catalogue.filter_line import FilterLine
from tui.ui.widgets.catalogue.model_table import ModelTable, TableContent
from tui.ui.widgets.catalogue.row_list import RowList


class ModelPicker(ModalScreen[str | None]):
    """Dismisses with the id of the model to use, or with None.

    The filter line understands everything that the browser's does. The focus stays in it: Up and
    Down move the cursor of the list.
    """

    DEFAULT_CSS = """
    ModelPicker {
        align: center middle;
        background: $background 60%;
        & > #dialog {
            width: 92;
            max-width: 96%;
            height: 22;
            max-height: 90%;
            padding: 1 2;
            background: $surface;
            border-left: wide $accent;
            & > FilterLine {
                background: $surface;
                margin-bottom: 1;
                & > .input--placeholder { color: $quiet; }
            }
            & > ModelTable { background: $surface; scrollbar-background: $surface; }
            & > #keys { color: $quiet; margin-top: 1; }
        }
    }
    """
    AUTO_FOCUS = "FilterLine"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,ctrl+k", "cancel", "Close", id="picker.close", tooltip="Keep the model"),
        Binding(
            "down,ctrl+n", "move(1)", "Down", id="picker.down", tooltip="Row below", priority=True
        ),
        Binding("up,ctrl+p", "move(-1)", "Up", id="picker.up", tooltip="Row above", priority=True),
        Binding("f3", "browse", "Browse", id="picker.browse", tooltip="Open the model browser"),
    ]

    def __init__(self, desk: ModelDesk, in_use: str | None) -> None:
        super().__init__()
        self._picking = Picking(desk.catalogue, desk.context(in_use), desk.lists)

    def compose(self) -> ComposeResult:
        """Lay out the filter line and the list."""
        with Vertical(id="dialog"):
            yield FilterLine(self._picking.completions, self._typed)
            yield ModelTable(PICKER_COLUMNS, id="picked")
            yield Static(
                "Enter uses it, Tab completes a term, F3 opens the browser, Esc keeps the model",
                id="keys",
                markup=False,
            )

    def on_mount(self) -> None:
        """Show favourites and recent models first."""
        table = self.query_one(ModelTable)
        table.can_focus, table.looks_focused = False, True
        self._show()

    def _show(self) -> None:
        table, picking = self.query_one(ModelTable), self._picking
        table.empty_words = "No model matches." if picking.total else "There is no catalogue yet."
        table.show(TableContent(picking.found, picking.context, gone=picking.gone), 0)

    def _typed(self, text: str) -> None:
        self._picking.type(text)
        self._show()

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
        self.query_one(ModelTable).action_page(event.by)

    def _use(self) -> None:
        current = self.query_one(ModelTable).current
        if current is not None and current.model.id not in self._picking.gone:
            self.dismiss(current.model.id)

    def action_move(self, by: int) -> None:
        """Move the cursor of the list."""
        self.query_one(ModelTable).action_move(by)

    def action_browse(self) -> None:
        """Go on in the browser."""
        self.dismiss(None)
        self.app.call_later(self.app.run_action, "models")

    def action_cancel(self) -> None:
        """Keep the model."""
        self.dismiss(None)
