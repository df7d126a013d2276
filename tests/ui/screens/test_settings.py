"""The settings screen, driven from the keyboard."""

import tomllib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Button, Checkbox, Input, OptionList, Static

from tests.ui.screens.settings_support import (
    KEY,
    OTHER_KEY,
    REFUSED,
    UNCLOSED,
    BrokenServer,
    Host,
    Server,
    catalogue,
    paths_below,
    priced,
    type_text,
    until,
)
from tui.domain.connection import Overrides, resolve
from tui.domain.errors import WorkbenchError
from tui.services.config_file import load_config
from tui.ui.leaving import may_leave
from tui.ui.screens.confirm import Confirm
from tui.ui.screens.settings import SettingsScreen
from tui.ui.widgets.choice import Choice
from tui.ui.widgets.section_list import SectionList
from tui.ui.widgets.setting_row import EffectLine

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


class Settings:
    """The open screen and what the tests ask of it."""

    def __init__(self, app: Host, pilot: Pilot[None], config: Path, server: Server) -> None:
        self.app = app
        self.pilot = pilot
        self.config = config
        self.server = server

    def field(self, name: str) -> Input:
        return self.app.first.query_one(f"#{name}", Input)

    def effect(self, field: str) -> str:
        return self.app.first.query_one(f"#row-{field} .effect", EffectLine).words

    def problem(self, field: str) -> str:
        return self.app.first.query_one(f"#row-{field} .problem", EffectLine).words

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
        self.app.first.query_one(f"#{name}", Checkbox).focus()
        await self.pilot.press("space")
        await self.pilot.pause()

    async def choose(self, name: str, value: str) -> None:
        self.app.first.query_one(f"#{name}", Choice).value = value
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
    size: tuple[int, int] = (120, 40),
) -> AsyncIterator[Settings]:
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
        overrides or Overrides(),
    )
    app = Host(screen)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield Settings(app, pilot, paths.config_file, server)


STORED_KEY = f"""\
[interface]
theme = "textual-dark"
[providers.openrouter]
api_key = "{KEY}"
"""
DARK = '[interface]\ntheme = "textual-dark"\n'


# Opening and leaving


async def test_opening_makes_nothing_dirty(tmp_path: Path) -> None:
    async with opened(tmp_path, STORED_KEY) as settings:
        assert settings.status == "No changes."
        await settings.pilot.press("escape")
        await until(settings.pilot, lambda: settings.app.result is None)


async def test_saving_without_changes_writes_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK) as settings:
        before = settings.config.stat().st_mtime_ns
        assert await settings.saved() is None
        assert settings.config.stat().st_mtime_ns == before


async def test_leaving_with_edits_asks_first(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK) as settings:
        await settings.check("prompt_caching")
        assert settings.status == "Not saved: Enable prompt caching"
        await settings.pilot.press("escape")
        assert "Enable prompt caching" in await settings.question()
        await settings.answer(yes=False)
        assert settings.app.result is UNCLOSED
        await settings.pilot.press("escape")
        await settings.answer(yes=True)
        await until(settings.pilot, lambda: settings.app.result is None)
        assert settings.config.read_text() == DARK


async def test_quitting_with_edits_asks_as_escape_does(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK) as settings:
        app = settings.app
        assert await may_leave(app), "there is nothing to lose yet"
        await settings.check("prompt_caching")
        quitting = app.run_worker(may_leave(app))
        assert "Enable prompt caching" in await settings.question()
        again = await app.run_worker(may_leave(app)).wait()
        assert again is False, "it is being asked already"
        await settings.answer(yes=False)
        assert await quitting.wait() is False
        quitting = app.run_worker(may_leave(app))
        await settings.answer(yes=True)
        assert await quitting.wait() is True


async def test_an_error_of_our_own_is_shown_and_ends_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path, STORED_KEY, server=BrokenServer()) as settings:
        await settings.press_button("verify-key")
        await until(
            settings.pilot,
            lambda: [toast.severity for toast in settings.app._notifications] == ["error"],
        )
        assert settings.app.result is UNCLOSED
        assert await settings.saved() is None


