"""Counts beside the list: each is the number of models that its term would let through."""

from datetime import UTC, datetime
from importlib.resources import files

import pytest

from tui.domain.catalogue import Catalogue
from tui.domain.catalogue_context import FilterContext
from tui.domain.catalogue_facets import author_term, facets
from tui.domain.catalogue_filter import parse_filter
from tui.domain.catalogue_search import search
from tui.domain.model import Model
from tui.services.wire import parse_catalogue

DEMO = parse_catalogue(files("tui.demo").joinpath("catalogue.json").read_bytes())
CONTEXT = FilterContext(now=datetime(2026, 5, 16, 12, tzinfo=UTC))


@pytest.mark.parametrize("line", ["", "tools vision", "gemini|claude -free", "nothing-at-all"])
def test_a_count_is_what_its_term_finds_within_the_filter(line: str) -> None:
    counted = facets(search(DEMO, parse_filter(line), CONTEXT))
    for group in counted.groups:
        for value in group.values:
            narrowed = parse_filter(f"{line} {value.term}")
            assert narrowed.problems == ()
            assert len(search(DEMO, narrowed, CONTEXT)) == value.count, value


def test_every_model_is_in_one_band_of_context_and_one_of_price_or_varies() -> None:
    everything = search(DEMO, parse_filter(""), CONTEXT)
    counted = facets(everything)
    assert sum(value.count for value in counted.context.values) == len(everything)
    bands = [value for value in counted.price.values if value.term != "free"]
    assert sum(value.count for value in bands) == len(everything)
    assert sum(value.count for value in counted.author.values) == len(everything)


def test_authors_come_by_count_and_the_rest_keeps_its_order() -> None:
    counts = [
        value.count for value in facets(search(DEMO, parse_filter(""), CONTEXT)).author.values
    ]
    assert counts == sorted(counts, reverse=True)
    empty = facets([])
    assert empty.author.values == ()
    assert [value.term for value in empty.capability.values][:2] == ["tools", "reasoning"]
    assert {value.count for group in empty.groups for value in group.values} == {0}


@pytest.mark.parametrize("author", ["x", "x-y", "a b", 'quo"te', "a|b", "back\\slash"])
def test_the_term_of_an_author_finds_that_author_alone(author: str) -> None:
    known = [f"{author}/m", f"{author}z/m", "other/m"]
    catalogue = Catalogue({model_id: Model(model_id) for model_id in known})
    asked = parse_filter(author_term(author))
    assert asked.problems == ()
    assert [one.model.id for one in search(catalogue, asked, CONTEXT)] == [f"{author}/m"]
