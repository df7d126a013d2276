"""What is read from the history database, as functions of a connection."""

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from tui.domain.chat_settings import ChatSettings
from tui.domain.conversation import Conversation, ConversationSummary, MessageState
from tui.domain.cost import Cost, CostTotal, total
from tui.domain.pictures import Picture
from tui.services.history_rows import (
    conversation_from_row,
    cost_from_row,
    images_from_text,
    message_from_row,
    settings_to_text,
)

_OWN_MODEL_ALONE = settings_to_text(ChatSettings(own_model=True))
HOLDS_SOMETHING = f"""(
    draft != '' OR system_prompt != '' OR settings NOT IN ('{{}}', '{_OWN_MODEL_ALONE}')
    OR EXISTS (SELECT 1 FROM tags WHERE conversation_id = conversations.id)
    OR title != '' AND NOT EXISTS (SELECT 1 FROM messages WHERE conversation_id = conversations.id)
)"""  # noqa: S608 - a constant of our own
"""Whether a row of ``conversations`` is worth listing without a message: there is a draft, of text
or of files (the settings tell), it asks with something of its own (see
:attr:`tui.domain.conversation.Conversation.is_set_up`), or the user gave it a tag or a name.
Without a message, only the user gives a name."""
_IS_LISTED = f"""(EXISTS (
    SELECT 1 FROM messages WHERE conversation_id = conversations.id AND seq NOT IN (
        SELECT seq FROM messages WHERE removed_at IS NOT NULL)) OR {HOLDS_SOMETHING})"""  # noqa: S608 - as above


def summaries(connection: sqlite3.Connection, limit: int) -> list[ConversationSummary]:
    """The conversations by recency, with what all their branches cost; -1 is all of them.

    What holds neither a message nor anything else is left out.
    """
    rows = connection.execute(
        f"""
        SELECT id, title, model, updated_at, pinned, archived FROM conversations
        WHERE deleted_at IS NULL AND {_IS_LISTED}
        ORDER BY touched DESC LIMIT ?
        """,  # noqa: S608 - a condition of our own
        (limit,),
    ).fetchall()
    costs = _costs_of_many(connection, [row["id"] for row in rows])
    tags = _tags_of_all(connection)
    return [
        ConversationSummary(
            id=row["id"],
            title=row["title"],
            model=row["model"],
            updated_at=datetime.fromisoformat(row["updated_at"]),
            cost=costs.get(row["id"], CostTotal()),
            pinned=bool(row["pinned"]),
            archived=bool(row["archived"]),
            tags=tuple(tags.get(row["id"], ())),
        )
        for row in rows
    ]


def _costs_of_many(connection: sqlite3.Connection, ids: Sequence[str]) -> dict[str, CostTotal]:
    """What each of these conversations cost, as :func:`tui.domain.cost.total` counts.

    SQLite gathers the amounts that were billed, nearly all of them, since to fetch them one by one
    takes several times as long; they are added up here, since it has no decimal numbers.
    """
    billed = connection.execute(
        """
        SELECT conversation_id AS id, group_concat(cost, ' ') AS amounts FROM generations
        WHERE NOT copied AND cost IS NOT NULL AND cost_source IN ('reported', 'not_billed')
        AND conversation_id IN (SELECT value FROM json_each(?))
        GROUP BY conversation_id
        """,
        (json.dumps(ids),),
    )
    totals = {
        row["id"]: CostTotal(sum(map(Decimal, row["amounts"].split()), Decimal(0)))
        for row in billed
    }
    others = connection.execute(
        """
        SELECT conversation_id AS id, cost, cost_source FROM generations
        WHERE NOT copied AND (cost IS NULL OR cost_source NOT IN ('reported', 'not_billed'))
        AND conversation_id IN (SELECT value FROM json_each(?))
        """,
        (json.dumps(ids),),
    )
    for row in others:
        totals[row["id"]] = totals.get(row["id"], CostTotal()).plus(cost_from_row(row))
    return totals


def _tags_of_all(connection: sqlite3.Connection) -> dict[str, list[str]]:
    tags: dict[str, list[str]] = {}
    for row in connection.execute("SELECT conversation_id AS id, tag FROM tags ORDER BY tag"):
        tags.setdefault(row["id"], []).append(row["tag"])
    return tags


def load(connection: sqlite3.Connection, conversation_id: str) -> Conversation | None:
    """A conversation with all its messages, in the order they were written."""
    row = connection.execute(
        "SELECT * FROM conversations WHERE id = ? AND deleted_at IS NULL", (conversation_id,)
    ).fetchone()
    if row is None:
        return None
    messages, removed = [], []
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
        if columns["removed_at"] is not None:
            removed.append(columns["id"])
    return conversation_from_row(
        row,
        messages,
        removed=removed,
        tags=_tags(connection, conversation_id),
        other_costs=_other_costs(connection, conversation_id),
    )


def _tags(connection: sqlite3.Connection, conversation_id: str) -> list[str]:
    rows = connection.execute(
        "SELECT tag FROM tags WHERE conversation_id = ? ORDER BY tag", (conversation_id,)
    )
    return [row["tag"] for row in rows]


def _other_costs(connection: sqlite3.Connection, conversation_id: str) -> list[Cost]:
    """What was spent on answers that are gone for good, and on requests that were no turn."""
    rows = connection.execute(
        """
        SELECT cost, cost_source FROM generations AS g WHERE conversation_id = ? AND NOT copied
        AND NOT EXISTS (SELECT 1 FROM messages WHERE id = g.message_id)
        """,
        (conversation_id,),
    )
    return [cost_from_row(row) for row in rows]


def latest_id(connection: sqlite3.Connection) -> str | None:
    """The conversation that was used last, of those that are listed."""
    row = connection.execute(
        f"SELECT id FROM conversations WHERE deleted_at IS NULL AND {_IS_LISTED}"  # noqa: S608 - ours
        " ORDER BY touched DESC LIMIT 1"
    ).fetchone()
    return None if row is None else row["id"]


def with_messages(connection: sqlite3.Connection) -> set[str]:
    """The conversations in which something was said that is still in sight."""
    rows = connection.execute(
        "SELECT DISTINCT conversation_id AS id FROM messages WHERE removed_at IS NULL"
    )
    return {row["id"] for row in rows}


def spent_since(connection: sqlite3.Connection, moment: str) -> CostTotal:
    """What was spent from a moment on, by conversations since deleted too.

    Answers that are still streaming do not count yet.
    """
    rows = connection.execute(
        """
        SELECT cost, cost_source FROM generations WHERE started_at >= ?
        AND NOT copied AND message_id NOT IN (
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
        WHERE role = 'user' AND deleted_at IS NULL AND removed_at IS NULL ORDER BY seq DESC
        """
    )
    for row in rows:
        if len(prompts) >= limit:
            break
        prompts.setdefault(row["text"])
    return list(prompts)


def images(connection: sqlite3.Connection) -> set[Picture]:
    """The images of all messages, of deleted conversations too."""
    rows = connection.execute("SELECT images FROM messages WHERE images IS NOT NULL")
    return {picture for row in rows for picture in images_from_text(row["images"])}


def journaled(connection: sqlite3.Connection, message_id: str) -> tuple[str, str]:
    """The text and the reasoning in the journal of an answer."""
    rows = connection.execute(
        "SELECT text, reasoning FROM journal WHERE message_id = ? ORDER BY seq", (message_id,)
    ).fetchall()
    return "".join(row["text"] for row in rows), "".join(row["reasoning"] for row in rows)
