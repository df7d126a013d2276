"""Several conversations open at once, with the keys and clicks that users go between them by."""

import asyncio
from functools import partial
from pathlib import Path
from typing import cast

from textual.pilot import Pilot

from tests.fakes.service import FakeService, Script
from tests.ui.screens.test_chat import SIZE, answered, ready, say, workbench
from tests.waiting import until
from tui.domain.connection import Overrides
from tui.domain.errors import Failure, FailureKind
from tui.domain.events import Connected, Failed, Finished, FinishReason, TextDelta
from tui.services.openrouter import OpenRouter
from tui.ui.app import Workbench
from tui.ui.controllers.current_service import CurrentService
from tui.ui.controllers.tabs import News
from tui.ui.screens.chat import ChatScreen
from tui.ui.transcript.transcript import Transcript
from tui.ui.widgets.prompt import Prompt
from tui.ui.widgets.tab_strip import TabStrip

LOST = Failure(FailureKind.CONNECTION_LOST, "The connection ended.", "Send again.")
DONE = Finished(FinishReason.STOP)


async def scripted(pilot: Pilot[None], *scripts: Script) -> ChatScreen:
    """The chat over a service that plays these scripts, one an answer."""
    screen = await ready(pilot)
    service = cast("OpenRouter", FakeService(scripts))
    screen.chat.session._service = CurrentService(lambda: service)
    return screen


def strip(screen: ChatScreen) -> TabStrip:
    return screen.query_one(TabStrip)


def news(screen: ChatScreen) -> list[tuple[str, News]]:
    return [(tab.title, tab.news) for tab in strip(screen).tabs]


def has_tabs(screen: ChatScreen, titles: list[str]) -> bool:
    return [title for title, _ in news(screen)] == titles


def on_screen(screen: ChatScreen) -> str:
    """The first message on screen."""
    conversation = screen.chat.conversation
    path = conversation.path() if conversation is not None else []
    return path[0].text if path else ""


async def test_each_tab_streams_on_its_own_and_says_what_came_of_it(tmp_path: Path) -> None:
    first, second = asyncio.Event(), asyncio.Event()
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await scripted(
            pilot,
            [Connected(), TextDelta("Apples are"), first, TextDelta(" red."), DONE],
            [Connected(), TextDelta("Pears"), second, Failed(LOST)],
        )
        assert not strip(screen).display
        await say(pilot, screen, "apples")
        await until(pilot, lambda: screen.chat.busy)
        await pilot.press("ctrl+n")
        await until(pilot, lambda: not on_screen(screen))
        assert strip(screen).display
        await say(pilot, screen, "pears")
        await until(pilot, lambda: [one for _, one in news(screen)] == [News.STREAMING] * 2)
        await pilot.press("ctrl+n")
        await until(pilot, lambda: len(strip(screen).tabs) == 3)

        first.set()
        second.set()
        await until(
            pilot,
            lambda: news(screen)[:2] == [("apples", News.ARRIVED), ("pears", News.FAILED)],
        )
        await pilot.press("alt+1")
        await until(pilot, lambda: on_screen(screen) == "apples")
        assert screen.query_one(Transcript).entries[-1].text == "Apples are red."
        # What was looked at is no news, and the tab in which nothing was said is gone.
        assert news(screen) == [("apples", News.NONE), ("pears", News.FAILED)]


async def test_keys_and_clicks_go_between_tabs_and_each_keeps_its_draft_and_its_place(
    tmp_path: Path,
) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await ready(pilot)
        await answered(pilot, screen, "long 900")
        transcript = screen.query_one(Transcript)
        await pilot.press("ctrl+home")
        await until(pilot, lambda: transcript.scroll_offset.y == 0 and not transcript.following)
        screen.query_one(Prompt).put("half a thought")
        await pilot.press("ctrl+n")
        await until(pilot, lambda: not on_screen(screen))
        await answered(pilot, screen, "pears")

        await pilot.press("ctrl+pageup")
        await until(pilot, lambda: on_screen(screen) == "long 900")
        assert transcript.scroll_offset.y == 0
        assert screen.query_one(Prompt).text == "half a thought"
        await pilot.press("ctrl+pageup")
        await until(pilot, lambda: on_screen(screen) == "pears")
        await pilot.click(TabStrip, offset=(3, 0))
        await until(pilot, lambda: on_screen(screen) == "long 900")

        await pilot.press("alt+q")
        await until(pilot, lambda: on_screen(screen) == "pears")
        assert not strip(screen).display
        await pilot.press("alt+q")
        await until(pilot, lambda: not on_screen(screen))
        history = await screen.chat.session.wait_for_history()
        assert len(await history.conversations()) == 2


async def test_a_closed_tab_goes_on_being_answered(tmp_path: Path) -> None:
    gate = asyncio.Event()
    app = workbench(tmp_path)
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        screen = await scripted(pilot, [Connected(), gate, TextDelta("Red."), DONE])
        await say(pilot, screen, "apples")
        await until(pilot, lambda: screen.chat.busy)
        (running,) = screen.chat.busy
        await pilot.press("alt+q")
        await until(pilot, lambda: not on_screen(screen))
        assert any("goes on" in note.message for note in app._notifications)
        gate.set()
        await until(pilot, lambda: not screen.chat.busy)
        history = await screen.chat.session.wait_for_history()
        kept = await history.load(running)
        assert kept is not None
        assert kept.path()[-1].text == "Red."


async def test_tabs_are_open_again_after_a_start_that_resumes_and_in_a_history_that_comes_back(
    tmp_path: Path,
) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await ready(pilot)
        await answered(pilot, screen, "apples")
        await pilot.press("ctrl+n")
        await until(pilot, lambda: not on_screen(screen))
        screen.query_one(Prompt).put("half a thought")
        await pilot.press("ctrl+n")
        await until(pilot, partial(has_tabs, screen, ["apples", "", ""]))
        await answered(pilot, screen, "pears")
        await until(pilot, partial(has_tabs, screen, ["apples", "", "pears"]))
        await pilot.app.action_quit()
    async with workbench(tmp_path, resume="").run_test(size=SIZE) as pilot:
        screen = await ready(pilot)
        # A tab without a message comes back for the draft in it.
        await until(pilot, partial(has_tabs, screen, ["apples", "", "pears"]))
        assert on_screen(screen) == "pears"
        app = pilot.app
        assert isinstance(app, Workbench)
        for provider, titles in (("openrouter", [""]), ("demo", ["apples", "", "pears", ""])):
            app.runtime.overrides = Overrides(provider=provider)
            await app._reload()
            await until(pilot, partial(has_tabs, screen, titles))
