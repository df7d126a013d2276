"""The documents of the API as domain values, read so that no surprise in one field costs a row.

New fields and enum values come without notice; a field of the wrong type counts as absent.
See https://openrouter.ai/docs/api/reference/versioning.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from tui.domain.catalogue import Catalogue
from tui.domain.cost import Usage
from tui.domain.errors import Failure, FailureKind, Speaker, WorkbenchError
from tui.domain.model import Endpoint, KeyInfo, Model, ReasoningAbility
from tui.domain.values import (
    JsonObject,
    as_count,
    as_date,
    as_flag,
    as_list,
    as_money,
    as_names,
    as_number,
    as_object,
    as_text,
    parse_json,
)
from tui.services.wire_pricing import read_pricing
from tui.services.wire_usage import read_generation

_NEVER_EXPIRES = date(2090, 1, 1)
"""A date from here on is a sentinel for a model that stays."""
MOST_MODELS = 20_000
"""Rows of a catalogue that are read; OpenRouter has hundreds."""
_CONTEXT_FIELDS = ("context_length", "max_model_len", "context_window")
"""OpenRouter's name, vLLM's and Groq's."""


def parse_catalogue(body: bytes) -> Catalogue:
    """The catalogue from the body of ``GET /models``; ``fetched_at`` is left to the caller.

    The body may be one page or an array of pages. Rows without an id and those beyond 20,000 are
    skipped and counted; of rows with the same id the first wins. Raises :class:`WorkbenchError` for
    a body that is no catalogue at all.
    """
    rows = _model_rows(_document(body, "a list of models"))
    if rows is None:
        raise _unreadable("a list of models")
    models: dict[str, Model] = {}
    skipped = 0
    for row in rows:
        model_id = as_text(as_object(row).get("id")).strip()
        if not model_id or len(models) >= MOST_MODELS:
            skipped += 1
        elif model_id not in models:
            models[model_id] = _read_model(model_id, row)
    if rows and not models:
        raise _unreadable("a list of models")
    return Catalogue(models, skipped=skipped)


def _model_rows(document: Any) -> list[Any] | None:
    """The rows of one page, or of an array of pages; None where there are none to be found."""
    if isinstance(document, list) and document and all(map(_has_data, document)):
        return [row for page in document for row in page["data"]]
    rows = document.get("data") if isinstance(document, dict) else document
    return rows if isinstance(rows, list) else None


def _has_data(page: object) -> bool:
    return isinstance(page, dict) and "id" not in page and isinstance(page.get("data"), list)


def parse_next_page(body: bytes) -> str | None:
    """Where the next page of a catalogue is, as its server writes it; None after the last one."""
    if b'"next"' not in body:
        return None
    try:
        document = parse_json(body)
    except ValueError:
        return None
    return as_text(as_object(as_object(document).get("links")).get("next")) or None


def parse_endpoints(body: bytes) -> tuple[Endpoint, ...]:
    """The offers in the body of ``GET /models/{id}/endpoints``.

    Raises :class:`WorkbenchError` for a body that is something else.
    """
    data = as_object(as_object(_document(body, "a list of endpoints")).get("data"))
    rows = data.get("endpoints")
    if not isinstance(rows, list):
        raise _unreadable("a list of endpoints")
    return tuple(
        _read_endpoint(row) for row in rows if as_text(as_object(row).get("provider_name"))
    )


def parse_key_info(body: bytes) -> KeyInfo:
    """The facts in the body of ``GET /key``.

    Raises :class:`WorkbenchError` for a body that is something else.
    """
    data = as_object(_document(body, "facts about the key")).get("data")
    if not isinstance(data, dict):
        raise _unreadable("facts about the key")
    free = as_object(data.get("free_model_daily_requests"))
    return KeyInfo(
        label=as_text(data.get("label")),
        limit=as_money(data.get("limit")),
        limit_remaining=as_money(data.get("limit_remaining")),
        limit_reset=as_text(data.get("limit_reset")) or None,
        usage=as_money(data.get("usage")),
        usage_daily=as_money(data.get("usage_daily")),
        usage_weekly=as_money(data.get("usage_weekly")),
        usage_monthly=as_money(data.get("usage_monthly")),
        is_free_tier=as_flag(data.get("is_free_tier")),
        free_requests_limit=as_count(free.get("limit")),
        free_requests_left=as_count(free.get("remaining")),
    )


def parse_generation(body: bytes) -> Usage | None:
    """The usage in the body of ``GET /generation``, or None if it holds no figures yet.

    Raises :class:`WorkbenchError` for a body that is not JSON.
    """
    return read_generation(_document(body, "a generation"))


def _document(body: bytes, expected: str) -> object:
    try:
        return parse_json(body)
    except ValueError:
        raise _unreadable(expected) from None


