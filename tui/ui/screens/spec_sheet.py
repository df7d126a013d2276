"""The spec sheet: up to four models side by side, the best value of each row marked."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from tui.domain.catalogue_context import FilterContext
from tui.domain.catalogue_search import Found
from tui.ui.presence import is_there
from tui.ui.widgets.catalogue.content_view import ContentView
from tui.ui.widgets.catalogue.key_line import KeyLine
from tui.ui.widgets.catalogue.sheet_text import sheet_text


class SpecSheet(Screen[str | None]):
    """Dismisses with the id of the model that was chosen by its number, or with None."""

    CSS_PATH = "spec_sheet.tcss"
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
        yield Static(
            Content.assemble(
                (f"{len(self._models)} models side by side", "bold $text-accent"),
                "   ◂ best: the best value of a row",
            ),
            id="title",
        )
        yield ContentView()
        yield KeyLine()

    def on_mount(self) -> None:
        """Make the arrows scroll."""
        self.query_one(ContentView).focus()

    def on_resize(self) -> None:
        """Draw the sheet for the width there is."""
        self.call_after_refresh(self._draw)

    def use(self, context: FilterContext) -> None:
        """Draw the sheet with what is known by now, such as endpoints."""
        self._search = context
        if is_there(self):
            self._draw()

    def _draw(self) -> None:
        sheet = self.query_one(ContentView)
        sheet.show(sheet_text(self._models, self._search, sheet.text_width))

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
