"""The budgets, asked before a send that no screen shows."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from tui.domain.budget import Verdict, judge
from tui.domain.conversation import Message
from tui.domain.preview import preview
from tui.domain.settings import BudgetSettings
from tui.domain.totals import Totals
from tui.domain.turn import TurnRequest
from tui.services.history import History
from tui.services.ledger import Ledger


async def budget_verdict(
    budgets: BudgetSettings,
    history: History,
    file: Path,
    request: TurnRequest,
    path: Sequence[Message],
    now: datetime,
) -> Verdict:
    """What the budgets say of sending this path, as the first turn of its conversation.

    ``file`` holds what was spent before; it is read also when ``history`` is only in memory.
    """
    if not budgets.is_set:
        return Verdict()
    totals = await _totals(history, file, now)
    return judge(budgets, totals, preview(request, path, now=now))


async def _totals(history: History, file: Path, now: datetime) -> Totals:
    if history.file is not None or not await asyncio.to_thread(file.exists):
        return await Ledger(history).totals(None, now, now)
    before = await History.open(file)
    try:
        return await Ledger(before).totals(None, now, now)
    finally:
        await before.aclose()
