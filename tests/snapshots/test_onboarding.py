"""How the first screens look, at one moment, over the demo's models."""

from pathlib import Path

import pytest
from textual.widgets import Button, Input

from tests.frozen import frozen
from tests.snapshots.conftest import AssertSnapshot
from tests.ui.screens.onboarding_support import Newcomer, beginning
from tui.demo.catalogue import load_catalogue
from tui.onboard_save import Choice
from tui.services.oauth import SignIn
from tui.services.wire import parse_catalogue
from tui.ui.controllers.settings_effects import Effect, Tone
from tui.ui.controllers.signing_in import SigningIn
from tui.ui.screens.ready import ReadyScreen
from tui.ui.screens.sign_in import SignInScreen

NARROW, WIDE = (80, 24), (120, 40)
AT_HOME = "[default]\n"
"""The settings of somebody who has set nothing yet."""


async def at_rest(newcomer: Newcomer) -> None:
    """Wait until the screen is laid out; its cursor does not blink."""
    for field in newcomer.app.screen.query(Input):
        field.cursor_blink = False
    await newcomer.until(lambda: newcomer.app.screen.query(Button).last().region.area)
    await newcomer.pilot.pause()


@pytest.mark.parametrize("theme", ["dark", "light"])
async def test_the_ways_to_begin(
    tmp_path: Path, theme: str, assert_snapshot: AssertSnapshot
) -> None:
    with frozen(tmp_path):
        async with beginning(tmp_path, config=AT_HOME, size=NARROW) as newcomer:
            newcomer.app.theme = f"workbench-{theme}"
            await at_rest(newcomer)
            assert_snapshot(newcomer.app, f"onboarding-{theme}")


async def test_signing_in_on_another_device(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, assert_snapshot: AssertSnapshot
) -> None:
    monkeypatch.setattr("secrets.token_urlsafe", lambda _bytes: "v" * 86)
    with frozen(tmp_path):
        async with beginning(tmp_path, config=AT_HOME, size=NARROW) as newcomer:
            signing_in = SigningIn({}, SignIn, has_browser=False)
            await newcomer.app.push_screen(SignInScreen(signing_in))
            await at_rest(newcomer)
            assert_snapshot(newcomer.app, "sign-in")


async def test_a_model_and_colours_to_begin_with(
    tmp_path: Path, assert_snapshot: AssertSnapshot
) -> None:
    said = Effect("The key sk-or-…0001 is valid: $7.50 left of $10.00.", Tone.GOOD)
    choice = Choice("openrouter", catalogue=parse_catalogue(load_catalogue().body))
    with frozen(tmp_path):
        async with beginning(tmp_path, config=AT_HOME, size=WIDE) as newcomer:
            await newcomer.app.push_screen(ReadyScreen(said, choice, newcomer.app.desk))
            await at_rest(newcomer)
            assert_snapshot(newcomer.app, "ready")
