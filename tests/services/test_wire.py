"""The catalogue and the other documents: no surprise in one field costs a row."""

import json
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.cost import Usage
from tui.domain.errors import FailureKind, WorkbenchError
from tui.domain.model import Model, PriceOverride, Pricing, ReasoningAbility
from tui.services.wire import (
    parse_catalogue,
    parse_endpoints,
    parse_generation,
    parse_key_info,
)

ROW: dict[str, Any] = {
    "id": "author/model:free",
    "canonical_slug": "author/model-20260101",
    "hugging_face_id": "author/Model-2",
    "name": "Author: Model (free)",
    "description": "Does things.",
    "created": 1765000000,
    "context_length": 200000,
    "architecture": {
        "modality": "text+image->text",
        "input_modalities": ["text", "image"],
        "output_modalities": ["text"],
        "tokenizer": "Claude",
        "instruct_type": None,
    },
    "pricing": {
        "prompt": "0.000003",
        "completion": "0.000015",
        "image": "0.000001",
        "image_token": "0.000002",
        "image_output": "0.00003",
        "audio": "0.000004",
        "audio_output": "0.00005",
        "input_audio_cache": "0.0000006",
        "web_search": "0.01",
        "input_cache_read": "0.0000003",
        "input_cache_write": "0.00000375",
        "input_cache_write_1h": "0.000006",
        "discount": 0.25,
        "overrides": [
            {"min_prompt_tokens": 200000, "prompt": "0.000006", "audio": "0.1"},
            {"utc_start": 1630, "utc_end": 30, "utc_days": ["monday", "sunday"], "prompt": "0"},
        ],
    },
    "top_provider": {
        "context_length": 200000,
        "max_completion_tokens": 64000,
        "is_moderated": True,
    },
    "per_request_limits": None,
    "supported_parameters": ["temperature", "reasoning"],
    "default_parameters": {"temperature": 0.7, "top_p": None},
    "knowledge_cutoff": "2025-07-31",
    "expiration_date": "2027-01-01",
    "alias_target": {"slug": "author/model-2", "name": "Model 2"},
    "reasoning": {
        "mandatory": True,
        "default_enabled": True,
        "supported_efforts": ["high", "low"],
        "default_effort": "low",
        "supports_max_tokens": True,
    },
    "benchmarks": {
        "artificial_analysis": {"intelligence_index": 61.5, "coding_index": None},
        "design_arena": [
            {"arena": "models", "category": "website", "elo": 1385.2, "rank": 5},
            {"arena": "agents", "category": "game", "elo": 1200},
            {"elo": 1},
        ],
    },
    "links": {"details": "/x"},
    "something_new": {"a": 1},
}


def catalogue(*rows: object) -> bytes:
    return json.dumps({"data": list(rows)}).encode()


def model_with(**fields: object) -> Model:
    [model] = parse_catalogue(catalogue({**ROW, **fields})).models.values()
    return model


def pricing_with(**prices: object) -> Pricing:
    return model_with(pricing=prices).pricing


def test_every_known_field_is_read() -> None:
    assert model_with() == Model(
        id="author/model:free",
        name="Author: Model (free)",
        canonical_slug="author/model-20260101",
        description="Does things.",
        created=1765000000,
        context_length=200000,
        max_completion_tokens=64000,
        input_modalities=("text", "image"),
        output_modalities=("text",),
        tokenizer="Claude",
        pricing=Pricing(
            prompt=Decimal("0.000003"),
            completion=Decimal("0.000015"),
            image=Decimal("0.000001"),
            image_token=Decimal("0.000002"),
            image_output=Decimal("0.00003"),
            audio=Decimal("0.000004"),
            audio_output=Decimal("0.00005"),
            input_audio_cache=Decimal("0.0000006"),
            web_search=Decimal("0.01"),
            input_cache_read=Decimal("0.0000003"),
            input_cache_write=Decimal("0.00000375"),
            input_cache_write_1h=Decimal("0.000006"),
            discount=Decimal("0.25"),
            overrides=(
                PriceOverride(
                    {"prompt": Decimal("0.000006"), "audio": Decimal("0.1")},
                    min_prompt_tokens=200000,
                ),
                PriceOverride(
                    {"prompt": Decimal(0)},
                    utc_start=time(16, 30),
                    utc_end=time(0, 30),
                    utc_days=frozenset({0, 6}),
                ),
            ),
        ),
        supported_parameters=frozenset({"temperature", "reasoning"}),
        default_parameters={"temperature": 0.7},
        is_moderated=True,
        knowledge_cutoff=date(2025, 7, 31),
        expiration_date=date(2027, 1, 1),
        alias_target="author/model-2",
        reasoning=ReasoningAbility(True, True, ("high", "low"), "low", takes_max_tokens=True),
        benchmarks={
            "intelligence_index": 61.5,
            "elo_website": 1385.2,
            "elo_agents_game": 1200,
        },
        hugging_face_id="author/Model-2",
    )


