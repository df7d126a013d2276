"""What is left of an instance that is gone, as functions of a connection.

They run inside a transaction that their caller opens and commits.
"""

import sqlite3
from collections.abc import Callable

from tui.domain.tokens import estimate_tokens
from tui.services.claims import forget_the_dead
from tui.services.history_bill import stored_estimate
from tui.services.history_queries import journaled


def interrupt(connection: sqlite3.Connection, is_live: Callable[[str | None], bool]) -> int:
    """Fold the journal of answers whose writer is gone and call them interrupted; how many.

    What such a writer was about to send ends too.
    """
    streaming = connection.execute(
        "SELECT id, writer FROM messages WHERE state = 'streaming'"
    ).fetchall()
    lost = [row["id"] for row in streaming if not is_live(row["writer"])]
    for message_id in lost:
        text, reasoning = journaled(connection, message_id)
        connection.execute(
            "UPDATE messages SET text = text || ?, reasoning = reasoning || ?,"
            " state = 'interrupted', writer = NULL WHERE id = ?",
            (text, reasoning, message_id),
        )
        connection.execute("DELETE FROM journal WHERE message_id = ?", (message_id,))
        _estimate(connection, message_id, text, reasoning)
    forget_the_dead(connection, is_live)
    return len(lost)


def _estimate(connection: sqlite3.Connection, message_id: str, text: str, reasoning: str) -> None:
    """Let an answer whose bill will not come cost what its prompt and what arrived of it do."""
    row = connection.execute(
        "SELECT estimate, prices, request_settings FROM generations"
        " WHERE message_id = ? AND cost_source IN ('unknown', 'estimated')",
        (message_id,),
    ).fetchone()
    if row is None:
        return
    cost = stored_estimate(row, estimate_tokens(text) + estimate_tokens(reasoning))
    connection.execute(
        "UPDATE generations SET cost = ?, cost_source = ? WHERE message_id = ?",
        (None if cost.amount is None else str(cost.amount), str(cost.source), message_id),
    )
