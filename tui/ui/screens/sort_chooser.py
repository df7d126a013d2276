"""A small list of the orders that the models can be in."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.domain.catalogue_sort import SortKey
from tui.ui.widgets.catalogue.columns import SORT_WORDS


class SortChooser(ModalScreen[SortKey | None]):
    """Dismisses with an order, or with None when it shall stay as it is."""

    DEFAULT_CSS = """
    SortChooser {
        align: center middle;
        background: $background 60%;
        & > Vertical {
            width: 44;
            height: auto;
            max-height: 90%;
            padding: 1 2;
            background: $surface;
            border-left: wide $accent;
            & > OptionList {
                height: auto;
                border: none;
                padding: 1 0 0 0;
                background: $surface;
                &:focus { border: none; }
            }
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", id="models.sort.cancel", tooltip="Keep the order"),
    ]

    def __init__(self, current: SortKey) -> None:
        super().__init__()
        self._current = current

    def compose(self) -> ComposeResult:
        """Lay out the list, at the order of now."""
        with Vertical():
            yield Static("Sort by", markup=False)
            yield OptionList(*(Option(words) for words in SORT_WORDS.values()), markup=False)

    def on_mount(self) -> None:
        """Start at the order of now."""
        self.query_one(OptionList).highlighted = list(SORT_WORDS).index(self._current)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Take the order."""
        event.stop()
        self.dismiss(list(SORT_WORDS)[event.option_index])

    def action_cancel(self) -> None:
        """Leave the order as it is."""
        self.dismiss(None)
