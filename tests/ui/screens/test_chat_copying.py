"""Copying in the chat screen while the prompt has the focus."""

from pathlib import Path

from textual.pilot import Pilot
from textual.widgets.text_area import Selection

from tests.ui.screens.test_chat import SIZE, answered, ready, workbench
from tests.waiting import until
from tui.ui.screens.chat import ChatScreen
from tui.ui.transcript.transcript import Transcript
from tui.ui.widgets.prompt import Prompt


def copied(home: Path) -> str | None:
    """What the last way of copying has kept; without a terminal there is no other."""
    path = home / "data" / "clipboard.txt"
    return path.read_text() if path.exists() else None


def toasts(pilot: Pilot[None]) -> list[str]:
    return [notification.message for notification in pilot.app._notifications]


async def drag(pilot: Pilot[None], screen: ChatScreen) -> str:
    """Select some words of the first message."""
    transcript = screen.query_one(Transcript)
    transcript.scroll_to(y=0)
    await pilot.pause()
    await pilot.mouse_down(Transcript, offset=(2, 0))
    await pilot.hover(Transcript, offset=(5, 0))
    await pilot.mouse_up(Transcript, offset=(5, 0))
    return transcript.selected_text


async def test_ctrl_c_copies_what_is_selected_and_says_where_it_is(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await ready(pilot)
        await answered(pilot, screen, "code")
        assert await drag(pilot, screen) == "code"
        assert isinstance(pilot.app.focused, Prompt)
        await pilot.press("ctrl+c")
        await until(pilot, lambda: copied(tmp_path) == "code")
        await until(pilot, lambda: any(toast.startswith("Saved 4 ") for toast in toasts(pilot)))
        assert pilot.app.clipboard == "code"


async def test_there_is_one_selection_at_a_time(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await ready(pilot)
        await answered(pilot, screen, "code")
        prompt, transcript = screen.query_one(Prompt), screen.query_one(Transcript)
        prompt.put("a draft")
        prompt.selection = Selection((0, 0), (0, 1))
        await drag(pilot, screen)
        await pilot.pause()
        assert prompt.selected_text == ""
        prompt.selection = Selection((0, 2), (0, 7))
        await until(pilot, lambda: transcript.selection is None)
        await pilot.press("ctrl+c")
        await until(pilot, lambda: copied(tmp_path) == "draft")


async def test_ctrl_c_without_a_selection_copies_nothing(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await ready(pilot)
        await answered(pilot, screen, "code")
        await pilot.press("ctrl+c")
        await until(pilot, lambda: toasts(pilot))  # how to quit
        assert copied(tmp_path) is None


async def test_ctrl_y_copies_the_last_answer_unless_there_is_something_to_redo(
    tmp_path: Path,
) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await ready(pilot)
        await answered(pilot, screen, "code")
        await pilot.press("x", "ctrl+z", "ctrl+y")
        assert screen.query_one(Prompt).text == "x"
        assert copied(tmp_path) is None
        await pilot.press("ctrl+y")
        answer = screen.query_one(Transcript).entries[-1].text
        await until(pilot, lambda: copied(tmp_path) == answer)


async def test_a_code_block_is_copied_by_its_number_and_typing_goes_on(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await ready(pilot)
        await answered(pilot, screen, "code")
        await pilot.press("ctrl+o", "1", "x")
        await until(pilot, lambda: (copied(tmp_path) or "").startswith("from decimal"))
        assert screen.query_one(Prompt).text == "x"


async def test_the_whole_chat_is_copied(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await ready(pilot)
        await answered(pilot, screen, "code")
        await pilot.press("alt+a")
        await until(pilot, lambda: (copied(tmp_path) or "").startswith("## User\n\ncode\n\n## As"))


async def test_esc_takes_back_the_selection_before_it_stops_an_answer(tmp_path: Path) -> None:
    async with workbench(tmp_path, speed=1).run_test(size=SIZE) as pilot:
        screen = await ready(pilot)
        screen.query_one(Prompt).put("code")
        await pilot.press("enter")
        await until(pilot, lambda: screen.chat.running)
        await drag(pilot, screen)
        await pilot.press("escape")
        assert screen.query_one(Transcript).selection is None
        assert screen.chat.running
        await pilot.press("escape")
        await until(pilot, lambda: not screen.chat.running)


async def test_the_palette_offers_to_copy_and_says_by_which_keys(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await ready(pilot)
        commands = list(pilot.app.get_system_commands(screen))
        for words, key in {
            "Copy the last answer": "Alt+Y",
            "Copy code: number the code blocks": "Ctrl+O",
            "Copy the whole chat": "Alt+A",
            "Attach a file": "F9",
        }.items():
            assert [one.help for one in commands if one.title.startswith(words)] == [key]
