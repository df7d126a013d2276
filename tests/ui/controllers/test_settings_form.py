"""The edits of the settings screen without the screen."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from tui.domain.connection import Overrides
from tui.domain.settings import ProviderKind, ProviderSettings, Settings
from tui.services.config_file import load_config, save_changes
from tui.ui.controllers.settings_fields import (
    FIELDS,
    INTERFACE_SWITCHES,
    NUMBER_FIELDS,
    field_title,
)
from tui.ui.controllers.settings_form import SettingsForm

KEY = "sk-or-v1-test-canary-0001"
BASE_URL = ("providers", "openrouter", "base_url")


def form(
    environ: Mapping[str, str] | None = None,
    overrides: Overrides | None = None,
    **openrouter: Any,
) -> SettingsForm:
    settings = Settings(providers={"openrouter": ProviderSettings(**openrouter)})
    return SettingsForm(settings, environ or {}, overrides or Overrides(), ["workbench-dark"])


def test_every_name_fits_beside_its_field() -> None:
    boxes = {*INTERFACE_SWITCHES, "use_custom_base_url", "compress_prompts", "prompt_caching"}
    room = 19
    assert [one for one in FIELDS if one not in boxes and len(field_title(one)) > room] == []


def test_untouched_form_changes_nothing() -> None:
    untouched = form(api_key=SecretStr(KEY), base_url="https://a.example/v1/")
    assert untouched.changes() == {}
    assert untouched.problems == {}


def test_edit_taken_back_is_no_change() -> None:
    edited = form(api_key=SecretStr(KEY))
    edited.enter_key("another-test-canary")
    edited.enter_number("retries", "4")
    assert edited.changes()
    edited.enter_key("")
    edited.enter_number("retries", "2")
    assert edited.changes() == {}


@pytest.mark.parametrize("field", ["show_sidebar", "mouse"])
def test_box_of_the_interface_is_kept(field: str) -> None:
    edited = form()
    edited.switch_interface(field, on=False)
    assert edited.changes() == {("interface", field): False}


@pytest.mark.parametrize("field", NUMBER_FIELDS)
@pytest.mark.parametrize("text", ["", "ten", "nan", "inf", "-1", "1e9", "1_0", "0x1", "10,5"])
def test_figure_that_cannot_be_used_is_refused_with_its_bounds(field: str, text: str) -> None:
    edited = form()
    edited.enter_number(field, text)
    assert edited.problems[field].startswith("Write a ")
    assert edited.changes() == {}


def test_retries_are_whole() -> None:
    edited = form()
    edited.enter_number("retries", "1.5")
    assert edited.problems["retries"] == "Write a whole number from 0 to 5."
    edited.enter_number("retries", "0")
    assert edited.changes() == {("reliability", "retries"): 0}


def test_checked_box_without_an_address_is_refused_until_unchecked() -> None:
    edited = form()
    edited.use_custom_url(True)
    assert "base_url" in edited.problems
    edited.use_custom_url(False)
    assert edited.problems == {}
    assert edited.changes() == {}


def test_unchecking_keeps_the_address_for_later() -> None:
    edited = form(base_url="https://a.example/v1")
    edited.use_custom_url(False)
    assert edited.changes() == {("providers", "openrouter", "use_custom_base_url"): False}


def test_address_is_saved_without_trailing_slashes() -> None:
    edited = form()
    edited.use_custom_url(True)
    edited.enter_base_url(" https://a.example/v1// ")
    assert edited.changes() == {BASE_URL: "https://a.example/v1"}


def test_address_without_a_scheme_is_saved_with_one_and_a_stored_one_stays() -> None:
    assert form(base_url="localhost:4000/v1/").changes() == {}
    edited = form()
    edited.use_custom_url(True)
    edited.enter_base_url("a.example/v1")
    assert edited.changes() == {BASE_URL: "https://a.example/v1"}


def test_providers_keep_their_own_edits() -> None:
    edited = form()
    edited.switch("prompt_caching", True)
    edited.choose_provider("compatible")
    edited.enter_base_url("http://127.0.0.1:1/v1")
    edited.choose_provider("openrouter")
    assert edited.changes() == {
        ("providers", "openrouter", "prompt_caching"): True,
        ("providers", "compatible", "base_url"): "http://127.0.0.1:1/v1",
    }


def test_provider_of_the_command_line_is_shown_and_not_saved() -> None:
    edited = form(overrides=Overrides(provider="demo", model="x/y"))
    assert (edited.provider, edited.model) == ("demo", "x/y")
    assert edited.changes() == {}


def test_choosing_what_is_stored_ends_what_the_command_line_asked_for() -> None:
    edited = form(overrides=Overrides(provider="demo", model="x/y"))
    edited.choose_provider("openrouter")
    assert edited.model == edited.before.default.model
    assert edited.changes() == {("default", "provider"): "openrouter"}
    edited = form(overrides=Overrides(model="x/y"))
    edited.choose_model(edited.before.default.model)
    assert edited.changes() == {("default", "model"): edited.before.default.model}


@pytest.mark.parametrize("provider", ["demo", "compatible"])
def test_model_chosen_for_this_runs_provider_is_not_what_others_bill(provider: str) -> None:
    edited = form(overrides=Overrides(provider=provider))
    edited.choose_model("openai/o1-pro")
    assert edited.changes() == {("providers", provider, "model"): "openai/o1-pro"}
    edited.choose_provider("openrouter")
    assert edited.model == edited.before.default.model


def test_model_of_the_demo_is_its_own_even_when_the_demo_is_chosen_for_good() -> None:
    edited = form()
    edited.choose_provider("demo")
    edited.choose_model("openai/o1-pro")
    assert edited.changes() == {
        ("default", "provider"): "demo",
        ("providers", "demo", "model"): "openai/o1-pro",
    }


def test_model_of_a_provider_that_is_chosen_for_good_is_the_default() -> None:
    edited = form()
    edited.choose_provider("compatible")
    edited.choose_model("llama3.2")
    assert edited.changes()["default", "model"] == "llama3.2"
    assert ("providers", "compatible", "model") not in edited.changes()


def test_provider_with_a_model_of_its_own_keeps_having_one() -> None:
    edited = form(model="a/b")
    assert edited.model == "a/b"
    edited.choose_model("c/d")
    assert edited.changes() == {("providers", "openrouter", "model"): "c/d"}
    edited.choose_model("two words")
    assert edited.changes() == {}


def test_flags_model_is_shown_again_with_the_flags_provider() -> None:
    edited = form(overrides=Overrides(provider="demo", model="x/y"))
    edited.choose_provider("openrouter")
    edited.choose_provider("demo")
    assert edited.model == "x/y"


def test_model_id_is_saved_without_the_routers_prefix() -> None:
    edited = form()
    edited.choose_model("openrouter/google/gemini-2.5-pro")
    assert edited.changes() == {("default", "model"): "google/gemini-2.5-pro"}


@pytest.mark.parametrize("text", ["", "  ", "two words", "a/b\x1b"])
def test_text_that_is_no_model_id_is_refused(text: str) -> None:
    edited = form()
    edited.choose_model(text)
    assert "model" in edited.problems
    assert edited.changes() == {}


def test_new_key_is_verified_in_place_of_the_environments() -> None:
    edited = form(environ={"OPENROUTER_API_KEY": "sk-or-v1-test-canary-9999"})
    edited.enter_key(KEY)
    assert edited.connection_to_verify().key == SecretStr(KEY)
    shadowed = edited.connection().key
    assert shadowed is not None
    assert shadowed.get_secret_value().endswith("9999")


def test_answer_is_forgotten_when_the_address_changes() -> None:
    edited = form(api_key=SecretStr(KEY))
    edited.use_custom_url(True)
    edited.enter_base_url("https://a.example/v1")
    question = edited.next_question()
    assert question is not None
    edited.answer(question, yes=True)
    assert edited.next_question() is None
    edited.enter_base_url("https://b.example/v1")
    asked_again = edited.next_question()
    assert asked_again is not None
    assert asked_again.origin == "https://b.example"
    assert ("providers", "openrouter", "key_origins") not in edited.changes()


def test_key_entered_before_the_address_of_its_server_does_no_harm() -> None:
    edited = form()
    edited.choose_provider("compatible")
    edited.enter_key(KEY)
    edited.enter_base_url("https://a.example/v1")
    origins = edited.changes()["providers", "compatible", "key_origins"]
    assert origins == ("https://a.example",)


def saved(path: Path, edited: SettingsForm) -> str:
    """The file after a save."""
    save_changes(path, edited.changes())
    return path.read_text()


def test_key_for_another_server_is_saved_with_its_server(tmp_path: Path) -> None:
    edited = form()
    edited.choose_provider("compatible")
    edited.enter_base_url("https://one.example/v1")
    edited.enter_key(KEY)
    assert edited.next_question() is None
    config = tomllib.loads(saved(tmp_path / "config.toml", edited))
    assert config["providers"]["compatible"] == {
        "base_url": "https://one.example/v1",
        "api_key": KEY,
        "key_origins": ["https://one.example"],
    }


def test_reference_to_a_variable_survives_another_edit(tmp_path: Path) -> None:
    text = '[providers.openrouter]\napi_key = "${MY_KEY}"\n'
    config = tmp_path / "config.toml"
    config.write_text(text)
    settings = load_config(config).settings
    edited = SettingsForm(settings, {"MY_KEY": KEY}, Overrides(), [])
    assert edited.connection().key == SecretStr(KEY)
    edited.switch("compress_prompts", True)
    after = saved(config, edited)
    assert after == f"{text}compress_prompts = true\n"


def test_what_was_wrong_before_and_is_left_alone_is_no_problem() -> None:
    settings = Settings(providers={"compatible": ProviderSettings(kind=ProviderKind.COMPATIBLE)})
    settings = settings.with_values("interface", theme="gone")
    overrides = Overrides(provider="compatible")
    edited = SettingsForm(settings, {}, overrides, ["workbench-dark"])
    edited.enter_number("retries", "4")
    assert edited.problems == {}
    assert edited.changes() == {("reliability", "retries"): 4}
    edited.choose_theme("gone, too")
    edited.choose_provider("compatible")
    assert set(edited.problems) == {"theme", "base_url"}


def test_what_tells_of_long_answers_is_chosen_and_how_long_they_are_is_checked() -> None:
    edited = form()
    edited.choose_notice("bell")
    edited.enter_number("notify_after", "0")
    assert "above 0" in edited.problems["notify_after"]
    edited.enter_number("notify_after", "2.5")
    assert edited.changes() == {("interface", "notify"): "bell", ("interface", "notify_after"): 2.5}
    assert edited.problems == {}
