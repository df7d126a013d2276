"""What the filter asks about each model, worked out once for a catalogue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache

from tui.domain.bill import prices_at
from tui.domain.caching import caching_kind
from tui.domain.catalogue import Catalogue
from tui.domain.catalogue_fuzzy import Haystack, haystack
from tui.domain.model import Model, Pricing

_LONGEST_SEARCHED = 300
"""Characters of an id and of a name that words are looked for in."""
_KEPT_INDEXES = 2

FREE, VARIES = "free", "varies"


@dataclass(frozen=True, slots=True)
class Row:
    """One model with what is asked about it; ``order`` is its place as served, from 0.

    Prices are USD per token at one moment, for the shortest prompt, with discount; None where the
    catalogue names none or where they vary. ``flags`` holds every term without a value that is
    true, except favourites.
    """

    model: Model
    order: int
    hay: Haystack
    author: str
    parameters: frozenset[str]
    variant: str
    tokenizer: str
    pricing: Pricing
    prompt: Decimal | None
    completion: Decimal | None
    cache_read: Decimal | None
    flags: frozenset[str]


class CatalogueIndex:
    """The rows of one catalogue, in the order served. Building takes about 25 µs for a model."""

    def __init__(self, catalogue: Catalogue, now: datetime) -> None:
        self.catalogue = catalogue
        self._rows = [_row(model, order, now) for order, model in enumerate(_models(catalogue))]
        self._changing = [row for row in self._rows if row.model.pricing.overrides]
        self._minute = _minute(now)

    def rows(self, now: datetime) -> Sequence[Row]:
        """The rows with the prices of this minute in UTC; some change with hour and weekday."""
        minute = _minute(now)
        if minute != self._minute and self._changing:
            rows = list(self._rows)
            for row in self._changing:
                rows[row.order] = _row(row.model, row.order, now)
            self._rows = rows
        self._minute = minute
        return self._rows


_recent: list[CatalogueIndex] = []


def index_of(catalogue: Catalogue, now: datetime | None = None) -> CatalogueIndex:
    """The index of a catalogue, built when it is first asked for.

    The last two are kept. For a large catalogue call it in a thread once, before the first search.
    """
    for index in _recent:
        if index.catalogue.models is catalogue.models:
            return index
    index = CatalogueIndex(catalogue, now or datetime.now(UTC))
    _recent[:] = [index, *_recent[: _KEPT_INDEXES - 1]]
    return index


def row_of(model: Model, now: datetime, order: int = 0) -> Row:
    """The row of a model by itself, as :func:`index_of` has it."""
    return _row(model, order, now)


def simplified(text: str) -> str:
    """Letters and digits in lower case, so that "xai" finds "x-ai" and "top-p" "top_p"."""
    return "".join(filter(str.isalnum, text.lower()))


_simplified_name = lru_cache(maxsize=1024)(simplified)


def expires(model: Model, today: date) -> bool:
    """Whether the model has a last day that is not past."""
    return model.expiration_date is not None and model.expiration_date >= today


def _models(catalogue: Catalogue) -> list[Model]:
    return list(catalogue.models.values())


def _minute(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0)


def _row(model: Model, order: int, now: datetime) -> Row:
    pricing = prices_at(model.pricing, 0, now)
    model_id = model.id[:_LONGEST_SEARCHED]
    return Row(
        model=model,
        order=order,
        hay=haystack(f"{model_id}\n{model.name[:_LONGEST_SEARCHED]}"),
        author=simplified(model.author),
        parameters=frozenset(map(_simplified_name, model.supported_parameters)),
        variant=simplified(model.variant or ""),
        tokenizer=simplified(model.tokenizer or ""),
        pricing=pricing,
        prompt=_amount(pricing.prompt),
        completion=_amount(pricing.completion),
        cache_read=_amount(pricing.input_cache_read),
        flags=frozenset(_flags(model, pricing)),
    )


def _amount(price: Decimal | None) -> Decimal | None:
    return None if price is None or price < 0 else price


def _flags(model: Model, pricing: Pricing) -> list[str]:
    inputs, outputs, parameters = (
        model.input_modalities,
        model.output_modalities,
        model.supported_parameters,
    )
    facts = {
        FREE: pricing.is_free,
        VARIES: pricing.varies,
        "tools": "tools" in parameters,
        "vision": "image" in inputs,
        "files": "file" in inputs,
        "audio": "audio" in inputs,
        "video": "video" in inputs,
        "image-out": "image" in outputs,
        "audio-out": "audio" in outputs,
        "reasoning": model.reasoning is not None or "reasoning" in parameters,
        "json": not parameters.isdisjoint(("response_format", "structured_outputs")),
        "caching": caching_kind(model.id, model).is_there,
        "moderated": model.is_moderated is True,
    }
    return [name for name, holds in facts.items() if holds]
