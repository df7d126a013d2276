"""A small list over the screen: one of a few things is chosen from it."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.domain.sanitize import single_line
from tui.ui.widgets.cells import fitted

_LONGEST = 200
_WIDEST_NAME = 24


class ListChooser(ModalScreen[int | None]):
    """Dismisses with the place of what was chosen, or with None.

    ``rows`` are names, each with what is said of it. With ``delete`` the Delete key takes a row out
    of the list; it is called with the name of the row.
    """

    CSS_PATH = "list_chooser.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", id="choice.cancel", tooltip="Choose nothing"),
        Binding("delete,D", "delete", "Delete", id="choice.delete", tooltip="Take it out"),
    ]

    def __init__(
        self,
        title: str,
        rows: Sequence[tuple[str, str]],
        at: int = 0,
        delete: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__()
        self._heading = title
        self._rows = list(rows)
        self._at = at
        self._delete = delete

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        words = "Enter chooses, Esc cancels"
        with Vertical():
            yield Static(self._heading, markup=False)
            yield OptionList(*(Option(self._line(*row)) for row in self._rows), markup=False)
            keys = f"{words}, Delete takes one out" if self._delete is not None else words
            yield Static(keys, classes="keys", markup=False)

    def on_mount(self) -> None:
        """Start at the row of now."""
        self.query_one(OptionList).highlighted = self._at

    def _line(self, name: str, note: str) -> Content:
        width = min(_WIDEST_NAME, max(len(name) for name, _ in self._rows))
        if not note:
            return Content(single_line(name, _LONGEST))
        cell = fitted(single_line(name, _LONGEST), width)
        return Content.assemble(cell, "  ", (single_line(note, _LONGEST), "$quiet"))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the row."""
        event.stop()
        self.dismiss(event.option_index)

    def action_delete(self) -> None:
        """Take the row under the cursor out of the list."""
        options = self.query_one(OptionList)
        place = options.highlighted
        if self._delete is None or place is None:
            return
        name, _ = self._rows.pop(place)
        self._delete(name)
        options.remove_option_at_index(place)
        if not self._rows:
            self.dismiss(None)

    def action_cancel(self) -> None:
        """Choose nothing."""
        self.dismiss(None)
