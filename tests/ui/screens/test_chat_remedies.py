"""What can be done about an answer that failed: offered as choices, and done."""

from pathlib import Path

from textual.widgets import Button

from tests.fakes.server import error_reply
from tests.ui.screens.money_support import Place, answer, place
from tui.domain.conversation import MessageState
from tui.ui.screens.countdown import Countdown
from tui.ui.screens.decide import Decide
from tui.ui.screens.models import ModelsScreen
from tui.ui.screens.open_link import OpenLink
from tui.ui.widgets.prompt import Prompt

POOR = error_reply(
    402,
    "This request requires more credits, or fewer max_tokens. You requested up to 1000 tokens, "
    "but can only afford 321.",
)


async def choices(here: Place) -> list[str]:
    """The names of the answers of the question on screen."""
    await here.until(lambda: isinstance(here.app.screen, Decide) and here.app.screen.query(Button))
    return [button.id or "" for button in here.app.screen.query(Button)]


async def test_a_402_is_sent_again_with_the_tokens_that_the_balance_affords(
    tmp_path: Path,
) -> None:
    async with place(tmp_path) as here:
        here.server.on_chat(POOR, answer())
        await here.type("Hello")
        await here.pilot.press("enter")
        await here.until(lambda: here.screen.query_one(Prompt).text == "Hello")
        await here.until(lambda: here.screen.chat.running is None)

        here.transcript.focus()
        await here.pilot.press("shift+up", "enter")
        names = await choices(here)
        assert names[:2] == ["nothing", "retry_with_max_tokens-1"]
        assert "321" in str(here.app.screen.query_one(f"#{names[1]}", Button).label)
        await here.pilot.click(f"#{names[1]}")
        await here.until(lambda: len(here.server.chats) == 2)
        await here.until(lambda: here.screen.chat.running is None)

        first, second = here.bodies
        assert second["messages"] == first["messages"]
        assert "max_tokens" not in first
        assert second["max_tokens"] == 321
        conversation = here.screen.chat.conversation
        assert conversation is not None
        states = [one.state for one in conversation.path()]
        assert states == [MessageState.COMPLETE, MessageState.COMPLETE]
        assert here.screen.query_one(Prompt).text == "", "it has been answered"

        await here.send("And then?")
        assert "max_tokens" not in here.bodies[2], "that was for one send"


async def test_a_page_opens_through_the_question_about_links_and_f3_with_a_filter(
    tmp_path: Path,
) -> None:
    async with place(tmp_path) as here:
        here.server.on_chat(POOR)
        await here.type("Hello")
        await here.pilot.press("enter")
        await here.until(lambda: here.screen.query_one(Prompt).text == "Hello")
        await here.until(lambda: here.screen.chat.running is None)

        await here.pilot.press("alt+h")
        names = await choices(here)
        await here.pilot.click(f"#{next(name for name in names if name.startswith('open_page'))}")
        await here.until(lambda: isinstance(here.app.screen, OpenLink))
        await here.pilot.press("escape")
        await here.until(lambda: here.app.screen is here.screen)

        await here.pilot.press("alt+h")
        names = await choices(here)
        cheaper = next(name for name in names if name.startswith("cheaper_model"))
        await here.pilot.click(f"#{cheaper}")
        await here.until(lambda: isinstance(here.app.screen, ModelsScreen))
        assert here.app.models.filter_text == "out<15"


async def test_a_wait_that_the_server_asks_for_counts_down_and_sends_again(tmp_path: Path) -> None:
    async with place(tmp_path) as here:
        limited = error_reply(429, "Too many requests", {"Retry-After": "300"})
        here.server.on_chat(limited, answer())
        await here.type("Hello")
        await here.pilot.press("enter")
        await here.until(lambda: here.screen.query_one(Prompt).text == "Hello")
        await here.until(lambda: here.screen.chat.running is None)

        await here.pilot.press("alt+h")
        assert (await choices(here))[1] == "wait-1"
        await here.pilot.click("#wait-1")
        await here.until(lambda: isinstance(here.app.screen, Countdown))
        await here.until(lambda: here.app.screen.query("#now"))
        await here.pilot.click("#now")
        await here.until(lambda: len(here.server.chats) == 2)
        await here.until(lambda: here.screen.chat.running is None)
