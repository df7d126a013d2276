from dataclasses import replace

import pytest

from tui.domain.conversation import Generation
from tui.domain.errors import Failure, FailureKind
from tui.domain.events import FellBack
from tui.domain.model import Model
from tui.domain.stand_in import stand_in_words, taking_over_words

REFUSED = Failure(FailureKind.NO_CREDIT, "There is no credit.", "Buy some.")
ASKED = Generation("anthropic/claude", "openrouter")
ROW = Model("anthropic/claude", canonical_slug="anthropic/claude-20250929")


def test_another_provider_that_took_the_turn_is_named_with_the_reason_live_and_later() -> None:
    words = "openrouter: There is no credit. local took over, with llama3.2."
    assert taking_over_words(FellBack(REFUSED, "openrouter", "local", "llama3.2")) == words
    record = {"fell_back_from": "openrouter", "fell_back_because": "There is no credit."}
    generation = Generation("llama3.2", "local", request_settings=record)
    assert stand_in_words(generation) == words


def test_one_that_could_not_be_asked_either_is_named_too() -> None:
    assert taking_over_words(FellBack(REFUSED, "openrouter", "local")) == (
        "openrouter: There is no credit. local cannot be asked either."
    )


@pytest.mark.parametrize("served", [None, "anthropic/claude", "anthropic/claude-20250929:free"])
def test_the_model_that_was_asked_is_no_stand_in(served: str | None) -> None:
    assert stand_in_words(replace(ASKED, model_served=served), ROW) == ""


def test_another_model_is_told_by_the_row_of_the_one_that_was_asked() -> None:
    served = replace(ASKED, model_served="openai/gpt-5.2-20260101")
    assert stand_in_words(served, ROW) == (
        "anthropic/claude was asked; openai/gpt-5.2-20260101 answered."
    )
    assert stand_in_words(served, replace(ROW, alias_target="openai/gpt-5.2")) == ""
    dated = replace(ASKED, model_served="anthropic/claude-0929")
    assert stand_in_words(dated, replace(ROW, canonical_slug=None)) == ""


@pytest.mark.parametrize("row", [None, Model("other/model", canonical_slug="other/model")])
def test_without_its_row_only_a_fallback_that_was_named_is_told(row: Model | None) -> None:
    served = replace(ASKED, model_served="openai/gpt-5.2-20260101")
    assert stand_in_words(served, row) == ""
    named = replace(served, request_settings={"fallbacks": ["openai/gpt-5.2", 7]})
    assert "openai/gpt-5.2-20260101 answered" in stand_in_words(named, row)
    asked_itself = replace(named, model_served="anthropic/claude-20250929")
    assert stand_in_words(asked_itself, row) == ""