async def test_leaving_asks_about_a_field_that_is_not_right(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK) as settings:
        await settings.enter("retries", "many")
        await settings.pilot.press("escape")
        assert "Retries" in await settings.question()
        await settings.answer(yes=False)


async def test_saving_changes_only_the_edited_keys(tmp_path: Path) -> None:
    text = f"# mine\n{DARK}zzz = 1  # kept\n"
    async with opened(tmp_path, text) as settings:
        await settings.check("compress_prompts")
        changes = await settings.saved()
        assert changes == {("providers", "openrouter", "compress_prompts"): True}
        assert settings.config.read_text() == (
            f"{text}\n[providers.openrouter]\ncompress_prompts = true\n"
        )


async def test_file_that_broke_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK) as settings:
        settings.config.write_text("[broken\n")
        await settings.check("compress_prompts")
        await settings.save()
        await until(settings.pilot, lambda: "could not be saved" in settings.status)
        assert settings.app.result is UNCLOSED
        assert settings.config.read_text() == "[broken\n"


# Moving about


async def test_sections_lead_to_their_first_field(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK, size=(80, 24)) as settings:
        assert isinstance(settings.app.focused, SectionList)
        await settings.pilot.press("down", "down", "tab")
        await until(settings.pilot, lambda: settings.app.focused is settings.field("model"))
        await settings.pilot.press("down")
        await until(
            settings.pilot, lambda: getattr(settings.app.focused, "id", "") == "compress_prompts"
        )
        sections = settings.app.first.query_one(SectionList)
        await until(settings.pilot, lambda: sections.highlighted == 3)
        await settings.pilot.press("up")
        await until(settings.pilot, lambda: settings.app.focused is settings.field("model"))


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_every_field_can_be_reached_and_seen(tmp_path: Path, size: tuple[int, int]) -> None:
    async with opened(tmp_path, DARK, size=size) as settings:
        seen = set()
        for _ in range(20):
            await settings.pilot.press("tab")
            await settings.pilot.pause()
            focused = settings.app.focused
            assert focused is not None
            assert settings.app.screen.region.contains_region(focused.region)
            seen.add(focused.id)
        assert {"provider", "api_key", "model", "retries", "theme", "save", "cancel"} <= seen


# Provider and address


async def test_effect_of_the_provider_is_where_requests_go(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK) as settings:
        assert "https://openrouter.ai/api/v1" in settings.effect("provider")
        await settings.choose("provider", "demo")
        assert "no network" in settings.effect("provider")
        assert await settings.saved() == {("default", "provider"): "demo"}


async def test_providers_of_the_file_are_offered(tmp_path: Path) -> None:
    text = f'{DARK}[providers."[/]"]\nbase_url = "http://127.0.0.1:1/v1"\n'
    async with opened(tmp_path, text) as settings:
        await settings.choose("provider", "[/]")
        assert "http://127.0.0.1:1/v1" in settings.effect("provider")
        assert await settings.saved() == {("default", "provider"): "[/]"}


async def test_address_is_shown_only_for_a_custom_one(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK) as settings:
        row = settings.app.first.query_one("#row-base_url")
        assert not row.display
        await settings.check("use_custom_base_url")
        assert row.display
        await settings.enter("base_url", "http://127.0.0.1:4000/v1")
        assert "http://127.0.0.1:4000/v1" in settings.effect("provider")
        assert await settings.saved() == {
            ("providers", "openrouter", "base_url"): "http://127.0.0.1:4000/v1"
        }


