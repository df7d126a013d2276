"""The demo's catalogue: enough variety, and rows that the workbench's own reader takes."""

import json
from decimal import Decimal
from typing import Any

import pytest

from tui.demo.catalogue import DemoModel, load_catalogue
from tui.domain.catalogue import Catalogue
from tui.domain.settings import DEFAULT_MODEL
from tui.services.wire import parse_catalogue

ROWS: list[dict[str, Any]] = json.loads(load_catalogue().body)["data"]
ROUTERS = {"openrouter/auto"}


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return parse_catalogue(load_catalogue().body)


def test_has_at_least_sixty_models_of_many_authors(catalogue: Catalogue) -> None:
    assert len(catalogue.models) == len(ROWS) >= 60
    assert catalogue.skipped == 0
    assert len({model.author for model in catalogue.models.values()}) >= 20


@pytest.mark.parametrize(
    "model_id",
    [
        DEFAULT_MODEL,
        "google/gemini-2.5-pro",
        "google/gemini-2.5-flash",
        "openai/gpt-5.2",
        "openrouter/auto",
        "~anthropic/claude-sonnet-latest",
        "deepseek/deepseek-v4-flash:free",
    ],
)
def test_has_the_models_that_people_look_for(catalogue: Catalogue, model_id: str) -> None:
    assert model_id in catalogue.models


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["id"]))
def test_every_row_has_the_shape_of_the_api(row: dict[str, Any]) -> None:
    assert row.keys() >= {
        "id",
        "canonical_slug",
        "name",
        "created",
        "description",
        "context_length",
        "architecture",
        "pricing",
        "top_provider",
        "per_request_limits",
        "supported_parameters",
        "default_parameters",
        "supported_voices",
        "knowledge_cutoff",
        "expiration_date",
        "links",
    }
    assert isinstance(row["pricing"]["prompt"], str)
    assert isinstance(row["pricing"]["completion"], str)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["id"]))
def test_descriptions_are_one_short_sentence(row: dict[str, Any]) -> None:
    assert 10 < len(row["description"]) <= 100
    assert row["description"].endswith(".")


def test_every_model_but_the_routers_has_a_price(catalogue: Catalogue) -> None:
    unpriced = {model.id for model in catalogue.models.values() if model.pricing.varies}
    assert unpriced == ROUTERS
    for model in catalogue.models.values():
        assert model.pricing.prompt is not None
        assert model.pricing.completion is not None


def test_covers_the_rare_fields(catalogue: Catalogue) -> None:
    models = catalogue.models.values()
    assert any(model.pricing.is_free and model.variant == "free" for model in models)
    assert any(model.pricing.discount for model in models)
    assert any(override.min_prompt_tokens for m in models for override in m.pricing.overrides)
    assert any(override.utc_start for m in models for override in m.pricing.overrides)
    assert any(model.pricing.input_cache_write_1h for model in models)
    assert any(model.expiration_date for model in models)
    assert any(model.benchmarks for model in models)
    assert any(model.reasoning and model.reasoning.mandatory for model in models)
    assert any(model.reasoning and model.reasoning.efforts for model in models)
    assert any((model.context_length or 0) <= 8192 for model in models)
    assert any((model.context_length or 0) >= 1_000_000 for model in models)
    assert any("image" in model.output_modalities for model in models)
    inputs = {name for model in models for name in model.input_modalities}
    assert inputs >= {"text", "image", "audio", "file"}


def test_aliases_have_the_price_and_context_of_their_target(catalogue: Catalogue) -> None:
    aliases = [model for model in catalogue.models.values() if model.id.startswith("~")]
    assert aliases
    for alias in aliases:
        assert alias.alias_target is not None
        target = catalogue.models[alias.alias_target]
        assert alias.pricing == target.pricing
        assert alias.context_length == target.context_length


def test_windows_of_the_day_cover_it_without_a_gap(catalogue: Catalogue) -> None:
    for model in catalogue.models.values():
        windows = [o for o in model.pricing.overrides if o.utc_start is not None]
        starts = sorted(str(window.utc_start) for window in windows)
        ends = sorted(str(window.utc_end) for window in windows)
        assert starts == ends


def test_discounts_are_read_without_binary_fractions() -> None:
    discounts = {model.row["pricing"].get("discount") for model in load_catalogue()} - {None}
    assert discounts
    assert all(isinstance(discount, Decimal) for discount in discounts)


def test_a_variant_that_is_not_listed_is_its_base_model() -> None:
    found = load_catalogue().find("openai/gpt-5.2:nitro")
    assert found is not None
    assert found.id == "openai/gpt-5.2"


def test_an_unknown_model_is_not_found() -> None:
    assert load_catalogue().find("nobody/nothing") is None


def test_answers_of_a_free_variant_keep_its_suffix() -> None:
    model = load_catalogue().models["deepseek/deepseek-v4-flash:free"]
    assert model.served_as == "deepseek/deepseek-v4-flash-20260423:free"


def test_every_model_has_a_pace_of_its_own_within_the_bounds() -> None:
    paces = {model.tokens_per_second for model in load_catalogue()}
    assert min(paces) >= 40
    assert max(paces) <= 120
    assert len(paces) > 10


def test_names_are_shown_without_their_author() -> None:
    assert DemoModel({"id": "a/b", "name": "Anthropic: Claude"}).name == "Claude"
    assert DemoModel({"id": "a/b", "name": "Auto Router"}).name == "Auto Router"
