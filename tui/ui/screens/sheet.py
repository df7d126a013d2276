"""A page of words over the chat: scrolled with the usual keys, closed with Escape."""

from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.ui.widgets.catalogue.content_view import ContentView
from tui.ui.widgets.catalogue.key_line import KeyLine

Result = TypeVar("Result")

_AROUND = 4
"""Rows of a sheet beside its text."""


class Sheet(ModalScreen[Result | None]):
    """Shows :meth:`text` for the width there is; subclasses say what it is and add keys."""

    DEFAULT_CSS = """
    Sheet {
        align: center middle;
        background: $background 60%;

        & > #sheet {
            width: 92;
            max-width: 100%;
            height: 24;
            max-height: 100%;
            background: $surface;
            border-left: wide $accent;

            & > #title { height: 1; padding: 0 1; text-style: bold; }
            & > ContentView { background: $surface; margin-top: 1; }
        }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "close", "Close", id="card.close", tooltip="Back to where you were"),
        Binding("c", "copy", "Copy", id="card.copy", tooltip="Copy all of it as text"),
        Binding("j", "scroll(1)", "Down", id="card.down", tooltip="Read on", show=False),
        Binding("k", "scroll(-1)", "Up", id="card.up", tooltip="Read back", show=False),
    ]
    NAME = ""
    """What stands above the text."""
    _height = 0

    def compose(self) -> ComposeResult:
        """Lay out the title, the text and the keys."""
        with Vertical(id="sheet"):
            yield Static(self.NAME, id="title", markup=False)
            yield ContentView()
            yield KeyLine()

    def on_mount(self) -> None:
        """Let the keys scroll."""
        self.query_one(ContentView).focus()

    def on_resize(self) -> None:
        """Write the text for another width."""
        self.call_after_refresh(self.write)

    def text(self, width: int) -> Content:
        """What is shown, for a width in cells."""
        raise NotImplementedError

    def write(self) -> None:
        """Show the text of now, in a sheet as high as it takes."""
        view = self.query_one(ContentView)
        view.show(self.text(view.text_width))
        height = view.virtual_size.height + _AROUND
        if height != self._height:
            self._height = self.query_one("#sheet").styles.height = height
            self.call_after_refresh(self.write)  # the scrollbar is drawn for the height before

    def action_scroll(self, rows: int) -> None:
        """Scroll by some rows."""
        self.query_one(ContentView).scroll_relative(y=rows)

    def action_copy(self) -> None:
        """Copy the text."""
        self.app.copy_to_clipboard(self.query_one(ContentView).text.plain)

    def action_close(self) -> None:
        """Go back."""
        self.dismiss(None)
