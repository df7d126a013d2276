"""The commands of the prompt do what their keys do."""

from pathlib import Path

import pytest

from tests.ui.screens.models_support import workbench
from tests.ui.screens.test_chat_keyboard import asked, burst, chat_of
from tests.waiting import until
from tui.domain.conversation import MessageState
from tui.domain.slash import COMMANDS
from tui.ui.app import Workbench
from tui.ui.screens.ask_text import AskText
from tui.ui.screens.chat import ChatScreen
from tui.ui.screens.chat_commands import ACTIONS
from tui.ui.widgets.edit_line import EditLine
from tui.ui.widgets.prompt import Prompt
from tui.ui.widgets.sidebar import Sidebar

_OF_THE_LIST = {"tag", "pin", "archive", "delete", "undo"}


def test_every_command_does_something() -> None:
    assert {one.name for one in COMMANDS} == ACTIONS.keys() | _OF_THE_LIST


@pytest.mark.parametrize("action", ACTIONS.values())
def test_every_action_exists(action: str) -> None:
    name = action.partition("(")[0]
    owner: type = Workbench if name.startswith("app.") else ChatScreen
    assert callable(getattr(owner, f"action_{name.removeprefix('app.')}", None))


def tags_of(sidebar: Sidebar, conversation_id: str) -> list[str]:
    summary = sidebar.summary_of(conversation_id)
    return list(summary.tags) if summary is not None else []


async def test_a_conversation_is_titled_tagged_deleted_and_brought_back(tmp_path: Path) -> None:
    app = workbench(tmp_path)
    async with app.run_test(size=(120, 40)) as pilot:
        chat = await chat_of(pilot)
        await burst(pilot, "Hello\r")
        await until(pilot, lambda: asked(chat) == ["Hello"] and not chat.chat.busy)
        conversation = chat.chat.conversation
        assert conversation is not None
        sidebar = chat.query_one(Sidebar)
        await burst(pilot, "/title Another name\r/tag work\r/system Be brief.\r")
        await until(pilot, lambda: sidebar.title_of(conversation.id) == "Another name")
        await until(pilot, lambda: "work" in tags_of(sidebar, conversation.id))
        await until(pilot, lambda: conversation.system_prompt == "Be brief.")
        await burst(pilot, "/export html\r")
        await until(pilot, lambda: isinstance(app.screen, AskText))
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is chat)
        await burst(pilot, "/delete\r")
        await until(pilot, lambda: sidebar.summary_of(conversation.id) is None)
        assert app.focused is chat.query_one("Prompt"), "the list would take letters for keys"
        await burst(pilot, "/undo\r")
        await until(pilot, lambda: sidebar.summary_of(conversation.id) is not None)


async def test_stop_ends_the_answer_even_while_a_message_is_edited(tmp_path: Path) -> None:
    app = workbench(tmp_path)
    app.runtime.demo_speed = 1
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await chat_of(pilot)
        await burst(pilot, "long 5000\r")
        await until(pilot, lambda: len(asked(chat)) == 1 and chat.chat.busy)
        await burst(pilot, "/edit\r")
        await until(pilot, lambda: chat.query_one(EditLine).message_id is not None)
        chat.query_one(Prompt).put("/stop")
        await burst(pilot, "\r")
        await until(pilot, lambda: not chat.chat.busy)
        conversation = chat.chat.conversation
        assert conversation is not None
        assert conversation.path()[-1].state is MessageState.STOPPED
