"""Conversations as files, asked for with the keys that users press."""

import json
from pathlib import Path

from textual.widgets import Input

from tests.ui.screens.test_chat import SIZE, answered, ready, workbench
from tests.waiting import until
from tui.ui.screens.ask_text import AskText
from tui.ui.screens.chat import ChatScreen
from tui.ui.screens.decide import Decide
from tui.ui.widgets.conversation_list import ConversationList


async def test_a_conversation_is_exported_and_a_file_is_overwritten_only_when_asked(
    tmp_path: Path,
) -> None:
    app = workbench(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        screen = await ready(pilot)
        await answered(pilot, screen, "pelicans")
        target = tmp_path / "chat.md"
        target.write_text("mine")

        await pilot.press("alt+s")
        await until(pilot, lambda: isinstance(app.screen, AskText))
        field = app.screen.query_one(Input)
        assert field.value.endswith(".md")
        assert "pelicans" in field.value
        field.value = str(target)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, Decide))
        app.screen.dismiss(False)
        await until(pilot, lambda: isinstance(app.screen, ChatScreen))
        assert target.read_text() == "mine"

        screen.query_one(ConversationList).focus()
        await pilot.press("home", "e")
        await until(pilot, lambda: isinstance(app.screen, AskText))
        app.screen.query_one(Input).value = str(tmp_path / "chat.json")
        await pilot.press("enter")
        await until(pilot, (tmp_path / "chat.json").exists)
        assert "pelicans" in json.dumps(json.loads((tmp_path / "chat.json").read_text()))


async def test_a_name_without_a_known_ending_is_refused_in_words(tmp_path: Path) -> None:
    app = workbench(tmp_path)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        screen = await ready(pilot)
        await answered(pilot, screen, "pelicans")
        await pilot.press("alt+s")
        await until(pilot, lambda: isinstance(app.screen, AskText))
        app.screen.query_one(Input).value = str(tmp_path / "chat.docx")
        await pilot.press("enter")
        await until(pilot, lambda: any(".json" in note.message for note in app._notifications))
        assert not (tmp_path / "chat.docx").exists()


async def test_a_home_that_nobody_has_is_told_of_in_words(tmp_path: Path) -> None:
    app = workbench(tmp_path)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        screen = await ready(pilot)
        await answered(pilot, screen, "pelicans")
        await pilot.press("alt+s")
        await until(pilot, lambda: isinstance(app.screen, AskText))
        app.screen.query_one(Input).value = "~nobody-has-this-name/chat.md"
        await pilot.press("enter")
        told = "cannot be written"
        await until(pilot, lambda: any(told in (note.title or "") for note in app._notifications))


async def test_no_editor_opens_while_an_answer_streams(tmp_path: Path) -> None:
    app = workbench(tmp_path, speed=1)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        screen = await ready(pilot)
        await pilot.press(*"long", "enter")
        await until(pilot, lambda: screen.chat.busy)
        await pilot.press("ctrl+e")
        await until(pilot, lambda: any("streaming" in note.message for note in app._notifications))
        await pilot.press("escape")
        await until(pilot, lambda: not screen.chat.busy)
