"""Signing in from the first screen, both ways, against a server that checks what it is given."""

from functools import partial
from pathlib import Path

import pytest

from tests.fakes.authorization import KEY, AuthorizationServer, callback_of, visit
from tests.fakes.server import FakeServer
from tests.ui.screens.onboarding_support import Browser, Newcomer, beginning
from tests.ui.screens.settings_support import UNCLOSED
from tui.ui.screens.onboarding import OnboardingScreen
from tui.ui.screens.sign_in import SignInScreen


def says(newcomer: Newcomer, words: str) -> bool:
    return words in newcomer.text("EffectLine.result")


async def test_the_browser_comes_back_and_the_key_is_kept(tmp_path: Path) -> None:
    authorization = AuthorizationServer()
    browser = Browser(authorization)
    async with beginning(tmp_path, authorization, open_page=browser) as newcomer:
        newcomer.press("sign-in")
        await newcomer.ready()
        assert "is valid" in newcomer.text("EffectLine")
        [visited] = browser.visits
        assert "You can close this page" in (await visited)[1]
        [trade] = [r for r in newcomer.server.requests if r.path == "/auth/keys"]
        assert "authorization" not in trade.headers
        verifier = trade.json["code_verifier"]
        others = [r.target + str(r.headers) for r in newcomer.server.requests if r is not trade]
        assert verifier not in " ".join([*browser.opened, *others, newcomer.config.read_text()])
        assert KEY not in newcomer.app.export_screenshot()
    assert newcomer.saved()["providers"]["openrouter"]["api_key"] == KEY


async def test_without_a_browser_the_code_is_pasted(tmp_path: Path) -> None:
    authorization = AuthorizationServer()
    async with beginning(tmp_path, authorization) as newcomer:
        screen = await newcomer.signing_in()
        assert "callback_url" not in screen.page_url
        assert newcomer.text("#url") == screen.page_url
        assert "OpenRouter Workbench, 20" in newcomer.text("#about")
        newcomer.press("copy")
        await newcomer.until(lambda: newcomer.app.copied == screen.page_url)
        for text, words in (("", "Paste the code"), ("no code", "That is not a code.")):
            await newcomer.enter("code", text)
            await newcomer.until(partial(says, newcomer, words))
        code = authorization.agree(screen.page_url)
        await newcomer.enter("code", f"https://openrouter.ai/auth?code={code}")
        await newcomer.ready()
    assert newcomer.saved()["providers"]["openrouter"]["api_key"] == KEY


async def test_a_gateway_gets_the_key_only_after_another_enter(tmp_path: Path) -> None:
    authorization = AuthorizationServer()
    async with FakeServer() as gateway:
        config = f'[providers.openrouter]\nbase_url = "{gateway.base_url}"\n'
        async with beginning(tmp_path, authorization, config=config) as newcomer:
            screen = await newcomer.signing_in()
            await newcomer.enter("code", authorization.agree(screen.page_url))
            await newcomer.hears("key", f"Enter sends it to {gateway.origin} from now on.")
            assert gateway.requests == []
            assert "api_key" not in newcomer.saved()["providers"]["openrouter"]
            await newcomer.pilot.press("enter")
            await newcomer.ready()
    assert newcomer.saved()["providers"]["openrouter"]["api_key"] == KEY


async def failed(newcomer: Newcomer, words: str) -> None:
    """Wait until the page says why there is no key; nothing was saved."""
    await newcomer.until(lambda: isinstance(newcomer.app.screen, SignInScreen))
    await newcomer.until(partial(says, newcomer, words))
    assert "api_key" not in newcomer.saved()["providers"]["openrouter"]
    assert newcomer.app.result is UNCLOSED


async def test_who_says_no_can_begin_again(tmp_path: Path) -> None:
    authorization = AuthorizationServer()
    browser = Browser(authorization, error="access_denied")
    async with beginning(tmp_path, authorization, open_page=browser) as newcomer:
        newcomer.press("sign-in")
        await failed(newcomer, "You did not allow the workbench to have a key.")
        browser.instead = {}
        newcomer.press("again")
        await newcomer.ready()
        assert len(set(browser.opened)) == 2
    assert newcomer.saved()["providers"]["openrouter"]["api_key"] == KEY


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        ("expired", "The code has expired"),
        ("used", "This code was used already"),
    ],
)
async def test_a_code_that_is_worth_nothing_is_told(tmp_path: Path, spoil: str, words: str) -> None:
    authorization = AuthorizationServer()
    async with beginning(tmp_path, authorization) as newcomer:
        screen = await newcomer.signing_in()
        code = authorization.agree(screen.page_url)
        getattr(authorization, spoil).add(code)
        await newcomer.enter("code", code)
        await failed(newcomer, words)


async def test_leaving_ends_the_sign_in_and_another_state_is_refused(tmp_path: Path) -> None:
    authorization = AuthorizationServer()
    opened: list[str] = []
    async with beginning(tmp_path, authorization, open_page=opened.append) as newcomer:
        screen = await newcomer.signing_in()
        await newcomer.until(lambda: "Waiting for you" in newcomer.text("EffectLine.result"))
        assert opened == [screen.page_url]
        callback = callback_of(screen.page_url)
        assert (await visit(f"{callback}x", code=authorization.agree(screen.page_url)))[0] == 403
        newcomer.press("other")
        await newcomer.until(lambda: "callback_url" not in screen.page_url)
        newcomer.press("other")
        await newcomer.until(lambda: "callback_url" in screen.page_url)
        latest = callback_of(screen.page_url)
        await newcomer.pilot.press("escape")
        await newcomer.until(lambda: isinstance(newcomer.app.screen, OnboardingScreen))
        for gone in (callback, latest):
            with pytest.raises(ConnectionRefusedError):
                await visit(gone, code="code-1")
        assert not [r for r in newcomer.server.requests if r.path == "/auth/keys"]


async def test_a_key_that_cannot_be_saved_is_not_lost(tmp_path: Path) -> None:
    authorization = AuthorizationServer()
    async with beginning(tmp_path, authorization, open_page=Browser(authorization)) as newcomer:
        whole = newcomer.config.read_text()
        newcomer.config.write_text("[broken\n")
        newcomer.press("sign-in")
        await newcomer.hears("key", "could not be saved")
        newcomer.config.write_text(whole)
        await newcomer.until(lambda: newcomer.app.focused is not None)
        await newcomer.pilot.press("enter")
        await newcomer.ready()
    assert newcomer.saved()["providers"]["openrouter"]["api_key"] == KEY
