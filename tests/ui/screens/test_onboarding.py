"""The first start: four ways to begin, each checked, saved, and done from the keyboard."""

import stat
from pathlib import Path

from textual import events
from textual.widgets import Input, OptionList

from tests.fakes.keyring import FakeBackend, Hanging, store_of
from tests.fakes.server import CATALOGUE, FakeServer, Reply, Stall, error_reply, json_reply
from tests.ui.screens.onboarding_support import beginning
from tests.ui.screens.settings_support import KEY, UNCLOSED
from tests.waiting import until
from tui.domain.connection import Overrides, resolve
from tui.domain.provider_presets import PRESETS
from tui.domain.settings import DEFAULT_MODEL
from tui.runtime import Runtime
from tui.services.config_file import load_config
from tui.services.keyring_store import SERVICE
from tui.services.local_servers import FoundServer
from tui.ui.app import Workbench
from tui.ui.screens.chat import ChatScreen
from tui.ui.screens.models import ModelsScreen
from tui.ui.screens.onboarding import Begun, DemoChosen, OnboardingScreen
from tui.ui.screens.ready import ReadyScreen
from tui.ui.widgets.prompt import Prompt
from tui.ui.widgets.server_way import ServerWay

ROW = CATALOGUE["data"][0]
PER_MILLION = "per million tokens, context 100k"
SUGGESTED = [
    {
        **ROW,
        "id": model_id,
        "context_length": 100_000,
        "supported_parameters": ["tools"],
        "pricing": {"prompt": prompt, "completion": completion},
    }
    for model_id, prompt, completion in (
        ("openai/gpt-strong", "0.000003", "0.000015"),
        ("qwen/quick", "0.0000001", "0.0000004"),
        ("test/model", "0.00001", "0.00001"),
    )
]


def offering(*rows: dict[str, object]) -> FakeServer:
    server = FakeServer()
    server.on("GET /models", json_reply({"data": list(rows)}))
    return server


async def test_a_pasted_key_is_checked_saved_and_a_model_and_colours_are_chosen(
    tmp_path: Path,
) -> None:
    async with beginning(tmp_path, offering(*SUGGESTED)) as newcomer:
        # Nothing has to be focused for a paste.
        newcomer.app.post_message(events.Paste(f" {KEY}\n"))
        field = newcomer.app.first.query_one("#key", Input)
        await newcomer.until(lambda: field.value == KEY and field.has_focus)
        assert KEY not in newcomer.app.export_screenshot()
        await newcomer.pilot.press("enter")
        await newcomer.ready()
        said = newcomer.text("EffectLine")
        assert "is valid: $7.50 left of $10.00" in said
        assert "saved to" in said
        assert newcomer.app.connected == ["openrouter"]
        assert newcomer.offered() == [
            f"openai/gpt-strong\n strong in everything: $3 in, $15 out {PER_MILLION}",
            f"qwen/quick\n quick and cheap: $0.10 in, $0.40 out {PER_MILLION}",
            "Browse all 3 models …  (F3)",
        ]
        await newcomer.pilot.press("down", "enter", "down")
        assert newcomer.app.theme == "workbench-light"
        await newcomer.pilot.press("enter")
        begun = await newcomer.closed()
        assert begun == Begun(
            {
                ("default", "provider"): "openrouter",
                ("default", "model"): "qwen/quick",
                ("interface", "theme"): "workbench-light",
            }
        )
        saved = newcomer.saved()
    assert saved["default"] == {"model": "qwen/quick"}
    assert saved["interface"] == {"theme": "workbench-light"}
    assert saved["providers"]["openrouter"]["api_key"] == KEY
    assert stat.S_IMODE(newcomer.config.stat().st_mode) == 0o600
    asked = {r.headers.get("authorization") for r in newcomer.server.requests if "key" in r.path}
    assert asked == {f"Bearer {KEY}"}


async def test_the_last_step_goes_back_without_a_loss_and_browses_all_models(
    tmp_path: Path,
) -> None:
    async with beginning(tmp_path, offering(*SUGGESTED)) as newcomer:
        await newcomer.enter("key", KEY)
        await newcomer.ready()
        await newcomer.pilot.press("enter", "down", "escape")
        await newcomer.until(lambda: isinstance(newcomer.app.screen, OnboardingScreen))
        assert newcomer.app.theme == "workbench-dark"
        assert "saved to" in newcomer.said("key")
        assert newcomer.saved()["providers"]["openrouter"]["api_key"] == KEY
        await newcomer.enter("key", KEY)
        await newcomer.ready()
        await newcomer.pilot.press("end", "enter")
        await newcomer.until(lambda: isinstance(newcomer.app.screen, ModelsScreen))
        browser = newcomer.app.screen
        assert isinstance(browser, ModelsScreen)
        await newcomer.until(lambda: browser.table.content.found)
        await newcomer.pilot.press(*"test/", "enter")
        await newcomer.ready()
        assert newcomer.offered()[0].startswith("test/model")
        newcomer.press("start")
        begun = await newcomer.closed()
    assert begun.changes["default", "model"] == "test/model"