def _unreadable(expected: str) -> WorkbenchError:
    return WorkbenchError(
        Failure(
            FailureKind.BAD_DATA,
            f"What the server sent is not {expected}.",
            "Check the base URL in the settings (F2); it usually ends in /v1.",
            Speaker.SERVER,
        )
    )


def _read_model(model_id: str, row: JsonObject) -> Model:
    architecture = as_object(row.get("architecture"))
    provider = as_object(row.get("top_provider"))
    inputs, _, outputs = as_text(architecture.get("modality")).partition("->")
    expires = as_date(row.get("expiration_date"))
    context_lengths = (as_count(row.get(name)) for name in _CONTEXT_FIELDS)
    return Model(
        id=model_id,
        name=as_text(row.get("name")),
        canonical_slug=as_text(row.get("canonical_slug")) or None,
        hugging_face_id=as_text(row.get("hugging_face_id")) or None,
        description=as_text(row.get("description")),
        created=as_count(row.get("created")),
        context_length=next(filter(None, context_lengths), None)
        or as_count(provider.get("context_length")),
        max_completion_tokens=as_count(provider.get("max_completion_tokens")),
        input_modalities=_modalities("input_modalities", architecture, row, inputs),
        output_modalities=_modalities("output_modalities", architecture, row, outputs),
        tokenizer=as_text(architecture.get("tokenizer")) or None,
        pricing=read_pricing(row.get("pricing")),
        supported_parameters=frozenset(as_names(row.get("supported_parameters"))),
        default_parameters=_numbers(row.get("default_parameters")),
        is_moderated=as_flag(provider.get("is_moderated")),
        knowledge_cutoff=as_date(row.get("knowledge_cutoff")),
        expiration_date=expires if expires is not None and expires < _NEVER_EXPIRES else None,
        alias_target=as_text(as_object(row.get("alias_target")).get("slug")) or None,
        reasoning=_read_reasoning(row.get("reasoning")),
        benchmarks=_read_benchmarks(as_object(row.get("benchmarks"))),
    )


def _modalities(
    name: str, architecture: JsonObject, row: JsonObject, joined: str
) -> tuple[str, ...]:
    """What is listed, at the place of OpenRouter or, by other servers, in the row itself."""
    listed = as_names(architecture.get(name)) or as_names(row.get(name))
    return listed or tuple(one for one in joined.split("+") if one) or ("text",)


def _numbers(value: object) -> Mapping[str, float]:
    numbers = {name: as_number(item) for name, item in as_object(value).items()}
    return {name: number for name, number in numbers.items() if number is not None}


def _read_benchmarks(value: JsonObject) -> Mapping[str, float]:
    """The indices of Artificial Analysis, and Elo figures of Design Arena as ``elo_website``."""
    found = dict(_numbers(value.get("artificial_analysis")))
    for row in map(as_object, as_list(value.get("design_arena"))):
        arena, category = as_text(row.get("arena")), as_text(row.get("category"))
        elo = as_number(row.get("elo"))
        if category and elo is not None:
            found[f"elo_{category}" if arena in ("", "models") else f"elo_{arena}_{category}"] = elo
    return found


def _read_reasoning(value: object) -> ReasoningAbility | None:
    if not isinstance(value, dict):
        return None
    listed: Any = value.get("supported_efforts", [])
    return ReasoningAbility(
        mandatory=value.get("mandatory") is True,
        default_enabled=as_flag(value.get("default_enabled")),
        # Null stands for every effort, an absent field for none to choose from.
        efforts=None if listed is None else as_names(listed),
        default_effort=as_text(value.get("default_effort")) or None,
        takes_max_tokens=value.get("supports_max_tokens") is True,
    )


def _read_endpoint(row: JsonObject) -> Endpoint:
    status = as_number(row.get("status"))
    return Endpoint(
        provider_name=as_text(row.get("provider_name")),
        tag=as_text(row.get("tag")),
        context_length=as_count(row.get("context_length")),
        max_completion_tokens=as_count(row.get("max_completion_tokens")),
        quantization=as_text(row.get("quantization")) or None,
        pricing=read_pricing(row.get("pricing")),
        supported_parameters=frozenset(as_names(row.get("supported_parameters"))),
        status=None if status is None else int(status),
        uptime_last_5m=as_number(row.get("uptime_last_5m")),
        uptime_last_30m=as_number(row.get("uptime_last_30m")),
        uptime_last_1d=as_number(row.get("uptime_last_1d")),
        latency_last_30m=_numbers(row.get("latency_last_30m")),
        throughput_last_30m=_numbers(row.get("throughput_last_30m")),
        supports_implicit_caching=as_flag(row.get("supports_implicit_caching")),
    )
