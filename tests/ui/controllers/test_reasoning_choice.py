from typing import Any

import pytest

from tui.domain.reasoning_options import ReasoningChoices
from tui.ui.controllers.reasoning_choice import (
    BUDGET,
    entry_of,
    reasoning_entries,
    reasoning_value,
)


def choices(
    *efforts: str, budget: bool = False, mandatory: bool = False, default: str | None = None
) -> ReasoningChoices:
    return ReasoningChoices(efforts, default, budget, mandatory, None)


@pytest.mark.parametrize(
    ("offered", "labels"),
    [
        (choices("high", "low", "none", default="low"),
         ["not set here", "effort high", "effort low (its default)", "off"]),
        (choices("high", budget=True, mandatory=True),
         ["not set here", "effort high", "a number of tokens"]),
        (choices(budget=True), ["not set here", "on", "a number of tokens", "off"]),
        (choices(mandatory=True), ["not set here", "on"]),
    ],
    ids=str,
)  # fmt: skip
def test_only_what_the_model_accepts_is_offered(
    offered: ReasoningChoices, labels: list[str]
) -> None:
    assert [label for label, _ in reasoning_entries(offered)] == labels


@pytest.mark.parametrize(
    ("value", "entry"),
    [
        ({}, ""),
        ({"exclude": True}, ""),
        ({"effort": "none"}, "none"),
        ({"max_tokens": 2000}, BUDGET),
        ({"enabled": False}, "off"),
        ({"enabled": True}, "on"),
        ({"effort": "high", "exclude": True, "summary": "auto"}, "high"),
    ],
    ids=str,
)
def test_a_value_is_an_entry_and_back(value: dict[str, Any], entry: str) -> None:
    assert entry_of(value) == entry
    budget, hidden = value.get("max_tokens"), bool(value.get("exclude"))
    assert reasoning_value(value, entry, budget, hidden=hidden) == (value or None)


def test_another_entry_takes_the_place_of_the_one_before_and_leaves_the_rest() -> None:
    before = {"effort": "high", "exclude": True, "summary": "auto"}
    assert reasoning_value(before, BUDGET, 4000, hidden=False) == {
        "summary": "auto",
        "max_tokens": 4000,
    }