async def test_key_goes_into_a_keyring_that_works_and_not_into_the_file(tmp_path: Path) -> None:
    backend = FakeBackend()
    async with beginning(tmp_path, keyring=store_of(backend)) as newcomer:
        await newcomer.until(lambda: "Kept in Test Keyring" in newcomer.text("#place"))
        await newcomer.enter("key", KEY)
        await newcomer.ready()
        assert "The key is kept in Test Keyring." in newcomer.text("EffectLine")
        assert KEY not in newcomer.config.read_text()
    assert backend.kept == {(SERVICE, "openrouter"): KEY}
    assert newcomer.saved()["providers"]["openrouter"]["key_in_keyring"] is True


async def test_a_keyring_that_never_answers_holds_nobody_up(tmp_path: Path) -> None:
    hanging = Hanging()
    keyring = store_of(FakeBackend(hanging), longest=0.05)
    try:
        async with beginning(tmp_path, keyring=keyring) as newcomer:
            await newcomer.enter("key", KEY)
            await newcomer.ready()
    finally:
        hanging.let_go.set()
    assert hanging.calls
    assert newcomer.saved()["providers"]["openrouter"]["api_key"] == KEY


async def test_a_server_that_cannot_check_the_key_is_told_and_the_key_is_kept(
    tmp_path: Path,
) -> None:
    server = FakeServer()
    server.on("GET /key", error_reply(500, "oops"))
    async with beginning(tmp_path, server) as newcomer:
        await newcomer.enter("key", KEY)
        await newcomer.ready()
        assert "Nothing could be checked" in newcomer.text("EffectLine")
        await newcomer.pilot.press("enter")
        newcomer.press("start")
        begun = await newcomer.closed()
    assert begun.changes["default", "model"] == DEFAULT_MODEL
    assert newcomer.saved()["providers"]["openrouter"]["api_key"] == KEY


async def test_what_is_no_key_and_what_is_refused_is_not_saved(tmp_path: Path) -> None:
    server = FakeServer()
    server.on("GET /key", error_reply(401, "User not found."))
    async with beginning(tmp_path, server) as newcomer:
        before = newcomer.saved()
        for text, words in (
            ("", "Paste the key first."),
            ("two words", "characters"),
            (KEY, "(User not found.) Enter a valid key here."),
        ):
            await newcomer.enter("key", text)
            await newcomer.hears("key", words)
        assert newcomer.app.result is UNCLOSED
        assert newcomer.saved() == before


async def test_a_key_of_the_environment_that_wins_is_told(tmp_path: Path) -> None:
    environ = {"OPENROUTER_API_KEY": "sk-or-v1-test-other-1111"}
    async with beginning(tmp_path, environ=environ) as newcomer:
        await newcomer.enter("key", KEY)
        await newcomer.ready()
        assert "OPENROUTER_API_KEY in the environment wins" in newcomer.text("EffectLine")


async def test_servers_of_this_machine_are_looked_for_when_asked(tmp_path: Path) -> None:
    async with beginning(tmp_path, offering({**ROW, "id": "llama3.2"})) as newcomer:
        url = newcomer.server.base_url
        found: list[FoundServer] = []

        async def find() -> list[FoundServer]:
            return found

        newcomer.app.first.query_one(ServerWay).find_servers = find
        newcomer.press("find")
        await newcomer.hears("server", "Nobody answers at the usual ports: Ollama 11434")
        found += [
            FoundServer(PRESETS[4], "http://127.0.0.1:9/v1", needs_key=True),
            FoundServer(PRESETS[0], url, ("llama3.2",)),
        ]
        newcomer.press("find")
        rows = newcomer.app.first.query_one("#found", OptionList)
        await newcomer.until(lambda: rows.has_focus)
        assert [str(row.prompt) for row in rows.options] == [
            "LiteLLM at http://127.0.0.1:9/v1: wants a key",
            f"Ollama at {url}: llama3.2",
        ]
        await newcomer.pilot.press("enter")
        await newcomer.hears("server", "LiteLLM wants a key.")
        newcomer.app.first.query_one("#server-key", Input).value = KEY
        rows.focus()
        await newcomer.pilot.press("down", "enter")
        await newcomer.ready()
        assert newcomer.offered() == ["llama3.2", "Browse all 1 models …  (F3)"]
        newcomer.press("start")
        await newcomer.closed()
        assert all("authorization" not in request.headers for request in newcomer.server.requests)
    assert newcomer.saved()["default"] == {"provider": "ollama"}
    assert newcomer.saved()["providers"]["ollama"] == {"base_url": url, "model": "llama3.2"}


