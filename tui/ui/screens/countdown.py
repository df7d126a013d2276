"""The wait before a message is sent again, with what is left of it in sight."""

from math import ceil
from time import monotonic
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalGroup
from textual.widgets import Button, Static

from tui.ui.screens.dialog import Dialog

_EVERY = 0.2
"""Seconds between two looks at the clock."""


class Countdown(Dialog[bool]):
    """Dismisses with whether to send: True once the time is up, False if the wait is stopped.

    ``wait`` is in seconds.
    """

    CSS_PATH = "countdown.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape", "end(False)", "Stop", id="countdown.stop", tooltip="Do not send it again"
        ),
    ]

    def __init__(self, wait: float) -> None:
        super().__init__()
        self._until = monotonic() + wait

    def compose(self) -> ComposeResult:
        """Lay out what is left and what can be done."""
        with VerticalGroup(id="dialog"):
            yield Static(self._words(), id="question", markup=False)
            with Horizontal(id="answers"):
                yield Button("Stop  (Esc)", id="stop", compact=True)
                yield Button("Send now", id="now", compact=True)

    def on_mount(self) -> None:
        """Count from now on."""
        self.query_one("#stop", Button).focus()
        self.set_interval(_EVERY, self._tick)

    def _words(self) -> str:
        return f"Sending again in {max(0, ceil(self._until - monotonic()))} s"

    def _tick(self) -> None:
        if monotonic() >= self._until and self.is_current:
            self.action_end(send=True)
        else:
            self.query_one("#question", Static).update(self._words())

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Take the answer of the button."""
        event.stop()
        self.action_end(send=event.button.id == "now")

    def action_end(self, send: bool) -> None:
        """Close with whether to send."""
        self.dismiss(send)
