"""The first start: three ways to begin, each done from the keyboard."""

import asyncio
import stat
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Input, Static

from tests.fakes.keyring import FakeBackend, Hanging, store_of
from tests.ui.screens.settings_support import (
    KEY,
    OFFLINE,
    REFUSED,
    UNCLOSED,
    BrokenServer,
    Host,
    Server,
    paths_below,
    type_text,
    until,
)
from tui.domain.connection import Connection, resolve
from tui.domain.model import KeyInfo
from tui.services.config_file import load_config
from tui.services.keyring_store import SERVICE, KeyringStore
from tui.ui.screens.onboarding import (
    LOCAL_URL,
    DemoChosen,
    KeySaved,
    OnboardingScreen,
    ServerSaved,
)
from tui.ui.widgets.effect_line import EffectLine


@asynccontextmanager
async def opened(
    home: Path, server: Server, keyring: KeyringStore | None = None
) -> AsyncIterator[tuple[Host, Pilot[None]]]:
    app = Host(OnboardingScreen(paths_below(home), server.verify, keyring or store_of(None)))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        yield app, pilot


def config_of(home: Path) -> Path:
    return paths_below(home).config_file


def said(app: Host, where: str) -> str:
    return app.first.query_one(f"EffectLine.{where}", EffectLine).words


def is_said(app: Host, where: str, words: str) -> bool:
    return words in said(app, where)


async def test_key_is_checked_saved_and_private(tmp_path: Path) -> None:
    server = Server()
    async with opened(tmp_path, server) as (app, pilot):
        await type_text(pilot, KEY)
        assert KEY not in app.export_screenshot()
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.result, KeySaved))
        assert [toast.message.split(":")[0] for toast in app._notifications] == ["Valid"]
    assert [connection.origin for connection in server.asked] == ["https://openrouter.ai"]
    config = config_of(tmp_path)
    assert tomllib.loads(config.read_text()) == {"providers": {"openrouter": {"api_key": KEY}}}
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
    assert not resolve(load_config(config).settings, {}).needs_key


def place_of(app: Host) -> str:
    return str(app.first.query_one("#place", Static).content)


async def test_key_goes_into_a_keyring_that_works_and_not_into_the_file(tmp_path: Path) -> None:
    backend = FakeBackend()
    async with opened(tmp_path, Server(), store_of(backend)) as (app, pilot):
        await until(pilot, lambda: "Kept in Test Keyring" in place_of(app))
        app.first.query_one("#key", Input).value = KEY
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.result, KeySaved))
        assert [toast.message.splitlines()[1] for toast in app._notifications] == [
            "It is kept in Test Keyring."
        ]
    assert backend.kept == {(SERVICE, "openrouter"): KEY}
    assert tomllib.loads(config_of(tmp_path).read_text()) == {
        "providers": {"openrouter": {"key_in_keyring": True}}
    }


async def test_a_keyring_that_never_answers_holds_nobody_up(tmp_path: Path) -> None:
    hanging = Hanging()
    backend = FakeBackend(hanging)
    try:
        async with opened(tmp_path, Server(), store_of(backend, longest=0.05)) as (app, pilot):
            app.first.query_one("#key", Input).value = KEY
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.result, KeySaved))
    finally:
        hanging.let_go.set()
    assert hanging.calls
    assert tomllib.loads(config_of(tmp_path).read_text()) == {
        "providers": {"openrouter": {"api_key": KEY}}
    }


async def test_key_is_saved_with_a_word_when_the_network_is_down(tmp_path: Path) -> None:
    async with opened(tmp_path, Server(OFFLINE)) as (app, pilot):
        app.first.query_one("#key", Input).value = KEY
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.result, KeySaved))
        assert [toast.message.splitlines()[0] for toast in app._notifications] == [
            "The key is saved, but not checked: The server was not found."
        ]
    assert KEY in config_of(tmp_path).read_text()


async def test_an_error_of_our_own_is_shown_and_ends_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path, BrokenServer()) as (app, pilot):
        app.first.query_one("#key", Input).value = KEY
        await pilot.press("enter")
        await until(pilot, lambda: [toast.severity for toast in app._notifications] == ["error"])
        assert app.result is UNCLOSED
        app.first.query_one("#demo").focus()
        await pilot.press("enter")
        await until(pilot, lambda: app.result == DemoChosen())


