"""The spec sheet: up to four models side by side, the best value of each row marked."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Footer, Static

from tui.domain.catalogue_context import FilterContext
from tui.domain.catalogue_search import Found
from tui.ui.widgets.catalogue.sheet_text import sheet_text


class SpecSheet(Screen[str | None]):
    """Dismisses with the id of the model that was chosen by its number, or with None."""

    DEFAULT_CSS = """
    SpecSheet {
        background: $background;
        & > VerticalScroll { padding: 1 2; scrollbar-size-vertical: 1; }
        & > VerticalScroll > Static { height: auto; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "app.help", "Help", id="sheet.help", tooltip="Every key on one page"),
        Binding("escape,c,q", "close", "Close", id="sheet.close", tooltip="Back to the models"),
        *(
            Binding(
                str(number),
                f"choose({number - 1})",
                f"Go to {number}",
                id=f"sheet.choose_{number}",
                tooltip=f"Go to model {number} in the table",
            )
            for number in (1, 2, 3, 4)
        ),
    ]

    def __init__(self, models: Sequence[Found], context: FilterContext) -> None:
        super().__init__()
        self._models = models
        self._search = context

    def compose(self) -> ComposeResult:
        """Lay out the sheet."""
        with VerticalScroll():
            yield Static(markup=False)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Draw the sheet for the width there is."""
        self.query_one(VerticalScroll).focus()

    def on_resize(self) -> None:
        """Draw the sheet anew for another width."""
        width = self.size.width - 6
        self.query_one(Static).update(sheet_text(self._models, self._search, width))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only the numbers of models that are there do anything."""
        if action != "choose":
            return True
        return isinstance(parameters[0], int) and parameters[0] < len(self._models)

    def action_choose(self, place: int) -> None:
        """Go to one of the models."""
        self.dismiss(self._models[place].model.id)

    def action_close(self) -> None:
        """Go back."""
        self.dismiss(None)
