"""What has changed between two catalogues."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from tui.domain.catalogue import Catalogue
from tui.domain.catalogue_changes import ChangeKind, changes
from tui.domain.model import Model, PriceOverride, Pricing

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def catalogue(*models: Model) -> Catalogue:
    return Catalogue({model.id: model for model in models})


def model(model_id: str = "a/b", prompt: str = "3", completion: str = "15", **more: Any) -> Model:
    per_prompt, per_answer = (Decimal(price) / 1_000_000 for price in (prompt, completion))
    pricing = Pricing(per_prompt, per_answer, discount=more.pop("discount", None))
    return Model(model_id, name="A: B", pricing=pricing, **more)


def told(before: Model, after: Model) -> list[tuple[ChangeKind, str]]:
    found = changes(catalogue(before), catalogue(after), NOON)
    return [(change.kind, str(change)) for change in found]


def test_models_that_came_and_went() -> None:
    stays = model("a/stays")
    before, after = catalogue(model("a/old"), stays), catalogue(stays, model("a/young"))
    found = changes(before, after, NOON)
    assert [(one.kind, one.model_id, one.name) for one in found] == [
        (ChangeKind.NEW, "a/young", "A: B"),
        (ChangeKind.GONE, "a/old", "A: B"),
    ]
    assert {one.seen_at for one in found} == {NOON}


def test_prices_up_and_down() -> None:
    assert told(model(), model(prompt="5", completion="10")) == [
        (ChangeKind.PRICE_UP, "prompt $3 → $5"),
        (ChangeKind.PRICE_DOWN, "answer $15 → $10"),
    ]


def test_a_discount_is_a_change_of_price() -> None:
    half = model(discount=Decimal("0.5"))
    assert (ChangeKind.PRICE_DOWN, "prompt $3 → $1.50") in told(model(), half)


def test_a_price_that_begins_to_vary_is_no_lower_one() -> None:
    varies = replace(model(), pricing=Pricing(Decimal(-1), Decimal(-1)))
    assert told(model(), varies)[0] == (ChangeKind.PRICE_UP, "prompt $3 → varies")
    assert told(varies, model())[0] == (ChangeKind.PRICE_DOWN, "prompt varies → $3")


def test_a_price_that_was_not_named_has_not_changed() -> None:
    assert told(Model("a/b"), model()) == []


def test_the_hour_is_no_change_of_price() -> None:
    night = PriceOverride({"prompt": Decimal(0)}, utc_start=time(0), utc_end=time(6))
    after = replace(model(), pricing=replace(model().pricing, overrides=(night,)))
    assert told(model(), after) == []


def test_context_and_end() -> None:
    ends = model(context_length=1_000_000, expiration_date=date(2026, 12, 31))
    assert told(model(context_length=200_000), ends) == [
        (ChangeKind.CONTEXT, "context 200k → 1M"),
        (ChangeKind.EXPIRING, "ends 2026-12-31"),
    ]
    stays = model(context_length=1_000_000)
    assert told(ends, stays) == [(ChangeKind.EXPIRING, "does not end on 2026-12-31")]


def test_nothing_is_new_in_a_first_catalogue_or_in_the_same_one() -> None:
    assert changes(Catalogue(), catalogue(model()), NOON) == []
    assert changes(catalogue(model()), catalogue(model()), NOON) == []
    assert told(model(), replace(model(), description="another")) == []
