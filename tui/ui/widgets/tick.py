"""A box to check."""

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget


class Tick(Widget, can_focus=True):
    """A checkbox whose state is a glyph, not only a colour: ``[✓]`` or ``[ ]``."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "tick", "Check", id="settings.toggle", tooltip="Check or uncheck"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"tick--label"}
    DEFAULT_CSS = """
    Tick {
        width: auto;
        height: auto;

        &:hover { pointer: pointer; }
        &:hover > .tick--label { background: $block-hover-background; }
        &:focus > .tick--label {
            color: $block-cursor-foreground;
            background: $block-cursor-background;
            text-style: $block-cursor-text-style;
        }
    }
    """
    value: reactive[bool] = reactive(False, init=False)

    @dataclass
    class Changed(Message):
        """The box was checked or unchecked."""

        tick: "Tick"
        value: bool

    def __init__(self, label: str, value: bool, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._label = label
        self.set_reactive(Tick.value, value)

    def render(self) -> Content:
        """Draw the box, then the label."""
        box = ("[✓]", "$text-success") if self.value else "[ ]"
        return Content.assemble(box, " ", (self._label, self.get_visual_style("tick--label")))

    def watch_value(self, value: bool) -> None:
        """Tell everybody."""
        self.post_message(self.Changed(self, value))

    def action_tick(self) -> None:
        """Check the box, or uncheck it."""
        self.value = not self.value

    def on_click(self) -> None:
        """Do the same with the mouse."""
        self.action_tick()
