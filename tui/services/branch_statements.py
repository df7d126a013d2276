"""What is written about branches and whole conversations, as functions of a connection.

They run inside a transaction that their caller opens and commits.
"""

import sqlite3
from collections.abc import Callable, Sequence

from tui.domain.conversation import Conversation, Message
from tui.services.history_rows import conversation_to_row, moment_to_text
from tui.services.history_statements import delete_empty, insert_message, put_generation

IsLive = Callable[[str | None], bool]


def set_removed(
    connection: sqlite3.Connection,
    ids: Sequence[str],
    moment: str | None,
    writer: str | None,
    conversation_id: str,
    leaf_id: str | None,
) -> None:
    """Mark messages as removed at a moment by ``writer``, or bring them back with None.

    ``leaf_id`` is the end of the path that is then the active one.
    """
    connection.execute(
        "UPDATE conversations SET leaf_id = ? WHERE id = ?", (leaf_id, conversation_id)
    )
    connection.executemany(
        "UPDATE messages SET removed_at = ?, removed_by = ? WHERE id = ? AND state != 'streaming'",
        [(moment, writer, message_id) for message_id in ids],
    )


def bring_back(connection: sqlite3.Connection, conversation: Conversation) -> int:
    """Bring back the removed messages that are part of this conversation; how many."""
    removed = connection.execute(
        "SELECT id FROM messages WHERE conversation_id = ? AND removed_at IS NOT NULL",
        (conversation.id,),
    )
    found = [(row["id"],) for row in removed if row["id"] in conversation.messages]
    connection.executemany(
        "UPDATE messages SET removed_at = NULL, removed_by = NULL WHERE id = ?", found
    )
    return len(found)


def insert_conversation(connection: sqlite3.Connection, conversation: Conversation) -> bool:
    """Write a whole conversation, as a fork or an import; False if its id is there already.

    It becomes the one that was used last.
    """
    row = conversation_to_row(conversation) | {
        "leaf_id": conversation.leaf_id,
        "updated_at": moment_to_text(conversation.updated_at or conversation.created_at),
        "pinned": conversation.pinned,
        "archived": conversation.archived,
    }
    names, places = ", ".join(row), ", ".join(f":{name}" for name in row)
    written = connection.execute(
        f"INSERT INTO conversations ({names}, touched) VALUES ({places},"  # noqa: S608 - our names
        " (SELECT coalesce(max(touched), 0) + 1 FROM conversations)) ON CONFLICT (id) DO NOTHING",
        row,
    ).rowcount
    if not written:
        return False
    for message in conversation.in_sight():
        insert_message(connection, message)
    connection.executemany(
        "INSERT INTO tags (conversation_id, tag) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(conversation.id, tag) for tag in conversation.tags],
    )
    return True


def add_cost(connection: sqlite3.Connection, message: Message) -> None:
    """Write what a message cost that is not kept itself, unless its conversation is gone."""
    found = connection.execute(
        "SELECT 1 FROM conversations WHERE id = ?", (message.conversation_id,)
    ).fetchone()
    if found is not None:
        put_generation(connection, message)


def order_by_time(connection: sqlite3.Connection) -> None:
    """Order all conversations by when they were used, after old ones have come in between."""
    connection.execute(
        """
        UPDATE conversations SET touched = place FROM (
            SELECT id AS known, row_number() OVER (ORDER BY updated_at, touched) AS place
            FROM conversations)
        WHERE id = known
        """
    )


def purge_branches(connection: sqlite3.Connection, writer: str | None, is_live: IsLive) -> int:
    """Delete removed messages, unless another instance may still bring them back; how many.

    What they cost stays with the conversation. A message that leads to one which is kept is kept.
    """
    marked = connection.execute(
        "SELECT id, conversation_id, removed_by FROM messages WHERE removed_at IS NOT NULL"
    ).fetchall()
    others = {row["removed_by"] for row in marked} - {writer}
    may_undo = {other for other in others if is_live(other)}
    purged = [row for row in marked if row["removed_by"] not in may_undo]
    ids = {row["id"] for row in purged}
    for conversation_id in {row["conversation_id"] for row in purged}:
        ids -= _needed(connection, conversation_id, ids)
    rows = [(message_id,) for message_id in ids]
    connection.executemany(
        "UPDATE generations SET request_settings = '{}', generation_id = NULL WHERE message_id = ?",
        rows,
    )
    connection.executemany("DELETE FROM messages WHERE id = ?", rows)
    emptied = {row["conversation_id"] for row in purged}
    # The title of what is kept without a message may be the words of one that is gone.
    connection.executemany(
        "UPDATE conversations SET title = '' WHERE id = :id"
        " AND NOT EXISTS (SELECT 1 FROM messages WHERE conversation_id = :id)",
        [{"id": conversation_id} for conversation_id in emptied],
    )
    delete_empty(connection, emptied)
    return len(ids)


def _needed(connection: sqlite3.Connection, conversation_id: str, purged: set[str]) -> set[str]:
    """The messages above any that is kept."""
    parents = {
        row["id"]: row["parent_id"]
        for row in connection.execute(
            "SELECT id, parent_id FROM messages WHERE conversation_id = ?", (conversation_id,)
        )
    }
    needed: set[str] = set()
    for message_id in parents.keys() - purged:
        parent_id = parents[message_id]
        while parent_id is not None and parent_id not in needed:
            needed.add(parent_id)
            parent_id = parents.get(parent_id)
    return needed
