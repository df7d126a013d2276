"""The line of keys below a list of models: one widget, however many keys there are."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from textual import events
from textual.binding import Binding
from textual.content import Content
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widget import Widget

from tui.ui.segments import Segment, fit

_GAP = 2
_STAYING = (".help", ".close", ".measure")
"""How the ids of the keys end that are shown in any width."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key that does something here; the lowest ``rank`` stays when the line is too short."""

    key: str
    display: str
    words: str
    tooltip: str
    rank: int

    @property
    def content(self) -> Content:
        """As it is drawn."""
        return Content.assemble((self.display, "bold $text-accent"), f" {self.words}")


class KeyLine(Widget):
    """The keys of what has the focus, then those of the screen; a click presses one.

    Those that do not fit are left out whole; help and close are always there.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    KeyLine {
        dock: bottom;
        height: 1;
        padding: 0 1;
        color: $footer-foreground;
        background: $footer-background;
        pointer: pointer;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._keys: tuple[Key, ...] = ()

    def on_mount(self) -> None:
        """Follow the focus."""
        self.screen.bindings_updated_signal.subscribe(self, self._bindings_updated)

    def _bindings_updated(self, screen: Screen[object]) -> None:
        keys = tuple(self._keys_of(screen))
        if keys != self._keys and self.app.app_focus:
            self._keys = keys
            self.refresh()

    def _keys_of(self, screen: Screen[object]) -> Iterator[Key]:
        """The keys that work now, each node's in the order in which its class declares them."""
        active = {
            one.binding.id
            for one in screen.active_bindings.values()
            if one.enabled and one.binding.id
        }
        nodes = screen.focused.ancestors_with_self if screen.focused is not None else [screen]
        for node in nodes:
            for binding in _declared(node):
                if not binding.show or not binding.description or binding.id not in active:
                    continue
                key = binding.key.partition(",")[0]
                display = self.app.get_key_display(replace(binding, key=key))
                rank = 0 if (binding.id or "").endswith(_STAYING) else 1
                yield Key(key, display, binding.description, binding.tooltip, rank)

    def render(self) -> Content:
        """The keys that fit."""
        segments = [
            Segment(key.content, key.rank * len(self._keys) + place)
            for place, key in enumerate(self._keys)
        ]
        return fit(segments, self.content_size.width, _GAP)

    def on_click(self, event: events.Click) -> None:
        """Press the key under the pointer."""
        event.stop()
        key = self._key_at(event.x - self.styles.padding.left)
        if key is not None:
            self.app.simulate_key(key.key)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Tell what the key under the pointer does."""
        key = self._key_at(event.x - self.styles.padding.left)
        self.tooltip = key.tooltip if key is not None else None

    def _key_at(self, x: int) -> Key | None:
        """The key that is drawn in a cell, counted from the first one of the text."""
        drawn = self.render().plain
        left = 0
        for key in self._keys:
            words = key.content.plain
            at = drawn.find(words, left)
            if at >= 0 and at <= x < at + len(words):
                return key
            left = at + len(words) if at >= 0 else left
        return None


def _declared(node: DOMNode) -> Iterator[Binding]:
    for cls in type(node).__mro__:
        for binding in cls.__dict__.get("BINDINGS", ()):
            if isinstance(binding, Binding):
                yield binding
