"""The line of keys at the bottom."""

from textual.screen import Screen
from textual.widgets import Footer


class KeyBar(Footer):
    """Textual's footer, made anew only when one of the keys in it is another one.

    Each change of the focus, also that of the terminal's window, tells the footer to look at its
    keys again. Making it anew takes longer than a frame, and mostly it would look the same.
    """

    _shown: tuple[object, ...] | None = None

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
