"""``orw models``: the catalogue as a table or as JSON, filtered by words."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from tui.domain.catalogue import Catalogue
from tui.domain.errors import Failure, WorkbenchError
from tui.domain.figures import price_per_million, tokens_short
from tui.domain.model import Model
from tui.domain.sanitize import single_line, storable, visible
from tui.runtime import NO_CONNECTION, Runtime
from tui.services.paths import make_private_folder

_DONE: Final = 0
_FAILED: Final = 1
_HEADINGS: Final = ("MODEL", "CONTEXT", "PROMPT / M", "COMPLETION / M", "NAME")
_LONGEST_NAME: Final = 48


def run_models(runtime: Runtime, words: Sequence[str], *, as_json: bool) -> int:
    """Print the models that match; 1 if none does or if there is no catalogue at all."""
    try:
        catalogue, problem = asyncio.run(load_catalogue(runtime))
    except WorkbenchError as error:
        print(visible(str(error.failure)), file=sys.stderr)
        return _FAILED
    if problem is not None:
        since = f"{catalogue.fetched_at:%Y-%m-%d %H:%M} UTC" if catalogue.fetched_at else "earlier"
        print(visible(f"{problem} Showing the catalogue of {since}."), file=sys.stderr)
    models = [model for model in catalogue.models.values() if matches(model, words)]
    if as_json:
        print(json.dumps([_as_object(model) for model in models], indent=2))
    elif models:
        print("\n".join(_table(models)))
    if not models:
        print("No model matches.", file=sys.stderr)
        return _FAILED
    return _DONE


async def load_catalogue(runtime: Runtime) -> tuple[Catalogue, Failure | None]:
    """The catalogue of now, or the stored one and why there is none of now.

    Raises WorkbenchError if there is neither.
    """
    cache = runtime.catalogue_cache()
    if cache is None:
        raise WorkbenchError(runtime.connection_problem or NO_CONNECTION)
    try:
        service = runtime.open_service()
        try:
            body = await service.models()
        finally:
            await service.aclose()
        catalogue = _parse(body)
    except WorkbenchError as error:
        stored = cache.load()
        if stored is None:
            raise
        return stored, error.failure
    try:
        make_private_folder(runtime.paths.cache)
        cache.save(body, datetime.now(UTC))
    except (OSError, WorkbenchError) as error:
        # What was asked for is at hand all the same.
        print(visible(f"The catalogue cannot be stored: {error}"), file=sys.stderr)
    return catalogue, None


def _parse(body: bytes) -> Catalogue:
    from tui.services.wire import parse_catalogue

    return parse_catalogue(body)


def matches(model: Model, words: Iterable[str]) -> bool:
    """Whether every word is in the id or the name, upper and lower case alike."""
    text = f"{model.id} {model.name}".casefold()
    return all(part in text for word in words for part in word.casefold().split())


def _table(models: Sequence[Model]) -> list[str]:
    rows = [_HEADINGS, *(_row(model) for model in models)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    return [
        "  ".join(
            [
                row[0].ljust(widths[0]),
                *(cell.rjust(width) for cell, width in zip(row[1:-1], widths[1:-1], strict=True)),
                row[-1],
            ]
        ).rstrip()
        for row in rows
    ]


def _row(model: Model) -> tuple[str, ...]:
    return (
        single_line(model.id),
        tokens_short(model.context_length),
        price_per_million(model.pricing.prompt),
        price_per_million(model.pricing.completion),
        single_line(model.name, _LONGEST_NAME),
    )


def _as_object(model: Model) -> dict[str, Any]:
    """The facts a script asks for; prices in USD per token as decimal strings."""
    pricing = model.pricing
    prices = {
        "prompt": pricing.prompt,
        "completion": pricing.completion,
        "request": pricing.request,
        "input_cache_read": pricing.input_cache_read,
        "input_cache_write": pricing.input_cache_write,
    }
    return {
        "id": storable(model.id),
        "name": storable(model.name),
        "context_length": model.context_length,
        "max_completion_tokens": model.max_completion_tokens,
        "input_modalities": list(model.input_modalities),
        "output_modalities": list(model.output_modalities),
        "pricing": {name: _amount(price) for name, price in prices.items()},
    }


def _amount(price: Decimal | None) -> str | None:
    return None if price is None else f"{price:f}"