async def test_address_of_the_command_line_is_said_to_win(tmp_path: Path) -> None:
    overrides = Overrides(base_url="http://127.0.0.1:9/v1")
    async with opened(tmp_path, DARK, overrides=overrides) as settings:
        assert "http://127.0.0.1:9/v1, as the command line" in settings.effect("provider")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("base_url", "ftp://example.org"),
        ("base_url", ""),
        ("connect_timeout", "soon"),
        ("retries", "99"),
        ("api_key", "not a key"),
    ],
)
async def test_wrong_value_is_refused_in_words_and_gets_the_focus(
    tmp_path: Path, name: str, text: str
) -> None:
    async with opened(tmp_path, DARK) as settings:
        if name == "base_url":
            await settings.check("use_custom_base_url")
        await settings.enter(name, text)
        settings.app.first.query_one("#save", Button).focus()
        await settings.save()
        await until(settings.pilot, lambda: settings.app.focused is settings.field(name))
        assert settings.problem(name)
        assert settings.status.startswith("Not right yet: ")
        assert settings.app.result is UNCLOSED
        assert settings.config.read_text() == DARK


async def test_unknown_theme_of_the_file_keeps_nobody_from_saving_something_else(
    tmp_path: Path,
) -> None:
    async with opened(tmp_path, '[interface]\ntheme = "gone"\n') as settings:
        await settings.check("compress_prompts")
        assert await settings.saved() == {("providers", "openrouter", "compress_prompts"): True}
        assert settings.written()["interface"] == {"theme": "gone"}


async def test_model_of_the_demo_is_saved_for_the_demo_alone(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK, overrides=Overrides(provider="demo")) as settings:
        await settings.enter("model", "google/gemini-2.5-pro")
        await settings.pilot.press("enter")
        await settings.pilot.pause()
        assert settings.effect("model").endswith("Kept for this provider alone.")
        await settings.choose("provider", "openrouter")
        assert settings.field("model").value == "anthropic/claude-sonnet-4.5"
        await settings.choose("provider", "demo")
        assert settings.field("model").value == "google/gemini-2.5-pro"
        await settings.choose("provider", "openrouter")
        await settings.saved()
        assert settings.written()["providers"]["demo"] == {"model": "google/gemini-2.5-pro"}
        assert settings.written()["default"] == {"provider": "openrouter"}


# The key


async def test_key_in_use_is_named_by_source_and_end(tmp_path: Path) -> None:
    async with opened(tmp_path, STORED_KEY) as settings:
        assert settings.effect("api_key").startswith("In use: sk-or-…0001 from config.toml")
        assert KEY not in settings.app.export_screenshot()


async def test_shadowed_key_is_said_in_words(tmp_path: Path) -> None:
    environ = {"OPENROUTER_API_KEY": OTHER_KEY}
    async with opened(tmp_path, STORED_KEY, environ=environ) as settings:
        words = settings.effect("api_key")
        assert "…0002 from the environment" in words
        assert "The key in config.toml has no effect" in words


async def test_unset_variable_of_the_file_is_said_in_words(tmp_path: Path) -> None:
    text = f'{DARK}[providers.openrouter]\napi_key = "${{NOT_SET}}"\n'
    async with opened(tmp_path, text) as settings:
        assert "${NOT_SET}" in settings.effect("api_key")


async def test_reference_to_a_variable_survives_another_edit(tmp_path: Path) -> None:
    text = f'{DARK}[providers.openrouter]\napi_key = "${{MY_KEY}}"\n'
    async with opened(tmp_path, text, environ={"MY_KEY": KEY}) as settings:
        assert "…0001" in settings.effect("api_key")
        await settings.check("compress_prompts")
        await settings.saved()
        assert settings.config.read_text().startswith(text)
        assert KEY not in settings.config.read_text()


async def test_pasted_key_is_masked_trimmed_and_saved(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK) as settings:
        settings.field("api_key").focus()
        settings.app.post_message(events.Paste(f"\n {KEY} \n"))
        await until(settings.pilot, lambda: "as typed, not saved yet" in settings.effect("api_key"))
        assert KEY not in settings.app.export_screenshot()
        await settings.saved()
        assert settings.written()["providers"] == {"openrouter": {"api_key": KEY}}


