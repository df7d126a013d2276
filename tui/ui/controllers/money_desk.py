"""What everything that shows money shares while the app runs; it knows no widget."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from tui.domain.budget import Verdict, judge
from tui.domain.caching_trace import CacheTrace
from tui.domain.calibration import UNCALIBRATED, Calibration
from tui.domain.conversation import Conversation
from tui.domain.cost import CostTotal
from tui.domain.errors import WorkbenchError
from tui.domain.model import Endpoint, KeyInfo
from tui.domain.parameters_layers import Layer
from tui.domain.presets import layer_of
from tui.domain.preview import CostPreview
from tui.domain.routing_explain import explain
from tui.domain.routing_read import read_routing
from tui.domain.settings import ProviderKind
from tui.domain.spend import SpendRow
from tui.domain.totals import UNREADABLE, Totals
from tui.domain.turn import TurnRequest
from tui.domain.under_way import Books, UnderWay, come_to, expected
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
            ids = [one.message_id for one in self.under_way() if one.message_id is not None]
            self.books = await ledger.books(conversation_id, self.opened_at, now_utc(), ids)

    async def admit(
        self, cost: CostPreview, conversation_id: str, name: str = "", *, anyway: bool = False
    ) -> Verdict:
        """What the budgets say of a send, with all that is spent and under way at this moment.

        Unless that is a hard no, or ``anyway``, every running instance counts the send from now on,
        under its ``name`` or as the next turn of the conversation.
        """
        budgets = self.session.runtime.settings.budget
        if not budgets.is_set:
            return Verdict()
        ledger = Ledger(await self.session.wait_for_history())
        # What is not begun yet when the books are asked for cannot have ended in them.
        own, now = tuple(self.under_way()), now_utc()
        send = UnderWay(name or conversation_id, conversation_id, now, cost.likely_cost)

        def judged(books: Books) -> Verdict:
            coming = expected(books.under_way(own), conversation_id, self.opened_at, now)
            return judge(budgets, books.spent, cost, coming, is_complete=books.is_complete)

        ids = [one.message_id for one in own if one.message_id is not None]
        return await ledger.claim(send, judged, self.opened_at, ids, anyway=anyway)

    def verdict(self, conversation_id: str | None, cost: CostPreview | None) -> Verdict:
        """The same by what was summed up last, for what is shown all the time."""
        books, budgets = self.books, self.session.runtime.settings.budget
        if books is None:
            return Verdict()
        answers = books.under_way(self.under_way())
        coming = expected(answers, conversation_id, self.opened_at, now_utc())
        return judge(budgets, books.spent, cost, coming, is_complete=books.is_complete)

    def totals_so_far(self, conversation_id: str | None) -> Totals | None:
        """What was spent when it was summed up last, with what has come since of every answer.

        Where what was written before cannot be read, that counts as one unknown part.
        """
        books = self.books
        if books is None:
            return None
        answers = books.under_way(self.under_way())
        totals = books.spent + come_to(answers, conversation_id, self.opened_at, now_utc())
        return totals if books.is_complete else totals + UNREADABLE

    def bar_totals(
        self, conversation_id: str | None, spent: CostTotal, today: CostTotal | None
    ) -> tuple[CostTotal, CostTotal | None]:
        """The sums of a conversation and of today, with all that has come of answers under way.

        What streams elsewhere is known as of the last sum, so it counts as long as that holds: once
        today came to something else, it may be among that.
        """
        books = self.books if self.books is not None and self.books.spent.today == today else None
        answers = (books or Books()).under_way(self.under_way())
        coming = come_to(answers, conversation_id, self.opened_at, now_utc())
        if self.books is not None and not self.books.is_complete:
            coming += UNREADABLE
        return spent + coming.conversation, today + coming.today if today is not None else None

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
        return [
            replace(one, calibration=await self._calibration(one.settings.model))
            for one in self._standing_in[1]
        ]

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
