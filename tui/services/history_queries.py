"""What is read from the history database, as functions of a connection."""

import sqlite3
from datetime import datetime
from typing import Any

from tui.domain.conversation import Conversation, ConversationSummary, MessageState
from tui.domain.cost import Cost, CostTotal, total
from tui.services.history_rows import conversation_from_row, cost_from_row, message_from_row


def summaries(connection: sqlite3.Connection, limit: int) -> list[ConversationSummary]:
    """The conversations by recency, with what all their branches cost."""
    costs: dict[str, list[Cost]] = {}
    for row in connection.execute(
        """
        SELECT conversation_id, cost, cost_source FROM generations WHERE conversation_id IN (
            SELECT id FROM conversations WHERE deleted_at IS NULL
            ORDER BY touched DESC LIMIT :limit)
        """,
        {"limit": limit},
    ):
        costs.setdefault(row["conversation_id"], []).append(cost_from_row(row))
    rows = connection.execute(
        """
        SELECT id, title, model, updated_at FROM conversations
        WHERE deleted_at IS NULL ORDER BY touched DESC LIMIT :limit
        """,
        {"limit": limit},
    )
    return [
        ConversationSummary(
            id=row["id"],
            title=row["title"],
            model=row["model"],
            updated_at=datetime.fromisoformat(row["updated_at"]),
            cost=total(costs.get(row["id"], ())),
        )
        for row in rows
    ]


def load(connection: sqlite3.Connection, conversation_id: str) -> Conversation | None:
    """A conversation with all its messages, in the order they were written."""
    row = connection.execute(
        "SELECT * FROM conversations WHERE id = ? AND deleted_at IS NULL", (conversation_id,)
    ).fetchone()
    if row is None:
        return None
    messages = []
    for joined in connection.execute(
        """
        SELECT g.*, m.* FROM messages AS m LEFT JOIN generations AS g ON g.message_id = m.id
        WHERE m.conversation_id = ? ORDER BY m.seq
        """,
        (conversation_id,),
    ).fetchall():
        # Both tables have a `conversation_id` and a `seq`; of equal names the later one counts.
        columns: dict[str, Any] = dict(zip(joined.keys(), joined, strict=True))
        if columns["state"] == MessageState.STREAMING:
            text, reasoning = journaled(connection, columns["id"])
            columns["text"] += text
            columns["reasoning"] += reasoning
        messages.append(message_from_row(columns))
    return conversation_from_row(row, messages)


def latest_id(connection: sqlite3.Connection) -> str | None:
    """The conversation that was used last."""
    row = connection.execute(
        "SELECT id FROM conversations WHERE deleted_at IS NULL ORDER BY touched DESC LIMIT 1"
    ).fetchone()
    return None if row is None else row["id"]


def spent_since(connection: sqlite3.Connection, moment: str) -> CostTotal:
    """What was spent from a moment on, by conversations since deleted too.

    Answers that are still streaming do not count yet.
    """
    rows = connection.execute(
        """
        SELECT cost, cost_source FROM generations WHERE started_at >= ?
        AND message_id NOT IN (
            SELECT id FROM messages WHERE state = 'streaming')
        """,
        (moment,),
    )
    return total(cost_from_row(row) for row in rows)


def recent_prompts(connection: sqlite3.Connection, limit: int) -> list[str]:
    """The user's last prompts, newest first, each once."""
    prompts: dict[str, None] = {}
    rows = connection.execute(
        """
        SELECT text FROM messages JOIN conversations AS c ON c.id = conversation_id
        WHERE role = 'user' AND deleted_at IS NULL ORDER BY seq DESC
        """
    )
    for row in rows:
        if len(prompts) >= limit:
            break
        prompts.setdefault(row["text"])
    return list(prompts)


def journaled(connection: sqlite3.Connection, message_id: str) -> tuple[str, str]:
    """The text and the reasoning in the journal of an answer."""
    rows = connection.execute(
        "SELECT text, reasoning FROM journal WHERE message_id = ? ORDER BY seq", (message_id,)
    ).fetchall()
    return "".join(row["text"] for row in rows), "".join(row["reasoning"] for row in rows)
