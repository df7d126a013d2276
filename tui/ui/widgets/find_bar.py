"""The bar that finds text in the chat: what to look for, how many hits, which one is shown."""

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

from tui.ui.widgets.real_cursor import keep_cursor_in

_LONGEST = 200


@dataclass
class FindChanged(Message):
    """The text to look for is another one."""

    text: str


@dataclass
class FindStepped(Message):
    """The user wants the next (1) or the previous (-1) hit."""

    step: int


@dataclass
class FindClosed(Message):
    """The user is done with searching."""


class FindBar(Horizontal):
    """One line; capitals in the text make it look for exactly these."""

    DEFAULT_CSS = """
    FindBar {
        height: 1;
        background: $surface;
        padding: 0 1;
        display: none;
        &.-open { display: block; }
        & > #find-label { width: auto; color: $text-muted; padding-right: 1; }
        & > Input { width: 1fr; border: none; height: 1; padding: 0; background: $surface; }
        & > #find-count { width: auto; min-width: 12; padding-left: 2; text-align: right; }
        & > #find-count.-none { color: $text-warning; }
        & > #find-keys { width: auto; color: $text-muted; padding-left: 2; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter,f7,down",
            "step(1)",
            "Next hit",
            id="find.next",
            tooltip="Go to the next hit",
            show=False,
        ),
        Binding(
            "shift+enter,shift+f7,up",
            "step(-1)",
            "Previous hit",
            id="find.previous",
            tooltip="Go to the hit before",
            show=False,
        ),
        Binding(
            "escape",
            "close",
            "Close",
            id="find.close",
            tooltip="End the search: stay at a hit that was stepped to, otherwise go back",
            show=False,
        ),
    ]

    def compose(self) -> ComposeResult:
        """Lay out the line."""
        yield Static("Find", id="find-label", markup=False)
        yield Input(placeholder="text in this chat", compact=True, max_length=_LONGEST)
        yield Static("", id="find-count", markup=False)
        yield Static("⏎ next  ⇧⏎ back  Esc", id="find-keys", markup=False)

    def on_mount(self) -> None:
        """Let input methods open where the text is typed."""
        keep_cursor_in(self.query_one(Input))

    @property
    def is_open(self) -> bool:
        """Whether it is on the screen."""
        return self.has_class("-open")

    @property
    def text(self) -> str:
        """What is looked for."""
        return self.query_one(Input).value

    def open(self) -> None:
        """Show it, with what was looked for last selected."""
        self.add_class("-open")
        query = self.query_one(Input)
        self.screen.set_focus(query)  # at once: the next key belongs to it
        query.action_select_all()

    def close(self) -> None:
        """Take it off the screen."""
        self.remove_class("-open")
        self.show_count(0, 0, complete=True, capped=False)

    def show_count(self, number: int, total: int, *, complete: bool, capped: bool) -> None:
        """Say which hit of how many is shown."""
        words = f"{number:,}/{total:,}" if total else "no hit" if self.text.strip() else ""
        if not complete and not capped:
            words = f"{words}…" if total else "…"
        count = self.query_one("#find-count", Static)
        count.update(f"{words}+" if capped else words)
        count.set_class(complete and not total and bool(self.text.strip()), "-none")

    def on_input_changed(self, event: Input.Changed) -> None:
        """Look for the new text."""
        event.stop()
        if self.is_open:
            self.post_message(FindChanged(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter goes to the next hit."""
        event.stop()
        self.action_step(1)

    def action_step(self, step: int) -> None:
        """Go to another hit."""
        self.post_message(FindStepped(step))

    def action_close(self) -> None:
        """End the search."""
        self.post_message(FindClosed())
