"""The part of the model browser that asks: endpoints, what the key may use, how long turns are."""

from collections.abc import Sequence
from dataclasses import replace

from textual import on
from textual.timer import Timer

from tui.domain.catalogue_filter import Filter
from tui.ui.controllers.model_desk import ModelDesk
from tui.ui.guard import run_guarded
from tui.ui.presence import is_there
from tui.ui.screens.models_view import ModelsView
from tui.ui.widgets.catalogue.hint_line import HintLine
from tui.ui.widgets.row_list import RowList

_DETAILS_AFTER = 0.08
_ENDPOINTS_AFTER = 0.25
"""Seconds for which the cursor rests before more than its row is shown, or asked for."""
_PROVIDERS_AFTER = 0.6
MOST_READ = 100
"""Models whose endpoints are read at once."""


class ModelsAsking(ModelsView):
    """Asks the server for what the rows do not hold, once somebody wants to see it."""

    def __init__(self, desk: ModelDesk, in_use: str | None) -> None:
        super().__init__(desk, in_use)
        self._details_timer: Timer | None = None
        self._endpoints_timer: Timer | None = None
        self._providers_timer: Timer | None = None
        self._unread: list[str] = []

    def on_mount(self) -> None:
        """Bring up to date what has come since the last time."""
        run_guarded(self.app, self._learn(), "turn")

    async def _learn(self) -> None:
        """Take the size of the user's turns as it is by now, and what the key may use."""
        if await self.desk.learn_turn():
            self.session_changed()
        if self.browsing.filter.asks("mine"):
            await self.read_usable()

    async def read_usable(self) -> None:
        """Ask what the key may use, and filter by it."""
        await self.desk.read_usable(self.status_changed)
        self.session_changed()

    def _read_later(self) -> None:
        """Have who serves the models read once the filter asks for it and typing rests."""
        if self._providers_timer is not None:
            self._providers_timer.stop()
        self._unread = self._not_yet_read() if self.browsing.asks_providers else []
        if 0 < len(self._unread) <= MOST_READ:
            self._providers_timer = self.set_timer(_PROVIDERS_AFTER, self.read_candidates)

    def _not_yet_read(self) -> list[str]:
        return [one for one in self.browsing.candidates() if self.desk.endpoints.peek(one) is None]

    def read_candidates(self) -> None:
        """Read who serves the models that the filter lets through apart from its providers."""
        self._unread = self._not_yet_read()
        if 0 < len(self._unread) <= MOST_READ:
            run_guarded(self.app, self._read_all(self._unread), "endpoints")
        self.query_one(HintLine).refresh()

    async def _read_all(self, model_ids: Sequence[str]) -> None:
        await self.desk.read_endpoints(model_ids, self.status_changed)
        if is_there(self):
            self._unread = []
            self.session_changed()

    def filter_changed(self, before: Filter) -> None:
        """Ask what the filter has begun to go by."""
        self._read_later()
        if self.desk.must_ask(self.browsing.filter, before):
            run_guarded(self.app, self.read_usable(), "usable")

    @property
    def notice(self) -> str:
        """That more models match than are asked who serves them."""
        unread = len(self._unread)
        if unread <= MOST_READ:
            return ""
        return f"Who serves {unread:,} of them is unread: narrow the rest to {MOST_READ} models."

    @on(RowList.Moved, "#models")
    def _moved(self, event: RowList.Moved) -> None:
        """Show the details once the cursor rests; asking for endpoints takes a longer rest."""
        event.stop()
        for timer in (self._details_timer, self._endpoints_timer):
            if timer is not None:
                timer.stop()
        self._details_timer = self.set_timer(_DETAILS_AFTER, self.show_details)
        self._endpoints_timer = self.set_timer(_ENDPOINTS_AFTER, self.ask_endpoints)

    def ask_endpoints(self) -> None:
        """Ask who serves the model under the cursor, unless that is known."""
        found = self.current
        if found is not None and is_there(self) and self.shows_details:
            run_guarded(self.app, self._read_endpoints(found.model.id), "endpoints")

    async def _read_endpoints(self, model_id: str) -> None:
        read = await self.desk.endpoints.get(model_id)
        if not is_there(self):
            return
        context = self.browsing.context
        if read.endpoints and context.endpoints.get(model_id) is not read.endpoints:
            known = replace(context, endpoints=self.desk.endpoints.known())
            before = len(self.browsing.found)
            self.browsing.use(self.browsing.catalogue, known)
            if len(self.browsing.found) != before:
                self.show()
            else:
                self.show_table()
        current = self.current
        if current is not None and current.model.id == model_id:
            self.show_endpoints(model_id)
