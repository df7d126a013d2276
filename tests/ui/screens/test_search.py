"""The search over all conversations, from the chat and back to the hit."""

from pathlib import Path

from textual.widgets import Input, Static

from tests.ui.screens.test_chat import SIZE, answered, ready, workbench
from tests.waiting import until
from tui.ui.screens.search import SearchScreen
from tui.ui.transcript.transcript import Transcript
from tui.ui.widgets.conversation_list import ConversationList
from tui.ui.widgets.find_bar import FindBar
from tui.ui.widgets.prompt import Prompt


async def test_a_hit_opens_its_conversation_on_its_branch_with_the_words_marked(
    tmp_path: Path,
) -> None:
    app = workbench(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        screen = await ready(pilot)
        await answered(pilot, screen, "where do pelicans nest")
        await pilot.press("alt+e", "ctrl+a", *"other ", "enter")
        await until(pilot, lambda: screen.chat.running is None)
        await until(pilot, lambda: len(screen.chat.conversation.messages) == 4)  # type: ignore[union-attr]  # there is one
        first = screen.chat.conversation
        await pilot.press("ctrl+n")
        await until(pilot, lambda: screen.chat.conversation is not first)

        await pilot.press("ctrl+shift+f")
        await until(pilot, lambda: isinstance(app.screen, SearchScreen))
        search = app.screen
        assert isinstance(search, SearchScreen)
        assert "phrase" in str(search.query_one("#nothing", Static).content)
        await pilot.press(*"zebras")
        await until(pilot, lambda: "0 messages" in str(search.query_one("#status", Static).content))
        query = search.query_one(Input)
        query.value = "-other pelic"
        await query.action_submit()  # faster than any search

        await until(pilot, lambda: app.screen is screen)
        await until(pilot, lambda: screen.query_one(FindBar).is_open)
        assert screen.query_one(FindBar).query_one(Input).value == "pelicans"
        entries = screen.query_one(Transcript).entries
        assert entries[0].text == "where do pelicans nest"
        await until(
            pilot, lambda: str(screen.query_one("#find-count", Static).content).startswith("1/")
        )

        # The bar goes with Esc, also from the prompt; and what is hidden never gets the keys.
        bar, prompt = screen.query_one(FindBar), screen.query_one(Prompt)
        prompt.focus()
        await pilot.press("escape")
        await until(pilot, lambda: not bar.is_open)
        screen.remove_class("-sidebar-hidden")
        screen.query_one(ConversationList).focus()
        await pilot.press("ctrl+f")
        await until(pilot, lambda: bar.is_open)
        screen.add_class("-sidebar-hidden")
        await pilot.press("escape")
        await until(pilot, lambda: not bar.is_open and app.focused is prompt)


async def test_a_filter_that_cannot_be_read_is_explained(tmp_path: Path) -> None:
    app = workbench(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot)
        await pilot.press("alt+l")
        await until(pilot, lambda: isinstance(app.screen, SearchScreen))
        await pilot.press(*"has:nonsense")
        status = app.screen.query_one("#status", Static)
        await until(pilot, lambda: status.has_class("-problem"))
        assert str(status.content).startswith("! ")
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, SearchScreen))
