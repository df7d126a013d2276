"""Text from outside is shown as it is: it is no markup, and nothing happens on a click or Enter."""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from textual.app import App
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.strip import Strip
from textual.widgets import Static

from tests.fakes.server import FakeServer, chunk, error_reply, sse
from tests.ui.screens.test_chat import answered, ready
from tests.ui.test_app import workbench
from tests.waiting import until
from tui.domain.connection import Overrides
from tui.ui.app import Workbench
from tui.ui.screens.chat import ChatScreen
from tui.ui.screens.sheet import Sheet
from tui.ui.transcript.document import Role
from tui.ui.transcript.transcript import Transcript
from tui.ui.widgets.conversation_list import ConversationList
from tui.ui.widgets.prompt import Prompt

ACTING = "[@click=app.quit]x[/]"
NAUGHTY = (
    "[/]",
    ACTING,
    "[bold red]b[/bold]",
    "[[a [b]] c]",
    "[/@click=app.quit]",
    "[link='https://evil.example']l[/link]",
    "{0} {app.quit} %s %(x)d ${HOME} $(exit)",
    "'; DROP TABLE messages;--",
    "<b onclick=alert(1)>h</b>",
    "NaN",
    "-1E+02",
    "Ω≈ç√∫µ≤≥÷",
    "田中さん 👩‍👩‍👧 é",
)
TALL = (160, 42)


def app_for(home: Path, server: FakeServer, model: str = "test/model") -> Workbench:
    overrides = Overrides(provider="compatible", base_url=server.base_url, model=model)
    return workbench(home, overrides=overrides)


def strips(pilot: Pilot[None]) -> Sequence[Strip]:
    """The screen, line by line."""
    return pilot.app.screen._compositor.render_strips()


def rows(pilot: Pilot[None]) -> list[str]:
    """What is on the screen, line by line."""
    return [strip.text for strip in strips(pilot)]


def acts(strip: Strip, start: int, end: int) -> bool:
    """Whether a click on one of these cells would run an action that the text brought along."""
    cells = strip.crop(start, end)
    return any(key.startswith("@") for cell in cells if cell.style for key in cell.style.meta)


def missing(pilot: Pilot[None], texts: tuple[str, ...] = NAUGHTY) -> list[str]:
    shown = "\n".join(rows(pilot))
    return [text for text in texts if text not in shown]


def is_shown(pilot: Pilot[None], *texts: str) -> bool:
    return not missing(pilot, texts)


