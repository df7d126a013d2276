"""Find, jumps and links on the chat screen, with the keys that users press."""

from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Static

from tests.ui.screens.test_chat import SIZE, ready, workbench
from tests.waiting import until
from tui.ui.app import Workbench
from tui.ui.screens import chat_reading
from tui.ui.screens.chat import ChatScreen
from tui.ui.screens.open_link import OpenLink
from tui.ui.transcript import Entry, Role, Transcript
from tui.ui.widgets.find_bar import FindBar
from tui.ui.widgets.prompt import Prompt

TEXT = "\n\n".join(f"paragraph {number}" for number in range(100))


async def reading(pilot: Pilot[None], text: str = TEXT) -> tuple[ChatScreen, Transcript]:
    """The chat screen with one long answer on it."""
    screen = await ready(pilot)
    transcript = screen.query_one(Transcript)
    transcript.show([Entry("u", Role.USER, "question"), Entry("a", Role.ASSISTANT, text)])
    await pilot.pause()
    return screen, transcript


def count(screen: ChatScreen) -> str:
    return str(screen.query_one("#find-count", Static).content)


async def test_find_counts_steps_and_closes(orw_home: Path) -> None:
    app = workbench(orw_home)
    async with app.run_test(size=SIZE) as pilot:
        screen, transcript = await reading(pilot)
        screen.query_one(Prompt).put("half a message")
        await pilot.press("ctrl+f", *"paragraph 1")
        await until(pilot, lambda: count(screen) == "11/11")
        await pilot.press("enter")
        await until(pilot, lambda: count(screen) == "1/11")
        await pilot.press("shift+enter")
        await until(pilot, lambda: count(screen) == "11/11")
        await pilot.press("escape")
        assert not screen.query_one(FindBar).is_open
        assert not transcript.is_finding
        assert isinstance(app.focused, Prompt)
        assert app.focused.text == "half a message"


async def test_find_says_when_there_is_nothing_and_goes_back(orw_home: Path) -> None:
    app = workbench(orw_home)
    async with app.run_test(size=SIZE) as pilot:
        screen, transcript = await reading(pilot)
        await pilot.press("ctrl+f", *"paragraph 3")
        await until(pilot, lambda: "/" in count(screen))
        await pilot.press("x")
        await until(pilot, lambda: count(screen) == "no hit")
        await pilot.press("escape")
        await pilot.pause()
        assert transcript.following


async def test_n_steps_while_the_transcript_has_the_focus(orw_home: Path) -> None:
    app = workbench(orw_home)
    async with app.run_test(size=SIZE) as pilot:
        screen, transcript = await reading(pilot)
        await pilot.press("ctrl+f", *"paragraph 1", "enter")
        transcript.focus()
        await pilot.press("n")
        await until(pilot, lambda: count(screen) == "2/11")
        await pilot.press("N", "escape")
        assert not screen.query_one(FindBar).is_open


async def test_prompts_are_jumped_to_from_the_prompt(orw_home: Path) -> None:
    app = workbench(orw_home)
    async with app.run_test(size=SIZE) as pilot:
        _, transcript = await reading(pilot)
        await pilot.press("ctrl+up")
        assert transcript.render_line(0).text.startswith("▌ question")
        assert isinstance(app.focused, Prompt)
        await pilot.press("ctrl+down")
        assert transcript.following


async def link_question(pilot: Pilot[None], app: Workbench, target: str) -> OpenLink:
    _, transcript = await reading(pilot, f"[text]({target})")
    transcript.focus()
    await pilot.press("l", "enter")
    await until(pilot, lambda: isinstance(app.screen, OpenLink))
    screen = app.screen
    assert isinstance(screen, OpenLink)
    return screen


async def test_a_link_opens_only_after_its_target_was_shown(
    orw_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(chat_reading, "open_link", opened.append)
    app = workbench(orw_home)
    async with app.run_test(size=SIZE) as pilot:
        question = await link_question(pilot, app, "https://аpple.example/a?b=c")
        words = str(question.query_one("#target", Static).content)
        assert words == "https://xn--pple-43d.example/a?b=c"
        assert question.query_one("#warning").display
        await pilot.press("enter")  # the focus is on doing nothing
        await until(pilot, lambda: app.screen is not question)
        assert opened == []
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, OpenLink))
        await pilot.press("o")
        await until(pilot, lambda: opened)
        assert opened == ["https://xn--pple-43d.example/a?b=c"]


async def test_a_link_can_be_copied(orw_home: Path) -> None:
    app = workbench(orw_home)
    async with app.run_test(size=SIZE) as pilot:
        await link_question(pilot, app, "mailto:a@b.example")
        await pilot.press("c")
        await until(pilot, lambda: app.clipboard)
        assert app.clipboard == "mailto:a@b.example"
        # Only what the clipboard says is said: here, that there is none.
        await until(pilot, lambda: app._notifications)
        [told] = [notification.message for notification in app._notifications]
        assert told.startswith("Saved 18 characters to ")


async def test_the_settings_say_how_code_and_tables_are_shown(orw_home: Path) -> None:
    config = workbench(orw_home).runtime.paths.config_file
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text("[interface]\nwrap_code = false\n")
    app = workbench(orw_home)
    async with app.run_test(size=SIZE) as pilot:
        _, transcript = await reading(pilot)
        assert not transcript.options.wrap_code
        assert transcript.options.fit_tables
