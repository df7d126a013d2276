"""The model screens over the demo: how tests open, use and read them."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path

from textual import events
from textual.app import App
from textual.binding import Binding
from textual.pilot import Pilot
from textual.screen import Screen

from tests.waiting import until
from tui.demo.catalogue import load_catalogue
from tui.domain.catalogue import Catalogue
from tui.domain.connection import Overrides
from tui.domain.model import Model
from tui.runtime import Runtime
from tui.services.wire import parse_catalogue
from tui.ui.app import Workbench
from tui.ui.controllers.model_desk import ModelDesk
from tui.ui.controllers.session import Session
from tui.ui.guard import notify_failure
from tui.ui.keymap import key_words
from tui.ui.screens.chat import ChatScreen
from tui.ui.screens.model_picker import ModelPicker
from tui.ui.screens.models import ModelsScreen
from tui.ui.shows_session import ShowsSession
from tui.ui.themes import LoadedThemes, load_themes, theme_variable_defaults
from tui.ui.widgets.catalogue.hint_line import HintLine
from tui.ui.widgets.catalogue.status_line import StatusLine
from tui.ui.widgets.row_list import RowList

SIZE = (120, 40)
IN_USE = "anthropic/claude-sonnet-4.5"
HOSTILE = "[/] [@click=app.quit]x[/]\x1b]52;c;aGk=\x1b\\ \x9b31m \u202eevil"
"""Markup and escape sequences where a name should be."""

_CHARACTERS = {
    "space": " ",
    "slash": "/",
    "greater_than_sign": ">",
    "less_than_sign": "<",
}


class Host(App[None]):
    """As much of the workbench as the model screens need: themes, a session, the desk.

    ``chosen`` is what the screens were closed with.
    """

    def __init__(
        self, home: Path, catalogue: Catalogue, open_screen: type[ModelsScreen] | type[ModelPicker]
    ) -> None:
        super().__init__()
        for theme in _themes().themes:
            self.register_theme(theme)
        self.theme = "workbench-dark"
        self.runtime = Runtime.start(home=home, overrides=Overrides(provider="demo"), environ={})
        self.runtime.demo_speed = 0
        self.chosen: list[str | None] = []
        self._catalogue = catalogue
        self._opens = open_screen

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return theme_variable_defaults(self.current_theme)

    def get_key_display(self, binding: Binding) -> str:
        return binding.key_display or key_words(binding.key)

    async def on_mount(self) -> None:
        self.session = Session(self.runtime, self._session_changed)
        self.session.catalogue = self._catalogue
        self.desk = ModelDesk(self.session, partial(notify_failure, self))
        await self.desk.load()
        await self.push_screen(self._opens(self.desk, IN_USE), self.chosen.append)

    def _session_changed(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, ShowsSession):
                screen.session_changed()

    def offer(self, *models: Model) -> None:
        """Let the app have these models."""
        self.session.catalogue = catalogue_of(*models)
        self.session.changed()


@dataclass(frozen=True, slots=True)
class Hand:
    """Presses keys without a rest after each."""

    pilot: Pilot[None]

    @property
    def app(self) -> Host:
        assert isinstance(self.pilot.app, Host)
        return self.pilot.app

    @property
    def screen(self) -> Screen[object]:
        """The screen on top."""
        return self.pilot.app.screen

    async def press(self, *keys: str) -> None:
        """Press keys by their names, each once what the one before has led to is done."""
        for key in keys:
            character = key if len(key) == 1 else _CHARACTERS.get(key)
            self.pilot.app.post_message(events.Key(key, character))
            await self.settle()

    async def type(self, text: str) -> None:
        """Type a text into what has the focus."""
        for character in text:
            self.pilot.app.post_message(events.Key(character, character))
        await self.settle()

    async def settle(self) -> None:
        """Let every message be handled, and those that these have led to."""
        for _ in range(3):
            await self.pilot.pause(0)

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until something holds; fails after 20 seconds."""
        await until(self.pilot, condition)


@asynccontextmanager
async def browsing(
    home: Path, *models: Model, size: tuple[int, int] = SIZE
) -> AsyncIterator[tuple[Hand, ModelsScreen]]:
    """The browser over these models, or over the demo's."""
    async with _opened(home, models, size, ModelsScreen) as (hand, screen):
        assert isinstance(screen, ModelsScreen)
        yield hand, screen


@asynccontextmanager
async def picking(
    home: Path, *models: Model, size: tuple[int, int] = SIZE
) -> AsyncIterator[tuple[Hand, ModelPicker]]:
    """The quick picker over these models, or over the demo's."""
    async with _opened(home, models, size, ModelPicker) as (hand, screen):
        assert isinstance(screen, ModelPicker)
        yield hand, screen


@asynccontextmanager
async def _opened(
    home: Path,
    models: tuple[Model, ...],
    size: tuple[int, int],
    opens: type[ModelsScreen] | type[ModelPicker],
) -> AsyncIterator[tuple[Hand, Screen[object]]]:
    host = Host(home, catalogue_of(*models) if models else demo_catalogue(), opens)
    async with host.run_test(size=size, notifications=True) as pilot:
        await until(pilot, lambda: isinstance(host.screen, opens) and host.screen.focused)
        hand = Hand(pilot)
        await hand.settle()
        yield hand, host.screen
        await host.session.aclose()


def catalogue_of(*models: Model) -> Catalogue:
    """A catalogue of these models, just fetched."""
    listed: Mapping[str, Model] = {model.id: model for model in models}
    return Catalogue(listed, fetched_at=datetime.now(UTC))


def demo_catalogue() -> Catalogue:
    """The demo's catalogue, just fetched."""
    return replace(_demo_models(), fetched_at=datetime.now(UTC))


@cache
def _demo_models() -> Catalogue:
    return parse_catalogue(load_catalogue().body)


@cache
def _themes() -> LoadedThemes:
    return load_themes(Path("none"))


def workbench(home: Path) -> Workbench:
    """The whole app over the demo, without waits."""
    runtime = Runtime.start(home=home, overrides=Overrides(provider="demo"), environ={})
    runtime.demo_speed = 0
    return Workbench(runtime)


async def connected(pilot: Pilot[None]) -> Workbench:
    """The whole app once its catalogue has come and nothing more will be fetched by itself."""
    app = pilot.app
    assert isinstance(app, Workbench)
    await until(pilot, lambda: isinstance(app.screen, ChatScreen))
    chat = app.screen
    assert isinstance(chat, ChatScreen)
    await until(pilot, lambda: chat.chat.spent_today is not None)
    await until(pilot, lambda: app.session.catalogue.models and not app.workers)
    return app


def rows_of(rows: RowList) -> list[str]:
    """The lines of a list as they are on screen."""
    return [rows.render_line(y).text.rstrip() for y in range(rows.size.height)]


def ids(screen: ModelsScreen | ModelPicker) -> list[str]:
    """The models that are listed."""
    return [found.model.id for found in screen.table.content.found]


def status(screen: ModelsScreen) -> str:
    """The words of the status line."""
    return screen.query_one(StatusLine).render().plain


def hint(screen: ModelsScreen | ModelPicker) -> str:
    """The words of the hint line."""
    return screen.query_one(HintLine).render().plain
