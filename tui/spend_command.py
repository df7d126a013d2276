"""``orw spend``: where the money went, for people and scripts."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from tui.domain.cost import CostTotal, total
from tui.domain.errors import Failure
from tui.domain.figures import UNKNOWN, money, tokens
from tui.domain.receipt import total_words
from tui.domain.sanitize import single_line, visible
from tui.domain.spend import SpendBy, SpendGroup, SpendRow, group_spending
from tui.domain.spend_export import spend_csv, spend_json
from tui.runtime import Runtime
from tui.services.history import History
from tui.services.ledger import Ledger

_LONGEST_LABEL: Final = 48
_DAYS: Final = re.compile(r"([1-9]\d{0,6})d", re.ASCII)
_HEADINGS: Final = (
    "SPENT",
    "ANSWERS",
    "INPUT",
    "CACHE READ",
    "CACHE WRITE",
    "OUTPUT",
    "REASONING",
    "CACHE SAVED",
)


@dataclass(frozen=True, slots=True)
class SpendOptions:
    """The flags of the command; ``since`` knows its time zone, None is from the beginning."""

    by: SpendBy = SpendBy.DAY
    since: datetime | None = None
    as_json: bool = False
    as_csv: bool = False


def read_since(text: str, now: datetime) -> datetime:
    """The moment from which on answers count: a day, as 2026-11-01, or the last so many, as 30d.

    Days begin at local midnight, and 1d is today. Raises ValueError for anything else.
    """
    days = _DAYS.fullmatch(text)
    try:
        if days is None:
            day = date.fromisoformat(text)
        else:
            day = now.astimezone().date() - timedelta(days=int(days[1]) - 1)
        return datetime.combine(day, time.min).astimezone()
    except (OverflowError, ValueError):
        raise ValueError(f"not a day: {text}") from None


def run_spend(runtime: Runtime, options: SpendOptions) -> int:
    """Print what was spent; returns 0, also when that is nothing."""
    rows, problem = asyncio.run(_rows(runtime.history_file, options.since))
    if problem is not None:
        print(visible(str(problem)), file=sys.stderr)
    groups = group_spending(rows, options.by)
    spent = total(row.cost for row in rows)
    if options.as_json:
        print(spend_json(groups, options.by, spent))
    elif options.as_csv:
        print(spend_csv(groups, options.by), end="")
    elif groups:
        print(_table(groups, options.by, spent))
    else:
        print("Nothing was spent.", file=sys.stderr)
    return 0


async def _rows(file: Path, since: datetime | None) -> tuple[list[SpendRow], Failure | None]:
    """Every answer since then; a history that does not exist yet is not made for it."""
    if not await asyncio.to_thread(file.exists):
        return [], None
    history = await History.open(file)
    try:
        return await Ledger(history).rows(since), history.problem
    finally:
        await history.aclose()


def _table(groups: Sequence[SpendGroup], by: SpendBy, spent: CostTotal) -> str:
    """Aligned columns under a heading, with the sum and what failed below them."""
    told = [one for one in groups if by.is_time or one.answers or one.cost != CostTotal()]
    rows = [(by.value.upper(), *_HEADINGS), *map(_cells, told)]
    rows.append(("total", total_words(spent), f"{sum(group.answers for group in groups):,}"))
    full = [(*row, *[""] * (len(rows[0]) - len(row))) for row in rows]
    widths = [max(len(row[column]) for row in full) for column in range(len(rows[0]))]
    lines = [
        "  ".join(
            [
                row[0].ljust(widths[0]),
                *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)),
            ]
        ).rstrip()
        for row in full
    ]
    failed = sum(group.failed for group in groups)
    if failed:
        some = f"{failed:,} requests failed; they are not among the answers."
        lines.append("1 request failed; it is not among the answers." if failed == 1 else some)
    return "\n".join(lines)


def _cells(group: SpendGroup) -> tuple[str, ...]:
    counts = [tokens(count, estimated=ours) for count, ours in group.tokens.by_class]
    if group.tokens.unknown:
        for place in (0, 3):  # of the prompt and of the answer
            counts[place] += f" + {UNKNOWN}"
    saved = money(group.saving, estimated=True) if group.saving else ""
    return (
        single_line(group.label, _LONGEST_LABEL),
        total_words(group.cost),
        f"{group.answers:,}",
        *counts,
        saved,
    )
