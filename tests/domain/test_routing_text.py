import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.routing import PERCENTILES, QUANTIZATIONS, ROUTING_FIELDS, FieldKind
from tui.domain.routing_read import read_routing
from tui.domain.routing_text import chip_text, choices, example, read_text, value_text, value_words

FIELDS = {field.name: field for field in ROUTING_FIELDS}


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("order", "Anthropic, amazon-bedrock", ["anthropic", "amazon-bedrock"]),
        ("only", "anthropic azure;mistral, ", ["anthropic", "azure", "mistral"]),
        ("ignore", "deepinfra/fp8", ["deepinfra/fp8"]),
        ("quantizations", "FP8, bf16", ["fp8", "bf16"]),
        ("max_price", "in 3, out 15", {"prompt": 3, "completion": 15}),
        ("max_price", "prompt=$0.5, request: 0", {"prompt": 0.5, "request": 0}),
        ("preferred_min_throughput", "50", 50),
        ("preferred_min_throughput", "p50 50", 50),
        ("preferred_max_latency", "p50 2, p90 9.5", {"p50": 2, "p90": 9.5}),
    ],
)
def test_what_is_typed_is_what_the_api_takes(name: str, text: str, value: object) -> None:
    assert read_text(FIELDS[name], text) == value


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("ignore", ["deepinfra", "azure"], "not deepinfra, azure"),
        ("only", ["anthropic"], "only anthropic"),
        ("order", ["anthropic", "azure"], "first anthropic, then azure"),
        ("allow_fallbacks", False, "may fall back off"),
        ("sort", {"by": "price", "partition": "none"}, "sort by price, across models"),
        ("max_price", {"prompt": 3}, "highest price prompt $3"),
        ("tier", ["x"], 'tier ["x"]'),
    ],
)
def test_a_field_that_is_set_is_told_in_as_few_words_as_possible(
    name: str, value: object, words: str
) -> None:
    assert chip_text(name, value) == words


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("quantizations", "fp9", "Did you mean fp"),
        ("max_price", "in 3, foo 15", "max_price has no foo."),
        ("max_price", "3", "Write it like prompt 3, completion 15."),
        ("max_price", "in -1", "no amount"),
        ("max_price", "in nan", "no amount"),
        ("preferred_min_throughput", "p95 3", "Did you mean p9"),
        ("preferred_min_throughput", "fast", "is no name with a number"),
        ("preferred_max_latency", "0", "number above zero"),
    ],
)
def test_what_cannot_be_is_refused_in_words(name: str, text: str, words: str) -> None:
    with pytest.raises(ValueError, match=r".+\n.+") as refused:
        read_text(FIELDS[name], text)
    assert words in str(refused.value)


def _values(kind: FieldKind) -> st.SearchStrategy[Any]:
    amounts = st.integers(1, 999) | st.floats(0.01, 999, allow_nan=False)
    numbers = amounts.map(lambda one: int(one) if one == math.floor(one) else round(one, 3))
    match kind:
        case FieldKind.SLUGS:
            slugs = st.from_regex(r"[a-z][a-z0-9-]{0,8}(/[a-z0-9]{1,5})?", fullmatch=True)
            return st.lists(slugs, min_size=1, max_size=5, unique=True)
        case FieldKind.NAMES:
            return st.lists(st.sampled_from(QUANTIZATIONS), min_size=1, unique=True)
        case FieldKind.PRICES:
            return st.dictionaries(st.sampled_from(["prompt", "completion"]), numbers, min_size=1)
        case _:
            by_name = st.dictionaries(st.sampled_from(PERCENTILES), numbers, min_size=2)
            return numbers | by_name


@given(st.data())
def test_a_value_that_is_typed_is_read_again_from_its_own_text(data: st.DataObject) -> None:
    field = data.draw(st.sampled_from([one for one in ROUTING_FIELDS if not choices(one)]))
    value = data.draw(_values(field.kind))
    assert read_text(field, value_text(value)) == value
    assert value_words(field, value)
    assert example(field)


@pytest.mark.parametrize("field", [one for one in ROUTING_FIELDS if choices(one)])
def test_every_choice_is_one_that_a_request_can_carry(field: Any) -> None:
    for words, value in choices(field):
        routing, problems = read_routing({field.name: value})
        assert not problems
        assert routing.body()[field.name] == value
        assert value_words(field, value) == words


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("order", ["a", "b"], "a, then b"),
        ("only", [], "any"),
        ("ignore", [], "none"),
        ("max_price", {"prompt": 3}, "prompt $3"),
        ("preferred_max_latency", {"p90": 2}, "p90 2 s"),
        ("preferred_min_throughput", "fast", "fast"),
        ("order", "\x1b[2Jx", "␛[2Jx"),
    ],
)
def test_a_value_reads_like_words_whatever_is_in_the_file(
    name: str, value: object, words: str
) -> None:
    assert value_words(FIELDS[name], value) == words
