"""The model screens over the demo: how tests open and read them."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from textual.pilot import Pilot

from tui.domain.catalogue import Catalogue
from tui.domain.connection import Overrides
from tui.domain.model import Model
from tui.runtime import Runtime
from tui.ui.app import Workbench
from tui.ui.screens.chat import ChatScreen
from tui.ui.screens.models import ModelsScreen
from tui.ui.widgets.catalogue.hint_line import HintLine
from tui.ui.widgets.catalogue.row_list import RowList
from tui.ui.widgets.catalogue.status_line import StatusLine

SIZE = (120, 40)
HOSTILE = "[/] [@click=app.quit]x[/]\x1b]52;c;aGk=\x1b\\ \x9b31m \u202eevil"
"""Markup and escape sequences where a name should be."""


def workbench(home: Path) -> Workbench:
    """The app over the demo, without waits."""
    runtime = Runtime.start(home=home, overrides=Overrides(provider="demo"), environ={})
    runtime.demo_speed = 0
    return Workbench(runtime)


async def until(pilot: Pilot[None], condition: Callable[[], object]) -> None:
    """Wait until something holds; fails after 20 seconds."""
    async with asyncio.timeout(20):
        while not condition():
            await pilot.pause(0.01)


async def connected(pilot: Pilot[None]) -> Workbench:
    """The app once its catalogue has come and nothing more will be fetched by itself."""
    app = pilot.app
    assert isinstance(app, Workbench)
    await until(pilot, lambda: isinstance(app.screen, ChatScreen))
    chat = app.screen
    assert isinstance(chat, ChatScreen)
    await until(pilot, lambda: chat.chat.spent_today is not None)
    await until(pilot, lambda: app.session.catalogue.models and not app.workers)
    return app


async def browser(pilot: Pilot[None], *models: Model) -> ModelsScreen:
    """The browser, opened with F3, over these models or the demo's."""
    app = await connected(pilot)
    if models:
        offer(app, *models)
    await pilot.press("f3")
    await until(pilot, lambda: isinstance(app.screen, ModelsScreen))
    screen = app.screen
    assert isinstance(screen, ModelsScreen)
    await until(pilot, lambda: screen.table.count)
    await pilot.pause()
    return screen


def offer(app: Workbench, *models: Model) -> None:
    """Let the app have these models."""
    listed: Mapping[str, Model] = {model.id: model for model in models}
    app.session.catalogue = replace(
        app.session.catalogue, models=listed, fetched_at=datetime.now(UTC)
    )
    assert isinstance(app.session.catalogue, Catalogue)
    app.session.changed()


async def type_text(pilot: Pilot[None], text: str) -> None:
    """Type a text key by key."""
    await pilot.press(*("space" if character == " " else character for character in text))
    await pilot.pause()


def rows_of(rows: RowList) -> list[str]:
    """The lines of a list as they are on screen."""
    return [rows.render_line(y).text.rstrip() for y in range(rows.size.height)]


def ids(screen: ModelsScreen) -> list[str]:
    """The models that are listed."""
    return [found.model.id for found in screen.table.content.found]


def status(screen: ModelsScreen) -> str:
    """The words of the status line."""
    return screen.query_one(StatusLine).render().plain


def hint(screen: ModelsScreen) -> str:
    """The words of the hint line."""
    return screen.query_one(HintLine).render().plain
