"""The chat screen over the demo: what a user does, and what is on screen afterwards."""

from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from tests.waiting import until
from tui.domain.connection import Overrides
from tui.domain.conversation import MessageState
from tui.runtime import Runtime
from tui.ui.app import Workbench
from tui.ui.screens.ask_text import AskText
from tui.ui.screens.chat import ChatScreen
from tui.ui.screens.help import HelpScreen
from tui.ui.transcript.document import Role
from tui.ui.transcript.transcript import Transcript
from tui.ui.widgets.conversation_list import ConversationList
from tui.ui.widgets.cost_bar import CostBar
from tui.ui.widgets.header_bar import HeaderBar
from tui.ui.widgets.prompt import Prompt
from tui.ui.widgets.queue import Queue
from tui.ui.widgets.sidebar import Sidebar

SIZE = (120, 40)


def workbench(
    home: Path, *, speed: float = 0, resume: str | None = None, prompt: str | None = None
) -> Workbench:
    runtime = Runtime.start(home=home, overrides=Overrides(provider="demo"), environ={})
    runtime.demo_speed = speed
    return Workbench(runtime, resume=resume, prompt=prompt)


async def ready(pilot: Pilot[None]) -> ChatScreen:
    await until(pilot, lambda: isinstance(pilot.app.screen, ChatScreen))
    screen = pilot.app.screen
    assert isinstance(screen, ChatScreen)
    await until(pilot, lambda: screen.chat.spent_today is not None)
    return screen


async def say(pilot: Pilot[None], screen: ChatScreen, text: str) -> None:
    await until(pilot, lambda: isinstance(pilot.app.focused, Prompt))
    screen.query_one(Prompt).put(text)
    await pilot.press("enter")


async def answered(pilot: Pilot[None], screen: ChatScreen, text: str) -> None:
    transcript = screen.query_one(Transcript)
    before = [entry for entry in transcript.entries if entry.role is not Role.NOTICE]
    await say(pilot, screen, text)
    await until(pilot, lambda: len(transcript.entries) == len(before) + 2)
    await until(pilot, lambda: screen.chat.running is None)
    await pilot.pause()


def last_state(screen: ChatScreen) -> MessageState:
    conversation = screen.chat.conversation
    assert conversation is not None
    return conversation.path()[-1].state


def bar(screen: ChatScreen) -> str:
    return screen.query_one(CostBar).render().plain


