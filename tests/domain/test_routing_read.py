"""Every field of provider routing is checked by itself, and what is right is sent as written."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.routing import ROUTING_FIELDS, Routing, merged_routing
from tui.domain.routing_read import read_routing


@pytest.mark.parametrize(
    "raw",
    [
        {"order": ["amazon-bedrock", "anthropic"]},
        {"only": ["deepinfra/fp8"]},
        {"ignore": ["azure"]},
        {"allow_fallbacks": False},
        {"sort": "throughput"},
        {"sort": {"by": "price", "partition": "none"}},
        {"quantizations": ["fp8", "bf16"]},
        {"max_price": {"prompt": 1, "completion": 2.5}},
        {"max_price": {"request": 0}},
        {"data_collection": "deny"},
        {"zdr": True},
        {"require_parameters": True},
        {"preferred_min_throughput": 50},
        {"preferred_min_throughput": {"p90": 20.5}},
        {"preferred_max_latency": 0.8},
        {"enforce_distillable_text": True},
        {"options": {"anthropic": {"x": 1}}},
    ],
    ids=str,
)
def test_a_right_value_is_sent_as_it_was_written(raw: dict[str, Any]) -> None:
    routing, problems = read_routing(raw)
    assert (routing.body(), problems) == (raw, ())
    assert routing


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ({"only": "anthropic"}, "only should be a list. Write it like"),
        ({"order": ["a", 5]}, "order should be a list of names."),
        ({"ignore": [" "]}, "ignore should be a list of names."),
        ({"allow_fallbacks": "no"}, "allow_fallbacks should be true or false."),
        ({"zdr": 1}, "zdr should be true or false."),
        ({"sort": "prize"}, "sort cannot be prize. Did you mean price?"),
        ({"sort": 5}, "sort cannot be int."),
        ({"sort": {"partition": "none"}}, "sort should be a name, or a table"),
        ({"sort": {"by": "price", "partition": "x"}}, "sort cannot be x."),
        ({"quantizations": ["fp9"]}, "quantizations cannot be fp9. Did you mean fp8?"),
        ({"max_price": 5}, "max_price should be a table of prices."),
        ({"max_price": {}}, "max_price should be a table of prices."),
        ({"max_price": {"input": 1}}, "max_price has no price called input."),
        ({"max_price": {"prompt": -1}}, "max_price has a prompt price that is no amount."),
        ({"max_price": {"prompt": float("nan")}}, "max_price has a prompt price"),
        ({"max_price": {"prompt": True}}, "max_price has a prompt price"),
        ({"data_collection": "never"}, "data_collection cannot be never."),
        ({"preferred_min_throughput": 0}, "preferred_min_throughput should be a number above zero"),
        ({"preferred_max_latency": {"p42": 1}}, "preferred_max_latency has no percentile called"),
        ({"preferred_max_latency": {}}, "preferred_max_latency should be a number above zero"),
        ({"quantisations": ["fp8"]}, "quantisations is no field of provider routing."),
    ],
    ids=str,
)
def test_a_wrong_value_is_left_out_and_told(raw: dict[str, Any], words: str) -> None:
    routing, problems = read_routing({**raw, "require_parameters": True})
    assert routing == Routing(require_parameters=True)
    assert [problem.field for problem in problems] == list(raw)
    assert words in str(problems[0])
    assert problems[0].next_step.endswith((".", "?"))


def test_what_is_null_is_not_set() -> None:
    assert read_routing({"zdr": None, "order": []}) == (Routing(), ())
    assert not read_routing({"zdr": None, "order": []})[0]


def test_names_are_lower_case_and_come_once() -> None:
    routing, _ = read_routing({"only": ["Azure", "azure ", "openai"], "quantizations": ["FP8"]})
    assert routing.only == ("azure", "openai")
    assert routing.quantizations == ("fp8",)


def test_the_last_table_wins_for_each_field() -> None:
    default, model = {"zdr": True, "sort": "price"}, {"sort": "latency"}
    assert merged_routing(default, model, {}) == {"zdr": True, "sort": "latency"}


def test_every_field_has_a_name_of_the_class_and_words() -> None:
    for each in ROUTING_FIELDS:
        assert hasattr(Routing(), each.name)
        assert each.title
        assert each.help.endswith(".")


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from([each.name for each in ROUTING_FIELDS]), VALUES))
def test_whatever_is_written_the_body_is_json_and_reads_back_the_same(raw: dict[str, Any]) -> None:
    routing, _ = read_routing(raw)
    body = json.loads(json.dumps(routing.body(), allow_nan=False))
    assert read_routing(body) == (routing, ())