async def test_pasted_key_with_a_line_break_inside_is_refused(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK) as settings:
        settings.field("api_key").focus()
        settings.app.post_message(events.Paste("sk-or-v1-test\ncanary"))
        await until(settings.pilot, lambda: settings.problem("api_key"))


async def test_key_for_another_server_records_it(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK) as settings:
        await settings.choose("provider", "compatible")
        await settings.enter("base_url", "https://one.example/v1")
        await settings.enter("api_key", KEY)
        await settings.saved()
        assert settings.written()["providers"]["compatible"] == {
            "base_url": "https://one.example/v1",
            "api_key": KEY,
            "key_origins": ["https://one.example"],
        }


async def test_removed_key_leaves_the_file(tmp_path: Path) -> None:
    async with opened(tmp_path, STORED_KEY) as settings:
        await settings.press_button("remove-key")
        assert "There is no key yet" in settings.effect("api_key")
        await settings.saved()
        assert "api_key" not in settings.config.read_text()


async def test_verify_shows_what_the_server_knows(tmp_path: Path) -> None:
    async with opened(tmp_path, STORED_KEY) as settings:
        await settings.press_button("verify-key")
        await until(settings.pilot, lambda: settings.key_result.startswith("Valid"))
        assert "$12.50 left of $20.00" in settings.key_result
        assert "$0.12 today · $7.50 this month" in settings.key_result
        assert "sk-or-v1-tes…[/]" in settings.key_result
        assert [connection.key_hint for connection in settings.server.asked] == ["sk-or-…0001"]


async def test_verify_shows_the_failure(tmp_path: Path) -> None:
    async with opened(tmp_path, STORED_KEY, server=Server(REFUSED)) as settings:
        await settings.press_button("verify-key")
        await until(settings.pilot, lambda: settings.key_result == "The key was refused. Check it.")


async def test_enter_verifies_the_key_as_typed(tmp_path: Path) -> None:
    environ = {"OPENROUTER_API_KEY": OTHER_KEY}
    async with opened(tmp_path, DARK, environ=environ) as settings:
        await settings.enter("api_key", KEY)
        await settings.pilot.press("enter")
        await until(settings.pilot, lambda: settings.server.asked)
        assert settings.server.asked[0].key_hint == "sk-or-…0001"
        assert "has no effect while that variable is set" in settings.effect("api_key")


# A key and a new server

ELSEWHERE = "https://two.example/v1"


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


# The model


async def test_typing_filters_the_catalogue_with_prices(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK) as settings:
        settings.field("model").focus()
        await type_text(settings.pilot, "gemini")
        await until(settings.pilot, lambda: settings.models.option_count == 2)
        line = str(settings.models.get_option_at_index(0).prompt)
        assert line.startswith("google/gemini-2.5-pro")
        assert line.split()[1:] == ["200k", "$1.25", "$10"]
        await settings.pilot.press("enter")
        await settings.pilot.pause()
        assert settings.field("model").value == "google/gemini-2.5-pro"
        assert "Gemini 2.5 Pro · 200k context · $1.25 in, $10 out / M" in settings.effect("model")
        assert await settings.saved() == {("default", "model"): "google/gemini-2.5-pro"}


async def test_escape_closes_the_list_and_takes_the_text_back(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK) as settings:
        await settings.enter("model", "gem")
        await settings.pilot.press("escape")
        await settings.pilot.pause()
        assert settings.field("model").value == "anthropic/claude-sonnet-4.5"
        assert settings.status == "No changes."
        assert settings.app.result is UNCLOSED


async def test_save_takes_the_highlighted_model(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK) as settings:
        await settings.enter("model", "gem")
        assert await settings.saved() == {("default", "model"): "google/gemini-2.5-pro"}


async def test_text_as_typed_is_the_last_choice(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK) as settings:
        await settings.enter("model", "gem")
        await settings.pilot.press("up", "enter")
        await settings.pilot.pause()
        assert "Not in the list of models" in settings.effect("model")
        assert await settings.saved() == {("default", "model"): "gem"}


