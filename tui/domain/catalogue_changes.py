"""What has changed between two catalogues: models that came and went, prices, context, ends."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from tui.domain.catalogue import Catalogue
from tui.domain.figures import price_per_million, tokens_short
from tui.domain.model import Model


class ChangeKind(StrEnum):
    """What happened to a model."""

    NEW = "new"
    GONE = "gone"
    PRICE_UP = "price up"
    PRICE_DOWN = "price down"
    CONTEXT = "context"
    EXPIRING = "expiring"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened to a model, seen at a moment in UTC.

    ``what`` names the price that changed. ``before`` and ``after`` are words for people, such as
    ``$3`` or ``200k``; empty where there is none.
    """

    kind: ChangeKind
    model_id: str
    name: str
    seen_at: datetime
    what: str = ""
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        match self.kind:
            case ChangeKind.NEW:
                return "new"
            case ChangeKind.GONE:
                return "gone"
            case ChangeKind.EXPIRING:
                return f"ends {self.after}" if self.after else f"does not end on {self.before}"
        subject = "context" if self.kind is ChangeKind.CONTEXT else self.what
        return f"{subject} {self.before} → {self.after}"


_PRICES = (
    ("prompt", "prompt"),
    ("completion", "answer"),
    ("input_cache_read", "cache read"),
    ("input_cache_write", "cache write"),
)


def changes(before: Catalogue, after: Catalogue, seen_at: datetime) -> list[Change]:
    """What is different in ``after``, models in its order, those that are gone at the end.

    Nothing has changed since an empty catalogue: everything would be new.
    """
    if not before.models:
        return []
    found: list[Change] = []
    for model_id, model in after.models.items():
        known = before.models.get(model_id)
        if known is None:
            found.append(_change(ChangeKind.NEW, model, seen_at))
        elif known is not model and known != model:
            found.extend(_differences(known, model, seen_at))
    found.extend(
        _change(ChangeKind.GONE, model, seen_at)
        for model_id, model in before.models.items()
        if model_id not in after.models
    )
    return found


def _differences(before: Model, after: Model, seen_at: datetime) -> Iterator[Change]:
    for attribute, what in _PRICES:
        old = _listed(before, attribute)
        new = _listed(after, attribute)
        if old is not None and new is not None and old != new:
            up = _height(new) > _height(old)
            kind = ChangeKind.PRICE_UP if up else ChangeKind.PRICE_DOWN
            words = price_per_million(old), price_per_million(new)
            yield _change(kind, after, seen_at, what, *words)
    if before.context_length != after.context_length:
        words = tokens_short(before.context_length), tokens_short(after.context_length)
        yield _change(ChangeKind.CONTEXT, after, seen_at, "", *words)
    if before.expiration_date != after.expiration_date:
        days = (str(day or "") for day in (before.expiration_date, after.expiration_date))
        yield _change(ChangeKind.EXPIRING, after, seen_at, "", *days)


def _listed(model: Model, attribute: str) -> Decimal | None:
    """The price with its discount; the overrides of hours and tiers are no change of price."""
    price: Decimal | None = getattr(model.pricing, attribute)
    discount = model.pricing.discount
    if price is None or price < 0 or discount is None:
        return price
    return price * (1 - discount)


def _height(price: Decimal) -> Decimal:
    """Prices in their order, the one that varies above all: it can be anything."""
    return Decimal("Infinity") if price < 0 else price


def _change(
    kind: ChangeKind,
    model: Model,
    seen_at: datetime,
    what: str = "",
    before: str = "",
    after: str = "",
) -> Change:
    return Change(kind, model.id, model.name, seen_at, what, before, after)
