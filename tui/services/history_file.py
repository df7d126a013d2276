"""Opening the history's database: private, checked to be ours, migrated, and never overwritten."""

import os
import sqlite3
import stat
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from tui.services.history_problems import UnusableHistoryError
from tui.services.migrations import (
    APPLICATION_ID,
    MIGRATIONS,
    Migration,
    migrate,
    schema_version,
)

_PRIVATE_FILE = 0o600
PATIENCE = 5.0
"""Seconds to wait for another instance that is writing."""
_LARGEST_IDLE_LOG = 4 * 1024 * 1024


def open_file(
    path: Path, migrations: Sequence[Migration] = MIGRATIONS, patience: float = PATIENCE
) -> sqlite3.Connection:
    """A connection to the database in the file, which is made if it is missing.

    The file and SQLite's two beside it are readable by their owner only, whatever the umask.
    ``patience`` is how many seconds it waits for another instance that is writing.
    Raises ``sqlite3.Error`` or ``OSError``; then the file's content is as it was.
    """
    _make_private(path)
    connection = sqlite3.connect(path, isolation_level=None, timeout=patience)
    try:
        _check_ours(connection, len(migrations))
        _switch_to_log(connection, patience)
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA journal_size_limit = {_LARGEST_IDLE_LOG}")
        _prepare(connection, path, migrations)
    except BaseException:
        connection.close()
        raise
    return connection


def open_memory(migrations: Sequence[Migration] = MIGRATIONS) -> sqlite3.Connection:
    """A connection to a new database in memory."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    _prepare(connection, None, migrations)
    return connection


def copy_in_memory(source: sqlite3.Connection) -> sqlite3.Connection:
    """A copy of a database. Raises ``sqlite3.Error`` if it cannot be read."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        source.backup(connection)
        _check_ours(connection, len(MIGRATIONS))
        _prepare(connection, None, MIGRATIONS)
    except BaseException:
        connection.close()
        raise
    return connection


def read_copy(path: Path) -> sqlite3.Connection:
    """A copy of a file in a place that cannot be written, where SQLite could not even lock it.

    Raises ``sqlite3.Error`` or ``OSError``, also if a crash left a log that belongs to it.
    """
    log = path.with_name(f"{path.name}-wal")
    if log.exists() and log.stat().st_size:
        raise UnusableHistoryError("was not closed.", "Make its folder writable.")
    locator = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    with closing(sqlite3.connect(locator, uri=True)) as source:
        return copy_in_memory(source)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Everything inside is written, or nothing; it takes the lock for writing at its start."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # On some errors, such as a full disk, SQLite has rolled back by itself.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """Everything inside is read as of one moment, whatever others write meanwhile."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _prepare(
    connection: sqlite3.Connection, path: Path | None, migrations: Sequence[Migration]
) -> None:
    connection.row_factory = sqlite3.Row
    # What is deleted must not stay readable in free pages, nor reach a temporary file.
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    migrate(connection, path, migrations)
    connection.execute("PRAGMA foreign_keys = ON")


def _make_private(path: Path) -> None:
    try:
        # Created with its mode, so that it is never readable by others, not even briefly.
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, _PRIVATE_FILE)
    except FileExistsError:
        # Not opened here: closing it would drop the locks that this process has on it.
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            raise UnusableHistoryError(
                "is not a file.", "Move it away, then start again."
            ) from None
        if stat.S_IMODE(mode) & ~_PRIVATE_FILE:
            path.chmod(_PRIVATE_FILE)
        return
    try:
        os.fchmod(descriptor, _PRIVATE_FILE)
    finally:
        os.close(descriptor)


def _check_ours(connection: sqlite3.Connection, newest: int) -> None:
    with snapshot(connection):
        application: int = connection.execute("PRAGMA application_id").fetchone()[0]
        tables: int = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        version = schema_version(connection)
    if application != APPLICATION_ID and (application or tables or version):
        raise UnusableHistoryError(
            "is the database of another program.", "Move it away, then start again."
        )
    if version > newest:
        raise UnusableHistoryError(
            "was written by a newer version of this program.",
            "Update the program; until then this chat is only in memory.",
        )


def _switch_to_log(connection: sqlite3.Connection, patience: float) -> None:
    """Switch to the write-ahead log; unlike all else, SQLite does not wait for its turn here."""
    deadline = time.monotonic() + patience
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return
