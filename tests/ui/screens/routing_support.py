"""The routing editor over a server on the loopback: how tests open, use and read it."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from textual import events
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static

from tests.fakes.server import json_reply
from tests.ui.screens.models_support import Hand
from tests.ui.screens.money_support import CLAUDE, ROW, Place, place
from tui.domain.routing import ROUTING_FIELDS
from tui.ui.screens.chat import ChatScreen
from tui.ui.screens.list_chooser import ListChooser
from tui.ui.screens.model_picker import ModelPicker
from tui.ui.screens.routing import RoutingScreen
from tui.ui.screens.routing_value import RoutingValue

OTHER = "openai/gpt-5.2"
THIRD = "google/gemini-3-pro"


def endpoint(name: str, tag: str, price: str, **more: object) -> dict[str, object]:
    """One row of a list of endpoints; the price is USD for a token of the prompt."""
    return {
        "provider_name": name,
        "tag": tag,
        "context_length": 200_000,
        "pricing": {"prompt": price, "completion": "0.000015"},
        "quantization": "unknown",
        "supported_parameters": ["max_tokens"],
        "status": 0,
        **more,
    }


ENDPOINTS = [
    endpoint("Anthropic", "anthropic", "0.000003", uptime_last_1d=99.87),
    endpoint("Amazon Bedrock", "amazon-bedrock", "0.000003", throughput_last_30m={"p50": 61}),
    endpoint("Azure", "azure", "0.0000045", quantization="fp8", latency_last_30m={"p50": 1250}),
]
PROVIDERS = [
    {"slug": slug, "name": name, "headquarters": "US", "datacenters": ["US", "DE"]}
    for slug, name in (
        ("amazon-bedrock", "Amazon Bedrock"),
        ("anthropic", "Anthropic"),
        ("azure", "Azure"),
        ("mistral", "Mistral"),
    )
]


class Editor:
    """The editor on screen, and the keys."""

    def __init__(self, here: Place) -> None:
        self.here = here
        self.hand = Hand(here.pilot)

    @property
    def screen(self) -> RoutingScreen:
        screen = self.here.app.screen
        assert isinstance(screen, RoutingScreen), screen
        return screen

    def words(self, name: str) -> str:
        """What one of the lines says."""
        return str(self.screen.query_one(f"#{name}", Static).render())

    def own(self, name: str) -> Any:
        """What the chosen scope says of a field."""
        return next(one.own for one in self.screen.desk.fields() if one.field.name == name)

    async def until_on(self, screen: type[object]) -> None:
        await self.here.until(lambda: isinstance(self.here.app.screen, screen))
        await self.hand.settle()

    async def open(self) -> None:
        await self.hand.press("f7")
        await self.until_open()

    async def until_open(self) -> None:
        await self.until_on(RoutingScreen)
        await self.here.until(lambda: self.screen.desk.providers)
        await self.hand.settle()

    async def go_to(self, name: str) -> None:
        """Put the cursor on a field."""
        self.screen.fields.move_to([field.name for field in ROUTING_FIELDS].index(name))
        await self.hand.pilot.pause(0)

    async def type_into(self, name: str, text: str) -> None:
        """Put a text behind what a field holds; returns once that is kept."""
        before = self.own(name)
        dialog = await self._change(name, RoutingValue)
        dialog.query_one(Input).value += text
        await self._enter()
        await self.here.until(lambda: self.own(name) != before)

    async def choose_in(self, name: str, place: int) -> None:
        """Choose another value of a field; returns once it is kept."""
        before = self.own(name)
        dialog = await self._change(name, ListChooser)
        dialog.query_one(OptionList).highlighted = place
        await self._enter()
        await self.here.until(lambda: self.own(name) != before)

    async def _change(self, name: str, dialog: type[Screen[Any]]) -> Screen[Any]:
        """Press Enter on a field; returns the dialog that asks for its value."""
        await self.go_to(name)
        self.hand.pilot.app.post_message(events.Key("enter", "\r"))
        app = self.here.app
        await self.here.until(lambda: isinstance(app.screen, dialog) and app.focused)
        return app.screen

    async def _enter(self) -> None:
        """Press Enter in a dialog, and wait until it is closed."""
        self.hand.pilot.app.post_message(events.Key("enter", "\r"))
        await self.here.until(lambda: isinstance(self.here.app.screen, RoutingScreen))

    async def add_fallback(self, text: str, model_id: str) -> None:
        await self.hand.press("a")
        await self.until_on(ModelPicker)
        await self.hand.type(text)
        await self.hand.press("enter")
        await self.until_on(RoutingScreen)
        await self.here.until(lambda: model_id in self.screen.desk.fallbacks)

    async def close(self) -> None:
        await self.hand.press("escape")
        await self.until_on(ChatScreen)


@asynccontextmanager
async def edited(
    home: Path,
    config: str = "",
    size: tuple[int, int] = (120, 40),
    endpoints: Sequence[Mapping[str, object]] = ENDPOINTS,
) -> AsyncIterator[Editor]:
    """The editor over a server that lists who serves the model."""
    async with place(home, config, size) as here:
        rows = [ROW, *({**ROW, "id": one, "canonical_slug": one} for one in (OTHER, THIRD))]
        here.server.on("GET /models", json_reply({"data": rows}))
        here.server.on(
            f"GET /models/{CLAUDE}/endpoints", json_reply({"data": {"endpoints": [*endpoints]}})
        )
        here.server.on("GET /providers", json_reply({"data": PROVIDERS}))
        await here.app.session.refresh_catalogue()
        editor = Editor(here)
        await editor.open()
        yield editor
