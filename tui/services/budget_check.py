"""The budgets, asked before a send that no screen shows."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from tui.domain.budget import Verdict, judge
from tui.domain.conversation import Message
from tui.domain.preview import preview
from tui.domain.settings import BudgetSettings
from tui.domain.turn import TurnRequest
from tui.domain.under_way import Books, UnderWay, expected
from tui.services.history import History
from tui.services.ledger import Ledger


async def budget_verdict(
    budgets: BudgetSettings,
    history: History,
    file: Path,
    request: TurnRequest,
    path: Sequence[Message],
    now: datetime,
    stand_ins: Callable[[], Sequence[TurnRequest]] = tuple,
    *,
    anyway: bool = False,
) -> Verdict:
    """What the budgets say of sending this path, as the first turn of its conversation.

    ``file`` holds what was spent before, and what streams into it from elsewhere; it is read also
    when ``history`` is only in memory. Unless the verdict is hard, or ``anyway``, other instances
    count the send from now on, if it is to be kept. ``stand_ins`` gives the requests that other
    providers would get if the chosen one failed; it may block.
    """
    if not budgets.is_set:
        return Verdict()
    others = await asyncio.to_thread(stand_ins)
    cost = preview(request, path, now=now, stand_ins=others)

    def judged(books: Books) -> Verdict:
        coming = expected(books.under_way(), None, now, now)
        return judge(budgets, books.spent, cost, coming, is_complete=books.is_complete)

    if history.file is None and await asyncio.to_thread(file.exists):
        return judged(await _books(file, now))
    conversation_id = path[-1].conversation_id
    send = UnderWay(conversation_id, conversation_id, now, cost.likely_cost)
    return await Ledger(history).claim(send, judged, now, anyway=anyway)


async def _books(file: Path, now: datetime) -> Books:
    history = await History.open(file)
    try:
        return await Ledger(history).books(None, now, now)
    finally:
        await history.aclose()
