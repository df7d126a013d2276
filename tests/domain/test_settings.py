"""The schema says what config.toml may hold, and what it means."""

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from tui.domain.settings import ModelSettings, ProviderKind, ProviderSettings, Settings


@pytest.mark.parametrize(
    ("name", "section", "kind"),
    [
        ("openrouter", {}, ProviderKind.OPENROUTER),
        ("compatible", {}, ProviderKind.COMPATIBLE),
        ("demo", {}, ProviderKind.DEMO),
        ("local", {"base_url": "http://127.0.0.1:4000/v1"}, ProviderKind.COMPATIBLE),
        ("gateway", {"kind": "openrouter"}, ProviderKind.OPENROUTER),
        ("openrouter", {"kind": "compatible"}, ProviderKind.COMPATIBLE),
    ],
)
def test_a_provider_has_the_kind_of_its_name(
    name: str, section: dict[str, Any], kind: ProviderKind
) -> None:
    assert Settings.model_validate({"providers": {name: section}}).provider(name).kind is kind


def test_built_in_providers_are_always_there() -> None:
    settings = Settings.model_validate({"providers": {"local": {}}})
    assert settings.provider_names() == ("openrouter", "compatible", "demo", "local")
    assert settings.provider("demo").kind is ProviderKind.DEMO
    with pytest.raises(KeyError):
        settings.provider("nobody")


@pytest.mark.parametrize(
    "wrong",
    [
        {"default": {"model": 5}},
        {"default": {"provider": ["a"]}},
        {"providers": 5},
        {"providers": {"openrouter": 5}},
        {"providers": {"openrouter": {"kind": "other"}}},
        {"providers": {"openrouter": {"compression": "zip"}}},
        {"reliability": {"retries": 99}},
        {"reliability": {"connect_timeout": 0}},
        {"reliability": {"silence_timeout": float("nan")}},
        {"models": {"a/b": {"fallbacks": "c/d"}}},
        {"models": {"a/b": {"params": 5}}},
    ],
    ids=str,
)
def test_a_wrong_value_is_a_validation_error_and_nothing_worse(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate(wrong)


def test_unknown_keys_do_no_harm() -> None:
    assert Settings.model_validate({"later": {"a": 1}, "default": {"new": 2}}) == Settings()


@pytest.mark.parametrize("asked", ["a/b", "openrouter/a/b"])
@pytest.mark.parametrize("written", ["a/b", "openrouter/a/b"])
def test_model_settings_are_found_however_the_id_is_written(asked: str, written: str) -> None:
    settings = Settings.model_validate({"models": {written: {"fallbacks": ["c/d"]}}})
    assert settings.for_model(asked).fallbacks == ("c/d",)
    assert settings.for_model("other/model") == ModelSettings()


def test_a_key_is_not_printed() -> None:
    provider = ProviderSettings.model_validate({"api_key": "sk-or-v1-test-canary"})
    assert "canary" not in f"{provider!r}{provider}{provider.model_dump()}"


def sections(model: type[BaseModel]) -> list[type[BaseModel]]:
    """The schema's models, the outer one without its own fields."""
    return [
        kind
        for field in model.model_fields.values()
        if isinstance(kind := field.annotation, type) and issubclass(kind, BaseModel)
    ]


@pytest.mark.parametrize("section", [*sections(Settings), ProviderSettings, ModelSettings])
def test_every_field_says_what_it_does(section: type[BaseModel]) -> None:
    for name, field in section.model_fields.items():
        assert field.title, name
        assert (field.description or "").endswith((".", "…")), name
