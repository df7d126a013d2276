from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tui.domain.model import Model, Pricing, ReasoningAbility
from tui.domain.settings import ProviderKind
from tui.ui.controllers.parameter_effects import parameter_effect
from tui.ui.controllers.parameter_form import Asked, ParameterForm
from tui.ui.controllers.settings_effects import Effect, Tone
from tui.ui.controllers.setup_scope import Scope

NOW = datetime(2026, 3, 2, tzinfo=UTC)
MODEL = Model(
    "example/model",
    supported_parameters=frozenset({"temperature", "top_k", "max_tokens", "reasoning", "stop"}),
    max_completion_tokens=2_000,
    default_parameters={"temperature": 0.6},
    pricing=Pricing(completion=Decimal("0.00001")),
    reasoning=ReasoningAbility(mandatory=True, efforts=("high", "low"), takes_max_tokens=True),
)
PLAIN = Asked("example/model", MODEL)


def form(
    asked: Asked = PLAIN,
    *,
    conversation: dict[str, Any] | None = None,
    model: dict[str, Any] | None = None,
    every: dict[str, Any] | None = None,
) -> ParameterForm:
    tables = {
        Scope.CONVERSATION: conversation or {},
        Scope.MODEL: model or {},
        Scope.DEFAULT: every or {},
    }
    return ParameterForm(asked, tables)


def effect(made: ParameterForm, name: str) -> Effect:
    known = next(one for one in made.parameters if one.name == name)
    return parameter_effect(made, known, NOW)


def test_only_what_the_model_takes_is_there_and_ours_only_where_it_is_understood() -> None:
    names = [one.name for one in form().parameters]
    assert names == ["max_tokens", "stop", "temperature", "top_k", "reasoning"]
    own = form(Asked("llama3.2", None, ProviderKind.COMPATIBLE))
    assert "cache_ttl" not in [one.name for one in own.parameters]
    assert own.reasoning is not None
    assert not own.reasoning.budget


def test_each_value_says_where_it_comes_from_and_nothing_says_what_holds() -> None:
    made = form(conversation={"top_k": 3}, model={"top_k": 2, "stop": "END"}, every={"seed": 1})
    assert effect(made, "top_k") == Effect("In force: 3, set for this conversation.", Tone.GOOD)
    assert effect(made, "stop") == Effect('In force: "END", set for this model.')
    assert effect(made, "temperature") == Effect("Not sent: the default, 0.6, holds.")
    made.put("top_k", None)
    assert effect(made, "top_k") == Effect(
        "Once saved: 2, set for this model. Until then: 3, set for this conversation."
    )
    made.show_scope(Scope.MODEL)
    assert made.text("top_k") == "2"
    assert made.inherited["top_k"] == "0"


def test_what_is_not_saved_yet_is_told_apart_from_what_is_in_force() -> None:
    made = form(model={"top_k": 2})
    made.enter("temperature", "0.2")
    assert effect(made, "temperature") == Effect(
        "Once saved: 0.2, set for this conversation. Until then: not sent, the default, 0.6, holds."
    )
    made.enter("temperature", "")
    assert effect(made, "temperature") == Effect("Not sent: the default, 0.6, holds.")
    made.enter("top_k", "2")
    assert effect(made, "top_k").words == (
        "Once saved: 2, set for this conversation. Until then: 2, set for this model."
    )
    made.rebase({Scope.CONVERSATION: {"top_k": 2}})
    assert effect(made, "top_k") == Effect("In force: 2, set for this conversation.", Tone.GOOD)


def test_a_preset_is_named_until_something_of_it_is_edited() -> None:
    made = form(Asked("example/model", MODEL, preset="terse"), conversation={"top_k": 3})
    words = "In force: 3, set for this conversation by the preset terse."
    assert effect(made, "top_k").words == words
    made.enter("temperature", "0.1")
    assert effect(made, "top_k").words == "In force: 3, set for this conversation."


def test_the_longest_answer_says_what_it_reserves() -> None:
    made = form()
    assert effect(made, "max_tokens").words == (
        "Not sent: the provider decides. 2,000 tokens reserve up to $0.02 of the balance."
    )
    made.enter("max_tokens", "1,000")
    assert effect(made, "max_tokens").words == (
        "Once saved: 1,000 tok, set for this conversation. It reserves up to $0.01 of the balance. "
        "Until then: not sent, the provider decides."
    )


