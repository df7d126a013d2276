"""A small app around one screen, and how the tests drive it."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

from tui.domain.catalogue import Catalogue
from tui.domain.connection import Connection
from tui.domain.errors import Failure, FailureKind, WorkbenchError
from tui.domain.model import KeyInfo, Model, Pricing
from tui.services.paths import Paths

KEY = "sk-or-v1-test-canary-0001"
OTHER_KEY = "sk-or-v1-test-canary-0002"
UNCLOSED = object()
"""The result of a screen that is still open."""

_WAITS = 200


class Host(App[None]):
    """Shows one screen and keeps what it was dismissed with."""

    def __init__(self, screen: Screen[Any]) -> None:
        super().__init__()
        self.first = screen
        self.result: object = UNCLOSED

    def on_mount(self) -> None:
        self.push_screen(self.first, self._dismissed)

    def _dismissed(self, result: object) -> None:
        self.result = result


class Server:
    """Stands in for ``GET /key``: remembers who asked and answers or fails."""

    def __init__(self, failure: Failure | None = None) -> None:
        self.failure = failure
        self.asked: list[Connection] = []

    async def verify(self, connection: Connection) -> KeyInfo | None:
        self.asked.append(connection)
        if self.failure is not None:
            raise WorkbenchError(self.failure)
        return KeyInfo(
            label="sk-or-v1-tes…[/]",
            limit=Decimal(20),
            limit_remaining=Decimal("12.5"),
            usage_daily=Decimal("0.12"),
            usage_monthly=Decimal("7.5"),
        )


class BrokenServer(Server):
    """Stands in for a mistake of our own."""

    async def verify(self, connection: Connection) -> KeyInfo | None:
        raise RuntimeError("a mistake")


REFUSED = Failure(FailureKind.BAD_KEY, "The key was refused.", "Check it.", status=401)
OFFLINE = Failure(FailureKind.NAME_NOT_FOUND, "The server was not found.", "Check the network.")


def catalogue(*models: Model) -> Catalogue:
    return Catalogue({model.id: model for model in models})


def priced(model_id: str, name: str, **prices: str) -> Model:
    """A model with prices in USD per token."""
    amounts: dict[str, Any] = {field: Decimal(price) for field, price in prices.items()}
    return Model(model_id, name, context_length=200_000, pricing=Pricing(**amounts))


def paths_below(folder: Path) -> Paths:
    return Paths(folder / "config", folder / "data", folder / "cache")


async def until(pilot: Pilot[Any], condition: Callable[[], object]) -> None:
    """Wait until something holds; the bound is counted in turns of the event loop's idling."""
    for _ in range(_WAITS):
        if condition():
            return
        await pilot.pause(0.01)
    raise AssertionError("what was waited for did not happen")


async def type_text(pilot: Pilot[Any], text: str) -> None:
    names: Iterable[str] = ("space" if character == " " else character for character in text)
    await pilot.press(*names)
    await pilot.pause()
