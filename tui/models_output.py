"""How ``orw models`` writes what it found: a table, JSON, CSV, and the facts of one model."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from tui.domain.bill import prices_at
from tui.domain.catalogue_context import FilterContext
from tui.domain.catalogue_facts import TURNS, Section, price_conditions, price_rows, sections
from tui.domain.catalogue_index import Row, row_of
from tui.domain.catalogue_row import expiry_words, tier_limits, variant_words
from tui.domain.catalogue_search import Found
from tui.domain.catalogue_sort import SortKey, sort_value
from tui.domain.figures import UNKNOWN, money, price_per_million, rate, tokens, tokens_short
from tui.domain.model import Endpoint, Model, PriceOverride, Pricing
from tui.domain.sanitize import single_line, storable, visible
from tui.domain.spend_export import spreadsheet_cell

_HEADINGS: Final = ("MODEL", "CONTEXT", "PROMPT / M", "COMPLETION / M")
_LONGEST_NAME: Final = 48
_LABEL_WIDTH: Final = 13
_PRICE_WIDTH: Final = 8
_PRICES: Final = tuple(
    field.name for field in fields(Pricing) if field.name not in ("discount", "overrides")
)
_COLUMNS: Final = (
    "id",
    "name",
    "author",
    "context_length",
    "max_completion_tokens",
    "prompt_per_million",
    "completion_per_million",
    "cache_read_per_million",
    "capabilities",
    "created",
    "expiration_date",
)
_MILLION: Final = 1_000_000

# What a table shows besides its columns when it is sorted by it.
_SORTED_BY: Final[dict[SortKey, tuple[str, Callable[[Any], str]]]] = {
    SortKey.NEWEST: ("ADDED", lambda value: f"{datetime.fromtimestamp(-value, UTC):%Y-%m-%d}"),
    SortKey.PRICE_CACHE: ("CACHE / M", price_per_million),
    SortKey.TURN: ("TURN", money),
    SortKey.MAX_OUTPUT: ("LONGEST ANSWER", tokens_short),
    SortKey.INTELLIGENCE: ("INTELLIGENCE", lambda value: f"{value:g}"),
    SortKey.CODING: ("CODING", lambda value: f"{value:g}"),
    SortKey.SPEED: ("SPEED", rate),
    SortKey.LATENCY: ("LATENCY", lambda value: f"{value:,.0f} ms"),
}


def as_table(found: Sequence[Found], sort: SortKey, context: FilterContext) -> str:
    """Aligned columns under a heading; prices per million tokens."""
    extra = _SORTED_BY.get(sort)
    headings = (*_HEADINGS, *([extra[0]] if extra else []), "NAME")
    rows = [headings]
    for one in found:
        row, model = one.row, one.model
        cells = [
            single_line(model.id),
            tokens_short(model.context_length),
            _now(row, row.pricing.prompt),
            _now(row, row.pricing.completion),
        ]
        if extra is not None:
            value = sort_value(row, sort, context)
            cells.append(UNKNOWN if value is None else _shown(extra[1], value))
        rows.append((*cells, single_line(model.name, _LONGEST_NAME)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(headings))]
    return "\n".join(
        "  ".join(
            [
                row[0].ljust(widths[0]),
                *(cell.rjust(width) for cell, width in zip(row[1:-1], widths[1:-1], strict=True)),
                row[-1],
            ]
        ).rstrip()
        for row in rows
    )


def _now(row: Row, price: Decimal | None) -> str:
    """A price of now; ``+`` says that longer prompts cost more."""
    more = "+" if tier_limits(row.model.pricing) and price is not None else ""
    return price_per_million(price) + more


def as_json(found: Sequence[Found]) -> str:
    """A JSON array of models; prices are decimal strings in USD per token."""
    return json.dumps([_as_object(one.row) for one in found], indent=2)


def as_csv(found: Sequence[Found]) -> str:
    """Comma-separated values with a heading; prices as of now in USD per million tokens."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for one in found:
        row, model = one.row, one.model
        writer.writerow(
            [
                spreadsheet_cell(model.id),
                spreadsheet_cell(model.name),
                spreadsheet_cell(model.author),
                model.context_length,
                model.max_completion_tokens,
                _per_million(row.prompt),
                _per_million(row.completion),
                _per_million(row.cache_read),
                " ".join(sorted(row.flags)),
                model.created,
                model.expiration_date,
            ]
        )
    return out.getvalue().removesuffix("\n")


def model_as_json(model: Model, endpoints: Sequence[Endpoint], now: datetime) -> str:
    """One model with everything known of it, and its endpoints."""
    document = _as_object(row_of(model, now)) | {
        "description": storable(model.description),
        "canonical_slug": _text(model.canonical_slug),
        "default_parameters": {storable(k): v for k, v in model.default_parameters.items()},
        "knowledge_cutoff": _text(model.knowledge_cutoff),
        "hugging_face_id": _text(model.hugging_face_id),
        "reasoning": None if model.reasoning is None else asdict(model.reasoning),
        "price_overrides": [_override_as_object(one) for one in model.pricing.overrides],
        "endpoints": [_endpoint_as_object(endpoint) for endpoint in endpoints],
    }
    return json.dumps(document, indent=2)