async def test_the_prompt_has_the_focus_and_an_answer_gets_its_exact_cost(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await ready(pilot)
        assert isinstance(screen.focused, Prompt)

        await answered(pilot, screen, "Hello")

        question, answer = screen.query_one(Transcript).entries
        assert (question.role, question.text) == (Role.USER, "Hello")
        assert answer.role is Role.ASSISTANT
        assert "simulat" in answer.text
        assert " answer" in bar(screen)
        assert "≈" not in bar(screen)
        assert "DEMO" in screen.query_one(HeaderBar).render().plain


async def test_an_empty_conversation_says_who_answers_until_something_is_said(
    tmp_path: Path,
) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await ready(pilot)
        transcript = screen.query_one(Transcript)
        assert "nothing is billed" in transcript.entries[0].text

        await answered(pilot, screen, "Hello")
        assert [entry.role for entry in transcript.entries] == [Role.USER, Role.ASSISTANT]

        await pilot.press("ctrl+n")
        await until(pilot, lambda: len(transcript.entries) == 1)
        assert transcript.entries[0].role is Role.NOTICE


@pytest.mark.parametrize(
    ("prompt", "state"),
    [
        ("length", MessageState.CUT),
        ("filter", MessageState.FILTERED),
        ("error cut", MessageState.INTERRUPTED),
        ("error mid-stream", MessageState.FAILED),
        ("error 402", MessageState.FAILED),
        ("reasoning", MessageState.COMPLETE),
    ],
)
async def test_every_turn_ends_in_its_state(
    tmp_path: Path, prompt: str, state: MessageState
) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await ready(pilot)

        await answered(pilot, screen, prompt)

        assert last_state(screen) is state
        assert str(screen.query_one(Transcript).entries[-1].note)


async def test_a_refused_message_is_back_in_the_prompt(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await ready(pilot)

        await answered(pilot, screen, "error 402")

        assert screen.query_one(Prompt).text == "error 402"
        assert "credit" in str(screen.query_one(Transcript).entries[-1].note)


async def test_escape_stops_the_answer_and_keeps_it(tmp_path: Path) -> None:
    async with workbench(tmp_path, speed=1).run_test(size=SIZE) as pilot:
        screen = await ready(pilot)
        await say(pilot, screen, "long 5000")
        transcript = screen.query_one(Transcript)
        await until(pilot, lambda: len(transcript.entries) == 2 and transcript.entries[1].text)

        await pilot.press("escape")
        await until(pilot, lambda: screen.chat.running is None)

        assert last_state(screen) is MessageState.STOPPED
        assert "stopped" in str(transcript.entries[1].note)


async def test_a_message_sent_meanwhile_waits_in_sight(tmp_path: Path) -> None:
    async with workbench(tmp_path, speed=1).run_test(size=SIZE) as pilot:
        screen = await ready(pilot)
        await say(pilot, screen, "long 5000")
        await until(pilot, lambda: screen.chat.running is not None)

        await say(pilot, screen, "the next one")
        await pilot.pause()
        queue = screen.query_one(Queue)
        assert queue.display
        assert "the next one" in str(queue.content)

        await pilot.press("escape")
        await until(pilot, lambda: screen.chat.running is None)
        await pilot.pause()
        assert screen.query_one(Prompt).text == "the next one"
        assert not queue.display


async def test_drafts_belong_to_their_conversation(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await ready(pilot)
        await answered(pilot, screen, "Hello")
        first = screen.chat.conversation
        assert first is not None
        screen.query_one(Prompt).put("unfinished")

        await pilot.press("ctrl+n")
        await until(pilot, lambda: screen.chat.conversation is not first)
        assert screen.query_one(Prompt).text == ""

        await pilot.press("ctrl+b")
        conversations = screen.query_one(ConversationList)
        conversations.focus()
        await until(pilot, lambda: conversations.option_count >= 2)
        conversations.highlighted = 1
        await pilot.press("enter")
        await until(pilot, lambda: screen.query_one(Prompt).text == "unfinished")


async def test_the_latest_conversation_is_resumed_with_its_draft(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await ready(pilot)
        await answered(pilot, screen, "Hello")
        screen.query_one(Prompt).put("unfinished")
        await pilot.press("ctrl+q")

    async with workbench(tmp_path, resume="").run_test(size=SIZE) as pilot:
        screen = await ready(pilot)
        entries = screen.query_one(Transcript).entries
        assert [entry.role for entry in entries] == [Role.USER, Role.ASSISTANT]
        assert screen.query_one(Prompt).text == "unfinished"


async def test_quitting_while_an_answer_streams_keeps_what_arrived(tmp_path: Path) -> None:
    async with workbench(tmp_path, speed=1).run_test(size=SIZE) as pilot:
        screen = await ready(pilot)
        await say(pilot, screen, "long 5000")
        transcript = screen.query_one(Transcript)
        await until(pilot, lambda: len(transcript.entries) == 2 and transcript.entries[1].text)
        await pilot.press("ctrl+q")

    async with workbench(tmp_path, resume="").run_test(size=SIZE) as pilot:
        screen = await ready(pilot)
        assert last_state(screen) is MessageState.STOPPED
        assert screen.query_one(Transcript).entries[-1].text


async def test_a_prompt_from_the_command_line_is_sent(tmp_path: Path) -> None:
    async with workbench(tmp_path, prompt="Hello").run_test(size=SIZE) as pilot:
        screen = await ready(pilot)
        transcript = screen.query_one(Transcript)

        await until(pilot, lambda: len(transcript.entries) == 2 and not transcript.entries[1].open)

        assert transcript.entries[0].text == "Hello"


async def test_what_was_typed_before_the_history_was_open_stays(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        await pilot.press(*"early")
        screen = await ready(pilot)

        assert screen.query_one(Prompt).text == "early"


async def test_a_message_sent_before_the_history_was_open_and_what_follows_it_stay(
    tmp_path: Path,
) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        for key in [*"early", "enter", *"next"]:
            pilot.app.post_message(events.Key(key, key if len(key) == 1 else None))
        screen = await ready(pilot)
        transcript = screen.query_one(Transcript)

        await until(pilot, lambda: len(transcript.entries) == 2 and not transcript.entries[1].open)

        assert transcript.entries[0].text == "early"
        assert screen.query_one(Prompt).text == "next"


async def test_a_conversation_can_be_renamed_deleted_and_brought_back(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await ready(pilot)
        await answered(pilot, screen, "Hello")
        conversations = screen.query_one(ConversationList)
        conversations.focus()
        await until(pilot, lambda: conversations.option_count == 2)
        conversations.highlighted = 1

        await pilot.press("r")
        await until(pilot, lambda: isinstance(pilot.app.screen, AskText))
        await pilot.press(*"Greeting [/]", "enter")
        await until(
            pilot, lambda: "Greeting [/]" in str(conversations.get_option_at_index(1).prompt)
        )

        conversations.focus()
        await pilot.press("delete")
        await until(pilot, lambda: conversations.option_count == 0)
        await pilot.press("u")
        await until(pilot, lambda: conversations.option_count == 2)


async def test_the_list_is_an_overlay_on_a_narrow_screen(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=(80, 24)) as pilot:
        screen = await ready(pilot)
        sidebar = screen.query_one(Sidebar)
        width = screen.query_one(Transcript).size.width
        assert not sidebar.display

        await pilot.press("ctrl+b")
        await pilot.pause()
        assert sidebar.display
        assert screen.query_one(Transcript).size.width == width

        for hide in ("escape", "ctrl+b"):
            sidebar.conversations.focus()
            await pilot.press(hide)
            await pilot.pause()
            assert not sidebar.display
            assert isinstance(screen.focused, Prompt)
            await pilot.press("ctrl+b")
        assert screen.focused is sidebar.conversations

        # room for the list beside the text, and none again: only one in use stays over it
        await pilot.resize_terminal(120, 40)
        await until(pilot, lambda: screen.query_one(Transcript).size.width > width)
        assert sidebar.display
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: screen.has_class("-narrow"))
        assert sidebar.display
        await pilot.resize_terminal(120, 40)
        await until(pilot, lambda: screen.has_class("-wide"))
        screen.query_one(Prompt).focus()
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: not sidebar.display)
        await pilot.resize_terminal(120, 40)
        await until(pilot, lambda: sidebar.display)


async def test_help_lists_the_keys_of_the_screen(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        await ready(pilot)

        await pilot.press("f1")
        await until(pilot, lambda: isinstance(pilot.app.screen, HelpScreen))
        widgets = pilot.app.screen.query("Static, KeyTable")
        page = "\n".join(str(widget.render()) for widget in widgets)

        for words in ("Ctrl+N", "Stop the answer", "Shift+Enter", "Rename the conversation"):
            assert words in page
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChatScreen))


async def test_simulated_conversations_stay_out_of_the_real_history(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        await answered(pilot, await ready(pilot), "Hello")

    assert (tmp_path / "data" / "demo.db").exists()
    assert not (tmp_path / "data" / "history.db").exists()