def test_a_compatible_server_needs_no_more_than_ids() -> None:
    body = b'{"object": "list", "models": [{}], "data": [{"id": "tiny", "object": "model"}]}'
    assert parse_catalogue(body).models == {"tiny": Model(id="tiny")}


@pytest.mark.parametrize("name", ["context_length", "max_model_len", "context_window"])
def test_the_context_length_has_several_names(name: str) -> None:
    body = catalogue({"id": "tiny", name: 4096})
    assert parse_catalogue(body).models["tiny"].context_length == 4096


def test_a_bare_array_of_models_is_a_catalogue() -> None:
    assert list(parse_catalogue(b'[{"id": "a"}, {"id": "b"}]').models) == ["a", "b"]


def test_rows_keep_their_order_and_the_first_of_equal_ids_wins() -> None:
    rows = [{"id": "b", "name": "1"}, {"id": "a"}, {"id": "b", "name": "2"}]
    found = parse_catalogue(catalogue(*rows))
    assert list(found.models) == ["b", "a"]
    assert found.models["b"].name == "1"


def test_rows_without_an_id_are_skipped_and_counted() -> None:
    found = parse_catalogue(catalogue({"id": "a"}, {}, {"id": 7}, {"id": ""}, None, "b", [], 1))
    assert (list(found.models), found.skipped) == (["a"], 7)


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"{}", b'{"data": null}', b'{"data": {}}', b"7", b"null", b'"x"', b"[1, 2]",
     b'{"data": [1, 2]}', b'{"error": {"message": "no"}}', b'{"data":' + b"[" * 100_000],
)  # fmt: skip
def test_what_is_no_catalogue_at_all_is_refused(body: bytes) -> None:
    with pytest.raises(WorkbenchError) as raised:
        parse_catalogue(body)
    assert raised.value.failure.kind is FailureKind.BAD_DATA


def test_an_empty_catalogue_is_one() -> None:
    assert parse_catalogue(b'{"data": []}').models == {}


@pytest.mark.parametrize("field", [name for name in ROW if name != "id"])
@pytest.mark.parametrize("value", [None, True, -1, 1.5, "x", [], [None], {}, {"x": None}, 10**30])
def test_a_field_of_the_wrong_type_is_lost_and_the_row_stays(field: str, value: object) -> None:
    changed = model_with(**{field: value})
    untouched = "max_completion_tokens" if field != "top_provider" else "name"
    assert getattr(changed, untouched) == getattr(model_with(), untouched)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(list(ROW)), values))
def test_no_row_makes_the_catalogue_unreadable(fields: dict[str, Any]) -> None:
    found = parse_catalogue(catalogue({"id": "sound"}, fields))
    assert "sound" in found.models


def test_an_id_with_a_lone_surrogate_can_be_stored() -> None:
    [model_id] = parse_catalogue(b'{"data": [{"id": "a\\ud83d"}]}').models
    assert model_id.encode()


@pytest.mark.parametrize("price", ["-2", "NaN", "Infinity", "1e999", "1e-400", "", None, True, "x"])
def test_a_price_that_makes_no_sense_is_not_named(price: object) -> None:
    assert pricing_with(prompt=price, completion="0.1").prompt is None
    assert pricing_with(prompt=price, completion="0.1").completion == Decimal("0.1")


def test_a_price_of_minus_one_varies() -> None:
    pricing = pricing_with(prompt="-1", completion="-1")
    assert pricing.varies
    assert pricing.prompt == -1


def test_a_price_of_nothing_is_free() -> None:
    assert pricing_with(prompt="0", completion="0").is_free


@pytest.mark.parametrize(("discount", "read"), [(0, "0"), (1, "1"), (0.5, "0.5")])
def test_a_discount_is_a_fraction(discount: float, read: str) -> None:
    assert pricing_with(discount=discount).discount == Decimal(read)


@pytest.mark.parametrize("discount", [1.5, -0.5, -1, "x", None, 1e30])
def test_a_discount_that_is_no_fraction_is_none(discount: object) -> None:
    assert pricing_with(discount=discount).discount is None


@pytest.mark.parametrize(
    ("conditions", "start", "end"),
    [
        ({"utc_start": 100, "utc_end": 400}, time(1), time(4)),
        ({"utc_start": 0, "utc_end": 2400}, None, None),
        ({"utc_start": 2200, "utc_end": 2400}, time(22), time(0)),
        ({"utc_start": 1030.0}, time(10, 30), time(0)),
        ({"utc_end": 59}, time(0), time(0, 59)),
        ({"utc_start": None, "utc_end": None}, None, None),
    ],
)
def test_a_clock_is_a_number_of_hours_and_minutes(
    conditions: dict[str, object], start: time | None, end: time | None
) -> None:
    [override] = pricing_with(overrides=[{"prompt": "1", **conditions}]).overrides
    assert (override.utc_start, override.utc_end) == (start, end)


