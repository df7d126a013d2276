"""What the app holds while it runs: history, catalogue and the service of the chosen provider.

Everything that touches the network or the disk happens off the event loop or awaits; nothing here
delays the first paint.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tui.domain.calibration import UNCALIBRATED, Calibration
from tui.domain.catalogue import Catalogue, model_to_ask
from tui.domain.connection import Connection
from tui.domain.conversation import Conversation
from tui.domain.errors import Failure, WorkbenchError
from tui.domain.model import KeyInfo, Model
from tui.domain.parameters_layers import Layer
from tui.domain.presets import layer_of
from tui.domain.settings import ProviderKind
from tui.domain.turn import TurnRequest, turn_request
from tui.runtime import Runtime, SettingsRead
from tui.services.attachments import Attachments
from tui.services.catalogue_store import CatalogueStore
from tui.services.history import History
from tui.services.ledger import Ledger
from tui.ui.controllers.current_service import CurrentService
from tui.ui.controllers.turn import Turn, TurnView

if TYPE_CHECKING:
    from tui.services.openrouter import OpenRouter


class Session:
    """One run of the workbench.

    ``changed`` is called when something that is shown has changed, ``warned`` with a failure that
    the user has to know of.
    """

    def __init__(
        self,
        runtime: Runtime,
        changed: Callable[[], None] = lambda: None,
        warned: Callable[[Failure], None] = lambda _failure: None,
    ) -> None:
        self.runtime = runtime
        self.changed = changed
        self.warned = warned
        self.catalogue = Catalogue()
        self.history_file: Path | None = None
        self.attachments = Attachments(None)
        self.key_failure: Failure | None = None
        self.catalogue_failure: Failure | None = None
        self._service = CurrentService(runtime.open_service)
        self._reloading = asyncio.Lock()
        self._purging: asyncio.Task[None] | None = None
        self._history: asyncio.Future[History] = asyncio.get_running_loop().create_future()

    async def open_history(self) -> History:
        """Open the history and mark what an earlier run left unfinished.

        Closes the one that was open before, as when the demo ends: it has a history of its own.
        """
        before = self.history
        await self._stop_purging()
        if before is not None:
            self._history = asyncio.get_running_loop().create_future()
            await before.aclose()
        self.history_file = self.runtime.history_file
        history = await History.open(self.history_file)
        self.attachments = Attachments.beside(self.history_file)
        await history.recover()
        history.on_problem = self._history_failed
        history.on_recovery = self.changed
        self._history.set_result(history)
        self._purging = asyncio.create_task(self.attachments.purge(history))
        if history.problem is not None:
            self._history_failed(history.problem)
        self.changed()
        return history

    async def _stop_purging(self) -> None:
        """What is not deleted for good yet is at the next start."""
        if self._purging is not None:
            self._purging.cancel()
            await asyncio.wait([self._purging])

    def _history_failed(self, failure: Failure) -> None:
        self.warned(failure)
        self.changed()

    @property
    def history(self) -> History | None:
        """The history once it is open."""
        return self._history.result() if self._history.done() else None

    async def wait_for_history(self) -> History:
        """The history as soon as it is open."""
        return await asyncio.shield(self._history)

    def borrowed(self) -> AbstractAsyncContextManager[OpenRouter]:
        """The service of the chosen provider; entering raises WorkbenchError if none is set up."""
        return self._service.borrowed()

    async def load_cached_catalogue(self) -> None:
        """Show the catalogue of the last start, if there is one."""
        store = self.runtime.catalogue_store()
        cached = await asyncio.to_thread(store.load) if store is not None else None
        if cached is not None and not self.catalogue.models:
            self.catalogue = cached
            self.changed()

    async def connect(self) -> None:
        """Warm the connection, verify the key and refresh the catalogue.

        What arrives after the settings have changed is about another server and is dropped.
        """
        self.key_failure = None
        try:
            async with self.borrowed() as service:
                await service.warm_up()
                await asyncio.gather(self._verify_key(service), self._refresh_catalogue(service))
        except WorkbenchError as error:
            self.key_failure = error.failure
        self.changed()

    async def _verify_key(self, service: OpenRouter) -> None:
        connection = service.connection
        if connection.key is None or connection.kind is ProviderKind.COMPATIBLE:
            return
        try:
            await service.key_info()
        except WorkbenchError as error:
            if self._service.is_current(service):
                self.key_failure = error.failure

    async def refresh_catalogue(
        self, progress: Callable[[int], None] = lambda _pages: None
    ) -> None:
        """Fetch the catalogue again; ``catalogue_failure`` says why the last good copy stays."""
        try:
            async with self.borrowed() as service:
                await self._refresh_catalogue(service, progress)
        except WorkbenchError as error:
            self.catalogue_failure = error.failure
            self.changed()

    async def _refresh_catalogue(
        self, service: OpenRouter, progress: Callable[[int], None] = lambda _pages: None
    ) -> None:
        from tui.services.catalogue_refresh import refresh

        known = self.catalogue if self._service.is_current(service) else None
        store = CatalogueStore.of(self.runtime.paths.cache, service.connection.origin)
        try:
            refreshed = await refresh(service, store, known, progress=progress)
        except WorkbenchError as error:
            # The last good copy stays; the next start asks again.
            if self._service.is_current(service):
                self.catalogue_failure = error.failure
                self.changed()
            return
        if self._service.is_current(service):
            self.catalogue = refreshed.catalogue
            self.catalogue_failure = refreshed.problem
            self.changed()

    async def verify(self, connection: Connection) -> KeyInfo | None:
        """Ask the server of a connection about its key; raises WorkbenchError."""
        service = await asyncio.to_thread(self.runtime.open_service, connection)
        try:
            return await service.key_info()
        finally:
            await service.aclose()

    async def reload(self) -> None:
        """Take the settings that were saved; the next request goes by them.

        A running answer keeps its connection. The catalogue stays unless another server is meant.
        What was saved is taken even if the caller is cancelled meanwhile, as by a screen that goes.
        """
        await asyncio.shield(self._reload())

    async def _reload(self) -> None:
        async with self._reloading:  # so that nothing older is taken after what is newer
            read = await asyncio.to_thread(self.runtime.read)
            if await self._service.replace_if(partial(self._take, read)):
                self.catalogue = Catalogue()
                self.catalogue_failure = None

    def _take(self, read: SettingsRead) -> bool:
        runtime = self.runtime
        before = (runtime.connection, runtime.settings.reliability)
        runtime.take(read)
        return (runtime.connection, runtime.settings.reliability) != before

    def default_model(self) -> str:
        """The model of a new conversation."""
        connection = self.runtime.connection
        if connection is None:
            return self.runtime.settings.default.model
        return model_to_ask(connection, self.catalogue)

    def model(self, model_id: str) -> Model | None:
        """The catalogue's row for a model."""
        return self.catalogue.find(model_id)

    def request(
        self,
        conversation: Conversation,
        connection: Connection,
        model_id: str,
        calibration: Calibration = UNCALIBRATED,
        once: Sequence[Layer] = (),
    ) -> TurnRequest:
        """The next request of a conversation with the settings of now, to be sent or looked at."""
        return turn_request(
            self.runtime.settings,
            connection,
            self.catalogue,
            model_id=model_id,
            session_id=conversation.session_id,
            calibration=calibration,
            layers=(layer_of(conversation.settings), *once),
        )

    @asynccontextmanager
    async def turn(
        self,
        conversation: Conversation,
        view: TurnView,
        once: Sequence[Layer] = (),
        unsent: Callable[[], str] = str,
    ) -> AsyncIterator[Turn]:
        """A turn of this conversation with the settings of now; raises WorkbenchError.

        ``once`` goes over all other settings, for this turn alone. ``unsent`` is asked what stays
        in the draft when the turn is stored.
        """
        history = await self.wait_for_history()
        async with self.borrowed() as service:
            calibration = await Ledger(history).calibration(conversation.model)
            request = self.request(
                conversation, service.connection, conversation.model, calibration, once
            )
            stand_ins = self.runtime.stand_ins(
                service.connection,
                conversation.model,
                conversation.session_id,
                (layer_of(conversation.settings), *once),
            )
            yield Turn(
                conversation,
                request,
                service,
                history,
                view,
                stand_ins=stand_ins,
                files_of=self.attachments.files_of,
                unsent=unsent,
            )

    async def aclose(self) -> None:
        """Close the connection and the history."""
        await self._stop_purging()
        await self._service.aclose()
        if self.history is not None:
            await self.history.aclose()