def test_reasoning_that_is_a_must_says_so_and_is_not_switched_off() -> None:
    made = form()
    assert "cannot be switched off" in effect(made, "reasoning").words
    made.put("reasoning", {"effort": "none"})
    assert "cannot be switched off" in (made.problem("reasoning") or "")
    assert made.changed_tables() == {}
    made.put("reasoning", {"effort": "low", "exclude": True})
    assert made.problem("reasoning") is None
    assert made.changed_tables() == {
        Scope.CONVERSATION: {"reasoning": {"effort": "low", "exclude": True}}
    }


def test_what_is_refused_stays_as_typed_keeps_everything_and_is_found_again() -> None:
    made = form(conversation={"temperature": 0.5})
    made.show_scope(Scope.MODEL)
    made.enter("temperature", "hot")
    assert made.text("temperature") == "hot"
    assert made.problem("temperature") == (
        "Temperature should be a number. Write a number, such as 0.7."
    )
    made.show_scope(Scope.CONVERSATION)
    assert made.problem("temperature") is None
    assert made.refused() == {Scope.MODEL: ("temperature",)}
    assert made.unsaved() == ("Temperature",)
    made.show_scope(Scope.MODEL)
    made.put("temperature", None)
    assert (made.refused(), made.unsaved(), made.changed_tables()) == ({}, (), {})


def test_every_value_that_cannot_be_used_is_named_from_the_shown_scope_on() -> None:
    made = form()
    made.enter("top_k", "-1")
    made.enter("temperature", "9")
    made.show_scope(Scope.DEFAULT)
    made.enter("max_tokens", "0")
    assert [*made.refused().items()] == [
        (Scope.DEFAULT, ("max_tokens",)),
        (Scope.CONVERSATION, ("temperature", "top_k")),
    ]
    assert made.titles(("top_k", "temperature")) == ("Temperature", "Top K")


def test_limits_of_the_model_hold_for_it_but_not_for_every_model() -> None:
    made = form()
    made.enter("max_tokens", "9000")
    assert made.problem("max_tokens") == "Longest answer cannot be 9000. It goes from 1 to 2000."
    made.put("max_tokens", None)
    made.show_scope(Scope.DEFAULT)
    made.enter("max_tokens", "9000")
    assert made.problem("max_tokens") is None
    made.put("reasoning", {"effort": "medium"})
    assert made.problem("reasoning") is None
    made.put("reasoning", {"max_tokens": 9000})
    assert made.problem("reasoning") == (
        "With Reasoning tokens 9,000 nothing is left of Longest answer 9,000. "
        "Raise Longest answer, or think less."
    )


def test_a_value_that_is_left_out_says_why() -> None:
    made = form(model={"temperature": 9}, every={"reasoning": {"effort": "none"}})
    assert effect(made, "temperature") == Effect(
        "Not sent: Temperature cannot be 9. It goes from 0 to 2.", Tone.WARNING
    )
    assert effect(made, "reasoning").tone is Tone.WARNING


@pytest.mark.parametrize(
    ("table", "name", "entered", "kept"),
    [
        ({"maxTokens": 5, "topK": 1}, "top_k", "2", {"maxTokens": 5, "top_k": 2}),
        ({"max_completion_tokens": 5}, "max_tokens", "6", {"max_tokens": 6}),
        ({"reasoningEffort": "low", "x": 1}, "reasoning", "high",
         {"reasoning": {"effort": "high"}, "x": 1}),
    ],
    ids=str,
)  # fmt: skip
def test_names_of_other_tools_stay_until_their_value_changes(
    table: dict[str, Any], name: str, entered: str, kept: dict[str, Any]
) -> None:
    made = form(every=table)
    made.show_scope(Scope.DEFAULT)
    assert made.is_set(name)
    before = made.text(name)
    made.enter(name, before)
    assert made.changed_tables() == {}
    made.enter(name, entered)
    assert made.changed_tables() == {Scope.DEFAULT: kept}
    assert made.counts() == {
        Scope.CONVERSATION: 0,
        Scope.MODEL: 0,
        Scope.DEFAULT: 2 if "topK" in table else 1,
    }


def test_what_was_set_elsewhere_meanwhile_stays() -> None:
    made = form(model={"top_k": 2, "stop": "END"})
    made.show_scope(Scope.MODEL)
    made.put("top_k", 3)
    made.rebase({Scope.MODEL: {"top_k": 2, "seed": 7}})
    assert made.changed_tables() == {Scope.MODEL: {"top_k": 3, "seed": 7}}
