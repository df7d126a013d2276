"""Branches on the chat screen, with the keys that users press."""

from pathlib import Path

from textual.pilot import Pilot

from tests.ui.screens.test_chat import SIZE, answered, ready, workbench
from tests.waiting import until
from tui.domain.conversation import Conversation
from tui.ui.screens.chat import ChatScreen
from tui.ui.screens.list_chooser import ListChooser
from tui.ui.screens.model_picker import ModelPicker
from tui.ui.widgets.chat_transcript import ChatTranscript
from tui.ui.widgets.edit_line import EditLine
from tui.ui.widgets.prompt import Prompt


def conversation_of(screen: ChatScreen) -> Conversation:
    conversation = screen.chat.conversation
    assert conversation is not None
    return conversation


def shown(screen: ChatScreen) -> list[str]:
    """The prompts on screen, and how many entries there are."""
    entries = screen.query_one(ChatTranscript).entries
    return [entry.text for entry in entries if entry.role.name == "USER"]


def drawn(screen: ChatScreen) -> str:
    transcript = screen.query_one(ChatTranscript)
    return "\n".join(transcript.render_line(y).text for y in range(transcript.size.height))


async def ended(pilot: Pilot[None], screen: ChatScreen, messages: int) -> None:
    """Wait until the conversation has so many messages and nothing streams."""
    await until(pilot, lambda: len(conversation_of(screen).messages) == messages)
    await until(pilot, lambda: screen.chat.running is None)
    await pilot.pause()


async def test_an_edited_prompt_becomes_a_branch_and_left_and_right_step_between_them(
    tmp_path: Path,
) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await ready(pilot)
        await answered(pilot, screen, "one")
        cost = screen.chat.spent
        screen.query_one(Prompt).put("a draft")

        await pilot.press("alt+e")
        assert screen.query_one(Prompt).text == "one"
        assert "editing message 1" in str(screen.query_one(EditLine).content)
        await pilot.press("escape")
        assert screen.query_one(Prompt).text == "a draft"
        assert not screen.query_one(EditLine).display

        await pilot.press("alt+e", "end", *" two", "enter")
        await ended(pilot, screen, 4)
        assert shown(screen) == ["one two"]
        assert screen.query_one(Prompt).text == "a draft"
        assert "‹ 2/2" in drawn(screen)
        assert screen.chat.spent.amount > cost.amount

        transcript = screen.query_one(ChatTranscript)
        transcript.focus()
        await pilot.press("shift+up", "shift+up", "left")
        await until(pilot, lambda: shown(screen) == ["one"])
        assert "1/2 ›" in drawn(screen)
        await pilot.press("right")
        await until(pilot, lambda: shown(screen) == ["one two"])
        assert screen.focused is transcript


def planned(screen: ChatScreen) -> list[str]:
    plan = screen.money.plan
    return [message.text for message in plan.path] if plan is not None else []


async def test_a_second_edit_does_not_lose_what_the_first_one_changed(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await ready(pilot)
        await answered(pilot, screen, "one")
        prompt = screen.query_one(Prompt)
        prompt.put("a draft")
        await pilot.press("alt+e", "end", *" more", "alt+e")
        assert prompt.text == "one more"
        # Nothing of the branch that is replaced goes with it, nor into the estimate.
        await until(pilot, lambda: planned(screen) == ["one more"])
        await pilot.press("escape")
        assert prompt.text == "a draft"


async def test_an_answer_is_given_again_by_the_same_model_and_by_another(tmp_path: Path) -> None:
    app = workbench(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        screen = await ready(pilot)
        await answered(pilot, screen, "one")
        first = conversation_of(screen).model

        screen.query_one(Prompt).put("one")  # as after a failure
        await pilot.press("alt+g")
        await ended(pilot, screen, 3)
        assert screen.query_one(Prompt).text == "", "it is asked, and need not be sent again"
        assert shown(screen) == ["one"]
        assert "‹ 2/2" in drawn(screen)

        await until(pilot, lambda: app.session.catalogue.models)
        await pilot.press("alt+m")
        await until(pilot, lambda: isinstance(app.screen, ModelPicker))
        await pilot.press(*"gemini", "enter")
        await ended(pilot, screen, 4)
        answer = conversation_of(screen).path()[-1]
        assert answer.generation is not None
        assert answer.generation.model_asked == conversation_of(screen).model != first
        assert "‹ 3/3" in drawn(screen)

        await pilot.press("alt+comma", "alt+comma")
        await until(pilot, lambda: "1/3 ›" in drawn(screen))


async def test_an_answer_that_broke_off_goes_on_below_it(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await ready(pilot)
        await answered(pilot, screen, "error cut")
        assert screen.query_one(Prompt).text == "error cut", "or it is asked once more"
        await pilot.press("alt+o")
        await ended(pilot, screen, 4)
        assert len(conversation_of(screen).path()) == 4
        assert screen.query_one(Prompt).text == ""


async def test_a_branch_is_removed_brought_back_and_jumped_to_in_the_tree(tmp_path: Path) -> None:
    app = workbench(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        screen = await ready(pilot)
        await answered(pilot, screen, "one")
        await pilot.press("alt+g")
        await ended(pilot, screen, 3)
        spent = screen.chat.spent

        await pilot.press("alt+x")
        await until(pilot, lambda: "/2" not in drawn(screen))
        assert screen.chat.spent == spent
        await pilot.press("alt+u")
        await until(pilot, lambda: "‹ 2/2" in drawn(screen))

        await pilot.press("alt+t")
        await until(pilot, lambda: isinstance(app.screen, ListChooser))
        await pilot.press("home", "down", "enter")
        await until(pilot, lambda: "1/2 ›" in drawn(screen))


async def test_a_fork_is_another_conversation_and_costs_nothing_anew(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await ready(pilot)
        await answered(pilot, screen, "one")
        before = conversation_of(screen)
        await pilot.press("alt+k")
        await until(pilot, lambda: conversation_of(screen).id != before.id)
        await pilot.pause()
        assert shown(screen) == ["one"]
        assert screen.chat.spent.amount == 0
        assert len(before.messages) == 2


async def test_nothing_new_is_asked_while_an_answer_streams(tmp_path: Path) -> None:
    async with workbench(tmp_path, speed=1).run_test(size=SIZE) as pilot:
        screen = await ready(pilot)
        screen.query_one(Prompt).put("one")
        await pilot.press("enter")
        await until(pilot, lambda: len(conversation_of(screen).messages) == 2)
        await pilot.press("alt+g", "alt+e", "end", *"!", "enter")
        assert screen.query_one(Prompt).text == "one!"
        assert screen.query_one(EditLine).display
        assert len(conversation_of(screen).messages) == 2
        await pilot.press("escape", "escape")
        await until(pilot, lambda: screen.chat.running is None)
        assert len(conversation_of(screen).messages) == 2
