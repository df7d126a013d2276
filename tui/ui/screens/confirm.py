"""A question with two answers."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalGroup
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from tui.domain.sanitize import visible


class Confirm(ModalScreen[bool]):
    """Dismisses with True for yes; the focus starts on no, and Escape means no.

    All texts are shown literally, never as markup.
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
        Binding("escape,n", "answer(False)", "No", id="confirm.no", tooltip="Answer no"),
        Binding("y", "answer(True)", "Yes", id="confirm.yes", tooltip="Answer yes"),
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

    def compose(self) -> ComposeResult:
        """Lay out the question, its details and the answers."""
        with VerticalGroup(id="dialog"):
            yield Static(visible(self._question), id="question", markup=False)
            yield Static(visible(self._detail), id="detail", markup=False)
            with Horizontal(id="answers"):
                yield Button(_label(self._no, "n"), id="no", compact=True)
                yield Button(_label(self._yes, "y"), id="yes", compact=True)

    def on_mount(self) -> None:
        """Start on the answer that changes nothing."""
        self.query_one("#no", Button).focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Take the answer of the button."""
        event.stop()
        self.action_answer(event.button.id == "yes")

    def action_answer(self, yes: bool) -> None:
        """Close with the answer."""
        self.dismiss(yes)


def _label(answer: str, key: str) -> Content:
    return Content(f"{visible(answer)}  ({key})")
