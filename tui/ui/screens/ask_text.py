"""A small dialog that asks for one line of text."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from tui.domain.sanitize import single_line
from tui.ui.screens.dialog import Dialog


class AskText(Dialog[str | None]):
    """Dismisses with the text, or with None when the user thinks better of it."""

    CSS_PATH = "ask_text.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", id="ask.cancel", tooltip="Change nothing"),
    ]

    def __init__(self, question: str, value: str = "") -> None:
        super().__init__()
        self._question = question
        self._value = single_line(value)

    def compose(self) -> ComposeResult:
        """Lay out the question and the field."""
        with Vertical(id="dialog"):
            yield Static(self._question, markup=False)
            yield Input(self._value, select_on_focus=True)
            yield Static("Enter saves, Esc cancels", classes="hint", markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Hand the text back."""
        self.dismiss(event.value.strip() or None)

    def action_cancel(self) -> None:
        """Hand nothing back."""
        self.dismiss(None)
