"""What can be done about an answer that failed: offered as choices, and done."""

from pathlib import Path

from textual.widgets import Button

from tests.fakes.server import FakeServer, Reply, error_reply, json_reply
from tests.ui.screens.money_support import CLAUDE, Place, answer, place
from tui.domain.actions import ActionKind
from tui.domain.conversation import MessageState
from tui.domain.settings import ProviderKind
from tui.ui.screens.countdown import Countdown
from tui.ui.screens.decide import Decide
from tui.ui.screens.models import ModelsScreen
from tui.ui.screens.open_link import OpenLink
from tui.ui.screens.parameters import ParametersScreen
from tui.ui.screens.routing import RoutingScreen
from tui.ui.screens.settings import SettingsScreen
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


OVERLOADED = error_reply(
    502,
    "Provider returned error",
    {"Retry-After": "300"},
    provider_name="Azure",
    raw="upstream connect error",
)
NO_ENDPOINTS = error_reply(404, "No allowed providers are available for the selected model.")
UNSUPPORTED = error_reply(404, "No endpoints found that support the requested parameters.")


async def failed_with(here: Place, *replies: Reply) -> list[str]:
    """Send a message that fails, ask what to do, and return the names of the answers."""
    here.server.on_chat(*replies)
    await here.type("Hello")
    await here.pilot.press("enter")
    await here.until(lambda: here.screen.query_one(Prompt).text == "Hello")
    await here.until(lambda: here.screen.chat.running is None)
    await here.pilot.press("alt+h")
    return await choices(here)


def named(names: list[str], kind: ActionKind) -> str:
    """The answer that stands for an action."""
    return f"#{next(name for name in names if name.rpartition('-')[0] == kind)}"


def said(here: Place) -> str:
    """The newest of the short messages."""
    return [one.message for one in here.app._notifications][-1]


async def test_a_provider_that_failed_is_avoided_from_then_on_and_asked_no_more(
    tmp_path: Path,
) -> None:
    async with place(tmp_path) as here:
        rows = [{"slug": "azure", "name": "Azure"}, {"slug": "anthropic", "name": "Anthropic"}]
        here.server.on("GET /providers", json_reply({"data": rows}))
        names = await failed_with(here, OVERLOADED, answer())
        await here.pilot.click(named(names, ActionKind.AVOID_PROVIDER))
        await here.until(lambda: len(here.server.chats) == 2)
        await here.until(lambda: here.screen.chat.running is None)
        assert here.bodies[1]["messages"] == here.bodies[0]["messages"]
        assert here.bodies[1]["provider"] == {"ignore": ["azure"]}
        assert here.screen.query_one(Prompt).text == "", "it has been answered"


async def test_another_configured_provider_is_asked_the_same_with_its_own_model(
    tmp_path: Path,
) -> None:
    async with place(tmp_path) as here, FakeServer() as other:
        other.on_chat(answer())
        await here.configure(
            {
                ("providers", "box", "kind"): ProviderKind.COMPATIBLE,
                ("providers", "box", "base_url"): other.base_url,
                ("providers", "box", "model_map"): {CLAUDE: "test/model"},
            }
        )
        names = await failed_with(here, OVERLOADED)
        await here.pilot.click(named(names, ActionKind.USE_PROVIDER))
        await here.until(lambda: len(other.chats) == 1)
        await here.until(lambda: here.screen.chat.running is None)
        assert other.chats[0].json["model"] == "test/model"
        assert other.chats[0].json["messages"] == here.bodies[0]["messages"]
        assert len(here.server.chats) == 1
        connection = here.app.runtime.connection
        assert connection is not None
        assert connection.provider == "box"


async def test_routing_parameters_and_settings_open_where_the_failure_points(
    tmp_path: Path,
) -> None:
    config = (
        f'[models."{CLAUDE}"]\nprovider = {{ only = ["azure"] }}\nparams = {{ max_tokens = 9 }}'
    )
    async with place(tmp_path, config) as here:
        rows = [{"provider_name": "Anthropic", "tag": "anthropic", "pricing": {}}]
        reply = json_reply({"data": {"endpoints": rows}})
        here.server.on(f"GET /models/{CLAUDE}/endpoints", reply)
        names = await failed_with(here, NO_ENDPOINTS)
        await here.pilot.click(named(names, ActionKind.SHOW_ROUTING))
        await here.until(lambda: isinstance(here.app.screen, RoutingScreen))
        assert said(here) == "Only = azure"
        await here.until(lambda: here.app.models.known_endpoints(CLAUDE))
        await here.pilot.press("escape")

        await here.until(lambda: here.app.screen is here.screen)
        await here.pilot.press("alt+h")
        await here.pilot.click(named(await choices(here), ActionKind.SHOW_ROUTING))
        await here.until(lambda: said(here) == "Only = azure leaves out 1 of 1 endpoints")
        await here.pilot.press("escape")

        await here.until(lambda: here.app.screen is here.screen)
        names = await failed_with(here, UNSUPPORTED)
        await here.pilot.click(named(names, ActionKind.SHOW_PARAMETERS))
        await here.until(lambda: isinstance(here.app.screen, ParametersScreen))
        await here.pilot.press("escape")

        await here.until(lambda: here.app.screen is here.screen)
        names = await failed_with(here, error_reply(401, "No auth credentials found"))
        await here.pilot.click(named(names, ActionKind.ENTER_KEY))
        await here.until(lambda: isinstance(here.app.screen, SettingsScreen))
        await here.until(lambda: here.app.screen.query_one("#api_key").has_focus)
