"""The provider: the list of them, and a button that looks for servers on this machine."""

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.containers import HorizontalGroup
from textual.widgets import Button

from tui.ui.widgets.choice import Choice


class ProviderField(HorizontalGroup):
    """The choice and, at its right, the button; it posts ``Button.Pressed`` by its id.

    Nothing is looked for unless ``find-servers`` is pressed.
    """

    DEFAULT_CSS = """
    ProviderField {
        & > Choice { width: 1fr; }
        & > Button { margin-left: 2; }
    }
    """

    def __init__(self, options: Iterable[tuple[str, str]], value: str) -> None:
        super().__init__()
        self._choice = Choice(options, value, prompt="Choose a provider", id="provider")

    def compose(self) -> ComposeResult:
        """Lay out both."""
        yield self._choice
        yield Button("Find local servers", id="find-servers", compact=True)

    def offer(self, options: Iterable[tuple[str, str]], value: str) -> None:
        """Offer other providers, and choose one of them."""
        self._choice.offer(options)
        self._choice.value = value
