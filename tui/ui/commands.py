"""The command palette: every action that has a key, and the themes."""

from collections.abc import Iterable
from typing import Any

from textual.app import App, SystemCommand
from textual.screen import Screen


def commands_of(app: App[Any], screen: Screen[Any]) -> Iterable[SystemCommand]:
    """The actions that are active on this screen, by the words of their bindings."""
    for active in screen.active_bindings.values():
        binding = active.binding
        if active.enabled and binding.id is not None and binding.description:
            words = binding.tooltip or binding.description

            async def perform(action: str = binding.action, node: object = active.node) -> None:
                await app.run_action(action, node)  # type: ignore[arg-type]

            yield SystemCommand(binding.description, words, perform)
    yield SystemCommand("Theme", "Choose other colours for now", app.action_change_theme)
    yield SystemCommand("Save a screenshot", "The screen as an SVG file", app.action_screenshot)
