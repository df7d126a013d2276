"""The search of the catalogue at each key of a filter, with hundreds and thousands of rows."""

import argparse
import time
from dataclasses import replace
from datetime import UTC, datetime
from importlib.resources import files
from itertools import count
from statistics import median, quantiles

from tests.bench.figures import Line
from tui.domain.catalogue import Catalogue
from tui.domain.catalogue_complete import complete
from tui.domain.catalogue_context import FilterContext
from tui.domain.catalogue_facets import facets
from tui.domain.catalogue_filter import parse_filter
from tui.domain.catalogue_index import CatalogueIndex, index_of
from tui.domain.catalogue_search import search
from tui.domain.catalogue_sort import SortKey
from tui.services.wire import parse_catalogue
from tui.ui.collector import postpone_collections

_LINES = (
    "vision tools ctx>=200k in<=3 -free",
    "claude sonnet",
    "cs45|sonet|gpt5",
    "author:anthropic|openai param:seed new:90d",
    "reasoning json -thinking out:0.5..<20 expiring|caching",
)
_SORTS = (SortKey.RELEVANCE, SortKey.PRICE_IN, SortKey.TURN)
_SIZES = (400, 5_000)
_MOST = 20
"""Milliseconds that a search over the larger catalogue may take in 95 of 100 cases."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this benchmark."""
    parser.add_argument("--rounds", type=int, default=3, help="how often each line is typed")


def main(options: argparse.Namespace) -> list[Line]:
    """Type every filter key by key into catalogues of each size."""
    postpone_collections()
    lines = []
    for size in _SIZES:
        catalogue = _catalogue(size)
        started = time.perf_counter()
        CatalogueIndex(catalogue, datetime.now(UTC))
        building = 1000 * (time.perf_counter() - started)
        index_of(catalogue)
        searches, counts = _type(catalogue, options.rounds)
        limit = _MOST if size == _SIZES[-1] else None
        slow, worst = quantiles(searches, n=20)[-1], max(searches)
        lines += [
            Line(f"{size:,} models: a search, p95, ms", slow, limit, worst=worst),
            Line(f"{size:,} models: a search, median, ms", median(searches)),
            Line(f"{size:,} models: facets and completions, p95, ms", quantiles(counts, n=20)[-1]),
            Line(f"{size:,} models: the index, once, ms", building),
        ]
    return lines


def _type(catalogue: Catalogue, rounds: int) -> tuple[list[float], list[float]]:
    """Milliseconds of each search, and of the counts and completions beside it."""
    searches, counts = [], []
    context = FilterContext(favourites=tuple(catalogue.models)[::9])
    for _ in range(rounds):
        for line in _LINES:
            for sort in _SORTS:
                for end in range(len(line) + 1):
                    started = time.perf_counter()
                    found = search(catalogue, parse_filter(line[:end]), context, sort)
                    searched = time.perf_counter()
                    facets(found)
                    complete(line[:end], end, catalogue, context)
                    counts.append(1000 * (time.perf_counter() - searched))
                    searches.append(1000 * (searched - started))
    return searches, counts


def _catalogue(size: int) -> Catalogue:
    """The demo's models again and again under names of their own."""
    models = parse_catalogue(files("tui.demo").joinpath("catalogue.json").read_bytes()).models
    grown = dict(models)
    for number in count(2):
        for model in models.values():
            if len(grown) >= size:
                return Catalogue(grown)
            name, colon, variant = model.id.partition(":")
            again = f"{name}-v{number}{colon}{variant}"
            grown[again] = replace(model, id=again, name=f"{model.name} v{number}")
    raise AssertionError
