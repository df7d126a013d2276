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
from tui.domain.under_way import Books, expected
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
) -> Verdict:
    """What the budgets say of sending this path, as the first turn of its conversation.

    ``file`` holds what was spent before, and what streams into it from elsewhere; it is read also
    when ``history`` is only in memory. ``stand_ins`` gives the requests that other providers would
    get if the chosen one failed; it may block.
    """
    if not budgets.is_set:
        return Verdict()
    books = await _books(history, file, now)
    under_way = expected(books.under_way(), None, now, now)
    others = await asyncio.to_thread(stand_ins)
    cost = preview(request, path, now=now, stand_ins=others)
    return judge(budgets, books.spent, cost, under_way)


async def _books(history: History, file: Path, now: datetime) -> Books:
    if history.file is not None or not await asyncio.to_thread(file.exists):
        return await Ledger(history).books(None, now, now)
    before = await History.open(file)
    try:
        return await Ledger(before).books(None, now, now)
    finally:
        await before.aclose()
