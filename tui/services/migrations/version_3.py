"""Version 3: the images of answers; their data is in files that are named by its hash."""

import sqlite3

_STATEMENTS = (
    # As JSON, like attachments: what is known of each image, and the hash that names its file.
    "ALTER TABLE messages ADD COLUMN images TEXT",
    "CREATE INDEX messages_with_images ON messages (seq) WHERE images IS NOT NULL",
)


def upgrade(connection: sqlite3.Connection) -> None:
    """Add the column."""
    for statement in _STATEMENTS:
        connection.execute(statement)
