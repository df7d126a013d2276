"""What everything that shows money shares while the app runs; it knows no widget."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from tui.domain.budget import Verdict, judge
from tui.domain.caching_trace import CacheTrace
from tui.domain.calibration import UNCALIBRATED, Calibration
from tui.domain.conversation import Conversation
from tui.domain.errors import WorkbenchError
from tui.domain.model import Endpoint, KeyInfo
from tui.domain.parameters_layers import Layer
from tui.domain.presets import layer_of
from tui.domain.preview import CostPreview
from tui.domain.routing_explain import explain
from tui.domain.routing_read import read_routing
from tui.domain.settings import ProviderKind
from tui.domain.spend import SpendRow
from tui.domain.totals import Totals
from tui.domain.turn import TurnRequest
from tui.domain.under_way import Books, UnderWay, expected
from tui.services.history import History
from tui.services.ledger import Ledger
from tui.ui.controllers.chips import Unsent
from tui.ui.controllers.preview import NextSend, Planned, plan_aside
from tui.ui.controllers.session import Session


def now_utc() -> datetime:
    """The wall clock: prices, caches and days go by it, waits never."""
    return datetime.now(UTC)


class MoneyDesk:
    """Sums, what was learnt from earlier answers, and plans of the next send.

    Nothing here raises: without a history or a provider there are simply no figures.
    """

    def __init__(self, session: Session) -> None:
        self.session = session
        self.opened_at = now_utc()
        self.books: Books | None = None
        self.under_way: Callable[[], Sequence[UnderWay]] = tuple
        """What this instance is being answered, or is about to ask."""
        self.endpoints: Callable[[str], Sequence[Endpoint]] = lambda _model_id: ()
        """Who serves a model, as far as that was read."""
        self._calibrations: dict[str, Calibration] = {}
        self._learnt_from: History | None = None
        self._standing_in: tuple[object, list[TurnRequest]] | None = None

    @property
    def totals(self) -> Totals | None:
        """What was spent when it was summed up last; None before."""
        return self.books.spent if self.books is not None else None

    @property
    def ledger(self) -> Ledger | None:
        """The sums over the history, once it is open."""
        history = self.session.history
        return Ledger(history) if history is not None else None

    async def ready(self) -> None:
        """Wait until the history is open and summed up."""
        await self.session.wait_for_history()
        if self.totals is None:
            await self.refresh_totals(None)

    async def refresh_totals(self, conversation_id: str | None) -> None:
        """Sum up again, as after an answer; what was learnt before it is learnt anew."""
        self._calibrations.clear()
        ledger = self.ledger
        if ledger is not None:
            self.books = await self._books(ledger, conversation_id)

    async def _books(
        self, ledger: Ledger, conversation_id: str | None, own: Sequence[UnderWay] | None = None
    ) -> Books:
        own = self.under_way() if own is None else own
        ids = [one.message_id for one in own if one.message_id is not None]
        return await ledger.books(conversation_id, self.opened_at, now_utc(), ids)

    async def verdict_of(self, cost: CostPreview, conversation_id: str) -> Verdict:
        """What the budgets say of a send, with all that is spent and under way at this moment."""
        if not self.session.runtime.settings.budget.is_set:
            return Verdict()
        ledger = Ledger(await self.session.wait_for_history())
        # What is not begun yet when the books are asked for cannot have ended in them.
        own = self.under_way()
        books = await self._books(ledger, conversation_id, own)
        return self._judged(books, own, conversation_id, cost)

    def verdict(self, conversation_id: str | None, cost: CostPreview | None) -> Verdict:
        """The same by what was summed up last, for what is shown all the time."""
        if self.books is None:
            return Verdict()
        return self._judged(self.books, self.under_way(), conversation_id, cost)

    def _judged(
        self,
        books: Books,
        own: Sequence[UnderWay],
        conversation_id: str | None,
        cost: CostPreview | None,
    ) -> Verdict:
        coming = expected(books.under_way(own), conversation_id, self.opened_at, now_utc())
        return judge(self.session.runtime.settings.budget, books.spent, cost, coming)

    async def rows(self, since: datetime | None = None) -> list[SpendRow]:
        """Every answer since a moment with what it cost, the oldest first."""
        ledger = self.ledger
        return await ledger.rows(since) if ledger is not None else []

    async def account(self) -> KeyInfo | None:
        """What the provider itself says of the key; None if it does not say, or cannot be asked."""
        connection = self.session.runtime.connection
        if connection is None or connection.kind is ProviderKind.COMPATIBLE:
            return None
        if connection.key is None and not connection.is_demo:
            return None
        try:
            async with self.session.borrowed() as service:
                return await service.key_info()
        except WorkbenchError:
            return None

    async def next_send(
        self,
        conversation: Conversation,
        model_id: str,
        unsent: Unsent,
        trace: CacheTrace | None = None,
        once: Sequence[Layer] = (),
    ) -> NextSend | None:
        """Everything about the next send; None as long as there is no provider.

        ``trace`` is that of an earlier plan, if nothing but the text is another one; ``once`` goes
        over all other settings, for this send alone.
        """
        request = self.request(conversation, model_id, await self._calibration(model_id), once)
        if request is None:
            return None
        offers = self._offers(request)
        only = offers[0] if len(offers) == 1 else None
        stand_ins = await self._stand_ins(conversation, request, model_id, once)
        planned = Planned(conversation, unsent, request, only, offers, trace, stand_ins)
        return await plan_aside(planned, now_utc)

    async def _stand_ins(
        self,
        conversation: Conversation,
        request: TurnRequest,
        model_id: str,
        once: Sequence[Layer],
    ) -> Sequence[TurnRequest]:
        """What other providers would be asked if the chosen one failed; read from the disk once."""
        runtime = self.session.runtime
        if not runtime.settings.reliability.fallback_providers:
            return ()
        layers = (layer_of(conversation.settings), *once)
        key = (runtime.settings, request.connection, model_id, conversation.session_id, layers)
        if self._standing_in is None or self._standing_in[0] != key:
            found = await asyncio.to_thread(
                runtime.stand_in_requests,
                request.connection,
                model_id,
                conversation.session_id,
                layers,
            )
            self._standing_in = (key, found)
        return self._standing_in[1]

    def _offers(self, request: TurnRequest) -> Sequence[Endpoint]:
        """The endpoints that may answer, as far as they were read."""
        known = self.endpoints(request.settings.model)
        routing, _ = read_routing(request.settings.routing)
        return explain(routing, known).allowed if known and routing else known

    def request(
        self,
        conversation: Conversation,
        model_id: str,
        calibration: Calibration = UNCALIBRATED,
        once: Sequence[Layer] = (),
    ) -> TurnRequest | None:
        """The next request of a conversation by the settings of now; ``once`` goes over them."""
        connection = self.session.runtime.connection
        if connection is None:
            return None
        return self.session.request(conversation, connection, model_id, calibration, once)

    async def _calibration(self, model_id: str) -> Calibration:
        history = self.session.history
        if history is not self._learnt_from:
            self._calibrations.clear()
            self._learnt_from = history
        if model_id not in self._calibrations and history is not None:
            self._calibrations[model_id] = await Ledger(history).calibration(model_id)
        return self._calibrations.get(model_id, UNCALIBRATED)