async def test_refused_key_is_not_saved(tmp_path: Path) -> None:
    async with opened(tmp_path, Server(REFUSED)) as (app, pilot):
        app.first.query_one("#key", Input).value = KEY
        await pilot.press("enter")
        await until(pilot, lambda: "The key was refused." in said(app, "key"))
        assert app.result is UNCLOSED
    assert not config_of(tmp_path).exists()


async def test_text_that_is_no_key_is_refused_in_words(tmp_path: Path) -> None:
    server = Server()
    async with opened(tmp_path, server) as (app, pilot):
        for text, words in (("", "Paste the key"), ("two words", "characters")):
            app.first.query_one("#key", Input).value = text
            await pilot.press("enter")
            await until(pilot, partial(is_said, app, "key", words))
    assert server.asked == []


async def test_key_of_an_older_setup_loses_its_consents(tmp_path: Path) -> None:
    config = config_of(tmp_path)
    config.parent.mkdir()
    config.write_text('[providers.openrouter]\nkey_origins = ["https://old.example"]  # once\n')
    async with opened(tmp_path, Server()) as (app, pilot):
        app.first.query_one("#key", Input).value = KEY
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.result, KeySaved))
    openrouter = load_config(config).settings.provider("openrouter")
    assert openrouter.key_origins == ()


async def test_server_of_ones_own_needs_only_a_model(tmp_path: Path) -> None:
    async with opened(tmp_path, Server()) as (app, pilot):
        await pilot.press("tab", "enter")
        await type_text(pilot, "llama3.2")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.result, ServerSaved))
    connection = resolve(load_config(config_of(tmp_path)).settings, {})
    assert (connection.base_url, connection.model) == (LOCAL_URL, "llama3.2")
    assert not connection.needs_key


async def test_server_that_cannot_be_used_is_refused_in_words(tmp_path: Path) -> None:
    async with opened(tmp_path, Server()) as (app, pilot):
        field = app.first.query_one("#model", Input)
        for url, model, words in (
            ("ftp://example.org", "m", "must begin with"),
            (LOCAL_URL, "", "no name yet"),
            (LOCAL_URL, "two words", "no spaces"),
        ):
            app.first.query_one("#url", Input).value = url
            field.value = model
            field.focus()
            await pilot.press("enter")
            await until(pilot, partial(is_said, app, "server", words))
            assert app.result is UNCLOSED
    assert not config_of(tmp_path).exists()


async def test_key_of_another_server_stays_with_it(tmp_path: Path) -> None:
    config = config_of(tmp_path)
    config.parent.mkdir()
    config.write_text(
        f'[providers.compatible]\nbase_url = "https://one.example/v1"\napi_key = "{KEY}"\n'
    )
    async with opened(tmp_path, Server()) as (app, pilot):
        app.first.query_one("#url", Input).value = "https://two.example/v1"
        field = app.first.query_one("#model", Input)
        field.value = "m"
        field.focus()
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.result, ServerSaved))
    connection = resolve(load_config(config).settings, {})
    assert connection.origin == "https://two.example"
    assert connection.key is None


async def test_demo_saves_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path, Server()) as (app, pilot):
        app.first.query_one("#demo").focus()
        await pilot.press("enter")
        await until(pilot, lambda: app.result == DemoChosen())
    assert not config_of(tmp_path).exists()


async def test_escape_decides_later_even_while_the_key_is_checked(tmp_path: Path) -> None:
    started = asyncio.Event()

    class Silent(Server):
        async def verify(self, connection: Connection) -> KeyInfo | None:
            started.set()
            await asyncio.Event().wait()
            return None

    async with opened(tmp_path, Silent()) as (app, pilot):
        app.first.query_one("#key", Input).value = KEY
        await pilot.press("enter")
        await until(pilot, started.is_set)
        await pilot.press("escape")
        await until(pilot, lambda: app.result is None)
    assert not config_of(tmp_path).exists()


async def test_file_that_cannot_be_saved_is_said_in_words(tmp_path: Path) -> None:
    config = config_of(tmp_path)
    config.parent.mkdir()
    config.write_text("[broken\n")
    async with opened(tmp_path, Server()) as (app, pilot):
        app.first.query_one("#key", Input).value = KEY
        await pilot.press("enter")
        await until(pilot, lambda: "could not be saved" in said(app, "key"))
        assert app.result is UNCLOSED
    assert config.read_text() == "[broken\n"
