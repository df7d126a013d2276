"""Reasoning is asked for as the model takes it."""

from typing import Any

import pytest

from tui.domain.model import Model, ReasoningAbility
from tui.domain.reasoning_options import (
    EFFORTS,
    read_reasoning,
    reasoning_choices,
)


def model(**ability: Any) -> Model:
    return Model("a/b", reasoning=ReasoningAbility(**ability))


ANY = model(takes_max_tokens=True)
BY_EFFORT = model(efforts=("high", "medium", "low"), default_effort="medium", default_enabled=True)
BY_BUDGET = model(efforts=(), takes_max_tokens=True)
MANDATORY = model(mandatory=True, efforts=("high", "low"))
UNLISTED = Model("a/b", supported_parameters=frozenset({"reasoning"}))
NEVER = Model("a/b", supported_parameters=frozenset({"temperature"}))


def test_the_choices_are_those_of_the_catalogue() -> None:
    by_effort = reasoning_choices(BY_EFFORT)
    assert by_effort is not None
    assert by_effort.efforts == ("high", "medium", "low", "none")
    assert (by_effort.default_effort, by_effort.on_by_default) == ("medium", True)
    assert (by_effort.budget, by_effort.can_be_off) == (False, True)
    mandatory = reasoning_choices(MANDATORY)
    assert mandatory is not None
    assert mandatory.efforts == ("high", "low")
    assert not mandatory.can_be_off
    by_budget = reasoning_choices(BY_BUDGET)
    assert by_budget is not None
    assert (by_budget.efforts, by_budget.budget) == ((), True)
    assert reasoning_choices(NEVER) is None
    for unknown in (None, UNLISTED):
        choices = reasoning_choices(unknown)
        assert choices is not None
        assert choices.efforts == EFFORTS


@pytest.mark.parametrize(
    ("raw", "asked"),
    [
        ({"effort": "high"}, BY_EFFORT),
        ({"effort": "none"}, BY_EFFORT),
        ({"effort": "minimal", "exclude": True}, None),
        ({"max_tokens": 4000}, BY_BUDGET),
        ({"max_tokens": 4000}, ANY),
        ({"enabled": True}, MANDATORY),
        ({"enabled": False}, BY_EFFORT),
        ({"effort": "low", "summary": "concise"}, MANDATORY),
        ({"context": "all_turns", "mode": "pro", "new": 1}, UNLISTED),
    ],
    ids=str,
)
def test_what_the_model_takes_is_sent_as_it_was_written(
    raw: dict[str, Any], asked: Model | None
) -> None:
    assert read_reasoning(raw, asked) == (raw, ())


@pytest.mark.parametrize(
    ("raw", "asked", "words"),
    [
        ({"effort": "none"}, MANDATORY, "always reasons: it cannot be switched off."),
        ({"enabled": False}, MANDATORY, "always reasons: it cannot be switched off."),
        ({"effort": "medium"}, MANDATORY, "Choose one of: high, low."),
        ({"effort": "hgh"}, None, "Did you mean high?"),
        ({"effort": "high"}, BY_BUDGET, "lets no effort be chosen. Give a number of tokens"),
        ({"max_tokens": 4000}, BY_EFFORT, "Choose an effort instead: high, medium, low, none."),
        ({"max_tokens": 0}, None, "should be a whole number of tokens"),
        ({"max_tokens": True}, None, "should be a whole number of tokens"),
        ({"exclude": 1}, None, "reasoning.exclude should be true or false."),
        ({"summary": "long"}, None, "reasoning.summary cannot be long."),
    ],
    ids=str,
)
def test_what_the_model_does_not_take_is_left_out_and_told(
    raw: dict[str, Any], asked: Model | None, words: str
) -> None:
    read, problems = read_reasoning(raw, asked)
    assert read == {}
    assert words in str(problems[0])


def test_an_effort_and_a_budget_exclude_each_other() -> None:
    read, problems = read_reasoning({"effort": "high", "max_tokens": 4000}, ANY)
    assert read == {"effort": "high"}
    assert "both an effort and a number of tokens" in problems[0].what


@pytest.mark.parametrize(("longest", "fits"), [(4001, True), (4000, False), (1000, False)])
def test_a_budget_has_to_leave_something_for_the_answer(longest: int, fits: bool) -> None:
    read, problems = read_reasoning({"max_tokens": 4000}, ANY, longest)
    assert bool(read) is fits
    assert bool(problems) is not fits


def test_the_smallest_budget_counts_as_1024() -> None:
    assert read_reasoning({"max_tokens": 100}, ANY, 1024)[0] == {}
    assert read_reasoning({"max_tokens": 100}, ANY, 1025)[0] == {"max_tokens": 100}
