"""A small app around one screen, the settings in it, and how the tests drive them."""

import tomllib
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Button, Input, OptionList, Static

from tests.fakes.keyring import store_of
from tests.waiting import until
from tui.domain.catalogue import Catalogue
from tui.domain.connection import Connection, Overrides, resolve
from tui.domain.errors import Failure, FailureKind, WorkbenchError
from tui.domain.model import KeyInfo, Model, Pricing
from tui.services.config_file import load_config
from tui.services.keyring_store import KeyringStore
from tui.services.paths import Paths
from tui.ui.screens.confirm import Confirm
from tui.ui.screens.settings import SettingsScreen
from tui.ui.themes import theme_variable_defaults
from tui.ui.widgets.choice import Choice
from tui.ui.widgets.effect_line import EffectLine
from tui.ui.widgets.setting_row import SettingRow

KEY = "sk-or-v1-test-canary-0001"
OTHER_KEY = "sk-or-v1-test-canary-0002"
UNCLOSED = object()
"""The result of a screen that is still open."""


class Host(App[None]):
    """Shows one screen and keeps what it was dismissed with."""

    def __init__(self, screen: Screen[Any]) -> None:
        super().__init__()
        self.first = screen
        self.result: object = UNCLOSED

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return theme_variable_defaults(self.current_theme)

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


async def type_text(pilot: Pilot[Any], text: str) -> None:
    names: Iterable[str] = ("space" if character == " " else character for character in text)
    await pilot.press(*names)
    await pilot.pause()


CLAUDE = priced(
    "anthropic/claude-sonnet-4.5",
    "Claude Sonnet 4.5",
    prompt="0.000003",
    completion="0.000015",
    input_cache_read="0.0000003",
)
GEMINI = priced(
    "google/gemini-2.5-pro", "Gemini 2.5 Pro", prompt="0.00000125", completion="0.00001"
)
HOSTILE = priced("[/]", "[@click=app.quit]x[/]", prompt="0", completion="0")


class OpenSettings:
    """The open screen and what the tests ask of it."""

    def __init__(self, app: Host, pilot: Pilot[None], config: Path, server: Server) -> None:
        self.app = app
        self.pilot = pilot
        self.config = config
        self.server = server

    def field(self, name: str) -> Input:
        return self.app.first.query_one(f"#{name}", Input)

    def has_focus(self, name: str) -> bool:
        return self.app.focused is self.field(name)

    def effect(self, field: str) -> str:
        return self.app.first.query_one(f"#row-{field}", SettingRow).effect_words

    def problem(self, field: str) -> str:
        return self.app.first.query_one(f"#row-{field}", SettingRow).problem_words

    @property
    def status(self) -> str:
        return self.app.first.query_one("#end > EffectLine", EffectLine).words

    @property
    def key_result(self) -> str:
        return self.app.first.query_one("KeyField .result", EffectLine).words

    @property
    def models(self) -> OptionList:
        return self.app.first.query_one("ModelSelect OptionList", OptionList)

    async def enter(self, name: str, text: str) -> None:
        field = self.field(name)
        field.focus()
        await self.pilot.pause()
        field.value = text
        await self.pilot.pause()

    async def check(self, name: str) -> None:
        self.app.first.query_one(f"#{name}").focus()
        await self.pilot.press("space")
        await self.pilot.pause()

    def choice(self, name: str) -> Choice:
        return self.app.first.query_one(f"#{name}", Choice)

    async def choose(self, name: str, value: str) -> None:
        self.choice(name).value = value
        await self.pilot.pause()

    async def press_button(self, name: str) -> None:
        self.app.first.query_one(f"#{name}", Button).focus()
        await self.pilot.press("enter")
        await self.pilot.pause()

    async def save(self) -> None:
        await self.pilot.press("ctrl+s")
        await self.pilot.pause()

    async def saved(self) -> Mapping[tuple[str, ...], Any] | None:
        """Save without any question, and what the screen was closed with."""
        await self.save()
        await until(self.pilot, lambda: self.app.result is not UNCLOSED)
        assert self.app.result is None or isinstance(self.app.result, dict)
        return self.app.result

    async def question(self) -> str:
        await until(self.pilot, lambda: isinstance(self.app.screen, Confirm))
        texts = [self.app.screen.query_one(name, Static) for name in ("#question", "#detail")]
        return "\n".join(str(text.content) for text in texts)

    async def answer(self, *, yes: bool) -> None:
        await self.question()
        button = self.app.screen.query_one("#yes" if yes else "#no", Button)
        await until(self.pilot, lambda: button.region.area)
        await self.pilot.click(button)
        await until(self.pilot, lambda: not isinstance(self.app.screen, Confirm))

    def written(self) -> dict[str, Any]:
        return tomllib.loads(self.config.read_text())


@asynccontextmanager
async def opened(
    home: Path,
    config: str = "",
    *,
    environ: Mapping[str, str] | None = None,
    overrides: Overrides | None = None,
    server: Server | None = None,
    size: tuple[int, int] = (100, 30),
    keyring: KeyringStore | None = None,
    section: str | None = None,
) -> AsyncIterator[OpenSettings]:
    paths = paths_below(home)
    paths.config.mkdir()
    if config:
        paths.config_file.write_text(config)
        paths.config_file.chmod(0o600)
    settings = load_config(paths.config_file).settings
    try:
        connection = resolve(settings, environ or {}, overrides)
    except WorkbenchError:
        connection = None
    server = server or Server()
    screen = SettingsScreen(
        settings,
        connection,
        catalogue(CLAUDE, GEMINI, HOSTILE),
        paths,
        environ or {},
        ["textual-dark", "textual-light", "nord"],
        server.verify,
        keyring or store_of(None),
        overrides or Overrides(),
        section=section,
    )
    app = Host(screen)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield OpenSettings(app, pilot, paths.config_file, server)


STORED_KEY = f"""\
[interface]
theme = "textual-dark"
[providers.openrouter]
api_key = "{KEY}"
"""
DARK = '[interface]\ntheme = "textual-dark"\n'
