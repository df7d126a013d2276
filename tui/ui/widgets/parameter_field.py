"""The control of one parameter, and beside it what takes its value back."""

from dataclasses import dataclass
from typing import Any

from textual.app import ComposeResult
from textual.containers import HorizontalGroup
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button


@dataclass
class ParameterChosen(Message):
    """A parameter has another value; None if nothing is said of it any more."""

    name: str
    value: Any


@dataclass
class ParameterRefused(Message):
    """What was entered for a parameter cannot be used; ``words`` are two lines, as of a check.

    ``entered`` is what the field needs to show it again.
    """

    name: str
    words: str
    entered: tuple[Any, ...]


class ParameterField(HorizontalGroup):
    """A control with a button that is shown as long as there is something to take back.

    The button posts ``Button.Pressed`` by the id ``reset-<name>``; keys reset by the screen's own.
    """

    DEFAULT_CSS = """
    ParameterField {
        & > .value { width: 1fr; max-width: 64; }
        & > .reset { margin-left: 2; min-width: 0; width: auto; color: $text-muted; }
    }
    """

    def __init__(self, name: str, value: Widget) -> None:
        super().__init__()
        self.value = value.add_class("value", update=False)
        self._reset = Button("Reset", id=f"reset-{name}", classes="reset", compact=True)
        self._reset.can_focus = False
        self._reset.display = False

    def compose(self) -> ComposeResult:
        """Lay out the control and the button."""
        yield self.value
        yield self._reset

    def offer_reset(self, is_set: bool) -> None:
        """Show the button while there is something to take back."""
        self._reset.display = is_set
