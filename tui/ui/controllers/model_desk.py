"""What the model screens share while the app runs: lists, endpoints, routing, and the news."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import count

from tui.domain.catalogue import Catalogue
from tui.domain.catalogue_changes import Change
from tui.domain.catalogue_context import FilterContext, TypicalTurn
from tui.domain.catalogue_filter import Filter
from tui.domain.catalogue_index import index_of
from tui.domain.errors import Failure
from tui.domain.model import Endpoint, normalise_model_id
from tui.domain.model_lists import ModelLists
from tui.domain.provider_choice import ProviderChoice, chosen_lists, routing_words
from tui.domain.settings import ModelSettings, ProviderSettings
from tui.services.config_file import save_changes
from tui.services.endpoint_cache import EndpointCache
from tui.services.favourites import FavouritesFile
from tui.services.typical_turn import typical_turn_of
from tui.ui.controllers.session import Session
from tui.ui.controllers.setup_scope import model_table

_AT_ONCE = 8
"""Requests for endpoints at a time."""


class ModelDesk:
    """Everything about models that outlives a screen; it knows no widget.

    ``filter_text`` is what the browser was left with. ``warned`` is called with a failure that the
    user has to know of.
    """

    def __init__(
        self, session: Session, warned: Callable[[Failure], None] = lambda _failure: None
    ) -> None:
        self.session = session
        self.lists = ModelLists()
        self.turn = TypicalTurn()
        self.filter_text = ""
        self.refreshing = ""
        self._warned = warned
        self._file = FavouritesFile(session.runtime.paths.favourites_file)
        self._endpoints = EndpointCache(self._fetch)
        self._usable: frozenset[str] | None = None
        self._connection: object = None

    @property
    def catalogue(self) -> Catalogue:
        """The catalogue of the server in use."""
        return self.session.catalogue

    @staticmethod
    def now() -> datetime:
        """This moment in UTC."""
        return datetime.now(UTC)

    def context(self, in_use: str | None) -> FilterContext:
        """What a search has to know at this moment; ``in_use`` is the conversation's model."""
        return FilterContext(
            now=self.now(),
            favourites=self.lists.favourites,
            in_use=normalise_model_id(in_use) if in_use else None,
            endpoints=self.endpoints.known(),
            usable=self.usable,
            turn=self.turn,
        )

    async def load(self) -> None:
        """Read the lists and prepare the search."""
        loaded = await asyncio.to_thread(self._file.load)
        self.lists = loaded.lists
        if loaded.problem is not None:
            self._warned(loaded.problem)
        await asyncio.to_thread(index_of, self.catalogue)

    async def learn_turn(self) -> bool:
        """Take the size of the user's usual turn from the history; says whether it is another."""
        history, before = self.session.history, self.turn
        if history is not None:
            self.turn = await typical_turn_of(history)
        return self.turn != before

    async def change_lists(self, change: Callable[[ModelLists], ModelLists]) -> None:
        """Change the lists here and on disk; raises WorkbenchError if they cannot be stored."""
        self.lists = change(self.lists)
        self.lists = await asyncio.to_thread(self._file.change, change)

    async def used(self, model_id: str) -> None:
        """Remember a model as the one used last; raises WorkbenchError if that cannot be stored."""
        await self.change_lists(lambda lists: lists.with_recent(model_id))

    async def refresh(self, told: Callable[[], None]) -> None:
        """Fetch the catalogue; ``told`` is called whenever ``refreshing`` has other words.

        A failure is in ``session.catalogue_failure`` afterwards.
        """
        if self.refreshing:
            return

        def progress(pages: int) -> None:
            self.refreshing = f"refreshing … page {pages}"
            told()

        self.refreshing = "refreshing …"
        told()
        try:
            await self.session.refresh_catalogue(progress)
        finally:
            self.refreshing = ""
            told()

    @property
    def endpoints(self) -> EndpointCache:
        """The endpoints read from the server in use."""
        self._forget_other_servers()
        return self._endpoints

    @property
    def usable(self) -> frozenset[str] | None:
        """The models that the key in use may use; None as long as that was not asked."""
        self._forget_other_servers()
        return self._usable

    def must_ask(self, asked: Filter, before: Filter) -> bool:
        """Whether a filter asks for what the key may use, as the one before did not, unknown."""
        return asked.asks("mine") and not before.asks("mine") and self.usable is None

    def _forget_other_servers(self) -> None:
        connection = self.session.runtime.connection
        if self._connection != connection:
            self._connection = connection
            self._endpoints = EndpointCache(self._fetch)
            self._usable = None

    async def read_usable(self, told: Callable[[], None]) -> None:
        """Ask what the key may use; ``told`` is called as in :meth:`refresh`.

        Raises WorkbenchError; the next call asks again.
        """
        from tui.services.catalogue_refresh import usable_models

        if self.refreshing:
            return
        self.refreshing = "asking what your key may use …"
        told()
        try:
            async with self.session.borrowed() as service:
                self._usable = await usable_models(service)
        finally:
            self.refreshing = ""
            told()

    async def read_endpoints(self, model_ids: Sequence[str], told: Callable[[], None]) -> None:
        """Read who serves these models, eight at a time; ``told`` as in :meth:`refresh`."""
        if self.refreshing:
            return
        gate, done = asyncio.Semaphore(_AT_ONCE), count(1)

        async def read(model_id: str) -> None:
            async with gate:
                await self.endpoints.get(model_id)
            self.refreshing = f"reading endpoints … {next(done)} of {len(model_ids)}"
            told()

        self.refreshing = "reading endpoints …"
        try:
            await asyncio.gather(*map(read, model_ids))
        finally:
            self.refreshing = ""
            told()

    def known_endpoints(self, model_id: str) -> tuple[Endpoint, ...]:
        """Who serves a model, as far as that was read."""
        read = self.endpoints.peek(model_id)
        return read.endpoints if read is not None else ()

    async def _fetch(self, model_id: str) -> tuple[Endpoint, ...]:
        async with self.session.borrowed() as service:
            return await service.endpoints(model_id)

    def model_settings(self, model_id: str) -> ModelSettings:
        """What the settings say of this model."""
        return self.session.runtime.settings.for_model(model_id)

    @property
    def provider_settings(self) -> ProviderSettings | None:
        """The settings of the provider in use."""
        connection = self.session.runtime.connection
        settings = self.session.runtime.settings
        return None if connection is None else settings.provider(connection.provider)

    async def choose_provider(self, model_id: str, tag: str, choice: ProviderChoice) -> str:
        """Set who may serve a model, and say in words what holds now; raises WorkbenchError."""
        lists = chosen_lists(self.model_settings(model_id).provider, tag, choice)
        section = self._section(model_id)
        await self._save({(*section, "provider", name): value for name, value in lists.items()})
        return routing_words(self.model_settings(model_id).provider)

    async def set_fallbacks(self, model_id: str, fallbacks: tuple[str, ...]) -> None:
        """Set which models answer when this one cannot, in order; raises WorkbenchError."""
        await self._save({(*self._section(model_id), "fallbacks"): fallbacks or None})

    def _section(self, model_id: str) -> tuple[str, str]:
        return model_table(self.session.runtime.settings, model_id)

    async def _save(self, changes: dict[tuple[str, ...], object]) -> None:
        config_file = self.session.runtime.paths.config_file
        await asyncio.to_thread(save_changes, config_file, changes)
        await self.session.reload()

    async def changes(self) -> tuple[Change, ...]:
        """What has changed in the catalogue over 30 days, newest first."""
        store = self.session.runtime.catalogue_store()
        if store is None:
            return ()
        return await asyncio.to_thread(store.journal.load, self.now())
