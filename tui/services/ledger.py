"""What the history knows of money: totals, the rows behind them, and what answers have taught."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from functools import partial

from tui.domain.budget import Verdict
from tui.domain.calibration import UNCALIBRATED, Calibration
from tui.domain.spend import SpendRow
from tui.domain.totals import start_of_day, start_of_month
from tui.domain.under_way import Books, UnderWay
from tui.services import claims
from tui.services import history_money as queries
from tui.services.claims import Judge
from tui.services.history import History
from tui.services.history_rows import moment_to_text
from tui.services.history_storage import Job

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

    async def books(
        self,
        conversation_id: str | None,
        opened_at: datetime,
        now: datetime,
        own: Collection[str] = (),
    ) -> Books:
        """What was spent in USD up to now, and what streams at that very moment.

        Both moments know their time zone; days and months are those of the local one. ``own`` are
        the ids of answers of which it is asked whether they have ended.
        """
        query = self._books(conversation_id, opened_at, now, own)
        books = await self._history.read(query, Books())
        return replace(books, is_complete=self._history.is_complete)

    async def claim(
        self,
        send: UnderWay,
        judge: Judge,
        opened_at: datetime,
        own: Collection[str] = (),
        *,
        anyway: bool = False,
    ) -> Verdict:
        """Judge a send by the books of this moment and claim it, unless it is forbidden.

        ``send.message_id`` is a name for the claim, which :meth:`withdraw` takes. ``own`` is as in
        :meth:`books`; ``anyway`` claims it whatever the verdict. ``judge`` runs beside the event
        loop, while every other instance waits: of two sends at the same moment, one is judged with
        the other in sight.
        """
        job = partial(
            claims.claim,
            books=self._books(send.conversation_id, opened_at, send.started, own),
            # Asked where it runs: this very transaction may be the one that finds the file damaged.
            judge=lambda books: judge(replace(books, is_complete=self._history.is_complete)),
            send=send,
            writer=self._history.writer,
            anyway=anyway,
        )
        verdict = await self._history.write(job, keep=False)
        return verdict if verdict is not None else judge(Books(is_complete=False))

    async def withdraw(self, claim_id: str) -> None:
        """End a claim of this instance, as its answer is paid for or was not asked for."""
        job = partial(claims.withdraw, writer=self._history.writer, claim_id=claim_id)
        await self._history.write(job, keep=False)

    def _books(
        self,
        conversation_id: str | None,
        opened_at: datetime,
        now: datetime,
        own: Collection[str],
    ) -> Job[Books]:
        return partial(
            queries.books,
            conversation_id=conversation_id,
            opened_at=moment_to_text(opened_at),
            day=moment_to_text(start_of_day(now)),
            month=moment_to_text(start_of_month(now)),
            own=own,
            writer=self._history.writer,
            now=now,
        )

    async def within(self, conversation_id: str) -> queries.Within | None:
        """What is stored of one conversation, whoever wrote it; None if that cannot be read."""
        query = partial(queries.within, conversation_id=conversation_id)
        found: queries.Within | None = await self._history.read(query, None)
        return found if self._history.is_complete else None

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
