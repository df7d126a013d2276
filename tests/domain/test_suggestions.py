"""The first models that somebody is offered: a strong, a cheap and a free one."""

from datetime import date
from decimal import Decimal
from typing import Any

from tui.domain.catalogue import Catalogue
from tui.domain.model import Model, Pricing
from tui.domain.settings import DEFAULT_MODEL
from tui.domain.suggestions import suggestions


def model(id_: str, prompt: str | None, created: int = 1, **fields: Any) -> Model:
    price = None if prompt is None else Decimal(prompt) / 1_000_000
    known: dict[str, Any] = {
        "context_length": 200_000,
        "supported_parameters": frozenset({"tools"}),
        **fields,
    }
    return Model(id_, pricing=Pricing(price, price and price * 5), created=created, **known)


def catalogue(*models: Model) -> Catalogue:
    return Catalogue({each.id: each for each in models})


def ids(found: Catalogue) -> list[str]:
    return [each.model.id for each in suggestions(found)]


def test_each_of_the_three_has_another_reason() -> None:
    found = catalogue(
        model(DEFAULT_MODEL, "3"),
        model("google/gemini-flash", "0.3", 5),
        model("openai/gpt-mini", "0.25", 4),
        model("deepseek/chat:free", "0"),
    )
    assert ids(found) == [DEFAULT_MODEL, "google/gemini-flash", "deepseek/chat:free"]
    assert [each.why for each in suggestions(found)] == [
        "strong in everything",
        "quick and cheap",
        "free, with limits per day",
    ]
    assert [each.facts for each in suggestions(found)] == [
        "$3 in, $15 out per million tokens, context 200k",
        "$0.30 in, $1.50 out per million tokens, context 200k",
        "free, context 200k",
    ]


def test_without_the_usual_model_the_newest_strong_one_is_offered() -> None:
    found = catalogue(model("openai/gpt-5", "2", 1), model("anthropic/claude-9", "3", 2))
    assert ids(found) == ["anthropic/claude-9"]


def test_what_is_no_model_to_begin_with_is_passed_over() -> None:
    odd: dict[str, dict[str, Any]] = {
        "nobody/model": {},
        "openai/image": {"output_modalities": ("image",)},
        "openai/small": {"context_length": 4096},
        "openai/leaving": {"expiration_date": date(2027, 1, 1)},
        "openai/alias": {"alias_target": "openai/other"},
        "~openai/latest": {},
        "openai/without-tools": {"supported_parameters": frozenset()},
    }
    for price in ("0.1", "3"):
        found = [model(id_, price, **fields) for id_, fields in odd.items()]
        assert suggestions(catalogue(*found, model("openai/unpriced", None))) == ()
