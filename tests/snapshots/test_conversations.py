"""How tabs, the tree of branches and the search look."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.screen import Screen
from textual.widgets import Input, OptionList

from tests.fakes.conversations import MODEL, NOON, prompt_in
from tests.fakes.rich_conversation import rich_conversation
from tests.snapshots.conftest import AssertSnapshot
from tests.waiting import until
from tui.domain.conversation import Conversation
from tui.domain.tree import Tree
from tui.services import search
from tui.services.branches import store_conversation
from tui.services.history import History
from tui.ui.controllers.tabs import News, Tab
from tui.ui.screens.chat_branching import tree_words
from tui.ui.screens.list_chooser import ListChooser
from tui.ui.screens.search import SearchScreen
from tui.ui.themes import load_themes, theme_variable_defaults
from tui.ui.widgets.tab_strip import TabStrip

THEMES = ("workbench-dark", "workbench-light")


class Still(App[None]):
    """Shows one screen, or an empty one with a strip of tabs, in a theme of ours."""

    def __init__(self, theme: str, first: Screen[Any] | None = None) -> None:
        super().__init__()
        for found in load_themes(Path("none")).themes:
            self.register_theme(found)
        self.theme = theme
        self._first = first

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return theme_variable_defaults(self.current_theme)

    def compose(self) -> ComposeResult:
        yield TabStrip()

    async def on_mount(self) -> None:
        if self._first is not None:
            await self.push_screen(self._first)


@pytest.mark.parametrize("theme", THEMES)
async def test_tabs_with_everything_that_they_can_tell(
    theme: str, assert_snapshot: AssertSnapshot
) -> None:
    app = Still(theme)
    async with app.run_test(size=(80, 3)) as pilot:
        titles = ("Middle-out", "汉字 wrapping", "Rust lifetimes", "", "Gemini caching")
        news = (News.STREAMING, News.ARRIVED, News.FAILED, News.NONE, News.NONE)
        app.query_one(TabStrip).tabs = tuple(
            Tab(str(place), title, one, is_current=place == 3)
            for place, (title, one) in enumerate(zip(titles * 2, news * 2, strict=True))
        )
        await pilot.pause()
        assert_snapshot(app, f"tabs-{theme.removeprefix('workbench-')}")


@pytest.mark.parametrize("theme", THEMES)
async def test_the_tree_of_branches(theme: str, assert_snapshot: AssertSnapshot) -> None:
    chat = rich_conversation("c")
    for text in ("And by day?", "And at \x1b[31mnight[/]?"):
        chat.put(prompt_in(chat, text, parent_id="c-a"))
    rows = [(tree_words(row), "") for row in Tree(chat).rows()]
    app = Still(theme, ListChooser("Branches: ● is on screen", rows, 2))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        assert_snapshot(app, f"tree-{theme.removeprefix('workbench-')}")


async def chats(history: History) -> None:
    """Some conversations with words to be found."""
    for number, text in enumerate(("Why is the sky blue?", "[b]Blue[/b] \u202eskies", "Red wine")):
        chat = Conversation(f"c{number}", "s", MODEL, NOON, title=text)
        chat.put(prompt_in(chat, f"{text} Tell me about the sky, please."))
        chat.leaf_id = next(iter(chat.messages))
        await store_conversation(history, chat)


@pytest.mark.parametrize("theme", THEMES)
async def test_what_a_search_finds(
    theme: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    assert_snapshot: AssertSnapshot,
) -> None:
    monkeypatch.setattr(search, "time", SimpleNamespace(perf_counter=lambda: 0.0))
    history = await History.open(tmp_path / "history.db")
    await chats(history)
    screen = SearchScreen(history, "sky")
    app = Still(theme, screen)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: screen.query_one(OptionList).option_count)
        screen.query_one(Input).cursor_blink = False
        await pilot.pause()
        assert_snapshot(app, f"search-{theme.removeprefix('workbench-')}")
    await history.aclose()
