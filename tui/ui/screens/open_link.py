"""What to do with a link: its whole target is shown before anything happens."""

from enum import Enum
from typing import ClassVar
from urllib.parse import urlsplit

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalGroup
from textual.content import Content
from textual.widgets import Button, Static

from tui.domain.sanitize import visible
from tui.ui.screens.dialog import Dialog


class LinkAction(Enum):
    """What the user chose."""

    OPEN = "open"
    COPY = "copy"


class OpenLink(Dialog[LinkAction | None]):
    """Dismisses with the choice, or None; the focus starts on doing nothing.

    ``target`` is cleaned already: percent-encoded, its host in punycode.
    """

    CSS_PATH = "open_link.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,n", "choose('')", "Cancel", id="link.cancel", tooltip="Do nothing"),
        Binding("o", "choose('open')", "Open", id="link.open", tooltip="Open it in the browser"),
        Binding("c,y", "choose('copy')", "Copy", id="link.copy", tooltip="Copy the target"),
        Binding("left,up", "app.focus_previous", "Back", id="link.previous", tooltip="Before"),
        Binding("right,down", "app.focus_next", "Forth", id="link.next", tooltip="Next"),
    ]

    def __init__(self, target: str) -> None:
        super().__init__()
        self._target = target

    def compose(self) -> ComposeResult:
        """Lay out the target and what can be done."""
        mail = self._target.startswith("mailto:")
        with VerticalGroup(id="dialog"):
            question = "Write a mail to this address?" if mail else "Open this link?"
            yield Static(question, id="question", markup=False)
            yield Static(target_words(self._target), id="target")
            warning = Static(_WARNING, id="warning", markup=False)
            warning.set_class(disguises(self._target), "-shown")
            yield warning
            with Horizontal(id="answers"):
                yield Button("Cancel  (n)", id="cancel", compact=True)
                yield Button("Copy  (c)", id="copy", compact=True)
                yield Button("Open  (o)", id="open", compact=True)

    def on_mount(self) -> None:
        """Start on the answer that changes nothing."""
        self.query_one("#cancel", Button).focus()

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Take the answer of the button."""
        event.stop()
        self.action_choose("" if event.button.id == "cancel" else event.button.id or "")

    def action_choose(self, choice: str) -> None:
        """Close with the answer."""
        self.dismiss(LinkAction(choice) if choice else None)


_WARNING = "The name of this host has letters beyond ASCII; they can look like others."


def disguises(target: str) -> bool:
    """Whether the host is written in punycode, so that its name may be meant to deceive."""
    return any(part.startswith("xn--") for part in (urlsplit(target).hostname or "").split("."))


def target_words(target: str) -> Content:
    """The target with its host, the part that matters, in bold."""
    text = visible(target)
    host = urlsplit(target).netloc or target.partition("?")[0].partition(":")[2]
    before, found, after = text.partition(host)
    return Content.assemble(before, (found, "bold"), after)
