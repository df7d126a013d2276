"""What the settings screen says of each setting, without the screen."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from pydantic import SecretStr

from tui.domain.catalogue import Catalogue
from tui.domain.connection import Overrides
from tui.domain.model import Model, Pricing
from tui.domain.settings import ProviderSettings, Settings
from tui.ui.controllers.settings_effects import Effects, Tone, all_effects, status_effect
from tui.ui.controllers.settings_form import SettingsForm

KEY = "sk-or-v1-test-canary-0001"
OTHER_KEY = "sk-or-v1-test-canary-0002"
CLAUDE = Model(
    "anthropic/claude-sonnet-4.5",
    "Claude Sonnet 4.5",
    context_length=200_000,
    pricing=Pricing(prompt=Decimal("0.000003"), completion=Decimal("0.000015")),
)
CATALOGUE = Catalogue({CLAUDE.id: CLAUDE})


def form(
    environ: Mapping[str, str] | None = None,
    overrides: Overrides | None = None,
    **openrouter: Any,
) -> SettingsForm:
    settings = Settings(providers={"openrouter": ProviderSettings(**openrouter)})
    return SettingsForm(settings, environ or {}, overrides or Overrides(), ["workbench-dark"])


def effects(of: SettingsForm, catalogue: Catalogue = CATALOGUE) -> Effects:
    return all_effects(of, catalogue)


def words(of: SettingsForm, field: str) -> str:
    return effects(of).lines[field].words


def test_address_of_the_command_line_is_said_to_win() -> None:
    asked = form(overrides=Overrides(base_url="http://127.0.0.1:9/v1"))
    line = effects(asked).lines["provider"]
    assert "http://127.0.0.1:9/v1, as the command line" in line.words
    assert line.tone is Tone.WARNING


def test_address_without_a_scheme_says_how_it_is_taken() -> None:
    edited = form()
    edited.use_custom_url(True)
    edited.enter_base_url("localhost:4000/v1")
    assert words(edited, "base_url") == "Taken as http://localhost:4000/v1."
    edited.enter_base_url("http://localhost:4000/v1")
    assert "base_url" not in effects(edited).lines


def test_key_in_use_is_named_by_source_and_end() -> None:
    said = effects(form(api_key=SecretStr(KEY)))
    assert said.lines["api_key"].words.startswith("In use: sk-or-…0001 from config.toml")
    assert said.can_verify
    assert said.can_remove
    assert not said.can_allow


def test_shadowed_key_is_said_in_words() -> None:
    shadowed = form({"OPENROUTER_API_KEY": OTHER_KEY}, api_key=SecretStr(KEY))
    assert "…0002 from the environment" in words(shadowed, "api_key")
    assert "The key in config.toml has no effect" in words(shadowed, "api_key")


def test_unset_variable_of_the_file_is_said_in_words() -> None:
    unset = form(api_key=SecretStr("${NOT_SET}"))
    assert "${NOT_SET}" in words(unset, "api_key")
    assert not effects(unset).can_verify


def test_set_variable_of_the_file_is_the_key() -> None:
    assert "…0001" in words(form({"MY_KEY": KEY}, api_key=SecretStr("${MY_KEY}")), "api_key")


def test_key_that_was_not_entered_for_the_server_is_withheld_and_can_be_allowed() -> None:
    withheld = effects(form(api_key=SecretStr(KEY), base_url="https://two.example/v1"))
    assert "is not sent to https://two.example" in withheld.lines["api_key"].words
    assert withheld.can_allow


def test_effect_of_compression_follows_the_box_and_the_model() -> None:
    edited = form()
    assert words(edited, "compress_prompts").startswith("Nothing is dropped")
    edited.switch("compress_prompts", True)
    assert "200k tokens" in words(edited, "compress_prompts")
    unknown = effects(edited, Catalogue()).lines["compress_prompts"].words
    assert "the context size" in unknown


def test_effect_of_caching_follows_the_lifetime_that_was_set_for_the_model() -> None:
    edited = form(prompt_caching=True)
    assert "is cached for 5 minutes" in words(edited, "prompt_caching")
    hourly = {CLAUDE.id: {"params": {"cache_ttl": "1h"}}}
    edited.after = Settings.model_validate({**edited.after.model_dump(), "models": hourly})
    assert "is cached for 1 hour" in words(edited, "prompt_caching")


def test_last_line_says_what_is_wrong_before_what_is_not_saved() -> None:
    edited = form()
    assert status_effect(edited).words == "No changes."
    edited.switch("prompt_caching", True)
    assert status_effect(edited).words == "Not saved: Enable prompt caching"
    edited.enter_number("retries", "many")
    assert status_effect(edited) == replace(
        status_effect(edited), words="Not right yet: Retries", tone=Tone.ERROR
    )
    assert edited.unsaved() == ["prompt_caching", "retries"]


def test_nobody_is_scolded_for_a_field_that_is_still_empty() -> None:
    edited = form()
    edited.use_custom_url(True)
    assert edited.problems
    assert edited.problems_to_show == {}
    edited.enter_base_url("ftp://")
    assert set(edited.problems_to_show) == {"base_url"}
    edited.choose_provider("demo")
    assert edited.problems_to_show == {}
