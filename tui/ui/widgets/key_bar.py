"""The line of keys at the bottom."""

from collections.abc import Iterator

from rich.cells import cell_len
from textual import events
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Footer
from textual.widgets._footer import FooterKey

_AROUND = 3
"""Cells of space around the name of a key and of what it does."""


class KeyBar(Footer):
    """Textual's footer, made anew only when one of the keys in it is another one.

    The function keys come first, and what does not fit whole is left out: F1 lists every key.

    Each change of the focus, also that of the terminal's window, tells the footer to look at its
    keys again. Making it anew takes longer than a frame, and mostly it would look the same.
    """

    _shown: tuple[object, ...] | None = None

    def compose(self) -> Iterator[Widget]:
        """The keys for which there is room."""
        keys = sorted(super().compose(), key=_place)
        _leave_out(keys, self.app.size.width)
        yield from keys

    def on_resize(self, event: events.Resize) -> None:
        """Show as many keys as there is room for now."""
        _leave_out(list(self.children), event.size.width)

    def bindings_changed(self, screen: Screen[object]) -> None:
        """Look whether other keys are to be shown."""
        shown = tuple(
            (binding, enabled, tooltip)
            for _, binding, enabled, tooltip in screen.active_bindings.values()
            if binding.show
        )
        if shown == self._shown:
            return
        if screen.app.app_focus and self.is_attached and screen is self.screen:
            self._shown = shown
        super().bindings_changed(screen)


def _place(widget: Widget) -> tuple[bool, int]:
    """Function keys by their number, then all others as they come."""
    key = widget.key if isinstance(widget, FooterKey) else ""
    number = key[1:] if key.startswith("f") else ""
    return (False, int(number)) if number.isdecimal() else (True, 0)


def _leave_out(keys: list[Widget], width: int) -> None:
    """Hide the keys that would not fit whole into so many cells."""
    for key in keys:
        if isinstance(key, FooterKey):
            cells = cell_len(f"{key.key_display}{key.description}") + _AROUND
            key.display = cells <= width
            width -= cells if key.display else 0
