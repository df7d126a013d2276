from datetime import UTC, datetime
from decimal import Decimal

from tui.domain.catalogue import Catalogue
from tui.domain.catalogue_context import FilterContext
from tui.domain.catalogue_sort import SortKey
from tui.domain.model import Model, Pricing
from tui.ui.controllers.browsing import MOST_MARKED, Browsing

NOW = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)


def model(model_id: str, price: str = "0.000001") -> Model:
    amount = Decimal(price)
    return Model(model_id, pricing=Pricing(prompt=amount, completion=amount))


def browsing(*models: Model, favourites: tuple[str, ...] = (), text: str = "") -> Browsing:
    catalogue = Catalogue({one.id: one for one in models})
    return Browsing(catalogue, FilterContext(now=NOW, favourites=favourites), text)


def ids(state: Browsing) -> list[str]:
    return [found.model.id for found in state.found]


def test_sorting_by_the_same_key_again_turns_the_order_round() -> None:
    state = browsing(model("a/dear", "0.00001"), model("b/cheap"), model("c/middle", "0.000005"))
    state.sort_by(SortKey.PRICE_IN)
    assert ids(state) == ["b/cheap", "c/middle", "a/dear"]
    state.sort_by(SortKey.PRICE_IN)
    assert ids(state) == ["a/dear", "c/middle", "b/cheap"]
    state.sort_by(SortKey.NAME)
    assert not state.descending


def test_favourites_that_are_gone_are_told_to_who_asks_for_favourites_only() -> None:
    state = browsing(model("a/a"), favourites=("a/a", "x/gone"))
    assert not state.gone
    state.type("fav")
    assert ids(state) == ["a/a", "x/gone"]
    assert list(state.gone) == ["x/gone"]
    state.type("fav author:a")
    assert not state.gone
    state.type("-fav")
    assert not state.gone


def test_without_a_catalogue_no_favourite_is_gone() -> None:
    assert browsing(favourites=("x/y",), text="fav").gone == ()


def test_marks_end_at_four_and_leave_with_their_models() -> None:
    models = [model(f"a/{number}") for number in range(5)]
    state = browsing(*models)
    assert all(state.toggle_mark(one.id) for one in models[:MOST_MARKED])
    assert not state.toggle_mark(models[4].id)
    assert state.toggle_mark("a/0")
    state.use(Catalogue({one.id: one for one in models[2:]}), state.context)
    assert [found.model.id for found in state.marked_rows()] == ["a/2", "a/3"]
