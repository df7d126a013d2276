"""The size of the user's usual turn, learnt from the history."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from statistics import median_low
from typing import TYPE_CHECKING
from urllib.parse import quote

from tui.domain.catalogue_context import TypicalTurn

if TYPE_CHECKING:
    from tui.services.history import History

_TURNS = 200
_WAIT = 0.5
"""Seconds to wait for another instance that is writing."""


def typical_turn(connection: sqlite3.Connection) -> TypicalTurn:
    """The medians of the last 200 turns whose usage was reported; the default without any."""
    rows = connection.execute(
        """
        SELECT prompt_tokens, completion_tokens FROM generations
        WHERE usage_reported AND prompt_tokens > 0 AND completion_tokens > 0
        ORDER BY seq DESC LIMIT ?
        """,
        (_TURNS,),
    ).fetchall()
    if not rows:
        return TypicalTurn()
    prompts, completions = zip(*map(tuple, rows), strict=True)
    return TypicalTurn(median_low(prompts), median_low(completions), measured=len(rows))


async def typical_turn_of(history: History) -> TypicalTurn:
    """The same from an open history."""
    return await history.read(typical_turn, TypicalTurn())


def read_typical_turn(history_file: Path) -> TypicalTurn:
    """The same from a history that is not open; the default if it cannot be read. Blocks."""
    try:
        with closing(
            sqlite3.connect(f"file:{quote(str(history_file))}?mode=ro", uri=True, timeout=_WAIT)
        ) as connection:
            return typical_turn(connection)
    except (sqlite3.Error, ValueError):
        return TypicalTurn()
