"""The API key: a masked field, and what can be done with the key."""

from textual import events
from textual.app import ComposeResult
from textual.containers import HorizontalGroup, VerticalGroup
from textual.widgets import Button, Input, Static

from tui.domain.sanitize import single_line
from tui.ui.controllers.settings_effects import Effect
from tui.ui.widgets.setting_row import EffectLine


class KeyInput(Input):
    """A masked field that takes a paste as a whole.

    A plain Input would keep the first line of a paste in silence; a key that was wrapped on its way
    must be refused instead, so the line break becomes a space.
    """

    def __init__(self, *, placeholder: str, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(password=True, compact=True, placeholder=placeholder, id=id)

    def on_paste(self, event: events.Paste) -> None:
        """Insert the pasted text without the white space around it."""
        event.prevent_default()
        event.stop()
        self.replace(" ".join(event.text.split()), *sorted(self.selection))


class KeyField(VerticalGroup):
    """The masked field with its buttons; they post ``Button.Pressed`` by their ids.

    ``verify-key`` asks the server, ``remove-key`` takes the stored key out of the file, and
    ``allow-key`` agrees to send it to the server in use.
    """

    DEFAULT_CSS = """
    KeyField {
        & > .buttons {
            & > Button { margin-right: 2; }
            & > Button.-hidden { display: none; }
        }
        & > .place { color: $text-muted; height: auto; }
    }
    """

    def __init__(self, place: str) -> None:
        super().__init__()
        self._place = place

    def compose(self) -> ComposeResult:
        """Lay out the field, the buttons and the result of a check."""
        yield KeyInput(placeholder="Paste a key", id="api_key")
        with HorizontalGroup(classes="buttons"):
            yield Button("Verify", id="verify-key", compact=True)
            yield Button("Remove", id="remove-key", compact=True)
            yield Button("Allow this server", id="allow-key", compact=True)
        yield EffectLine(classes="result")
        yield Static(
            f"Saved to {single_line(self._place)}, readable by you alone (0600).",
            classes="place",
            markup=False,
        )

    def offer(self, *, verify: bool, remove: bool, allow: bool) -> None:
        """Show the buttons that can do something now."""
        for name, shown in (("verify", verify), ("remove", remove), ("allow", allow)):
            self.query_one(f"#{name}-key", Button).set_class(not shown, "-hidden")

    def show_result(self, effect: Effect | None) -> None:
        """Show what the server said of the key."""
        self.query_one("EffectLine.result", EffectLine).show(effect)

    def clear(self) -> None:
        """Empty the field without telling anybody."""
        field = self.query_one(KeyInput)
        with field.prevent(Input.Changed):
            field.value = ""
        self.show_result(None)
