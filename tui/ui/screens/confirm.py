"""A question with two answers."""

from math import inf
from time import monotonic
from typing import ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalGroup
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from tui.domain.sanitize import visible

_QUIET: Final = 0.5
"""Seconds without a key after which keys are meant for the question."""


class Confirm(ModalScreen[bool]):
    """Dismisses with True for yes; the focus starts on no, and Escape means no.

    It may appear while somebody types: no letter is an answer, and no key does anything until the
    question has been in sight, and the keyboard silent, for a moment. All texts are shown
    literally, never as markup.
    """

    DEFAULT_CSS = """
    Confirm {
        align: center middle;
        background: $background 60%;

        & > #dialog {
            width: 68;
            max-width: 90%;
            height: auto;
            max-height: 90%;
            overflow-y: auto;
            padding: 1 2;
            background: $surface;
            border-left: thick $accent;

            & > #question { text-style: bold; }
            & > #detail { margin-top: 1; }
            & > #keys { margin-top: 1; color: $text-muted; }
            & > #answers {
                margin-top: 1;
                height: auto;
                align-horizontal: right;
                & > Button { margin-left: 2; }
            }
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "answer(False)", "No", id="confirm.no", tooltip="Answer no"),
        Binding(
            "left,up", "app.focus_previous", "Back", id="confirm.previous", tooltip="Other answer"
        ),
        Binding("right,down", "app.focus_next", "Forth", id="confirm.next", tooltip="Other answer"),
    ]

    def __init__(self, question: str, detail: str, yes: str, no: str) -> None:
        super().__init__()
        self._question = question
        self._detail = detail
        self._yes = yes
        self._no = no
        self._deaf_until = inf

    def compose(self) -> ComposeResult:
        """Lay out the question, its details and the answers."""
        with VerticalGroup(id="dialog"):
            yield Static(visible(self._question), id="question", markup=False)
            yield Static(visible(self._detail), id="detail", markup=False)
            with Horizontal(id="answers"):
                yield Button(Content(visible(self._no)), id="no", compact=True)
                yield Button(Content(visible(self._yes)), id="yes", compact=True)
            yield Static("Tab moves, Enter chooses, Esc is no.", id="keys", markup=False)

    def on_mount(self) -> None:
        """Start on the answer that changes nothing."""
        self.query_one("#no", Button).focus()
        self.call_after_refresh(self._appeared)

    def _appeared(self) -> None:
        self._deaf_until = monotonic() + _QUIET

    def on_key(self, event: events.Key) -> None:
        """Keep keys that were meant for something else from the bindings and the buttons."""
        if event.time < self._deaf_until:
            event.stop()
            event.prevent_default()
            self._deaf_until = max(self._deaf_until, event.time + _QUIET)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Take the answer of the button."""
        event.stop()
        self.action_answer(event.button.id == "yes")

    def action_answer(self, yes: bool) -> None:
        """Close with the answer."""
        self.dismiss(yes)
