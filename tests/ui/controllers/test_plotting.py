from datetime import UTC, datetime
from decimal import Decimal
from math import log10

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.catalogue_context import FilterContext, TypicalTurn
from tui.domain.catalogue_index import row_of
from tui.domain.catalogue_search import Found
from tui.domain.model import Model, Pricing
from tui.ui.controllers.plotting import MEASURES, linear_ticks, log_ticks, nearest, picture

NOW = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
CONTEXT = FilterContext(now=NOW, turn=TypicalTurn(1_000, 1_000))


def found(model_id: str, price: str | None, context: int | None = 1_000, index: float = 0) -> Found:
    amount = None if price is None else Decimal(price)
    model = Model(
        model_id,
        context_length=context,
        pricing=Pricing(prompt=amount, completion=amount),
        benchmarks={"intelligence_index": index} if index else {},
    )
    return Found(row_of(model, NOW))


def test_dots_stand_by_the_price_of_a_thousand_turns_on_a_log_axis() -> None:
    drawn = picture([found("a/b", "0.000001", 10_000)], CONTEXT, MEASURES[0])
    (dot,) = drawn.dots
    assert dot.price == pytest.approx(2)
    assert (dot.x, dot.y) == pytest.approx((log10(2), 4))


def test_free_models_stand_left_of_all_others() -> None:
    models = [found("a/paid", "0.000001"), found("a/free", "0")]
    drawn = picture(models, CONTEXT, MEASURES[0])
    assert [dot.found.model.id for dot in drawn.dots] == ["a/free", "a/paid"]
    assert drawn.dots[0].x < drawn.dots[1].x
    assert drawn.x_ticks[0] == (drawn.dots[0].x, "free")


def test_only_free_models_can_be_drawn_as_well() -> None:
    drawn = picture([found("a/free", "0")], CONTEXT, MEASURES[0])
    assert [words for _, words in drawn.x_ticks] == ["free"]


def test_models_without_a_price_or_a_value_are_counted() -> None:
    models = [found("a/1", None), found("a/2", "-1"), found("a/3", "0.1", None), found("a/4", "1")]
    drawn = picture(models, CONTEXT, MEASURES[0])
    assert (len(drawn.dots), drawn.left_out) == (1, 3)
    assert picture(models, CONTEXT, MEASURES[1]).left_out == 4


def test_an_index_has_a_linear_axis() -> None:
    models = [found("a/1", "0.1", index=10.0), found("a/2", "0.1", index=60.0)]
    drawn = picture(models, CONTEXT, MEASURES[1])
    assert [dot.y for dot in drawn.dots] == [10, 60]
    assert [words for _, words in drawn.y_ticks] == ["10", "20", "30", "40", "50", "60"]


def test_nearest_prefers_what_lies_straight_ahead() -> None:
    places = [(0, 0), (5, 4), (9, 0), (-3, 0)]
    assert nearest(places, 0, 1, 0) == 2
    assert nearest(places, 0, -1, 0) == 3
    assert nearest(places, 0, 0, 1) == 1
    assert nearest(places, 0, 0, -1) == 0


POSITIVE = st.floats(min_value=1e-9, max_value=1e12)


@given(POSITIVE, POSITIVE)
def test_ticks_are_few_and_within_the_axis(one: float, other: float) -> None:
    low, high = min(one, other), max(one, other)
    ticks = [tick for tick, _ in log_ticks(low, high, str)]
    assert 1 <= len(ticks) <= 24
    assert all(log10(low) - 1e-9 <= tick <= log10(high) + 1e-9 for tick in ticks)
    assert 1 <= len(linear_ticks(low, high, str)) <= 9
