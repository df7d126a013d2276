"""What is written about the list of conversations, as functions of a connection."""

import sqlite3
from collections.abc import Mapping, Sequence


def set_columns(
    connection: sqlite3.Connection,
    ids: Sequence[str],
    columns: Mapping[str, str | int | None],
) -> None:
    """Set the same columns of several conversations; their names are ours."""
    assignments = ", ".join(f"{name} = :{name}" for name in columns)
    connection.executemany(
        f"UPDATE conversations SET {assignments} WHERE id = :id",  # noqa: S608 - as above
        [{**columns, "id": conversation_id} for conversation_id in ids],
    )


def set_title(
    connection: sqlite3.Connection, conversation_id: str, before: str, title: str
) -> bool:
    """Change a title if nobody else has; whether it was changed."""
    changed = connection.execute(
        "UPDATE conversations SET title = ? WHERE id = ? AND title = ?",
        (title, conversation_id, before),
    )
    return changed.rowcount > 0


def add_tag(connection: sqlite3.Connection, ids: Sequence[str], tag: str) -> None:
    """Give conversations a tag; one that differs only in its case is the same."""
    connection.executemany(
        """
        INSERT INTO tags (conversation_id, tag) SELECT id, :tag FROM conversations
        WHERE id = :id AND NOT EXISTS (
            SELECT 1 FROM tags WHERE conversation_id = :id AND tag = :tag COLLATE NOCASE)
        """,
        [{"id": conversation_id, "tag": tag} for conversation_id in ids],
    )


def remove_tag(connection: sqlite3.Connection, ids: Sequence[str], tag: str) -> None:
    """Take a tag from conversations."""
    connection.executemany(
        "DELETE FROM tags WHERE conversation_id = ? AND tag = ? COLLATE NOCASE",
        [(conversation_id, tag) for conversation_id in ids],
    )
