"""Version 4: what an answer's bill is made of, and what we had thought of it before."""

import sqlite3

_STATEMENTS = (
    "ALTER TABLE generations ADD COLUMN service_tier TEXT",
    # As JSON: they are read with their generation and never by themselves. Money in it is text.
    "ALTER TABLE generations ADD COLUMN usage_details TEXT",
    "ALTER TABLE generations ADD COLUMN prices TEXT",
    "ALTER TABLE generations ADD COLUMN estimate TEXT",
    # A model's last answers teach how to estimate its next one.
    "CREATE INDEX generations_by_model ON generations (model_asked, seq)",
)


def upgrade(connection: sqlite3.Connection) -> None:
    """Add the columns and the index."""
    for statement in _STATEMENTS:
        connection.execute(statement)
