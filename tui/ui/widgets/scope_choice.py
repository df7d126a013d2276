"""A line to choose for what something is set: this conversation, this model, or every model."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui.ui.controllers.setup_scope import SCOPE_TITLES, Scope

_BEFORE = "Set for "
_GAP = "  "
_SCOPES = tuple(Scope)


class ScopeChoice(Widget, can_focus=True):
    """The scopes side by side, the chosen one marked by a glyph; ← and → or a click choose.

    ``counts`` says how many values are set in each, so that one sees where something is.
    """

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "left",
            "step(-1)",
            "Scope",
            id="settings.scope_before",
            tooltip="Set it for the scope at the left",
        ),
        Binding(
            "right,space",
            "step(1)",
            "Scope",
            id="settings.scope_after",
            tooltip="Set it for the scope at the right",
        ),
        Binding("down", "app.focus_next", "Fields", id="settings.fields", tooltip="To the fields"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"scope-choice--chosen"}
    DEFAULT_CSS = """
    ScopeChoice {
        height: 1;
        width: 1fr;
        padding: 0 1;
        color: $text-muted;
        & > .scope-choice--chosen { color: $text-accent; text-style: bold; }
        &:focus > .scope-choice--chosen {
            color: $block-cursor-foreground;
            background: $block-cursor-background;
        }
    }
    """
    value: reactive[Scope] = reactive(Scope.CONVERSATION, init=False)
    counts: reactive[Mapping[Scope, int]] = reactive(dict, init=False)

    @dataclass
    class Changed(Message):
        """Another scope was chosen."""

        scope: Scope

    def __init__(
        self,
        value: Scope,
        counts: Mapping[Scope, int],
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name
    ) -> None:
        super().__init__(id=id)
        self.set_reactive(ScopeChoice.value, value)
        self.set_reactive(ScopeChoice.counts, counts)

    def render(self) -> Content:
        """Draw the scopes."""
        chosen = self.get_visual_style("scope-choice--chosen")
        words = [
            (f" {self._words(scope)} ", chosen if scope is self.value else "") for scope in _SCOPES
        ]
        return Content.assemble(_BEFORE, *[part for word in words for part in (word, _GAP)])

    def _words(self, scope: Scope) -> str:
        mark = "●" if scope is self.value else "○"
        count = self.counts.get(scope, 0)
        return f"{mark} {SCOPE_TITLES[scope]}" + (f" ({count})" if count else "")

    def watch_value(self, value: Scope) -> None:
        """Tell everybody."""
        self.post_message(self.Changed(value))

    def action_step(self, by: int) -> None:
        """Choose the next scope; it stays at the ends."""
        place = _SCOPES.index(self.value) + by
        self.value = _SCOPES[max(0, min(place, len(_SCOPES) - 1))]

    def on_click(self, event: events.Click) -> None:
        """Choose the scope that was clicked."""
        place = event.x - self.gutter.left - len(_BEFORE)
        for scope in _SCOPES:
            width = len(self._words(scope)) + 2
            if 0 <= place < width:
                self.value = scope
            place -= width + len(_GAP)