async def test_variant_of_a_listed_model_is_taken_as_typed(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK) as settings:
        await settings.enter("model", "google/gemini-2.5-pro:nitro")
        assert await settings.saved() == {("default", "model"): "google/gemini-2.5-pro:nitro"}


async def test_any_id_is_accepted_without_a_catalogue(tmp_path: Path) -> None:
    text = f'{DARK}[providers.compatible]\nbase_url = "http://127.0.0.1:1/v1"\n'
    async with opened(tmp_path, text) as settings:
        await settings.choose("provider", "compatible")
        await settings.enter("model", "llama3.2:1b")
        await settings.pilot.press("tab")
        changes = await settings.saved()
        assert changes is not None
        assert changes["default", "model"] == "llama3.2:1b"


async def test_hostile_names_show_literally_and_do_nothing(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK) as settings:
        await settings.enter("model", "click")
        await until(settings.pilot, lambda: settings.models.option_count == 2)
        assert str(settings.models.get_option_at_index(0).prompt).startswith("[/]")
        await settings.pilot.press("enter")
        await settings.pilot.pause()
        assert "[@click=app.quit]x[/]" in settings.effect("model")
        row = settings.app.first.query_one("#row-model .effect")
        await settings.pilot.click(row, offset=(6, 0))
        await settings.pilot.pause()
        assert settings.app.is_running
        assert await settings.saved() == {("default", "model"): "[/]"}


# Prompts, interface


async def test_effect_of_caching_follows_model_and_box(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK) as settings:
        assert "Claude Sonnet 4.5: nothing is cached until" in settings.effect("prompt_caching")
        await settings.check("prompt_caching")
        assert "is cached for 5 minutes" in settings.effect("prompt_caching")
        await settings.enter("model", "gemini")
        await settings.pilot.press("enter")
        await settings.pilot.pause()
        assert settings.effect("prompt_caching").startswith("Gemini 2.5 Pro")


async def test_effect_of_compression_follows_the_box(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK) as settings:
        assert settings.effect("compress_prompts").startswith("Nothing is dropped")
        await settings.check("compress_prompts")
        assert "200k tokens" in settings.effect("compress_prompts")


async def test_theme_is_previewed_and_restored_on_cancel(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK) as settings:
        await settings.choose("theme", "nord")
        assert settings.app.theme == "nord"
        await settings.pilot.press("escape")
        await settings.answer(yes=True)
        await until(settings.pilot, lambda: settings.app.result is None)
        assert settings.app.theme == "textual-dark"


async def test_chosen_theme_stays_after_a_save(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK) as settings:
        await settings.choose("theme", "nord")
        assert await settings.saved() == {("interface", "theme"): "nord"}
        assert settings.app.theme == "nord"


async def test_every_key_has_a_name_to_remap_and_a_tooltip(tmp_path: Path) -> None:
    async with opened(tmp_path, DARK) as settings:
        own = [
            binding
            for node in [settings.app.first, *settings.app.first.walk_children()]
            for cls in type(node).__mro__
            if cls.__module__.startswith("tui.")
            for binding in cls.__dict__.get("BINDINGS", ())
        ]
        assert own
        assert all(binding.id and binding.tooltip for binding in own)


@pytest.mark.parametrize("size", [(40, 12), (63, 20), (64, 20)])
async def test_words_of_the_last_line_stay_whole(tmp_path: Path, size: tuple[int, int]) -> None:
    async with opened(tmp_path, DARK, size=size) as settings:
        line = settings.app.first.query_one("#end > EffectLine", EffectLine)
        assert line.region.width >= len("→ No changes.")
        assert line.region.height == 1
        for name in ("save", "cancel"):
            button = settings.app.first.query_one(f"#{name}", Button)
            assert settings.app.first.region.contains_region(button.region)
