"""What the history knows of money: totals, the rows behind them, and what answers have taught."""

from datetime import datetime
from functools import partial

from tui.domain.calibration import UNCALIBRATED, Calibration
from tui.domain.cost import CostTotal
from tui.domain.spend import SpendRow
from tui.domain.totals import Totals, start_of_day, start_of_month
from tui.services import history_money as queries
from tui.services.history import History
from tui.services.history_rows import moment_to_text

_NOTHING: tuple[list[SpendRow], int | None] = ([], None)


class Ledger:
    """Questions about money to one history; none of them raises when the disk fails."""

    def __init__(self, history: History) -> None:
        self._history = history

    async def calibration(self, model_id: str) -> Calibration:
        """What the last answers of a model teach about our estimates for it."""
        return await self._history.read(
            partial(queries.calibration, model_id=model_id), UNCALIBRATED
        )

    async def totals(
        self, conversation_id: str | None, opened_at: datetime, now: datetime
    ) -> Totals:
        """What was spent in USD up to now; both moments know their time zone.

        Days and months are those of the local time zone.
        """
        return Totals(
            conversation=await self._spent_in(conversation_id),
            opened=await self._spent_since(opened_at),
            today=await self._spent_since(start_of_day(now)),
            month=await self._spent_since(start_of_month(now)),
            all_time=await self._spent_since(None),
        )

    async def rows(self, since: datetime | None = None) -> list[SpendRow]:
        """Every answer since a moment, the oldest first."""
        text = None if since is None else moment_to_text(since)
        rows: list[SpendRow] = []
        after: int | None = 0
        while after is not None:
            query = partial(queries.spend_rows, since=text, after=after)
            part, after = await self._history.read(query, _NOTHING)
            rows += part
        return sorted(rows, key=lambda row: row.at)

    async def _spent_since(self, moment: datetime | None) -> CostTotal:
        text = None if moment is None else moment_to_text(moment)
        return await self._history.read(partial(queries.spent_between, since=text), CostTotal())

    async def _spent_in(self, conversation_id: str | None) -> CostTotal:
        if conversation_id is None:
            return CostTotal()
        query = partial(queries.spent_in, conversation_id=conversation_id)
        return await self._history.read(query, CostTotal())
