"""The app from its first start to its settings, against a server on the loopback."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Button, Input

from tests.fakes.server import FakeServer, chunk, sse
from tests.ui.screens.test_chat import answered, ready
from tests.waiting import until
from tui.domain.connection import Overrides
from tui.runtime import Runtime
from tui.ui.app import Workbench
from tui.ui.screens.chat import ChatScreen
from tui.ui.screens.confirm import Confirm
from tui.ui.screens.onboarding import OnboardingScreen
from tui.ui.screens.settings import SettingsScreen
from tui.ui.transcript.transcript import Transcript
from tui.ui.widgets.header_bar import HeaderBar

SIZE = (120, 40)
KEY = "sk-or-v1-test-canary-0123456789"


def workbench(
    home: Path,
    *,
    config: str = "",
    environ: Mapping[str, str] | None = None,
    overrides: Overrides | None = None,
) -> Workbench:
    if config:
        (home / "config").mkdir(mode=0o700)
        (home / "config" / "config.toml").write_text(config)
        (home / "config" / "config.toml").chmod(0o600)
    runtime = Runtime.start(home=home, overrides=overrides or Overrides(), environ=environ or {})
    runtime.demo_speed = 0
    return Workbench(runtime)


def header(pilot: Pilot[None]) -> str:
    screen = next(screen for screen in pilot.app.screen_stack if isinstance(screen, ChatScreen))
    return screen.query_one(HeaderBar).render().plain


async def opened(pilot: Pilot[None], kind: type[Screen[Any]]) -> None:
    await until(pilot, lambda: isinstance(pilot.app.screen, kind) and pilot.app.focused is not None)


async def test_a_first_start_without_a_key_offers_the_demo(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        await opened(pilot, OnboardingScreen)

        pilot.app.screen.query_one("#demo", Button).press()
        screen = await ready(pilot)
        transcript = screen.query_one(Transcript)
        await until(pilot, lambda: "simulated" in "".join(e.text for e in transcript.entries))
        await answered(pilot, screen, "Hello")
        assert "DEMO" in header(pilot)

    assert (tmp_path / "data" / "demo.db").exists()
    assert not (tmp_path / "config" / "config.toml").exists()


CUSTOM = """\
# my own words
[providers.openrouter]
base_url = "{base_url}"
"""


async def test_the_key_goes_to_another_server_only_after_a_yes(tmp_path: Path) -> None:
    async with FakeServer() as server:
        app = workbench(
            tmp_path,
            config=CUSTOM.format(base_url=server.base_url),
            environ={"OPENROUTER_API_KEY": KEY},
        )
        async with app.run_test(size=SIZE) as pilot:
            await opened(pilot, Confirm)
            assert server.requests == []

            pilot.app.screen.query_one("#yes", Button).press()
            await server.until(lambda: any(seen.path.endswith("/key") for seen in server.requests))

    assert any(KEY in seen.headers.get("authorization", "") for seen in server.requests)
    saved = (tmp_path / "config" / "config.toml").read_text()
    assert saved.startswith("# my own words\n")
    assert server.origin in saved
    assert KEY not in saved


async def test_after_a_no_nothing_is_sent_with_the_key(tmp_path: Path) -> None:
    async with FakeServer() as server:
        app = workbench(
            tmp_path,
            config=CUSTOM.format(base_url=server.base_url),
            environ={"OPENROUTER_API_KEY": KEY},
        )
        async with app.run_test(size=SIZE) as pilot:
            await opened(pilot, Confirm)
            pilot.app.screen.query_one("#no", Button).press()
            screen = await ready(pilot)

            await answered(pilot, screen, "Hello")

            assert "the key is not sent" in header(pilot)
            assert "F2" in str(screen.query_one(Transcript).entries[-1].note)

    assert server.chats == []
    assert all(KEY not in str(seen.headers) for seen in server.requests)


async def test_a_compatible_server_answers_with_its_own_first_model(tmp_path: Path) -> None:
    async with FakeServer() as server:
        server.on_chat(sse(chunk("Hello"), chunk(" there", finish="stop")))
        overrides = Overrides(provider="compatible", base_url=server.base_url)
        async with workbench(tmp_path, overrides=overrides).run_test(size=SIZE) as pilot:
            screen = await ready(pilot)
            session = screen.chat.session
            await until(pilot, lambda: session.catalogue.models)

            await answered(pilot, screen, "Hi")

            assert screen.query_one(Transcript).entries[-1].text == "Hello there"
    body = server.chats[0].json
    assert body["model"] == next(iter(session.catalogue.models))
    assert not {"plugins", "session_id", "transforms", "provider", "usage"} & body.keys()
    assert "http-referer" not in server.chats[0].headers


async def test_saved_settings_are_used_at_once(tmp_path: Path) -> None:
    app = workbench(tmp_path, overrides=Overrides(provider="demo"))
    async with app.run_test(size=SIZE) as pilot:
        screen = await ready(pilot)
        await until(pilot, lambda: screen.chat.session.catalogue.models)
        await pilot.press("f2")
        await opened(pilot, SettingsScreen)

        model = pilot.app.screen.query_one("#model Input, Input#model", Input)
        model.value = "openai/gpt-5.2"
        await pilot.pause()
        await pilot.press("ctrl+s")

        await until(pilot, lambda: "openai/gpt-5.2" in header(pilot))
        saved = (tmp_path / "config" / "config.toml").read_text()
        assert saved == '[providers.demo]\nmodel = "openai/gpt-5.2"\n', "a key bills the default"


@pytest.mark.parametrize("theme", ["workbench-light", "nord"])
async def test_a_theme_from_the_settings_is_used(tmp_path: Path, theme: str) -> None:
    app = workbench(
        tmp_path,
        config=f'[interface]\ntheme = "{theme}"\n',
        overrides=Overrides(provider="demo"),
    )
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot)

        assert pilot.app.theme == theme


async def test_an_unknown_theme_is_said_and_the_default_is_used(tmp_path: Path) -> None:
    app = workbench(
        tmp_path,
        config='[interface]\ntheme = "no-such-[/]"\n',
        overrides=Overrides(provider="demo"),
    )
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await ready(pilot)

        assert pilot.app.theme == "workbench-dark"
        assert any("no-such-[/]" in str(toast.message) for toast in app._notifications)
