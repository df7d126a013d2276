"""Model ids as people and other tools write them."""

from decimal import Decimal

import pytest

from tui.domain.model import Model, Pricing, find_model, normalise_model_id


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("anthropic/claude-sonnet-4.5", "anthropic/claude-sonnet-4.5"),
        ("openrouter/anthropic/claude-sonnet-4.5", "anthropic/claude-sonnet-4.5"),
        (" openrouter/google/gemini-2.5-pro:nitro\n", "google/gemini-2.5-pro:nitro"),
        ("openrouter/auto", "openrouter/auto"),
        ("openrouter/openrouter/auto", "openrouter/auto"),
        ("~anthropic/claude-sonnet-latest", "~anthropic/claude-sonnet-latest"),
        ("@preset/mine", "@preset/mine"),
        ("gpt-oss", "gpt-oss"),
        ("", ""),
    ],
)
def test_the_prefix_of_other_tools_is_taken_off(written: str, wanted: str) -> None:
    assert normalise_model_id(written) == wanted
    assert normalise_model_id(wanted) == wanted


def row(model_id: str, slug: str) -> Model:
    return Model(model_id, canonical_slug=slug)


MODELS = {
    model.id: model
    for model in (
        row("deepseek/deepseek-v4:free", "deepseek/deepseek-v4-20260423"),
        row("deepseek/deepseek-v4", "deepseek/deepseek-v4-20260423"),
        row("only/free:free", "only/free-1"),
        row("~anthropic/claude-sonnet-latest", "anthropic/claude-4.6-sonnet"),
    )
}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("deepseek/deepseek-v4", "deepseek/deepseek-v4"),
        ("deepseek/deepseek-v4:free", "deepseek/deepseek-v4:free"),
        ("deepseek/deepseek-v4:nitro", "deepseek/deepseek-v4"),
        ("openrouter/deepseek/deepseek-v4:floor", "deepseek/deepseek-v4"),
        ("deepseek/deepseek-v4-20260423", "deepseek/deepseek-v4"),
        ("only/free-1", "only/free:free"),
        ("~anthropic/claude-sonnet-latest", "~anthropic/claude-sonnet-latest"),
        ("nobody/knows", None),
    ],
)
def test_a_model_is_found_by_id_variant_or_dated_slug(asked: str, found: str | None) -> None:
    model = find_model(MODELS, asked)
    assert (model.id if model is not None else None) == found


def test_a_free_variant_that_is_not_listed_has_no_price_of_the_base_model() -> None:
    priced = Model("a/b", pricing=Pricing(Decimal("0.000003"), Decimal("0.000015")))
    models = {priced.id: priced}
    free, fast = find_model(models, "a/b:free"), find_model(models, "a/b:nitro")
    assert free is not None
    assert free.pricing.is_free
    assert fast == priced


def test_author_and_variant_are_read_from_the_id() -> None:
    assert Model("~anthropic/claude-sonnet-latest").author == "anthropic"
    assert Model("a/b:free").variant == "free"
    assert Model("a/b").variant is None


def test_only_a_price_of_zero_is_free() -> None:
    assert not Pricing().is_free
    assert not Pricing().varies
