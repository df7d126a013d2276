"""What everything that shows money shares while the app runs; it knows no widget."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from tui.domain.caching_trace import CacheTrace
from tui.domain.calibration import UNCALIBRATED, Calibration
from tui.domain.conversation import Conversation
from tui.domain.errors import WorkbenchError
from tui.domain.model import Endpoint, KeyInfo
from tui.domain.routing_explain import explain
from tui.domain.routing_read import read_routing
from tui.domain.settings import ProviderKind
from tui.domain.spend import SpendRow
from tui.domain.totals import Totals
from tui.domain.turn import TurnRequest
from tui.services.history import History
from tui.services.ledger import Ledger
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
        self.totals: Totals | None = None
        self.endpoints: Callable[[str], Sequence[Endpoint]] = lambda _model_id: ()
        """Who serves a model, as far as that was read."""
        self._calibrations: dict[str, Calibration] = {}
        self._learnt_from: History | None = None

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
            self.totals = await ledger.totals(conversation_id, self.opened_at, now_utc())

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
        text: str,
        trace: CacheTrace | None = None,
    ) -> NextSend | None:
        """Everything about the next send; None as long as there is no provider.

        ``trace`` is that of an earlier plan, if nothing but the text is another one.
        """
        request = self.request(conversation, model_id, await self._calibration(model_id))
        if request is None:
            return None
        offers = self._offers(request)
        only = offers[0] if len(offers) == 1 else None
        return await plan_aside(Planned(conversation, text, request, only, offers, trace), now_utc)

    def _offers(self, request: TurnRequest) -> Sequence[Endpoint]:
        """The endpoints that may answer, as far as they were read."""
        known = self.endpoints(request.settings.model)
        routing, _ = read_routing(request.settings.routing)
        return explain(routing, known).allowed if known and routing else known

    def request(
        self, conversation: Conversation, model_id: str, calibration: Calibration = UNCALIBRATED
    ) -> TurnRequest | None:
        """The next request of a conversation by the settings of now."""
        connection = self.session.runtime.connection
        if connection is None:
            return None
        return self.session.request(conversation, connection, model_id, calibration)

    async def _calibration(self, model_id: str) -> Calibration:
        history = self.session.history
        if history is not self._learnt_from:
            self._calibrations.clear()
            self._learnt_from = history
        if model_id not in self._calibrations and history is not None:
            self._calibrations[model_id] = await Ledger(history).calibration(model_id)
        return self._calibrations.get(model_id, UNCALIBRATED)
