"""Version 2: full-text search, removed branches, attachments, settings of a conversation.

Of the tokenizers of FTS5, ``unicode61`` finds words, prefixes and phrases, ranks them well and
keeps the index smaller than the text. ``trigram`` would find any three characters, also within
words, with an index several times as large whose ranks mean little; and as a usual word of Chinese
or Japanese has two characters, those would have to be looked for in the text itself all the same.
"""

import sqlite3

_STATEMENTS = (
    # As JSON: they are read with their message and never by themselves.
    "ALTER TABLE messages ADD COLUMN attachments TEXT",
    "ALTER TABLE messages ADD COLUMN annotations TEXT",
    # A removed branch is only marked, by the instance that may still undo it, until it is purged.
    "ALTER TABLE messages ADD COLUMN removed_at TEXT",
    "ALTER TABLE messages ADD COLUMN removed_by TEXT",
    "CREATE INDEX messages_with_attachments ON messages (seq) WHERE attachments IS NOT NULL",
    "CREATE INDEX messages_removed ON messages (conversation_id) WHERE removed_at IS NOT NULL",
    "ALTER TABLE conversations ADD COLUMN system_prompt TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE conversations ADD COLUMN settings TEXT NOT NULL DEFAULT '{}'",
    # What was deleted is still in the index and the log while this names it.
    "CREATE TABLE chores (name TEXT PRIMARY KEY) WITHOUT ROWID",
    # The answers of a fork were paid for where they were given, so totals leave the copies out.
    "ALTER TABLE generations ADD COLUMN copied INTEGER NOT NULL DEFAULT 0",
    "DROP INDEX generations_by_conversation",
    """
    CREATE INDEX generations_by_conversation
        ON generations (conversation_id, copied, cost, cost_source)
    """,
)
SCRIPTS = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3005-\u30ff\u31f0-\u31ff\u3400-\u9fff"
    "\uaa60-\uaa7f\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
"""Scripts that put no space between words, from Thai to ideographs, as ranges of characters."""
IN_SCRIPTS = f"text GLOB '*[{SCRIPTS}]*'"
"""Which messages have some of them: those that are looked through for a word of such a script."""
SEARCH_INDEX = (
    # The text stays in `messages`; the index holds only where its words are.
    """
    CREATE VIRTUAL TABLE messages_fts USING fts5 (
        text, content = 'messages', content_rowid = 'seq',
        tokenize = 'unicode61 remove_diacritics 2', prefix = '2'
    )
    """,
    """
    CREATE TRIGGER messages_fts_insert AFTER INSERT ON messages BEGIN
        INSERT INTO messages_fts (rowid, text) VALUES (new.seq, new.text);
    END
    """,
    """
    CREATE TRIGGER messages_fts_delete AFTER DELETE ON messages BEGIN
        INSERT INTO messages_fts (messages_fts, rowid, text) VALUES ('delete', old.seq, old.text);
    END
    """,
    """
    CREATE TRIGGER messages_fts_update AFTER UPDATE OF text, seq ON messages
    WHEN old.text IS NOT new.text OR old.seq IS NOT new.seq BEGIN
        INSERT INTO messages_fts (messages_fts, rowid, text) VALUES ('delete', old.seq, old.text);
        INSERT INTO messages_fts (rowid, text) VALUES (new.seq, new.text);
    END
    """,
    "INSERT INTO messages_fts (messages_fts) VALUES ('rebuild')",
)


def upgrade(connection: sqlite3.Connection) -> None:
    """Add the columns, and the index where this SQLite has FTS5."""
    for statement in _STATEMENTS:
        connection.execute(statement)
    connection.execute(f"CREATE INDEX messages_in_scripts ON messages (seq) WHERE {IN_SCRIPTS}")
    has_fts5 = connection.execute("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'").fetchone()
    if has_fts5 is not None:
        for statement in SEARCH_INDEX:
            connection.execute(statement)
