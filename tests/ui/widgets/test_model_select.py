"""Which models the field offers for what was typed, and in which order."""

from decimal import Decimal

import pytest

from tui.domain.catalogue import Catalogue
from tui.domain.model import Model, Pricing
from tui.ui.widgets.model_select import matching_models

MODELS = [
    Model("openai/gpt-5.2-codex", "OpenAI: GPT-5.2-Codex"),
    Model("openrouter/free", "Free Models Router"),
    Model("openai/gpt-5.2-pro", "OpenAI: GPT-5.2 Pro"),
    Model("openai/gpt-5.2", "OpenAI: GPT-5.2"),
    Model("other/not-gpt-5.2", "Other: Not GPT-5.2"),
    Model("anthropic/claude-opus-4.5", "Anthropic: Claude Opus 4.5"),
    Model("anthropic/claude-sonnet-4.5", "Anthropic: Claude Sonnet 4.5"),
]

CATALOGUE = Catalogue({model.id: model for model in MODELS})


def ids(query: str) -> list[str]:
    return [found.model.id for found in matching_models(CATALOGUE, query)]


@pytest.mark.parametrize("query", ["gpt-5.2", "GPT-5.2 ", "openai/gpt-5.2", "OpenAI: GPT-5.2"])
def test_the_model_of_that_id_or_name_comes_first_then_those_that_begin_so(query: str) -> None:
    found = ids(query)
    assert found[0] == "openai/gpt-5.2"
    assert sorted(found[1:3]) == ["openai/gpt-5.2-codex", "openai/gpt-5.2-pro"]
    assert found[3:] in ([], ["other/not-gpt-5.2"])


def test_a_word_inside_a_name_is_no_word_spread_over_another() -> None:
    assert ids("opus") == ["anthropic/claude-opus-4.5"]


def test_words_are_found_in_any_order_and_abbreviated() -> None:
    assert ids("sonnet claude") == ["anthropic/claude-sonnet-4.5"]
    assert ids("sonet45") == ["anthropic/claude-sonnet-4.5"]
    assert ids("claude gpt") == []


def test_nothing_typed_leaves_the_order_served() -> None:
    assert ids("  ") == [model.id for model in MODELS]


def test_the_terms_of_the_filter_line_narrow_the_list() -> None:
    assert ids("author:anthropic") == ["anthropic/claude-opus-4.5", "anthropic/claude-sonnet-4.5"]
    assert ids("author:openai -codex|pro") == ["openai/gpt-5.2"]


def test_the_model_that_is_called_like_a_term_comes_before_those_it_finds() -> None:
    paid_nothing = Pricing(prompt=Decimal(0), completion=Decimal(0))
    models = [Model("a/gratis", pricing=paid_nothing), Model("a/free", pricing=paid_nothing)]
    found = matching_models(Catalogue({model.id: model for model in models}), "free")
    assert [one.model.id for one in found] == ["a/free", "a/gratis"]


def test_an_id_with_a_tag_is_no_filter_that_lets_everything_through() -> None:
    assert ids("mistral:latest") == []
    models = [Model("mistral:latest"), Model("mistral:7b"), Model("llama3:latest")]
    found = matching_models(Catalogue({model.id: model for model in models}), "mistral:")
    assert [one.model.id for one in found] == ["mistral:latest", "mistral:7b"]
