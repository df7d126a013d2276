"""A page of fields that scrolls; the arrow keys move between them."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll


class FieldsPage(VerticalScroll, can_focus=False, inherit_bindings=False):
    """What the settings and the editors have in common: how one moves about in them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "app.focus_next", "Next", id="settings.next_field", tooltip="Next field"),
        Binding(
            "up",
            "app.focus_previous",
            "Previous",
            id="settings.previous_field",
            tooltip="Previous field",
        ),
        Binding("pagedown", "page_down", "Down", id="settings.page_down", tooltip="Scroll down"),
        Binding("pageup", "page_up", "Up", id="settings.page_up", tooltip="Scroll up"),
    ]
