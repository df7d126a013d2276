"""What the app holds while it runs: history, catalogue and the service of the chosen provider.

Everything that touches the network or the disk happens off the event loop or awaits; nothing here
delays the first paint.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tui.domain.catalogue import Catalogue, model_to_ask
from tui.domain.connection import Connection
from tui.domain.conversation import Conversation
from tui.domain.errors import Failure, WorkbenchError
from tui.domain.model import KeyInfo, Model
from tui.domain.turn import turn_request
from tui.runtime import NO_CONNECTION, Runtime
from tui.services.history import History
from tui.services.paths import make_private_folder
from tui.ui.controllers.turn import Turn, TurnView, now_utc

if TYPE_CHECKING:
    from tui.services.openrouter import OpenRouter


@dataclass(slots=True)
class Session:
    """One run of the workbench; ``changed`` is called when something that is shown has changed."""

    runtime: Runtime
    changed: Callable[[], None] = lambda: None
    catalogue: Catalogue = field(default_factory=Catalogue)
    history_file: Path | None = None
    key_info: KeyInfo | None = None
    key_failure: Failure | None = None
    catalogue_failure: Failure | None = None
    _service: OpenRouter | None = None
    _history: asyncio.Future[History] = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )
    _service_lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def open_history(self) -> History:
        """Open the history and mark what an earlier run left unfinished.

        Closes the one that was open before, as when the demo ends: it has a history of its own.
        """
        before = self.history
        if before is not None:
            self._history = asyncio.get_running_loop().create_future()
            await before.aclose()
        self.history_file = self.runtime.history_file
        history = await History.open(self.history_file)
        await history.recover()
        await history.purge_deleted()
        self._history.set_result(history)
        self.changed()
        return history

    @property
    def history(self) -> History | None:
        """The history once it is open."""
        return self._history.result() if self._history.done() else None

    async def wait_for_history(self) -> History:
        """The history as soon as it is open."""
        return await asyncio.shield(self._history)

    async def service(self) -> OpenRouter:
        """The service of the chosen provider; raises WorkbenchError if none is set up."""
        async with self._service_lock:
            if self._service is None:
                self._service = await asyncio.to_thread(self.runtime.open_service)
            return self._service

    async def load_cached_catalogue(self) -> None:
        """Show the catalogue of the last start, if there is one."""
        cache = self.runtime.catalogue_cache()
        cached = await asyncio.to_thread(cache.load) if cache is not None else None
        if cached is not None and not self.catalogue.models:
            self.catalogue = cached
            self.changed()

    async def connect(self) -> None:
        """Warm the connection, verify the key and refresh the catalogue; failures are kept."""
        self.key_info = self.key_failure = self.catalogue_failure = None
        try:
            service = await self.service()
        except WorkbenchError as error:
            self.key_failure = error.failure
            self.changed()
            return
        await service.warm_up()
        await asyncio.gather(self._verify_key(service), self._refresh_catalogue(service))
        self.changed()

    async def _verify_key(self, service: OpenRouter) -> None:
        if service.connection.key is None and not service.connection.is_demo:
            return
        try:
            self.key_info = await service.key_info()
        except WorkbenchError as error:
            self.key_failure = error.failure

    async def _refresh_catalogue(self, service: OpenRouter) -> None:
        cache = self.runtime.catalogue_cache()
        try:
            body = await service.models()
            catalogue, fetched_at = await asyncio.to_thread(_parse, body)
        except WorkbenchError as error:
            self.catalogue_failure = error.failure
            return
        self.catalogue = catalogue
        if cache is not None:
            try:
                await asyncio.to_thread(make_private_folder, self.runtime.paths.cache)
                await asyncio.to_thread(cache.save, body, fetched_at)
            except (OSError, WorkbenchError):
                # The catalogue is fetched again at the next start; nothing of the user's is lost.
                self.catalogue_failure = None

    async def verify(self, connection: Connection) -> KeyInfo | None:
        """Ask the server of a connection about its key; raises WorkbenchError."""
        service = await asyncio.to_thread(self.runtime.open_service, connection)
        try:
            return await service.key_info()
        finally:
            await service.aclose()

    async def reload(self) -> None:
        """Take the settings that were saved; the next request goes by them."""
        await self._close_service()
        self.runtime.reload()
        self.catalogue = Catalogue()

    def default_model(self) -> str:
        """The model of a new conversation."""
        connection = self.runtime.connection
        if connection is None:
            return self.runtime.settings.default.model
        return model_to_ask(connection, self.catalogue)

    def model(self, model_id: str) -> Model | None:
        """The catalogue's row for a model."""
        return self.catalogue.find(model_id)

    async def turn(self, conversation: Conversation, view: TurnView) -> Turn:
        """A turn of this conversation with the settings of now; raises WorkbenchError."""
        connection = self.runtime.connection
        if connection is None:
            raise WorkbenchError(self.runtime.connection_problem or NO_CONNECTION)
        return Turn(
            conversation=conversation,
            request=turn_request(
                self.runtime.settings,
                connection,
                self.catalogue,
                model_id=conversation.model,
                session_id=conversation.session_id,
            ),
            open_service=self.service,
            history=await self.wait_for_history(),
            view=view,
        )

    async def _close_service(self) -> None:
        async with self._service_lock:
            service, self._service = self._service, None
        if service is not None:
            await service.aclose()

    async def aclose(self) -> None:
        """Close the connection and the history."""
        await self._close_service()
        if self.history is not None:
            await self.history.aclose()


def _parse(body: bytes) -> tuple[Catalogue, datetime]:
    from tui.services.wire import parse_catalogue

    fetched_at = now_utc()
    catalogue = parse_catalogue(body)
    return Catalogue(catalogue.models, fetched_at, catalogue.skipped), fetched_at
