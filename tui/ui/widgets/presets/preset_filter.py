"""The line above the presets: only those stay that have its words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from tui.services.presets import StoredPreset
from tui.ui.widgets.real_cursor import keep_cursor_in


class PresetFilter(Input):
    """Down goes to the list, Escape takes the words back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "leave", "List", id="presets.to_list", tooltip="Go to the list"),
        Binding("escape", "clear", "Clear", id="presets.clear", tooltip="Show all of them again"),
    ]

    @dataclass
    class Left(Message):
        """The reader goes on to the list."""

    def __init__(self) -> None:
        super().__init__(placeholder="/ filter presets", compact=True, max_length=100)

    def on_mount(self) -> None:
        """Let the terminal's own cursor be where it is typed."""
        keep_cursor_in(self)

    def action_leave(self) -> None:
        """Go to what was found."""
        self.post_message(self.Left())

    def action_clear(self) -> None:
        """Show all presets, and go to them."""
        self.value = ""
        self.action_leave()


def matching(presets: Sequence[StoredPreset], text: str) -> list[StoredPreset]:
    """Those that have every word in their name, description, model or system prompt."""
    words = text.lower().split()
    return [stored for stored in presets if all(word in _words_of(stored) for word in words)]


def _words_of(stored: StoredPreset) -> str:
    preset = stored.preset
    return "\n".join([preset.name, preset.description, preset.model, preset.system]).lower()
