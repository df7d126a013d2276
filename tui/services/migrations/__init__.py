"""Schema migrations of the history database, one module a version."""

import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from tui.services.migrations import version_1, version_2, version_3, version_4, version_5

Migration = Callable[[sqlite3.Connection], None]
"""Brings a database from the version before to its own, inside the transaction that is open."""

APPLICATION_ID = 0x4F525742
"""Tells our database from any other: "ORWB"."""

MIGRATIONS: Sequence[Migration] = (
    version_1.upgrade,
    version_2.upgrade,
    version_3.upgrade,
    version_4.upgrade,
    version_5.upgrade,
)


def schema_version(connection: sqlite3.Connection) -> int:
    """The version of the schema in the database; 0 for an empty one."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def copies_of(database: Path) -> list[Path]:
    """The copies that earlier migrations left beside the database."""
    return sorted(database.parent.glob(f"{database.name}.v*.bak"))


def migrate(
    connection: sqlite3.Connection,
    database: Path | None,
    migrations: Sequence[Migration] = MIGRATIONS,
) -> None:
    """Bring the database to the newest version: one transaction a version, a copy before each.

    The copy is ``<name>.v<version>.bak`` beside ``database``; None is a database in memory. The
    connection must be in autocommit mode with foreign keys off. Raises ``sqlite3.Error`` or
    ``OSError``; the database then still has the version it had.
    """
    is_new = schema_version(connection) == 0
    while schema_version(connection) < len(migrations):
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Another instance may have migrated while this one waited for the lock.
            version = schema_version(connection)
            if version < len(migrations):
                if database is not None and not is_new:
                    _copy(database, database.with_name(f"{database.name}.v{version}.bak"))
                migrations[version](connection)
                connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                _check_foreign_keys(connection)
                connection.execute(f"PRAGMA user_version = {version + 1}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def _copy(database: Path, copy: Path) -> None:
    """Copy the database, what is still in its write-ahead log included, and make it durable."""
    unfinished = copy.with_name(f"{copy.name}.part")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    try:
        os.fchmod(descriptor, 0o600)
        with (
            closing(sqlite3.connect(database)) as source,
            closing(sqlite3.connect(unfinished)) as target,
        ):
            source.backup(target)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    unfinished.replace(copy)


def _check_foreign_keys(connection: sqlite3.Connection) -> None:
    if connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise sqlite3.IntegrityError("the migration left rows that point nowhere")
