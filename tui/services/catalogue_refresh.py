"""The catalogue of now: fetched page by page, compared with the one before, and stored."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urljoin

from tui.domain.catalogue import Catalogue
from tui.domain.catalogue_changes import Change, changes
from tui.domain.catalogue_index import index_of
from tui.domain.connection import Connection
from tui.domain.errors import Failure, FailureKind, Speaker, WorkbenchError
from tui.domain.sanitize import single_line
from tui.services.catalogue_store import CatalogueStore
from tui.services.openrouter import LONGEST_CATALOGUE, OpenRouter
from tui.services.paths import make_private_folder
from tui.services.wire import parse_catalogue, parse_next_page

MOST_PAGES = 50


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A catalogue that was fetched, or confirmed by the server, and what is new in it.

    ``problem`` says why it could not be stored; the catalogue is good all the same.
    """

    catalogue: Catalogue
    changes: tuple[Change, ...] = ()
    problem: Failure | None = None


def _now() -> datetime:
    return datetime.now(UTC)


async def refresh(
    service: OpenRouter,
    store: CatalogueStore,
    known: Catalogue | None = None,
    *,
    now: Callable[[], datetime] = _now,
    progress: Callable[[int], None] = lambda _pages: None,
) -> Refreshed:
    """Fetch the catalogue and store it; ``known`` is what is shown meanwhile.

    Where the server can tell that nothing has changed, nothing is sent again. Reading, comparing
    and storing happen in a thread. ``progress`` is told how many pages have come. Raises
    :class:`WorkbenchError`, with the last good copy still in place.
    """
    before = known if known is not None and known.models else None
    if before is None:
        before = await asyncio.to_thread(store.load) or Catalogue()
    first = await service.models_page(version=before.version if before.models else None)
    if first.body is None:
        return await asyncio.to_thread(_confirmed, store, before, now())
    pages = [first.body]
    progress(1)
    while (path := await asyncio.to_thread(_next_path, service.connection, pages[-1])) is not None:
        room = LONGEST_CATALOGUE - sum(map(len, pages))
        if len(pages) >= MOST_PAGES or room <= 0:
            raise WorkbenchError(_too_many_pages(service.connection.origin))
        page = await service.models_page(path, at_most=room)
        pages.append(page.body or b"")
        progress(len(pages))
    # The mark of a first page says nothing of the others.
    version = first.version if len(pages) == 1 else None
    body = pages[0] if len(pages) == 1 else b"[" + b",".join(pages) + b"]"
    return await asyncio.to_thread(_taken, store, before, body, version, now())


async def usable_models(service: OpenRouter) -> frozenset[str]:
    """The ids of the models that the key may use, by the account's own settings.

    Raises :class:`WorkbenchError`, also where there is no key, and for a server that does not say.
    """
    if service.connection.needs_key:
        raise WorkbenchError(_no_key())
    try:
        page = await service.models_page("/models/user")
    except WorkbenchError as error:
        if error.failure.status == HTTPStatus.NOT_FOUND:
            raise WorkbenchError(_does_not_say(service.connection.origin)) from None
        raise
    catalogue = await asyncio.to_thread(parse_catalogue, page.body or b"")
    return frozenset(catalogue.models)


def _confirmed(store: CatalogueStore, before: Catalogue, at: datetime) -> Refreshed:
    problem = None
    try:
        store.cache.confirm(at)
    except (OSError, ValueError) as error:
        problem = _not_stored(error)
    return Refreshed(replace(before, fetched_at=at), problem=problem)


def _taken(
    store: CatalogueStore, before: Catalogue, body: bytes, version: str | None, at: datetime
) -> Refreshed:
    """Blocks. Raises WorkbenchError for a body that is no catalogue."""
    catalogue = replace(parse_catalogue(body), fetched_at=at, version=version)
    index_of(catalogue, at)
    found = tuple(changes(before, catalogue, at))
    problem = None
    try:
        make_private_folder(store.folder)
        store.cache.save(body, at, version)
        store.journal.add(found, at)
    except OSError as error:
        problem = _not_stored(error)
    except WorkbenchError as error:
        problem = error.failure
    return Refreshed(catalogue, found, problem)


def _next_path(connection: Connection, body: bytes) -> str | None:
    """The next page's path below the base URL, or None after the last page.

    Raises :class:`WorkbenchError` for a page that is elsewhere: the key goes nowhere else.
    """
    link = parse_next_page(body)
    if link is None:
        return None
    base = connection.base_url.rstrip("/")
    try:
        target = urljoin(f"{base}/models", link)
    except ValueError:
        target = ""
    path = target.removeprefix(base)
    if path == target or not path.startswith("/") or ".." in path:
        raise WorkbenchError(_elsewhere(connection.origin))
    return path


def _no_key() -> Failure:
    return Failure(
        FailureKind.NO_KEY,
        "Which models your key may use is not known without a key.",
        "Enter one in the settings (F2), or take “mine” out of the filter.",
    )


def _does_not_say(origin: str) -> Failure:
    return Failure(
        FailureKind.BAD_REQUEST,
        f"{origin} does not say which models a key may use.",
        "Take “mine” out of the filter.",
        Speaker.SERVER,
    )


def _elsewhere(origin: str) -> Failure:
    return Failure(
        FailureKind.BAD_DATA,
        f"The catalogue of {origin} goes on at another address; nothing was asked there.",
        "Check the base URL in the settings (F2); it usually ends in /v1.",
        Speaker.SERVER,
    )


def _too_many_pages(origin: str) -> Failure:
    return Failure(
        FailureKind.TOO_MUCH_DATA,
        f"The catalogue of {origin} does not end.",
        "Check the base URL in the settings (F2); it usually ends in /v1.",
        Speaker.SERVER,
    )


def _not_stored(error: Exception) -> Failure:
    return Failure(
        FailureKind.STORAGE,
        "The catalogue cannot be stored; it is fetched again at the next start.",
        "Make room on the disk, or check the permissions of the cache folder.",
        detail=single_line(str(error), 500),
    )
