"""The index for full-text search: kept in step by triggers, merged after a purge, built anew."""

import sqlite3
from contextlib import suppress

from tui.services.migrations.version_2 import SEARCH_INDEX

_CODES = (sqlite3.SQLITE_CORRUPT_VTAB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT)
_TRIGGERS = ("messages_fts_insert", "messages_fts_delete", "messages_fts_update")
_PAGES_A_STEP = 500
"""Pages that one step of merging writes at most: some 50 ms."""


def exists(connection: sqlite3.Connection) -> bool:
    """Whether there is an index; this SQLite or the one that made the file may have no FTS5."""
    found = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'messages_fts'").fetchone()
    return found is not None


def is_damage(error: Exception) -> bool:
    """Whether an error may come from an index that is damaged, with all else in order.

    What the index misses of its own tables it reports in the general words of SQLite; a constraint
    of ours that does not hold has a code of its own.
    """
    return isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", None) in _CODES


def rebuild(connection: sqlite3.Connection) -> None:
    """Build the index anew from the messages, from nothing if it is too damaged for that.

    If not even that is possible, messages are no longer written to it: they matter more. Searches
    then look into the texts. Never raises for what is wrong with the index itself.
    """
    if not exists(connection):
        return
    with suppress(sqlite3.DatabaseError):
        connection.execute("INSERT INTO messages_fts (messages_fts) VALUES ('rebuild')")
        return
    for name in _TRIGGERS:
        connection.execute(f"DROP TRIGGER IF EXISTS {name}")
    with suppress(sqlite3.DatabaseError):
        connection.execute("DROP TABLE messages_fts")
        for statement in SEARCH_INDEX:
            connection.execute(statement)


def is_in_step(connection: sqlite3.Connection) -> bool:
    """Whether the index holds as many messages as there are; False if it cannot be read."""
    if not exists(connection):
        return True
    messages, *_ = connection.execute("SELECT count(*) FROM messages").fetchone()
    try:
        held, *_ = connection.execute("SELECT count(*) FROM messages_fts_docsize").fetchone()
    except sqlite3.Error:
        return False
    return bool(messages == held)


def merge_step(connection: sqlite3.Connection, *, first: bool) -> bool:
    """Merge some of the index into one piece; whether there is more to do.

    A deleted word stays in its piece of the index, marked as deleted, until the pieces are merged;
    so after a purge all of them are, in steps that let other jobs in between. SQLite's option
    "secure-delete" would do it at once, but files that use it are closed to versions before 3.42.
    """
    if not exists(connection):
        return False
    before = connection.total_changes
    # A negative number asks for pieces of every size to be merged, not only those that are due.
    pages = -_PAGES_A_STEP if first else _PAGES_A_STEP
    connection.execute(
        "INSERT INTO messages_fts (messages_fts, rank) VALUES ('merge', ?)", (pages,)
    )
    # By the documentation, fewer than two changes say that there was nothing to merge.
    return connection.total_changes - before >= 2
