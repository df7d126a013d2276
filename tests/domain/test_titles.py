"""Screens call a setting by its title, also where something is wrong with it."""

import pytest

from tui.domain.parameters import PARAMETERS
from tui.domain.problems import SettingProblem
from tui.domain.routing import ROUTING_FIELDS, RoutingField
from tui.domain.titles import PARAMETER_TITLES, ROUTING_TITLES, problem_words, with_titles


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("max_tokens cannot be 0.", "Longest answer cannot be 0."),
        ("example/model does not take top_k.", "example/model does not take Top K."),
        ("Raise max_tokens, or stop.", "Raise Longest answer, or stop."),
        ("stop holds an empty text.", "Stop sequences holds an empty text."),
        ("The answer will stop before seed.", "The answer will stop before seed."),
        ("reasoning.effort cannot be x.", "Reasoning effort cannot be x."),
        ("top_logprobs cannot be 99.", "Top log probabilities cannot be 99."),
        ("my_max_tokens is new.", "my_max_tokens is new."),
    ],
)
def test_a_name_that_is_sent_becomes_its_title(words: str, said: str) -> None:
    assert with_titles(words, PARAMETER_TITLES) == said


@pytest.mark.parametrize("field", ROUTING_FIELDS, ids=lambda one: str(one.name))
def test_every_field_of_the_routing_has_a_title(field: RoutingField) -> None:
    problem = SettingProblem(field.name, f"{field.name}: nothing fits.", "Choose another.")
    said = problem_words(problem, ROUTING_TITLES)
    assert said == f"{field.title}: nothing fits. Choose another."


def test_every_parameter_has_a_title() -> None:
    assert {one.name for one in PARAMETERS} <= set(PARAMETER_TITLES)
