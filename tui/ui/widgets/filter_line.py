"""The line above the list of conversations that narrows it."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input

from tui.ui.widgets.real_cursor import keep_cursor_in


class FilterLine(Input):
    """Narrows the list as it is typed into."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,enter", "to_list", "List", id="sidebar.to_list", tooltip="Go to the list"),
        Binding("escape", "clear", "Clear", id="sidebar.clear", tooltip="Show all of them again"),
    ]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Escape leaves once there is nothing to clear."""
        return bool(self.value) if action == "clear" else super().check_action(action, parameters)

    def __init__(self) -> None:
        super().__init__(placeholder="/ filter", compact=True, max_length=200)

    def on_mount(self) -> None:
        """Let the terminal's own cursor be where it is typed."""
        keep_cursor_in(self)

    def action_to_list(self) -> None:
        """Go to what was found."""
        self.screen.focus_next("ConversationList")

    def action_clear(self) -> None:
        """Filter no more."""
        self.value = ""
