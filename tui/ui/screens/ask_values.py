"""A small dialog that asks what the variables of a preset stand for."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalGroup
from textual.widgets import Input, Static

from tui.domain.presets import Preset
from tui.domain.sanitize import single_line
from tui.ui.screens.dialog import Dialog

_LONGEST = 2_000


class AskValues(Dialog[dict[str, str] | None]):
    """Dismisses with a value for each variable, or with None."""

    CSS_PATH = "ask_values.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "cancel", "Cancel", id="ask.cancel", tooltip="Change nothing"),
    ]

    def __init__(self, preset: Preset) -> None:
        super().__init__()
        self._preset = preset

    def compose(self) -> ComposeResult:
        """Lay out a field for each variable."""
        with VerticalGroup(id="dialog"):
            yield Static(f"Preset {self._preset.name}", id="question", markup=False)
            for name in self._preset.named:
                yield Static(single_line(name), classes="name", markup=False)
                value = single_line(self._preset.variables.get(name, ""))
                yield Input(value, compact=True, max_length=_LONGEST)
            yield Static("Enter goes on, Esc cancels", classes="hint", markup=False)

    def on_mount(self) -> None:
        """Begin with the first one that needs a value."""
        self._go_to_empty()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Go on to the next one that needs a value; after the last, hand all back."""
        event.stop()
        fields = list(self.query(Input))
        behind = fields[fields.index(event.input) + 1 :]
        if behind:
            behind[0].focus()
        elif not self._go_to_empty():
            values = (field.value.strip() for field in fields)
            self.dismiss(dict(zip(self._preset.named, values, strict=True)))

    def _go_to_empty(self) -> bool:
        empty = next((field for field in self.query(Input) if not field.value.strip()), None)
        if empty is not None:
            empty.focus()
        return empty is not None

    def action_cancel(self) -> None:
        """Hand nothing back."""
        self.dismiss(None)