@pytest.mark.parametrize(
    "conditions",
    [
        {"utc_start": 1260, "utc_end": 1300},
        {"utc_start": 2500, "utc_end": 0},
        {"utc_start": "0100", "utc_end": 400},
        {"utc_days": ["someday"]},
        {"utc_days": "monday"},
        {"utc_days": []},
        {"min_prompt_tokens": "many"},
        {"min_prompt_tokens": -5},
        {"prompt": None},
        {"prompt": "NaN"},
    ],
)
def test_an_override_whose_conditions_or_prices_cannot_be_read_is_left_out(
    conditions: dict[str, object],
) -> None:
    assert pricing_with(overrides=[{"prompt": "1", **conditions}, 7, None]).overrides == ()


@pytest.mark.parametrize("day", ["2098-12-31", "9999-12-31", "", None, "never"])
def test_an_expiration_date_far_away_or_unreadable_is_none(day: object) -> None:
    assert model_with(expiration_date=day).expiration_date is None


@pytest.mark.parametrize(
    ("reasoning", "efforts"),
    [
        ({"mandatory": False}, ()),
        ({"mandatory": False, "supported_efforts": None}, None),
        ({"supported_efforts": ["high", 7]}, ("high",)),
    ],
)
def test_absent_efforts_are_none_to_choose_from_and_null_is_all_of_them(
    reasoning: object, efforts: tuple[str, ...] | None
) -> None:
    ability = model_with(reasoning=reasoning).reasoning
    assert ability is not None
    assert ability.efforts == efforts


def test_modalities_are_read_from_the_older_field_too() -> None:
    model = model_with(architecture={"modality": "text+image->text+audio"})
    assert model.input_modalities == ("text", "image")
    assert model.output_modalities == ("text", "audio")


def test_modalities_in_the_row_itself_are_read_too() -> None:
    listed = {"input_modalities": ["text", "image"], "output_modalities": ["text", "audio"]}
    model = model_with(architecture=None, **listed)
    assert model.input_modalities == ("text", "image")
    assert model.output_modalities == ("text", "audio")


ENDPOINT: dict[str, Any] = {
    "name": "Acme | author/model",
    "provider_name": "Acme",
    "tag": "acme/fp8",
    "context_length": 131072,
    "pricing": {"prompt": "0.000001", "completion": "0.000002", "discount": 0.1},
    "quantization": "fp8",
    "max_completion_tokens": None,
    "supported_parameters": ["temperature"],
    "status": -2,
    "uptime_last_30m": 99.25,
    "latency_last_30m": {"p50": 420, "p99": None},
    "throughput_last_30m": None,
    "supports_implicit_caching": True,
}


def test_endpoints_are_read() -> None:
    body = json.dumps({"data": {"id": "author/model", "endpoints": [ENDPOINT, {}, None]}}).encode()
    [endpoint] = parse_endpoints(body)
    assert (endpoint.provider_name, endpoint.tag, endpoint.status) == ("Acme", "acme/fp8", -2)
    assert (endpoint.context_length, endpoint.max_completion_tokens) == (131072, None)
    assert endpoint.pricing.discount == Decimal("0.1")
    assert (endpoint.uptime_last_30m, endpoint.uptime_last_1d) == (99.25, None)
    assert (endpoint.latency_last_30m, endpoint.throughput_last_30m) == ({"p50": 420.0}, {})
    assert endpoint.supports_implicit_caching is True


def test_the_key_is_described_without_guessing() -> None:
    info = parse_key_info(b'{"data": {"label": "sk", "limit": null, "usage": 1.25, "new": 1}}')
    assert (info.label, info.limit, info.usage) == ("sk", None, Decimal("1.25"))
    assert info.is_free_tier is None


def test_a_generation_tells_what_was_billed() -> None:
    data = {"total_cost": 0.00125, "is_byok": False, "upstream_inference_cost": 0, "usage": 0.00125,
            "native_tokens_prompt": 10, "native_tokens_completion": 20, "native_tokens_cached": 4,
            "native_tokens_reasoning": None, "tokens_prompt": 9}  # fmt: skip
    assert parse_generation(json.dumps({"data": data}).encode()) == Usage(
        prompt_tokens=10,
        completion_tokens=20,
        cached_tokens=4,
        cost=Decimal("0.00125"),
        upstream_inference_cost=Decimal(0),
        is_byok=False,
    )


@pytest.mark.parametrize(
    "body", [b"{}", b'{"data": null}', b'{"data": {"total_cost": "NaN"}}', b"7"]
)
def test_a_generation_without_figures_is_not_known_yet(body: bytes) -> None:
    assert parse_generation(body) is None


@pytest.mark.parametrize("parse", [parse_endpoints, parse_key_info, parse_generation])
def test_a_document_that_is_no_json_is_refused(parse: Any) -> None:
    with pytest.raises(WorkbenchError):
        parse(b"<html>")


@pytest.mark.parametrize("parse", [parse_endpoints, parse_key_info])
@pytest.mark.parametrize("body", [b"{}", b'{"data": 7}', b"[]", b"null"])
def test_a_document_of_another_kind_is_refused(parse: Any, body: bytes) -> None:
    with pytest.raises(WorkbenchError):
        parse(body)
