"""By which words the command palette finds a command."""

import pytest
from textual.binding import Binding
from textual.fuzzy import Matcher

from tui.ui.commands import title_of
from tui.ui.screens.chat import ChatScreen

HELP = Binding("f1", "app.help", "Help", tooltip="Every key on one page")
SPEND = Binding("f4", "app.spend", "Spend", tooltip="What was spent, on what")


@pytest.mark.parametrize("typed", ["help", "keys", "shortcuts", "keyboard"])
def test_the_help_is_what_is_found_first_by_any_name_for_it(typed: str) -> None:
    shown = [one for one in ChatScreen.BINDINGS if isinstance(one, Binding)]
    assert max(map(title_of, [*shown, SPEND]), key=Matcher(typed).match) == title_of(HELP)


@pytest.mark.parametrize(
    ("binding", "title"),
    [
        (SPEND, "Spend: what was spent, on what"),
        (Binding("f2", "settings", "Settings", tooltip="Open the settings"), "Open the settings"),
        (
            Binding("alt+y", "copy", "Copy answer", tooltip="Copy the last answer as Markdown"),
            "Copy the last answer as Markdown",
        ),
        (Binding("x", "act", "Act"), "Act"),
    ],
)
def test_a_command_is_found_by_its_name_on_the_key_bar(binding: Binding, title: str) -> None:
    assert title_of(binding) == title
    assert Matcher(binding.description).match(title) > 0
