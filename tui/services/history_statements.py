"""What is written to the history database, as functions of a connection.

They run inside a transaction that their caller opens and commits.
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence

from tui.domain.conversation import Message
from tui.domain.events import ServedBy
from tui.domain.pictures import Picture
from tui.services.claims import withdraw
from tui.services.history_queries import HOLDS_SOMETHING
from tui.services.history_rows import (
    generation_to_row,
    images_to_text,
    message_to_row,
    moment_to_text,
    optional_text,
)

_IS_EMPTY = f"""NOT {HOLDS_SOMETHING}
    AND NOT EXISTS (SELECT 1 FROM messages WHERE conversation_id = conversations.id)"""  # noqa: S608 - a constant of our own


def insert_message(connection: sqlite3.Connection, message: Message) -> bool:
    """Write a message and its generation unless it is there; whether it was written."""
    is_new = _insert(connection, "messages", message_to_row(message), "(id) DO NOTHING")
    if is_new:
        put_generation(connection, message)
    return is_new


def start_turn(
    connection: sqlite3.Connection,
    conversation: Mapping[str, object],
    before: Sequence[Message],
    prompt: Message,
    answer: Message,
    writer: str | None,
) -> None:
    """Write a prompt, the answer that ``writer`` is about to stream, and make it the active leaf.

    ``before`` is the path to the prompt; what is missing of it is written too. A new prompt was the
    draft; the row holds what is left of it. A deleted conversation is thereby in use again, and so
    is a path that another instance removed.
    """
    _insert_conversation(connection, conversation)
    _insert_path(connection, before)
    is_new = insert_message(connection, prompt)
    insert_message(connection, answer)
    _bring_back(connection, [*before, prompt])
    _update(connection, "messages", answer.id, {"writer": writer})
    withdraw(connection, writer, prompt.conversation_id)
    connection.execute(
        """
        UPDATE conversations
        SET leaf_id = :leaf, model = :model, title = coalesce(nullif(title, ''), :title),
            draft = CASE WHEN :is_new THEN :draft ELSE draft END, updated_at = :now,
            touched = (SELECT max(touched) + 1 FROM conversations),
            deleted_at = NULL, deleted_by = NULL
        WHERE id = :id
        """,
        {
            "id": conversation["id"],
            "model": conversation["model"],
            "title": conversation["title"],
            "leaf": answer.id,
            "is_new": is_new,
            "draft": conversation["draft"],
            "now": moment_to_text(answer.created_at),
        },
    )


def append_to_journal(
    connection: sqlite3.Connection,
    message_id: str,
    text: str,
    reasoning: str,
    served: ServedBy | None,
) -> None:
    """Keep pieces of an answer that is streaming, and by whom it is served."""
    connection.execute(
        "INSERT INTO journal (message_id, text, reasoning)"
        " SELECT id, ?, ? FROM messages WHERE id = ? AND state = 'streaming'",
        (text, reasoning, message_id),
    )
    if served is not None:
        connection.execute(
            """
            UPDATE generations
            SET model_served = coalesce(?, model_served), served_by = coalesce(?, served_by),
                generation_id = coalesce(?, generation_id)
            WHERE message_id = ?
            """,
            (
                optional_text(served.model),
                optional_text(served.provider),
                optional_text(served.generation_id),
                message_id,
            ),
        )


def set_images(connection: sqlite3.Connection, message_id: str, images: Sequence[Picture]) -> None:
    """Keep what is known of the images that an answer has brought so far."""
    _update(connection, "messages", message_id, {"images": images_to_text(images)})


def put_message(connection: sqlite3.Connection, message: Message) -> None:
    """Write the final version of a message over the earlier one and its journal."""
    found = connection.execute(
        "SELECT 1 FROM conversations WHERE id = ?", (message.conversation_id,)
    ).fetchone()
    if found is None or not _has_parent(connection, message):
        return  # deleted and purged meanwhile, or its branch was
    if not insert_message(connection, message):
        _update(connection, "messages", message.id, {**message_to_row(message), "writer": None})
        connection.execute("DELETE FROM journal WHERE message_id = ?", (message.id,))
        put_generation(connection, message)


def _has_parent(connection: sqlite3.Connection, message: Message) -> bool:
    if message.parent_id is None:
        return True
    parent = connection.execute("SELECT 1 FROM messages WHERE id = ?", (message.parent_id,))
    return parent.fetchone() is not None


def put_generation(connection: sqlite3.Connection, message: Message) -> None:
    """Write what is known of the generation behind a message over what was known before."""
    if message.generation is None:
        connection.execute("DELETE FROM generations WHERE message_id = ?", (message.id,))
        return
    row = generation_to_row(message.generation, message)
    replaced = ", ".join(f"{name} = excluded.{name}" for name in row)
    _insert(connection, "generations", row, f"(message_id) DO UPDATE SET {replaced}")


def put_bill(connection: sqlite3.Connection, message: Message) -> None:
    """Write what an answer cost after all; of one that is gone for good, nothing else comes back.

    Its conversation or its branch may have been purged since the question was asked.
    """
    if message.generation is None:
        return
    if connection.execute("SELECT 1 FROM messages WHERE id = ?", (message.id,)).fetchone():
        put_generation(connection, message)
        return
    row = generation_to_row(message.generation, message)
    connection.execute(
        "UPDATE generations SET cost = :cost, cost_source = :cost_source"
        " WHERE message_id = :message_id",
        {name: row[name] for name in ("cost", "cost_source", "message_id")},
    )


def purge(
    connection: sqlite3.Connection, writer: str | None, is_live: Callable[[str | None], bool]
) -> int:
    """Delete what is marked as deleted, unless another instance may still undo it; how many.

    What was spent stays, without anything that could tell what about. Conversations that still
    receive an answer wait for its end.
    """
    marked = connection.execute(
        """
        SELECT id, deleted_by FROM conversations WHERE deleted_at IS NOT NULL AND id NOT IN (
            SELECT conversation_id FROM messages WHERE id IN (
                SELECT id FROM messages WHERE state = 'streaming'))
        """
    ).fetchall()
    purged = [
        (row["id"],)
        for row in marked
        if row["deleted_by"] == writer or not is_live(row["deleted_by"])
    ]
    connection.executemany(
        "UPDATE generations SET request_settings = '{}', generation_id = NULL"
        " WHERE conversation_id = ?",
        purged,
    )
    connection.executemany("DELETE FROM claims WHERE conversation_id = ?", purged)
    connection.executemany("DELETE FROM conversations WHERE id = ?", purged)
    return len(purged)


def put_unsaid(
    connection: sqlite3.Connection,
    conversation_id: str,
    columns: Mapping[str, object],
    new: Mapping[str, object] | None,
) -> None:
    """Set what a conversation holds besides messages: its draft, or what it asks with.

    ``new`` is its row if it may not be there yet. One that then holds nothing is deleted.
    """
    if new is not None:
        _insert_conversation(connection, new)
    _update(connection, "conversations", conversation_id, columns)
    delete_empty(connection, [conversation_id])


def delete_empty(connection: sqlite3.Connection, conversation_ids: Iterable[str]) -> None:
    """Delete those of some conversations that hold nothing, like those that never did.

    One that is pinned or archived stays unlisted, so that it keeps its mark if more is written in
    it; :func:`delete_marked_empty` ends that.
    """
    connection.executemany(
        f"DELETE FROM conversations WHERE id = :id AND NOT pinned AND NOT archived AND {_IS_EMPTY}",  # noqa: S608 - as below
        [{"id": conversation_id} for conversation_id in conversation_ids],
    )


def delete_marked_empty(connection: sqlite3.Connection) -> None:
    """Delete the conversations that hold nothing but a mark, as at a start."""
    connection.execute(f"DELETE FROM conversations WHERE (pinned OR archived) AND {_IS_EMPTY}")  # noqa: S608 - as below


def _insert_conversation(connection: sqlite3.Connection, row: Mapping[str, object]) -> None:
    connection.execute(
        """
        INSERT INTO conversations
            (id, session_id, model, title, draft, system_prompt, settings, created_at, updated_at,
            touched)
        VALUES
            (:id, :session_id, :model, :title, :draft, :system_prompt, :settings, :created_at,
            :created_at,
            (SELECT coalesce(max(touched), 0) + 1 FROM conversations))
        ON CONFLICT (id) DO NOTHING
        """,
        row,
    )


def _insert_path(connection: sqlite3.Connection, path: Sequence[Message]) -> None:
    missing: list[Message] = []
    for message in reversed(path):
        if connection.execute("SELECT 1 FROM messages WHERE id = ?", (message.id,)).fetchone():
            break
        missing.append(message)
    for message in reversed(missing):
        insert_message(connection, message)


def _bring_back(connection: sqlite3.Connection, path: Sequence[Message]) -> None:
    some = connection.execute(
        "SELECT 1 FROM messages WHERE conversation_id = ? AND removed_at IS NOT NULL",
        (path[-1].conversation_id,),
    ).fetchone()
    if some is not None:
        connection.executemany(
            "UPDATE messages SET removed_at = NULL, removed_by = NULL WHERE id = ?",
            [(message.id,) for message in path],
        )


def _insert(
    connection: sqlite3.Connection, table: str, row: Mapping[str, object], on_conflict: str
) -> bool:
    """Insert a row whose keys name the columns; whether a row was written."""
    names, places = ", ".join(row), ", ".join(f":{name}" for name in row)
    statement = f"INSERT INTO {table} ({names}) VALUES ({places}) ON CONFLICT {on_conflict}"  # noqa: S608 - no name comes from outside
    return connection.execute(statement, row).rowcount > 0


def _update(
    connection: sqlite3.Connection, table: str, row_id: str, columns: Mapping[str, object]
) -> None:
    assignments = ", ".join(f"{name} = :{name}" for name in columns)
    statement = f"UPDATE {table} SET {assignments} WHERE id = :id"  # noqa: S608 - as above
    connection.execute(statement, {**columns, "id": row_id})
