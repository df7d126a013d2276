"""What a row of the table tells, and which columns fit."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.ui.widgets.catalogue.support import CONTEXT, NOW, priced, shown
from tui.domain.catalogue_sort import SortKey
from tui.domain.model import Model, PriceOverride
from tui.ui.widgets.catalogue.columns import (
    COLUMNS,
    GAP,
    NOTE,
    PICKER_COLUMNS,
    layout,
    note,
    signs,
    tag,
)

PLAIN = Model("author/model", "Author: Model", pricing=priced("1", "2"))
TODAY = NOW.date()


@pytest.mark.parametrize(
    ("model", "in_full", "in_short"),
    [
        (PLAIN, "", ""),
        (replace(PLAIN, created=int(NOW.timestamp())), "new", "new"),
        (
            replace(PLAIN, expiration_date=date(2026, 3, 30)),
            "ends 2026-03-30",
            "ends 03-30",
        ),
        (replace(PLAIN, expiration_date=date(2028, 1, 1)), "ends 2028-01-01", "ends 2028"),
        (replace(PLAIN, expiration_date=TODAY - timedelta(1)), "ended 2026-03-01", "ended"),
        (replace(PLAIN, alias_target="other/target-5"), "→ target-5", "→"),
        (
            replace(
                PLAIN,
                pricing=replace(PLAIN.pricing, discount=Decimal("0.25")),
                expiration_date=date(2026, 3, 30),
            ),
            "ends 03-30 · −25 %",
            "ends 03-30",
        ),
    ],
)
def test_what_is_special_is_said_in_full_or_in_short(
    model: Model, in_full: str, in_short: str
) -> None:
    assert note(shown(model)).text == in_full
    assert tag(shown(model)).text == in_short


def test_a_favourite_that_is_gone_says_so() -> None:
    gone = shown(Model("gone/model"), is_gone=True)
    assert note(gone).text == "gone from the catalogue"
    assert tag(gone).text == "gone"


def test_marks_favourites_and_the_model_in_use_have_a_sign_each_in_its_place() -> None:
    context = replace(CONTEXT, favourites=("author/model",), in_use="author/model")
    assert signs(shown(PLAIN)) == "   "
    assert signs(shown(PLAIN, context, mark=2)) == "2★▸"


@pytest.mark.parametrize(
    ("pricing", "words"),
    [
        (priced("0", "0"), "free"),
        (priced("-1", "-1"), "varies"),
        (priced("2.5", "1"), "$2.50"),
        (
            replace(
                priced("2.5", "1"),
                overrides=(PriceOverride({"prompt": Decimal(1)}, min_prompt_tokens=200_000),),
            ),
            "$2.50+",
        ),
    ],
)
def test_a_price_says_whether_it_is_all(pricing: object, words: str) -> None:
    column = next(column for column in COLUMNS if column.sort is SortKey.PRICE_IN)
    model = replace(PLAIN, pricing=pricing)  # type: ignore[arg-type]
    assert column.cell(shown(model)).text == words


@pytest.mark.parametrize("columns", [COLUMNS, PICKER_COLUMNS])
@pytest.mark.parametrize("width", [40, 60, 80, 120, 250])
@pytest.mark.parametrize("sort", SortKey)
def test_the_columns_fill_the_width_and_that_of_the_order_stays(
    columns: tuple[object, ...], width: int, sort: SortKey
) -> None:
    laid = layout(width, sort, columns)  # type: ignore[arg-type]
    assert sum(room for _, room in laid) + GAP * (len(laid) - 1) == width
    keys = [column.sort for column in columns]  # type: ignore[attr-defined]
    if sort in keys:
        assert sort in [column.sort for column, _ in laid]


def test_every_order_with_a_column_can_be_had_by_its_heading() -> None:
    assert {column.sort for column in COLUMNS} >= set(SortKey) - {
        SortKey.RELEVANCE,
        SortKey.POPULAR,
    }


def test_at_80_columns_there_is_room_for_the_note() -> None:
    assert NOTE in [column for column, _ in layout(78, SortKey.RELEVANCE)]
