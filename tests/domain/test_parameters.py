"""Every parameter is checked against its table, and layers are put together for the model."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.model import Model, Pricing, ReasoningAbility
from tui.domain.parameters import (
    PARAMETERS,
    Parameter,
    ParameterKind,
    parameter,
    parameters_for,
)
from tui.domain.parameters_check import (
    parameter_name,
    read_parameters,
    text_of_value,
    value_from_text,
)
from tui.domain.parameters_cost import reserved_cost
from tui.domain.parameters_layers import (
    Difference,
    Layer,
    LayerSource,
    differences_from_default,
    resolve_parameters,
)

AT = datetime(2026, 3, 2, tzinfo=UTC)
CLAUDE = Model(
    "anthropic/claude-sonnet-4.5",
    supported_parameters=frozenset({"temperature", "max_tokens", "stop", "reasoning", "top_k"}),
    default_parameters={"temperature": 0.7},
    max_completion_tokens=64_000,
)
GPT = Model(
    "openai/gpt-5.2",
    supported_parameters=frozenset({"max_completion_tokens", "seed", "structured_outputs"}),
    reasoning=ReasoningAbility(mandatory=True, efforts=("high", "low")),
)


def known(name: str) -> Parameter:
    found = parameter(name)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ({"temperature": 0.7}, {"temperature": 0.7}),
        ({"temperature": 0}, {"temperature": 0}),
        ({"maxTokens": 4096, "topP": 0.9}, {"max_tokens": 4096, "top_p": 0.9}),
        ({"max_completion_tokens": 10}, {"max_completion_tokens": 10}),
        ({"max_tokens": 5.0}, {"max_tokens": 5}),
        ({"stop": "END"}, {"stop": ["END"]}),
        ({"stop": ["a", "\n\n"]}, {"stop": ["a", "\n\n"]}),
        ({"seed": -3}, {"seed": -3}),
        ({"logit_bias": {"50256": -100}}, {"logit_bias": {"50256": -100}}),
        ({"logprobs": True, "top_logprobs": 3}, {"logprobs": True, "top_logprobs": 3}),
        ({"verbosity": "low"}, {"verbosity": "low"}),
        ({"cacheControlTtl": "1h"}, {"cache_ttl": "1h"}),
        ({"response_format": "json_object"}, {"response_format": {"type": "json_object"}}),
        ({"reasoning": {"effort": "high"}}, {"reasoning": {"effort": "high"}}),
        ({"reasoning_effort": "low"}, {"reasoning": {"effort": "low"}}),
        ({"reasoningEffort": "low", "reasoning": {"exclude": True}},
         {"reasoning": {"exclude": True, "effort": "low"}}),
        ({"service_tier": "flex", "min_tokens": 5}, {"service_tier": "flex", "min_tokens": 5}),
        ({"temperature": None}, {}),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_right_is_read_under_the_apis_name(
    raw: dict[str, Any], read: dict[str, Any]
) -> None:
    assert read_parameters(raw) == (read, ())


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ({"temperature": 2.5}, "temperature cannot be 2.5. It goes from 0 to 2."),
        ({"temperature": "0.7"}, "temperature should be a number. Write a number"),
        ({"temperature": True}, "temperature should be a number."),
        ({"temperature": float("inf")}, "temperature should be a number."),
        ({"max_tokens": 0}, "max_tokens cannot be 0. It goes at least 1."),
        ({"max_tokens": 1.5}, "max_tokens should be a whole number."),
        ({"top_k": -1}, "top_k cannot be -1."),
        ({"seed": "x"}, "seed should be a whole number."),
        ({"stop": []}, "stop holds an empty text."),
        ({"stop": ["a", ""]}, "stop holds an empty text."),
        ({"stop": 5}, "stop should be a list of texts."),
        ({"stop": list("abcde")}, "stop has 5 texts. At most 4 are taken."),
        ({"logprobs": 1}, "logprobs should be true or false."),
        ({"verbosity": "hihg"}, "verbosity cannot be hihg. Did you mean high?"),
        ({"logit_bias": {"hello": 1}}, "logit_bias names tokens by their numbers."),
        ({"logit_bias": {"1": 101}}, "logit_bias cannot be 101. It goes from -100 to 100."),
        ({"logit_bias": 5}, "logit_bias should be a table."),
        ({"response_format": "jason_object"}, "Did you mean json_object?"),
        ({"cache_ttl": "2h"}, "cache_ttl cannot be 2h."),
        ({"temprature": 1}, "temprature is no parameter. Did you mean temperature?"),
        ({"model": "x/y"}, "model is not a parameter. The workbench fills it in itself."),
        ({"reasoning": "high"}, "reasoning should be a table."),
        ({"reasoning_effort": "high", "reasoning": {"effort": "low"}}, "Remove one of them."),
    ],
    ids=str,
)
def test_what_is_wrong_is_left_out_and_told(raw: dict[str, Any], words: str) -> None:
    read, problems = read_parameters({**raw, "top_p": 0.5})
    wanted = {"top_p": 0.5}
    if "reasoning_effort" in raw:
        wanted["reasoning"] = {"effort": "low"}  # type: ignore[assignment]
    assert read == wanted
    assert words in " ".join(map(str, problems))


@pytest.mark.parametrize(
    ("written", "name"),
    [("maxTokens", "max_tokens"), ("cacheControlTtl", "cache_ttl"), ("top_k", "top_k")],
)
def test_other_tools_spellings_are_understood(written: str, name: str) -> None:
    assert parameter_name(written) == name


def test_the_table_is_whole() -> None:
    for each in PARAMETERS:
        assert each.help.endswith(".")
        assert parameter(each.name) is each
        assert bool(each.choices) is (each.kind is ParameterKind.CHOICE)
        if each.default is not None:
            assert read_parameters({each.name: each.default})[0] == {each.name: each.default}


def test_a_model_offers_what_it_supports_with_its_own_defaults_and_limits() -> None:
    offered = {each.name: each for each in parameters_for(CLAUDE)}
    assert set(offered) == {"temperature", "max_tokens", "stop", "reasoning", "top_k", "cache_ttl"}
    assert offered["temperature"].default == 0.7
    assert offered["max_tokens"].maximum == 64_000
    assert {each.name for each in parameters_for(GPT)} == {
        "max_tokens", "seed", "response_format", "reasoning",
    }  # fmt: skip
    assert parameters_for(None) == parameters_for(Model("local")) == PARAMETERS


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("temperature", " 0.7 ", 0.7),
        ("temperature", "", None),
        ("max_tokens", "4,096", 4096),
        ("stop", "END\n\n##", ["END", "##"]),
        ("stop", "\\n\\n", ["\n\n"]),
        ("logprobs", "on", True),
        ("verbosity", "HIGH", "high"),
        ("reasoning", "high", {"effort": "high"}),
        ("reasoning", "4000", {"max_tokens": 4000}),
        ("reasoning", '{"exclude": true}', {"exclude": True}),
        ("logit_bias", '{"1": 5}', {"1": 5}),
        ("response_format", '"json_object"', {"type": "json_object"}),
    ],
)
def test_a_field_of_an_editor_is_read(name: str, text: str, value: object) -> None:
    assert value_from_text(known(name), text) == value


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("temperature", "warm", "temperature should be a number."),
        ("temperature", "3", "It goes from 0 to 2."),
        ("max_tokens", "1.5", "Write a whole number."),
        ("logprobs", "perhaps", "should be true or false"),
        ("logit_bias", "{", "Look at line 1, column 2."),
        ("response_format", "json", "is not valid JSON"),
    ],
)
def test_a_field_of_an_editor_says_what_is_wrong(name: str, text: str, words: str) -> None:
    with pytest.raises(ValueError, match="\n") as caught:
        value_from_text(known(name), text)
    assert words in str(caught.value)
    assert str(caught.value).count("\n") == 1


def layer(source: LayerSource, **params: Any) -> Layer:
    return Layer(source, params)


DEFAULT, MODEL, PRESET, CHAT = LayerSource


def test_the_uppermost_layer_wins_for_each_parameter() -> None:
    resolved = resolve_parameters(
        [
            layer(CHAT, top_k=3),
            layer(DEFAULT, temperature=0.2, max_tokens=100, top_k=1),
            layer(MODEL, maxTokens=200, top_k=2),
            layer(PRESET, stop="END"),
        ],
        CLAUDE,
    )
    assert resolved.values == {"temperature": 0.2, "max_tokens": 200, "top_k": 3, "stop": ["END"]}
    assert resolved.sources == {
        "temperature": DEFAULT, "max_tokens": MODEL, "top_k": CHAT, "stop": PRESET,
    }  # fmt: skip
    assert resolved.problems == ()


def test_a_mistake_above_does_not_take_what_is_below() -> None:
    resolved = resolve_parameters([layer(DEFAULT, temperature=0.2), layer(CHAT, temperature=9)])
    assert resolved.values == {"temperature": 0.2}
    assert "cannot be 9" in str(resolved.problems[0])


def test_what_a_model_does_not_take_is_not_sent_and_told() -> None:
    resolved = resolve_parameters([layer(DEFAULT, seed=1, temperature=0.5, new=1)], CLAUDE)
    assert resolved.values == {"temperature": 0.5, "new": 1}
    assert [str(problem) for problem in resolved.problems] == [
        "anthropic/claude-sonnet-4.5 does not take seed. It is not sent."
    ]
    assert "seed" not in resolved.sources


def test_more_tokens_than_the_model_writes_are_told_and_sent() -> None:
    resolved = resolve_parameters([layer(MODEL, max_tokens=100_000)], CLAUDE)
    assert resolved.values == {"max_tokens": 100_000}
    assert "at most 64,000 tokens. Lower it to 64000 or less." in str(resolved.problems[0])


def test_what_differs_from_the_default_is_short_enough_for_a_chip() -> None:
    schema = {"type": "json_schema", "json_schema": {"name": "person", "schema": {}}}
    resolved = resolve_parameters(
        [
            layer(
                MODEL,
                temperature=0.7,
                top_k=40,
                max_tokens=4096,
                stop=["END"],
                reasoning={"effort": "high", "exclude": True},
            ),
            layer(CHAT, new={"a": 1}),
        ],
        CLAUDE,
    )
    differences = differences_from_default(resolved, CLAUDE)
    assert [each.words for each in differences] == [
        "longest answer 4,096 tok", 'stop sequences "END"', "top k 40", "reasoning high, hidden",
        "new 1 set",
    ]  # fmt: skip
    assert differences[2] == Difference("top_k", "top k 40", MODEL, "0")
    assert differences[-1].source is CHAT
    other = resolve_parameters([layer(CHAT, response_format=schema, temperature=1.5)])
    assert [each.words for each in differences_from_default(other)] == [
        "temperature 1.5",
        "answer format schema person",
    ]


@pytest.mark.parametrize(
    ("reasoning", "words"),
    [
        ({"effort": "none"}, "reasoning off"),
        ({"enabled": False}, "reasoning off"),
        ({"enabled": True}, "reasoning on"),
        ({"max_tokens": 4000}, "reasoning 4,000 tok"),
        ({"exclude": True}, "reasoning hidden"),
        ({"summary": "auto"}, "reasoning set"),
    ],
)
def test_reasoning_is_told_in_a_word(reasoning: dict[str, Any], words: str) -> None:
    resolved = resolve_parameters([layer(CHAT, reasoning=reasoning)])
    assert differences_from_default(resolved)[0].words == words


def test_the_longest_answer_has_its_price() -> None:
    pricing = Pricing(Decimal("0.000003"), Decimal("0.000015"))
    assert reserved_cost(4096, pricing, AT) == Decimal("0.06144")
    assert reserved_cost(None, pricing, AT) is None
    assert reserved_cost(4096, None, AT) is None
    assert reserved_cost(4096, Pricing(Decimal(-1), Decimal(-1)), AT) is None


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=5,
)


@given(
    st.dictionaries(
        st.sampled_from([each.name for each in PARAMETERS] + ["reasoning_effort", "maxTokens"])
        | st.text(max_size=6),
        VALUES,
        max_size=4,
    )
)
def test_whatever_is_written_nothing_is_raised_and_reading_twice_is_the_same(
    raw: dict[str, Any],
) -> None:
    read, _ = read_parameters(raw)
    assert repr(read_parameters(read)) == repr((read, ()))
    differences_from_default(resolve_parameters([layer(CHAT, **raw)], CLAUDE), CLAUDE)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("temperature", "0 to 2. Default: 1."),
        ("top_k", "At least 0. Default: 0."),
        ("max_tokens", "At least 1."),
        ("seed", ""),
        ("stop", "Up to 4, one a line; \\n is a line break."),
        ("logprobs", "Default: off."),
        ("verbosity", "Default: medium."),
        ("logit_bias", 'As JSON, such as {"50256": -100}.'),
    ],
)
def test_bounds_and_default_are_told_in_words(name: str, words: str) -> None:
    assert known(name).bounds == words


def test_the_limit_of_a_model_is_told_with_all_its_digits() -> None:
    assert parameters_for(CLAUDE)[0].bounds == "1 to 64,000."


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("temperature", 0.7, "0.7"),
        ("temperature", 1.0, "1"),
        ("seed", -3, "-3"),
        ("stop", ["END", "\n\n"], "END\n\\n\\n"),
        ("verbosity", "low", "low"),
        ("logprobs", True, "true"),
        ("logit_bias", {"50256": -100}, '{"50256": -100}'),
        ("reasoning", {"effort": "high"}, '{"effort": "high"}'),
        ("temperature", None, ""),
    ],
)
def test_a_value_is_written_into_its_field_as_it_is_read_from_there(
    name: str, value: object, text: str
) -> None:
    assert text_of_value(known(name), value) == text
    assert value_from_text(known(name), text) == value
