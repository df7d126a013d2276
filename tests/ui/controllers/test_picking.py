from datetime import UTC, datetime

from tui.domain.catalogue import Catalogue
from tui.domain.catalogue_context import FilterContext
from tui.domain.model import Model
from tui.domain.model_lists import ModelLists
from tui.ui.controllers.picking import Picking

NOW = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
CATALOGUE = Catalogue({name: Model(name) for name in ("x/claude-a", "x/claude-b", "y/other")})


def picked(lists: ModelLists, text: str = "") -> list[str]:
    picking = Picking(CATALOGUE, FilterContext(now=NOW), lists)
    picking.type(text)
    return [found.model.id for found in picking.found]


def test_favourites_recents_and_the_rest_come_in_this_order() -> None:
    lists = ModelLists(favourites=("y/other",), recents=("x/claude-b", "y/other"))
    assert picked(lists) == ["y/other", "x/claude-b", "x/claude-a"]


def test_a_favourite_wins_among_matches_that_are_equally_good() -> None:
    assert picked(ModelLists(), "claude") == ["x/claude-a", "x/claude-b"]
    assert picked(ModelLists(favourites=("x/claude-b",)), "claude")[0] == "x/claude-b"
    assert picked(ModelLists(favourites=("y/other",)), "claude") == ["x/claude-a", "x/claude-b"]


def test_an_id_that_is_written_out_wins_over_every_favourite_that_begins_like_it() -> None:
    listed = ("o/gpt-5.5-pro", "o/gpt-5-mini", "o/gpt-5", "o/gpt-5:free", "xo3/o3-pro", "xo3/o3")
    catalogue = Catalogue({name: Model(name, name="GPT-5") for name in listed})
    lists = ModelLists(favourites=("o/gpt-5.5-pro", "xo3/o3-pro"), recents=("o/gpt-5-mini",))
    picking = Picking(catalogue, FilterContext(now=NOW), lists)
    for typed, meant in (
        ("o/gpt-5", "o/gpt-5"),
        ("gpt-5", "o/gpt-5"),
        ("O/GPT-5", "o/gpt-5"),
        ("o/gpt-5:free", "o/gpt-5:free"),
        ("gpt-5-mini", "o/gpt-5-mini"),
        ("gpt", "o/gpt-5.5-pro"),
        ("o3", "xo3/o3"),  # also where the author's name holds it
    ):
        picking.type(typed)
        assert picking.found[0].model.id == meant


def test_a_favourite_that_is_gone_stays_in_its_place() -> None:
    lists = ModelLists(favourites=("z/gone", "y/other"))
    picking = Picking(CATALOGUE, FilterContext(now=NOW), lists)
    assert [found.model.id for found in picking.found][:2] == ["z/gone", "y/other"]
    assert picking.gone == {"z/gone"}