async def click_all(pilot: Pilot[None], text: str) -> int:
    """Click on the text wherever it is; how many places there were.

    None of its cells acts. A figure leads to the sheet behind it, which is closed again.
    """
    places = [
        (found.start(), y, strip)
        for y, strip in enumerate(strips(pilot))
        for found in re.finditer(re.escape(text), strip.text)
    ]
    for x, y, strip in places:
        assert not acts(strip, x, x + len(text)), strip.text
        await pilot.click(offset=(x + len(text) // 2, y))
        if isinstance(pilot.app.screen, Sheet):
            await pilot.press("escape")
    return len(places)


def is_alive(pilot: Pilot[None]) -> bool:
    app = pilot.app
    return app.is_running and app.return_code is None and isinstance(app.screen, ChatScreen)


async def close_question(pilot: Pilot[None]) -> None:
    """Answer nothing to what the app asks, if it asks anything."""
    while isinstance(question := pilot.app.screen, ModalScreen):
        question.dismiss(None)
        await pilot.pause()


async def begin_again(pilot: Pilot[None], screen: ChatScreen) -> None:
    """Begin another conversation."""
    assert is_alive(pilot)
    await pilot.press("ctrl+n")
    transcript = screen.query_one(Transcript)
    await until(pilot, lambda: all(one.role is Role.NOTICE for one in transcript.entries))
    screen.query_one(Prompt).focus()


async def test_a_text_that_acts_is_told_from_one_that_does_not() -> None:
    class Both(App[None]):
        def compose(self) -> Iterator[Static]:
            yield Static(ACTING)
            yield Static(ACTING, markup=False)

    async with Both().run_test(size=(40, 2)) as pilot:
        await pilot.pause()
        markup, literal = strips(pilot)
        assert acts(markup, 0, 1)
        assert not acts(literal, 0, len(ACTING))


async def test_in_an_answer_and_its_reasoning(tmp_path: Path) -> None:
    thoughts = tuple(f"Thought: {text}" for text in NAUGHTY)
    delta = {"reasoning": "\n\n".join(thoughts)}
    thinking = {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
    async with FakeServer() as server:
        server.on_chat(
            sse(chunk("\n\n".join(NAUGHTY), finish="stop")),
            sse(thinking, chunk("The answer.", finish="stop")),
        )
        async with app_for(tmp_path, server).run_test(size=TALL) as pilot:
            screen = await ready(pilot)
            await answered(pilot, screen, "Hello")
            await until(pilot, lambda: not missing(pilot))
            assert await click_all(pilot, ACTING)
            screen.query_one(Transcript).focus()
            await pilot.press("enter", "home", "enter")
            await begin_again(pilot, screen)
            await answered(pilot, screen, "Think")
            if missing(pilot, thoughts[1:2]):
                await pilot.press("alt+z")
            await until(pilot, lambda: not missing(pilot, thoughts))
            assert await click_all(pilot, thoughts[1])
            assert is_alive(pilot)


async def test_in_the_names_of_the_model_and_the_provider(tmp_path: Path) -> None:
    async with FakeServer() as server, app_for(tmp_path, server).run_test(size=TALL) as pilot:
        screen = await ready(pilot)
        for text in NAUGHTY[:2]:
            names = {"provider": f"P {text} P", "model": f"m/{text}"}
            server.on_chat(sse(chunk("The answer.") | names, chunk(finish="stop") | names))
            screen.use_model(f"a/{text}")
            await answered(pilot, screen, "Hello")
            await until(pilot, partial(is_shown, pilot, f"P {text} P"))
            assert await click_all(pilot, text) >= 2, "the header has the model, too"
            assert server.chats[-1].json["model"] == f"a/{text}"
            await begin_again(pilot, screen)


async def test_in_the_message_of_an_error(tmp_path: Path) -> None:
    wide = (300, 30)
    async with FakeServer() as server, app_for(tmp_path, server).run_test(size=wide) as pilot:
        screen = await ready(pilot)
        for status in (400, 503):
            said = " ".join([f"Error {status}:", *NAUGHTY])
            server.on_chat(error_reply(status, said, {"Retry-After": "3600"}))
            await answered(pilot, screen, "Hello")
            for _ in ("in the question what to do now", "in the transcript"):
                await until(pilot, partial(is_shown, pilot, f"Error {status}:", *NAUGHTY[:4]))
                assert await click_all(pilot, ACTING)
                await close_question(pilot)
            await begin_again(pilot, screen)


async def test_in_a_title_and_in_the_toast_that_names_it(tmp_path: Path) -> None:
    async with FakeServer() as server:
        server.on_chat(sse(chunk("The answer.", finish="stop")))
        app = app_for(tmp_path, server)
        async with app.run_test(size=TALL, notifications=True) as pilot:
            screen = await ready(pilot)
            await answered(pilot, screen, ACTING)
            titles = screen.query_one(ConversationList)
            titles.focus()
            await until(pilot, lambda: titles.option_count > 1)
            places = await click_all(pilot, ACTING)
            assert places >= 2, "it is in the list and in the conversation"
            titles.focus()
            await pilot.press("end", "enter")
            await until(pilot, lambda: pilot.app.focused is screen.query_one(Prompt))
            titles.focus()
            await pilot.press("end", "delete")
            await until(pilot, lambda: f"Deleted “{ACTING}”" in "\n".join(rows(pilot)))
            assert await click_all(pilot, ACTING)
            assert is_alive(pilot)
