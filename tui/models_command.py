"""``orw models``: the catalogue filtered and sorted as on the screen, for people and scripts."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from tui import models_output
from tui.domain.catalogue import Catalogue
from tui.domain.catalogue_context import FilterContext
from tui.domain.catalogue_filter import Filter, Problem, parse_filter
from tui.domain.catalogue_nearest import nearest
from tui.domain.catalogue_search import Found, search
from tui.domain.catalogue_sort import SortKey
from tui.domain.errors import Failure, FailureKind, WorkbenchError
from tui.domain.model import Endpoint, Model, normalise_model_id
from tui.domain.sanitize import single_line, visible
from tui.runtime import NO_CONNECTION, Runtime
from tui.services.favourites import FavouritesFile
from tui.services.typical_turn import read_typical_turn

_DONE: Final = 0
_FAILED: Final = 1
_USAGE: Final = 2
_FRESH: Final = timedelta(hours=1)
_MOST_READ: Final = 100
"""Models whose endpoints are read for one list."""
_AT_ONCE: Final = 8
_LONGEST_ID: Final = 200


@dataclass(frozen=True, slots=True)
class ModelsOptions:
    """The flags of the command; ``sort`` is None for the best match first."""

    sort: SortKey | None = None
    descending: bool = False
    as_json: bool = False
    as_csv: bool = False
    refresh: bool = False


def run_models(runtime: Runtime, words: Sequence[str], options: ModelsOptions) -> int:
    """Print the models that the filter lets through.

    Returns 1 if none does or if there is no catalogue at all, and 2 for a filter that cannot be
    understood: a script must not go on with more models than it asked for.
    """
    text = " ".join(words)
    asked = parse_filter(text)
    if asked.problems:
        for problem in asked.problems:
            print(visible(_problem_words(text, problem)), file=sys.stderr)
        return _USAGE
    try:
        catalogue = asyncio.run(_load(runtime, refresh=options.refresh))
        context = _context(runtime, catalogue, asked, options)
        if asked.asks("mine"):
            context = replace(context, usable=asyncio.run(_usable(runtime)))
        if _needs_endpoints(asked, options):
            context = asyncio.run(_with_endpoints(runtime, catalogue, asked, context))
    except WorkbenchError as error:
        return _say(error.failure)
    sort = options.sort or SortKey.RELEVANCE
    found = search(catalogue, asked, context, sort, descending=options.descending)
    if options.as_json:
        print(models_output.as_json(found))
    elif options.as_csv:
        print(models_output.as_csv(found))
    elif found:
        print(models_output.as_table(found, sort, context))
    if not found:
        print("No model matches.", file=sys.stderr)
        return _FAILED
    return _DONE


def run_show(runtime: Runtime, model_id: str, options: ModelsOptions) -> int:
    """Print one model with its endpoints; 1 if there is none of this id, with the nearest ones."""
    try:
        catalogue = asyncio.run(_load(runtime, refresh=options.refresh))
        model = catalogue.find(model_id)
        if model is None:
            return _unknown(catalogue, model_id)
        endpoints = asyncio.run(_endpoints(runtime, [model]))[model.id]
    except WorkbenchError as error:
        return _say(error.failure)
    now = datetime.now(UTC)
    if options.as_json:
        print(models_output.model_as_json(model, endpoints, now))
    else:
        variant = normalise_model_id(model_id).partition(":")[2] or None
        context = FilterContext(now=now, turn=read_typical_turn(runtime.history_file))
        print(models_output.model_as_text(model, endpoints, context, variant))
    return _DONE


async def _load(runtime: Runtime, *, refresh: bool) -> Catalogue:
    """The stored catalogue while it is fresh, else that of now, else the stored one all the same.

    Says why it is not of now. Raises WorkbenchError if there is none.
    """
    from tui.services.catalogue_refresh import refresh as fetch

    store = runtime.catalogue_store()
    if store is None:
        raise WorkbenchError(runtime.connection_problem or NO_CONNECTION)
    stored = store.load()
    if stored is not None and not refresh and _is_fresh(stored):
        return stored
    try:
        service = runtime.open_service()
        try:
            refreshed = await fetch(service, store, stored)
        finally:
            await service.aclose()
    except WorkbenchError as error:
        if stored is None:
            raise
        since = f"{stored.fetched_at:%Y-%m-%d %H:%M} UTC" if stored.fetched_at else "earlier"
        print(visible(f"{error.failure} Showing the catalogue of {since}."), file=sys.stderr)
        return stored
    if refreshed.problem is not None:
        print(visible(str(refreshed.problem)), file=sys.stderr)
    return refreshed.catalogue


def _is_fresh(catalogue: Catalogue) -> bool:
    if catalogue.fetched_at is None:
        return False
    # A copy from the future is of a clock that went wrong.
    return timedelta(0) <= datetime.now(UTC) - catalogue.fetched_at < _FRESH


def _context(
    runtime: Runtime, catalogue: Catalogue, asked: Filter, options: ModelsOptions
) -> FilterContext:
    """What the search has to know from the disk; says which favourites are no longer listed."""
    loaded = FavouritesFile(runtime.paths.favourites_file).load()
    if loaded.problem is not None:
        print(visible(str(loaded.problem)), file=sys.stderr)
    favourites = loaded.lists.favourites
    gone = [one for one in favourites if one not in catalogue.models]
    if gone and asked.asks("fav"):
        names = ", ".join(single_line(one, _LONGEST_ID) for one in gone)
        print(f"No longer in the catalogue: {names}", file=sys.stderr)
    context = FilterContext(favourites=favourites)
    if options.sort is SortKey.TURN:
        context = replace(context, turn=read_typical_turn(runtime.history_file))
    return context


async def _usable(runtime: Runtime) -> frozenset[str]:
    """The models that the key may use. Raises WorkbenchError."""
    from tui.services.catalogue_refresh import usable_models

    service = runtime.open_service()
    try:
        return await usable_models(service)
    finally:
        await service.aclose()


def _needs_endpoints(asked: Filter, options: ModelsOptions) -> bool:
    by_speed = options.sort in (SortKey.SPEED, SortKey.LATENCY)
    return by_speed or asked.without("provider") != asked


async def _with_endpoints(
    runtime: Runtime, catalogue: Catalogue, asked: Filter, context: FilterContext
) -> FilterContext:
    """The context with the endpoints of every model that the rest of the filter lets through.

    Raises WorkbenchError if those are too many to ask for.
    """
    found: list[Found] = search(catalogue, asked.without("provider"), context)
    if len(found) > _MOST_READ:
        raise WorkbenchError(
            Failure(
                FailureKind.BAD_REQUEST,
                f"Providers and speeds are asked for model by model, and {len(found):,} match.",
                f"Narrow the filter to {_MOST_READ} models or fewer, as with author: or ctx>=.",
            )
        )
    models = [one.model for one in found]
    return replace(context, endpoints=await _endpoints(runtime, models))


async def _endpoints(
    runtime: Runtime, models: Sequence[Model]
) -> Mapping[str, tuple[Endpoint, ...]]:
    """Who serves these models; says for which ones that could not be read."""
    service = runtime.open_service()
    gate = asyncio.Semaphore(_AT_ONCE)

    async def read(model: Model) -> tuple[Endpoint, ...]:
        async with gate:
            try:
                return await service.endpoints(model.id)
            except WorkbenchError as error:
                about = f"The endpoints of {single_line(model.id, _LONGEST_ID)} are unknown"
                print(visible(f"{about}: {error.failure}"), file=sys.stderr)
                return ()

    try:
        read_ones = await asyncio.gather(*map(read, models))
    finally:
        await service.aclose()
    return {model.id: endpoints for model, endpoints in zip(models, read_ones, strict=True)}


def _problem_words(text: str, problem: Problem) -> str:
    part = single_line(text[problem.start : problem.end], _LONGEST_ID)
    return f"{part}: {problem.hint}"


def _unknown(catalogue: Catalogue, model_id: str) -> int:
    near = nearest(catalogue, model_id)
    print(f"There is no model {single_line(model_id, _LONGEST_ID)}.", file=sys.stderr)
    if near:
        print("Nearest: " + ", ".join(single_line(one) for one in near), file=sys.stderr)
    return _FAILED


def _say(failure: Failure) -> int:
    print(visible(str(failure)), file=sys.stderr)
    return _FAILED
