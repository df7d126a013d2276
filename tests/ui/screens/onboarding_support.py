"""The first screens over a loopback server, and how the tests drive them."""

import asyncio
import tomllib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Button, Input, OptionList, Static

from tests.fakes.authorization import AuthorizationServer, callback_of, visit
from tests.fakes.keyring import store_of
from tests.fakes.server import FakeServer
from tests.ui.screens.settings_support import UNCLOSED
from tests.waiting import until
from tui.domain.connection import Overrides
from tui.domain.settings import ReliabilitySettings
from tui.runtime import Runtime
from tui.services.browser import CannotOpenError
from tui.services.keyring_store import KeyringStore
from tui.services.oauth import SignIn
from tui.ui.controllers.model_desk import ModelDesk
from tui.ui.controllers.session import Session
from tui.ui.controllers.signing_in import SigningIn
from tui.ui.screens.onboarding import OnboardingScreen
from tui.ui.screens.ready import ReadyScreen
from tui.ui.screens.sign_in import SignInScreen
from tui.ui.themes import load_themes, theme_variable_defaults
from tui.ui.widgets.effect_line import EffectLine

QUICK = ReliabilitySettings(connect_timeout=1, first_byte_timeout=1, retries=0)


class Host(App[None]):
    """As much of the workbench as the first screens need.

    ``result`` is what they were closed with, ``connected`` the providers that were to be used, and
    ``copied`` the last text that was copied.
    """

    def __init__(self, runtime: Runtime, signing_in: SigningIn) -> None:
        super().__init__()
        for theme in load_themes(Path("none")).themes:
            self.register_theme(theme)
        self.theme = "workbench-dark"
        self.runtime = runtime
        self.result: object = UNCLOSED
        self.connected: list[str] = []
        self.copied = ""
        self._signing_in = signing_in

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return theme_variable_defaults(self.current_theme)

    async def on_mount(self) -> None:
        self.session = Session(self.runtime)
        self.desk = ModelDesk(self.session)
        self.first = OnboardingScreen(self.runtime, self.desk, self._connect, self._signing_in)
        await self.push_screen(self.first, self._dismissed)

    async def _connect(self, provider: str) -> None:
        self.connected.append(provider)
        await self.session.reload()
        await self.session.refresh_catalogue()

    def _dismissed(self, result: object) -> None:
        self.result = result

    def copy_to_clipboard(self, text: str) -> None:
        self.copied = text


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who begins: what is seen, and what is done."""

    app: Host
    pilot: Pilot[None]
    home: Path
    server: FakeServer

    async def until(self, condition: Callable[[], object]) -> None:
        await until(self.pilot, condition)

    def said(self, where: str) -> str:
        """The line below one of the ways."""
        return self.app.first.query_one(f"EffectLine.{where}", EffectLine).words

    async def hears(self, where: str, words: str) -> None:
        await self.until(lambda: words in self.said(where))

    def text(self, selector: str) -> str:
        """The words of a line of the screen on top."""
        return str(self.app.screen.query_one(selector, Static).content)

    async def enter(self, name: str, text: str) -> None:
        """Fill a field and press Enter in it."""
        field = self.app.screen.query_one(f"#{name}", Input)
        field.value = text
        field.focus()
        await self.pilot.press("enter")

    def press(self, name: str) -> None:
        self.app.screen.query_one(f"#{name}", Button).press()

    async def signing_in(self) -> SignInScreen:
        """Go to the page for signing in."""
        self.press("sign-in")
        await self.until(lambda: isinstance(self.app.screen, SignInScreen))
        screen = self.app.screen
        assert isinstance(screen, SignInScreen)
        await self.until(lambda: screen.page_url)
        return screen

    async def ready(self) -> ReadyScreen:
        """The last step, once it is there."""
        await self.until(lambda: isinstance(self.app.screen, ReadyScreen) and self.app.focused)
        assert isinstance(self.app.screen, ReadyScreen)
        return self.app.screen

    async def closed(self) -> Any:
        """What the screens were closed with."""
        await self.until(lambda: self.app.result is not UNCLOSED)
        return self.app.result

    @property
    def config(self) -> Path:
        return self.app.runtime.paths.config_file

    def saved(self) -> dict[str, Any]:
        return tomllib.loads(self.config.read_text()) if self.config.exists() else {}

    def offered(self) -> list[str]:
        """The rows of the models, with their facts."""
        models = self.app.screen.query_one("#models", OptionList)
        return [str(option.prompt) for option in models.options]


class Browser:
    """Follows the page of a sign-in as a user does who agrees, or not at all."""

    def __init__(self, authorization: AuthorizationServer, **instead: str) -> None:
        self.opened: list[str] = []
        self.visits: list[asyncio.Task[tuple[int, str]]] = []
        self._authorization = authorization
        self.instead = instead

    def __call__(self, url: str) -> None:
        self.opened.append(url)
        query = self.instead or {"code": self._authorization.agree(url)}
        self.visits.append(asyncio.ensure_future(visit(callback_of(url), **query)))


def no_browser(_url: str) -> None:
    raise CannotOpenError("There is no desktop here to open it on.")


@asynccontextmanager
async def beginning(
    home: Path,
    server: FakeServer | AuthorizationServer | None = None,
    *,
    keyring: KeyringStore | None = None,
    open_page: Callable[[str], None] | None = None,
    environ: dict[str, str] | None = None,
    config: str = "",
    size: tuple[int, int] = (120, 40),
) -> AsyncIterator[Newcomer]:
    """The first screen, whose OpenRouter is the server; ``open_page`` is its browser, if any."""
    async with server or FakeServer() as running:
        fake = running.server if isinstance(running, AuthorizationServer) else running
        page = running.page if isinstance(running, AuthorizationServer) else f"{fake.origin}/auth"
        file = home / "config" / "config.toml"
        file.parent.mkdir(parents=True, mode=0o700)
        text = config or f'[providers.openrouter]\nbase_url = "{fake.base_url}"\n'
        file.write_text(text)
        file.chmod(0o600)
        runtime = Runtime.start(home=home, overrides=Overrides(), environ=environ or {})
        runtime.keyring = keyring or store_of(None)
        make = partial(SignIn, base_url=fake.base_url, page=page, reliability=QUICK)
        signing_in = SigningIn({}, make, open_page or no_browser, open_page is not None)
        app = Host(runtime, signing_in)
        async with app.run_test(size=size) as pilot:
            await until(pilot, lambda: isinstance(app.screen, OnboardingScreen) and app.focused)
            yield Newcomer(app, pilot, home, fake)
            await app.session.aclose()
