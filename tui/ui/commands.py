"""The command palette: every action that has a key of its own, and the themes."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from textual.app import App, SystemCommand
from textual.binding import Binding
from textual.screen import Screen

_OFFERED = ("app", "chat", "sidebar", "models", "settings", "routing")
"""Groups of bindings; those of the prompt and the transcript only make sense as keys."""
_ITSELF = "app.palette"
_HELP = "app.help"
"""The action that is looked for by more words than any other."""


def commands_of(app: App[Any], screen: Screen[Any]) -> Iterable[SystemCommand]:
    """The actions that are active on this screen, by the words of their bindings."""
    active = {
        one.binding.id: one
        for one in reversed(screen.active_bindings.values())  # of two keys, the first is told
        if one.enabled and one.binding.id and one.binding.id.partition(".")[0] in _OFFERED
        if one.binding.id != _ITSELF and not one.binding.system
    }
    for one in active.values():
        binding, node = one.binding, one.node

        async def perform(action: str = binding.action, node: Any = node) -> None:
            await app.run_action(action, node)

        yield SystemCommand(title_of(binding), app.get_key_display(binding), perform)
    yield SystemCommand(
        "Sign in or set up",
        "Sign in with the browser, or begin with another key or a server of your own",
        partial(app.run_action, "app.set_up"),
    )
    yield SystemCommand("Theme", "Choose other colours for now", app.action_change_theme)
    yield SystemCommand("Save a screenshot", "The screen as an SVG file", app.action_screenshot)


def title_of(binding: Binding) -> str:
    """What a command is found by: its name on the key bar, too, unless its words say it anyway."""
    if binding.action == _HELP:
        return "Help: all keys and keyboard shortcuts on one page"
    name, words = binding.description, binding.tooltip
    if not words:
        return name
    if all(word in words.lower() for word in name.lower().split()):
        return words
    return f"{name}: {words[0].lower()}{words[1:]}"