def model_as_text(
    model: Model, endpoints: Sequence[Endpoint], context: FilterContext, variant: str | None
) -> str:
    """The facts of one model for people; ``variant`` is the one that was asked for."""
    row, now = row_of(model, context.now), context.now
    about = {
        "name": model.name,
        "alias of": model.alias_target or "",
        "variant": variant_words(variant),
        "ends": expiry_words(model, now).removeprefix("ends "),
    }
    prices = [
        (price.label, f"{price.price:>{_PRICE_WIDTH}}  {price.amount}".rstrip())
        for price in price_rows(row.pricing, context.turn)
    ]
    turn = f"{tokens(context.turn.prompt_tokens)} → {tokens(context.turn.completion_tokens)}"
    conditions = [("", words) for words in price_conditions(model.pricing, now)]
    parts = [
        Section(single_line(model.id), [(label, words) for label, words in about.items() if words]),
        Section(f"Prices per M, and {TURNS:,} turns of {turn} tokens", [*prices, *conditions]),
        *sections(row, caching_enabled=True),
    ]
    lines = [line for part in parts if part.rows for line in ("", *_section_lines(part))]
    if model.description:
        lines += ["", *visible(model.description).splitlines()]
    return "\n".join([*lines[1:], "", *_endpoint_lines(endpoints, now)])


def _section_lines(section: Section) -> list[str]:
    rows = (
        f"  {label:<{_LABEL_WIDTH}} {_one_line(words)}" if label else f"  {_one_line(words)}"
        for label, words in section.rows
    )
    return [_one_line(section.title), *rows]


def _one_line(text: str) -> str:
    """The text on one line, with the spaces that align it."""
    return visible(text).replace("\n", " ")


def _endpoint_lines(endpoints: Sequence[Endpoint], now: datetime) -> list[str]:
    if not endpoints:
        return ["No endpoints are listed."]
    headings = ("PROVIDER", "TAG", "QUANT", "CONTEXT", "PROMPT / M", "COMPLETION / M")
    rows = [(*headings, "UPTIME 1D", "LATENCY", "SPEED")]
    for one in endpoints:
        prices = prices_at(one.pricing, 0, now)
        uptime, latency = one.uptime_last_1d, one.latency_last_30m.get("p50")
        rows.append(
            (
                single_line(one.provider_name, _LONGEST_NAME),
                single_line(one.tag, _LONGEST_NAME),
                single_line(one.quantization or UNKNOWN, _LONGEST_NAME),
                tokens_short(one.context_length),
                price_per_million(prices.prompt),
                price_per_million(prices.completion),
                UNKNOWN if uptime is None else f"{uptime:.1f} %",
                UNKNOWN if latency is None else f"{latency:,.0f} ms",
                rate(one.throughput_last_30m.get("p50")),
            )
        )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _as_object(row: Row) -> dict[str, Any]:
    """The facts a script asks for; ``price_now`` has discount and overrides of this moment."""
    model = row.model
    return {
        "id": storable(model.id),
        "name": storable(model.name),
        "author": storable(model.author),
        "created": model.created,
        "context_length": model.context_length,
        "max_completion_tokens": model.max_completion_tokens,
        "input_modalities": list(model.input_modalities),
        "output_modalities": list(model.output_modalities),
        "tokenizer": model.tokenizer,
        "supported_parameters": sorted(model.supported_parameters),
        "capabilities": sorted(row.flags),
        "is_moderated": model.is_moderated,
        "expiration_date": _text(model.expiration_date),
        "alias_target": model.alias_target,
        "benchmarks": dict(model.benchmarks),
        "pricing": _prices(model.pricing, _PRICES),
        "discount": _amount(model.pricing.discount),
        "price_now": _prices(row.pricing, ("prompt", "completion", "input_cache_read")),
    }


def _override_as_object(override: PriceOverride) -> dict[str, Any]:
    """The conditions, all of which must hold, and the prices that then replace the base ones."""
    days = override.utc_days
    return {
        "min_prompt_tokens": override.min_prompt_tokens,
        "utc_start": _text(override.utc_start),
        "utc_end": _text(override.utc_end),
        "utc_days": None if days is None else sorted(days),
        "prices": {name: _amount(price) for name, price in override.prices.items()},
    }


def _endpoint_as_object(endpoint: Endpoint) -> dict[str, Any]:
    return {
        "provider_name": endpoint.provider_name,
        "tag": endpoint.tag,
        "quantization": endpoint.quantization,
        "context_length": endpoint.context_length,
        "max_completion_tokens": endpoint.max_completion_tokens,
        "pricing": _prices(endpoint.pricing, _PRICES),
        "discount": _amount(endpoint.pricing.discount),
        "status": endpoint.status,
        "uptime_last_5m": endpoint.uptime_last_5m,
        "uptime_last_30m": endpoint.uptime_last_30m,
        "uptime_last_1d": endpoint.uptime_last_1d,
        "latency_last_30m": dict(endpoint.latency_last_30m),
        "throughput_last_30m": dict(endpoint.throughput_last_30m),
        "supports_implicit_caching": endpoint.supports_implicit_caching,
    }


def _prices(pricing: Pricing, names: Sequence[str]) -> dict[str, str | None]:
    return {name: _amount(getattr(pricing, name)) for name in names}


def _amount(price: Decimal | None) -> str | None:
    return None if price is None else f"{price:f}"


def _per_million(price: Decimal | None) -> str | None:
    return None if price is None else f"{(price * _MILLION).normalize():f}"


def _text(value: object) -> str | None:
    return None if value is None else storable(str(value))


def _shown(written: Callable[[Any], str], value: object) -> str:
    try:
        return written(value)
    except (OverflowError, ValueError, OSError):
        # A server's idea of when it added a model need not be a date.
        return UNKNOWN
