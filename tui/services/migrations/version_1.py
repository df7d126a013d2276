"""Version 1: conversations as trees of messages, generations with their cost, and the journal."""

import sqlite3

_STATEMENTS = (
    # `touched` orders conversations by recency: a sequence, since the clock may jump. A deleted
    # conversation is only marked, by the instance that may still undo it, until it is purged.
    """
    CREATE TABLE conversations (
        id TEXT PRIMARY KEY,
        session_id TEXT NOT NULL,
        model TEXT NOT NULL,
        title TEXT NOT NULL DEFAULT '',
        draft TEXT NOT NULL DEFAULT '',
        leaf_id TEXT,
        created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        touched INTEGER NOT NULL,
        pinned INTEGER NOT NULL DEFAULT 0,
        archived INTEGER NOT NULL DEFAULT 0,
        deleted_at TEXT,
        deleted_by TEXT
    )
    """,
    "CREATE INDEX conversations_by_recency ON conversations (touched)",
    """
    CREATE TABLE tags (
        conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        tag TEXT NOT NULL,
        PRIMARY KEY (conversation_id, tag)
    ) WITHOUT ROWID
    """,
    # `seq` is the order of the messages and the row a full-text index can point at. Deleting a
    # parent does not cascade: a long conversation would exceed SQLite's depth for triggers.
    """
    CREATE TABLE messages (
        seq INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
        parent_id TEXT REFERENCES messages (id) DEFERRABLE INITIALLY DEFERRED,
        role TEXT NOT NULL,
        text TEXT NOT NULL,
        reasoning TEXT NOT NULL DEFAULT '',
        reasoning_details TEXT,
        created_at TEXT NOT NULL,
        state TEXT NOT NULL,
        failure_kind TEXT,
        failure_text TEXT NOT NULL DEFAULT '',
        writer TEXT
    )
    """,
    "CREATE INDEX messages_by_conversation ON messages (conversation_id, seq)",
    "CREATE INDEX messages_by_parent ON messages (parent_id)",
    "CREATE INDEX messages_streaming ON messages (id, writer) WHERE state = 'streaming'",
    # Money is text, since REAL would round it. What was spent outlives the messages it bought, so
    # that deleting a conversation never lowers a day's total; therefore `message_id` is no foreign
    # key, and still there to keep an answer from being counted twice.
    """
    CREATE TABLE generations (
        seq INTEGER PRIMARY KEY,
        message_id TEXT NOT NULL UNIQUE,
        conversation_id TEXT REFERENCES conversations (id) ON DELETE SET NULL,
        started_at TEXT NOT NULL,
        model_asked TEXT NOT NULL,
        provider_name TEXT NOT NULL,
        model_served TEXT,
        served_by TEXT,
        generation_id TEXT,
        finish_reason TEXT,
        usage_reported INTEGER NOT NULL,
        prompt_tokens INTEGER,
        completion_tokens INTEGER,
        reasoning_tokens INTEGER,
        cached_tokens INTEGER,
        cache_write_tokens INTEGER,
        usage_cost TEXT,
        upstream_inference_cost TEXT,
        is_byok INTEGER,
        cost TEXT,
        cost_source TEXT NOT NULL,
        first_token REAL,
        total REAL,
        request_settings TEXT NOT NULL
    )
    """,
    "CREATE INDEX generations_by_conversation ON generations (conversation_id, cost, cost_source)",
    "CREATE INDEX generations_by_start ON generations (started_at)",
    # The pieces of answers that are still streaming.
    """
    CREATE TABLE journal (
        seq INTEGER PRIMARY KEY,
        message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
        text TEXT NOT NULL,
        reasoning TEXT NOT NULL
    )
    """,
)


def upgrade(connection: sqlite3.Connection) -> None:
    """Create all tables in an empty database, inside the transaction that is open."""
    for statement in _STATEMENTS:
        connection.execute(statement)
