"""Deleting for good: of the messages nothing is left, of the money spent everything."""

import sqlite3
from collections.abc import Callable

from tui.services.branch_statements import purge_branches
from tui.services.history_statements import delete_marked_empty
from tui.services.history_statements import purge as purge_conversations

_CHORE = "forget"


def purge(
    connection: sqlite3.Connection, writer: str | None, is_live: Callable[[str | None], bool]
) -> int:
    """Delete what is marked as deleted, unless another instance may still undo it; how many.

    It is then still in the index and the log, which :func:`is_unfinished` tells until
    :func:`finish`.
    """
    purged = purge_conversations(connection, writer, is_live)
    purged += purge_branches(connection, writer, is_live)
    delete_marked_empty(connection)
    if purged:
        connection.execute("INSERT INTO chores (name) VALUES (?) ON CONFLICT DO NOTHING", (_CHORE,))
    return purged


def is_unfinished(connection: sqlite3.Connection) -> bool:
    """Whether traces of something purged may still be in the files."""
    found = connection.execute("SELECT 1 FROM chores WHERE name = ?", (_CHORE,)).fetchone()
    return found is not None


def finish(connection: sqlite3.Connection) -> None:
    """Note that nothing is left."""
    connection.execute("DELETE FROM chores WHERE name = ?", (_CHORE,))
