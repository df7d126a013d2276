"""The API key: a masked field, and what can be done with the key."""

from textual import events
from textual.app import ComposeResult
from textual.containers import HorizontalGroup, VerticalGroup
from textual.widgets import Button, Input, Static

from tui.domain.sanitize import single_line
from tui.ui.controllers.settings_effects import Effect, Effects
from tui.ui.widgets.effect_line import EffectLine


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

    ``verify-key`` asks the server, ``remove-key`` takes the stored key out of its place,
    ``allow-key`` agrees to send it to the server in use, and ``sign-in`` has OpenRouter make one.
    """

    DEFAULT_CSS = """
    KeyField {
        & > .buttons > Button { margin-right: 2; }
        & > .place { color: $text-muted; height: auto; }
        &.-unused { & > KeyInput, & > .buttons, & > .place { display: none; } }
    }
    """

    def __init__(self, place: str, effects: Effects) -> None:
        super().__init__()
        words = f"Saved to {single_line(place)}, readable by you alone (0600)."
        self._place = Static(words, classes="place", markup=False)
        self._key = KeyInput(placeholder="Paste a key", id="api_key")
        self._verify = Button("Verify", id="verify-key", compact=True)
        self._remove = Button("Remove", id="remove-key", compact=True)
        self._allow = Button("Allow this server", id="allow-key", compact=True)
        self._sign_in = Button(
            "Sign in", id="sign-in", compact=True, tooltip="OpenRouter makes a key in your browser"
        )
        self._result = EffectLine(classes="result")
        self.offer(effects)

    def compose(self) -> ComposeResult:
        """Lay out the field, the buttons and the result of a check."""
        yield self._key
        buttons = (self._verify, self._remove, self._allow, self._sign_in)
        yield HorizontalGroup(*buttons, classes="buttons")
        yield self._result
        yield self._place

    def offer(self, effects: Effects) -> None:
        """Show the buttons that can do something now."""
        self._verify.display = effects.can_verify
        self._remove.display = effects.can_remove
        self._allow.display = effects.can_allow
        self._sign_in.display = effects.can_sign_in

    def show_keyring(self, name: str) -> None:
        """Say that keys are kept in the keyring of this name."""
        self._place.update(f"Kept in {name}, the keyring of this system.")

    def enter(self, key: str) -> None:
        """Fill the field as if the key had been pasted."""
        self._key.value = key

    def show_result(self, effect: Effect | None) -> None:
        """Show what the server said of the key."""
        self._result.show(effect)

    def clear(self) -> None:
        """Empty the field without telling anybody."""
        with self._key.prevent(Input.Changed):
            self._key.value = ""
        self.show_result(None)
