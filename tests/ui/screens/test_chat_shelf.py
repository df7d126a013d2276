"""The list of conversations, with the keys that users press in it."""

from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Static

from tests.ui.screens.test_chat import SIZE, answered, ready, workbench
from tests.waiting import until
from tui.ui.screens.ask_text import AskText
from tui.ui.screens.chat import ChatScreen
from tui.ui.widgets.conversation_list import ConversationList
from tui.ui.widgets.filter_line import FilterLine
from tui.ui.widgets.sidebar import Sidebar


def listed(screen: ChatScreen) -> list[str]:
    """The titles and headings in the list."""
    options = screen.query_one(ConversationList).options
    return [str(option.prompt).splitlines()[0][:12].strip(" ▸") for option in options]


async def with_chats(pilot: Pilot[None], *titles: str) -> ChatScreen:
    """The chat screen with these conversations and the focus on the list."""
    screen = await ready(pilot)
    for title in titles:
        await answered(pilot, screen, title)
        await pilot.press("ctrl+n")
        await until(pilot, lambda: not screen.chat.busy)
    await until(pilot, lambda: len(listed(screen)) == len(titles) + 1)
    screen.query_one(ConversationList).focus()
    await pilot.press("home")
    return screen


async def test_the_list_is_filtered_at_once_and_enter_goes_to_what_was_found(
    tmp_path: Path,
) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await with_chats(pilot, "apples", "pears")
        await pilot.press("slash", *"app")
        assert isinstance(screen.focused, FilterLine)
        assert listed(screen) == ["Today", "apples"]
        await pilot.press("x")
        assert screen.query_one(Sidebar).has_class("-empty")
        await pilot.press("backspace", "enter", "enter")
        await until(
            pilot, lambda: screen.chat.conversation and screen.chat.conversation.title == "apples"
        )
        screen.query_one(FilterLine).focus()
        await pilot.press("escape")
        assert listed(screen) == ["Today", "pears", "apples"]


async def test_marked_conversations_are_pinned_archived_tagged_and_deleted_together(
    tmp_path: Path,
) -> None:
    app = workbench(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        screen = await with_chats(pilot, "apples", "pears", "plums")
        await pilot.press("down", "space", "space")
        assert (
            sum("✓" in str(one.prompt) for one in screen.query_one(ConversationList).options) == 2
        )

        await pilot.press("p")
        await until(pilot, lambda: listed(screen)[0] == "Pinned")
        await pilot.press("t")
        await until(pilot, lambda: isinstance(app.screen, AskText))
        await pilot.press("a", "comma", "b", "enter")
        await until(
            pilot,
            lambda: any(
                "#a #b" in str(o.prompt) for o in screen.query_one(ConversationList).options
            ),
        )
        await pilot.press("delete")
        await until(pilot, lambda: len(listed(screen)) == 2)
        await pilot.press("u")
        await until(pilot, lambda: len(listed(screen)) == 5)
        await pilot.press("a")
        await until(pilot, lambda: len(listed(screen)) < 5)
        title = screen.query_one(Sidebar).query_one(".sidebar--title", Static)
        assert str(title.content) == "Chats · 1 archived"
        await pilot.press("u")
        await until(pilot, lambda: len(listed(screen)) == 5)
        assert str(title.content) == "Chats"
