"""The key on the settings screen: typed, checked, removed, and sent where its owner agrees."""

from functools import partial
from pathlib import Path

from textual import events
from textual.widgets import Input

from tests.fakes.authorization import KEY as SIGNED_IN_KEY
from tests.fakes.authorization import AuthorizationServer
from tests.ui.screens.settings_support import (
    DARK,
    KEY,
    OTHER_KEY,
    REFUSED,
    STORED_KEY,
    UNCLOSED,
    Server,
    opened,
)
from tests.waiting import until
from tui.domain.connection import resolve
from tui.services.config_file import load_config
from tui.services.oauth import SignIn
from tui.ui.controllers.signing_in import SigningIn
from tui.ui.screens.settings import SettingsScreen
from tui.ui.screens.sign_in import SignInScreen

ELSEWHERE = "https://two.example/v1"


async def test_pasted_key_is_masked_trimmed_and_saved_unless_it_is_broken(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK) as settings:
        field = settings.field("api_key")
        field.focus()
        settings.app.post_message(events.Paste("sk-or-v1-test\ncanary"))
        await until(settings.pilot, lambda: settings.problem("api_key"))
        await settings.enter("api_key", "")
        settings.app.post_message(events.Paste(f"\n {KEY} \n"))
        await until(settings.pilot, lambda: "as typed, not saved yet" in settings.effect("api_key"))
        assert not settings.problem("api_key")
        assert KEY not in settings.app.export_screenshot()
        await settings.saved()
        assert settings.written()["providers"] == {"openrouter": {"api_key": KEY}}


async def test_verify_shows_what_the_server_knows_and_remove_takes_the_key_away(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, STORED_KEY) as settings:
        assert settings.effect("api_key").startswith("In use: sk-or-…0001 from config.toml")
        assert KEY not in settings.app.export_screenshot()
        await settings.press_button("verify-key")
        await until(settings.pilot, lambda: settings.key_result.startswith("Valid"))
        assert "$12.50 left of $20.00" in settings.key_result
        assert "$0.12 today · $7.50 this month" in settings.key_result
        assert "sk-or-v1-tes…[/]" in settings.key_result
        assert [connection.key_hint for connection in settings.server.asked] == ["sk-or-…0001"]
        await settings.press_button("remove-key")
        assert "There is no key yet" in settings.effect("api_key")
        await settings.saved()
        assert "api_key" not in settings.config.read_text()


async def test_enter_verifies_the_key_as_typed_and_shows_the_failure(tmp_path: Path) -> None:
    environ = {"OPENROUTER_API_KEY": OTHER_KEY}
    async with opened(tmp_path, DARK, environ=environ, server=Server(REFUSED)) as settings:
        await settings.enter("api_key", KEY)
        await settings.pilot.press("enter")
        await until(settings.pilot, lambda: settings.key_result == "The key was refused. Check it.")
        assert [connection.key_hint for connection in settings.server.asked] == ["sk-or-…0001"]
        assert "has no effect while that variable is set" in settings.effect("api_key")
        await settings.enter("api_key", OTHER_KEY)
        assert settings.key_result == "", "that was about another key"


async def test_new_server_is_asked_about_before_the_key_goes_there(tmp_path: Path) -> None:
    async with opened(tmp_path, STORED_KEY) as settings:
        await settings.check("use_custom_base_url")
        await settings.enter("base_url", ELSEWHERE)
        assert "is not sent to https://two.example" in settings.effect("api_key")
        await settings.save()
        words = await settings.question()
        assert "sk-or-…0001" in words
        assert "https://openrouter.ai" in words
        assert "https://two.example" in words
        await settings.answer(yes=True)
        await until(settings.pilot, lambda: settings.app.result is not UNCLOSED)
        assert settings.written()["providers"]["openrouter"]["key_origins"] == [
            "https://two.example"
        ]


async def test_no_keeps_the_key_at_home(tmp_path: Path) -> None:
    async with opened(tmp_path, STORED_KEY) as settings:
        await settings.check("use_custom_base_url")
        await settings.enter("base_url", ELSEWHERE)
        await settings.save()
        await settings.answer(yes=False)
        await until(settings.pilot, lambda: settings.app.result is not UNCLOSED)
        connection = resolve(load_config(settings.config).settings, {})
        assert connection.base_url == ELSEWHERE
        assert connection.key is None


async def test_plain_http_to_another_machine_asks_in_stronger_words(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK) as settings:
        await settings.choose("provider", "compatible")
        await settings.enter("base_url", "http://192.0.2.7:8000/v1")
        await settings.enter("api_key", KEY)
        await settings.save()
        assert "UNENCRYPTED" in await settings.question()
        await settings.answer(yes=False)
        await until(settings.pilot, lambda: settings.app.focused is settings.field("base_url"))
        assert settings.app.result is UNCLOSED
        assert settings.config.read_text() == DARK


async def test_verify_asks_before_the_key_goes_to_a_new_server(tmp_path: Path) -> None:
    async with opened(tmp_path, STORED_KEY) as settings:
        await settings.check("use_custom_base_url")
        await settings.enter("base_url", ELSEWHERE)
        await settings.press_button("verify-key")
        await settings.answer(yes=False)
        assert settings.server.asked == []
        await settings.press_button("verify-key")
        await settings.answer(yes=True)
        await until(settings.pilot, lambda: settings.server.asked)
        assert settings.server.asked[0].origin == "https://two.example"
        changes = await settings.saved()
        assert changes is not None
        assert ("providers", "openrouter", "key_origins") in changes


async def test_withheld_key_can_be_allowed(tmp_path: Path) -> None:
    text = f'{STORED_KEY}base_url = "{ELSEWHERE}"\n'
    async with opened(tmp_path, text) as settings:
        await settings.press_button("allow-key")
        await settings.answer(yes=True)
        await until(settings.pilot, lambda: settings.effect("api_key").startswith("In use"))
        assert await settings.saved() == {
            ("providers", "openrouter", "key_origins"): ("https://two.example",)
        }


async def test_signing_in_fills_the_key_in_and_saving_keeps_it(tmp_path: Path) -> None:
    async with AuthorizationServer() as server, opened(tmp_path, DARK) as settings:
        screen = settings.app.first
        assert isinstance(screen, SettingsScreen)
        make = partial(SignIn, base_url=server.base_url, page=server.page)
        screen.signing_in = SigningIn({}, make, has_browser=False)
        await settings.press_button("sign-in")
        await until(settings.pilot, lambda: isinstance(settings.app.screen, SignInScreen))
        page = settings.app.screen
        assert isinstance(page, SignInScreen)
        code = page.query_one("#code", Input)
        code.value = server.agree(page.page_url)
        code.focus()
        await settings.pilot.press("enter")
        await until(settings.pilot, lambda: "as typed, not saved yet" in settings.effect("api_key"))
        await settings.saved()
        assert settings.written()["providers"]["openrouter"]["api_key"] == SIGNED_IN_KEY