async def test_a_server_that_is_not_there_yet_is_kept_with_the_model_that_is_typed(
    tmp_path: Path,
) -> None:
    async with beginning(tmp_path) as newcomer:
        await newcomer.enter("url", "127.0.0.1:9/v1")
        await newcomer.ready()
        taken = newcomer.app.first.query_one("#url", Input)
        assert taken.value == "http://127.0.0.1:9/v1"
        assert "Nothing could be checked" in newcomer.text("EffectLine")
        await newcomer.enter("model", "llama3.2")
        await newcomer.pilot.press("enter")
        await newcomer.closed()
    connection = resolve(load_config(newcomer.config).settings, {})
    assert (connection.base_url, connection.model) == ("http://127.0.0.1:9/v1", "llama3.2")
    assert not connection.needs_key


async def test_a_server_that_cannot_be_used_is_refused_in_words(tmp_path: Path) -> None:
    async with beginning(tmp_path) as newcomer:
        await newcomer.enter("url", "ftp://example.org")
        await newcomer.hears("server", "must begin with")
        newcomer.app.first.query_one("#url", Input).value = "http://192.0.2.7/v1"
        await newcomer.enter("server-key", KEY)
        await newcomer.hears("server", "without encryption")
    assert KEY not in newcomer.config.read_text()


async def test_key_of_another_server_stays_with_it(tmp_path: Path) -> None:
    config = f'[providers.compatible]\nbase_url = "https://one.example/v1"\napi_key = "{KEY}"\n'
    async with beginning(tmp_path, config=config) as newcomer:
        await newcomer.enter("url", newcomer.server.base_url)
        await newcomer.ready()
        connection = resolve(load_config(newcomer.config).settings, {})
        assert connection.base_url == newcomer.server.base_url
        assert connection.key is None
        assert all("authorization" not in request.headers for request in newcomer.server.requests)


async def test_demo_saves_nothing(tmp_path: Path) -> None:
    async with beginning(tmp_path) as newcomer:
        before = newcomer.saved()
        newcomer.press("demo")
        assert await newcomer.closed() == DemoChosen()
        assert newcomer.saved() == before


async def test_escape_decides_later_even_while_the_key_is_checked(tmp_path: Path) -> None:
    server = FakeServer()
    server.on("GET /key", Reply(body=(Stall(),)))
    async with beginning(tmp_path, server) as newcomer:
        await newcomer.enter("key", KEY)
        await newcomer.hears("key", "Checking sk-or-…0001")
        await newcomer.until(lambda: newcomer.server.requests)
        await newcomer.pilot.press("escape")
        assert await newcomer.closed() is None
    assert KEY not in newcomer.config.read_text()


async def test_file_that_cannot_be_saved_is_said_in_words(tmp_path: Path) -> None:
    async with beginning(tmp_path) as newcomer:
        newcomer.config.write_text("[broken\n")
        await newcomer.enter("key", KEY)
        await newcomer.hears("key", "could not be saved")
        assert newcomer.app.result is UNCLOSED
    assert newcomer.config.read_text() == "[broken\n"


async def test_the_chat_goes_on_with_what_was_chosen(tmp_path: Path) -> None:
    async with offering(*SUGGESTED) as server:
        file = tmp_path / "config" / "config.toml"
        file.parent.mkdir(mode=0o700)
        file.write_text(f'[providers.openrouter]\nbase_url = "{server.base_url}"\n')
        file.chmod(0o600)
        runtime = Runtime.start(home=tmp_path, overrides=Overrides(), environ={})
        runtime.keyring = store_of(None)
        app = Workbench(runtime)
        async with app.run_test(size=(80, 24)) as pilot:
            await until(pilot, lambda: isinstance(app.screen, ChatScreen) and not app.workers)
            app.action_set_up()
            await until(pilot, lambda: isinstance(app.screen, OnboardingScreen) and app.focused)
            app.post_message(events.Paste(KEY))
            await until(pilot, lambda: app.screen.query_one("#key", Input).value == KEY)
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, ReadyScreen) and app.focused)
            await pilot.press("down", "enter", "down", "enter")
            await until(pilot, lambda: isinstance(app.screen, ChatScreen) and not app.workers)
            chat = app.screen
            assert isinstance(chat, ChatScreen)
            await until(pilot, lambda: chat.chat.model_id == "qwen/quick")
            assert app.theme == "workbench-light"
            assert app.focused is chat.query_one(Prompt)
            await app.close()
