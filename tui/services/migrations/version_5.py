"""Version 5: sends that may go and have not begun, so that two instances cannot pass one limit."""

import sqlite3

_STATEMENT = """
    CREATE TABLE claims (
        writer TEXT NOT NULL,
        id TEXT NOT NULL,
        conversation_id TEXT NOT NULL,
        claimed_at TEXT NOT NULL,
        cost TEXT,
        cost_source TEXT NOT NULL,
        PRIMARY KEY (writer, id)
    )
"""


def upgrade(connection: sqlite3.Connection) -> None:
    """Add the table."""
    connection.execute(_STATEMENT)
