"""Text from outside is shown as it is: it is no markup, and nothing happens on a click or Enter."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.fakes.server import FakeServer, chunk, error_reply, sse
from tests.ui.screens.test_chat import answered, ready, until
from tests.ui.test_app import SIZE, workbench
from tui.domain.connection import Overrides
from tui.ui.app import Workbench
from tui.ui.screens.chat import ChatScreen
from tui.ui.transcript.transcript import Transcript
from tui.ui.widgets.prompt import Prompt
from tui.ui.widgets.sidebar import ConversationList

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
TALL = (160, 60)


def app_for(home: Path, server: FakeServer, model: str = "test/model") -> Workbench:
    overrides = Overrides(provider="compatible", base_url=server.base_url, model=model)
    return workbench(home, overrides=overrides)


def rows(pilot: Pilot[None]) -> list[str]:
    """What is on the screen, line by line."""
    return [strip.text for strip in pilot.app.screen._compositor.render_strips()]


def missing(pilot: Pilot[None], texts: tuple[str, ...] = NAUGHTY) -> list[str]:
    shown = "\n".join(rows(pilot))
    return [text for text in texts if text not in shown]


async def click_all(pilot: Pilot[None], text: str) -> int:
    """Click along every place where the text is; how many places there were."""
    places = [(row.index(text), y) for y, row in enumerate(rows(pilot)) if text in row]
    for x, y in places:
        for column in range(x, x + len(text), 4):
            await pilot.click(offset=(column, y))
    return len(places)


def is_alive(pilot: Pilot[None]) -> bool:
    app = pilot.app
    return app.is_running and app.return_code is None and isinstance(app.screen, ChatScreen)


async def test_in_an_answer(tmp_path: Path) -> None:
    async with FakeServer() as server:
        server.on_chat(sse(chunk("\n\n".join(NAUGHTY), finish="stop")))
        async with app_for(tmp_path, server).run_test(size=TALL) as pilot:
            screen = await ready(pilot)
            await answered(pilot, screen, "Hello")
            await until(pilot, lambda: not missing(pilot))
            assert await click_all(pilot, ACTING)
            screen.query_one(Transcript).focus()
            await pilot.press("enter", "home", "enter")
            assert is_alive(pilot)


async def test_in_reasoning(tmp_path: Path) -> None:
    delta = {"reasoning": "\n\n".join(NAUGHTY)}
    thinking = {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
    async with FakeServer() as server:
        server.on_chat(sse(thinking, chunk("The answer.", finish="stop")))
        async with app_for(tmp_path, server).run_test(size=TALL) as pilot:
            screen = await ready(pilot)
            await answered(pilot, screen, "Hello")
            if missing(pilot, (ACTING,)):
                await pilot.press("ctrl+r")
            await until(pilot, lambda: not missing(pilot))
            assert await click_all(pilot, ACTING)
            assert is_alive(pilot)


@pytest.mark.parametrize("text", NAUGHTY[:4])
async def test_in_the_names_of_the_model_and_the_provider(tmp_path: Path, text: str) -> None:
    names = {"provider": f"P {text} P", "model": f"m/{text}"}
    async with FakeServer() as server:
        server.on_chat(sse(chunk("The answer.") | names, chunk(finish="stop") | names))
        asked = f"a/{text}"
        async with app_for(tmp_path, server, asked).run_test(size=TALL) as pilot:
            screen = await ready(pilot)
            await answered(pilot, screen, "Hello")
            await until(pilot, lambda: not missing(pilot, (f"P {text} P", text)))
            assert await click_all(pilot, text) >= 2, "the header has the model, too"
            assert is_alive(pilot)
    assert server.chats[0].json["model"] == asked


@pytest.mark.parametrize("status", [400, 503])
async def test_in_the_message_of_an_error(tmp_path: Path, status: int) -> None:
    said = " ".join(NAUGHTY)
    async with FakeServer() as server:
        server.on_chat(error_reply(status, said, {"Retry-After": "3600"}))
        async with app_for(tmp_path, server).run_test(size=(300, 60)) as pilot:
            screen = await ready(pilot)
            await answered(pilot, screen, "Hello")
            await until(pilot, lambda: not missing(pilot, (ACTING, NAUGHTY[0], NAUGHTY[3])))
            assert await click_all(pilot, ACTING)
            assert is_alive(pilot)


async def test_in_a_title_and_in_the_toast_that_names_it(tmp_path: Path) -> None:
    async with FakeServer() as server:
        server.on_chat(sse(chunk("The answer.", finish="stop")))
        app = app_for(tmp_path, server)
        async with app.run_test(size=SIZE, notifications=True) as pilot:
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
