"""Where the history's jobs are done: on the file, and in memory when that fails."""

import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from tui.domain.errors import Failure, WorkbenchError
from tui.services import search_index
from tui.services.history_file import (
    PATIENCE,
    copy_in_memory,
    open_file,
    open_memory,
    read_copy,
    transaction,
)
from tui.services.history_problems import (
    UNREADABLE,
    MissingHistoryError,
    UnusableHistoryError,
    is_damage,
    problem_from,
)
from tui.services.instance_lock import InstanceLock
from tui.services.migrations import MIGRATIONS, Migration, copies_of
from tui.services.paths import make_private_folder

_PATIENCE_WHILE_FAILING = 0.1
_AGAIN_EVERY = 2.0
"""Seconds between two tries to go back to a file that failed."""

Result = TypeVar("Result")
Job = Callable[[sqlite3.Connection], Result]
"""A query, or writes that are all done or none; must not look at anything that changes later."""


class Storage:
    """The one connection to the database; it must be used by one thread only.

    ``problem`` says why the file does not take what is written and is None while it does. What it
    did not take goes to a copy in memory, which then answers the queries too, and is kept to be
    written to the file as soon as that works again: at every write, at a query a while later, and
    at the end. A file that could not be opened at the start is tried again, too.
    """

    def __init__(self, path: Path | None = None) -> None:
        """A database in memory; :meth:`open` makes one in a file."""
        self.problem: Failure | None = None
        self.is_complete = True
        """Whether what was written before can be read."""
        self._path = path
        self._migrations: Sequence[Migration] = MIGRATIONS
        self._again_at = 0.0
        self._lock: InstanceLock | None = None
        self._file: sqlite3.Connection | None = None
        self._identity: tuple[int, int] | None = None
        self._connection = open_memory()
        self._unsaved: list[Job[object]] = []
        self._is_unsaved = False

    @classmethod
    def open(cls, path: Path, migrations: Sequence[Migration] = MIGRATIONS) -> "Storage":
        """The database in the file, or one in memory with its ``problem`` set; never raises."""
        storage = cls(path)
        storage.is_complete = False
        storage._migrations = migrations
        try:
            file = storage._open_file(path, PATIENCE)
            storage._connection.close()
            storage._connection = file
            storage.is_complete = True
        except WorkbenchError as error:
            words = f"Nothing is being saved: {error.failure.what}"
            storage.problem = replace(error.failure, what=words)
            storage._show_what_is_there(path)
        except (sqlite3.Error, OSError) as error:
            storage.problem = problem_from(error, path)
            if not isinstance(error, UnusableHistoryError) and not is_damage(error):
                storage._show_what_is_there(path)
        storage._again_at = time.monotonic() + _AGAIN_EVERY
        return storage

    def _open_file(self, path: Path, patience: float) -> sqlite3.Connection:
        make_private_folder(path.parent)
        lock = InstanceLock.acquire(path)
        try:
            file = open_file(path, self._migrations, patience)
        except BaseException:
            lock.release()
            raise
        self._file, self._lock, self._identity = file, lock, _identity(path)
        return file

    @property
    def _was_never_open(self) -> bool:
        """Whether there is a file that could not be opened yet; one found damaged later was."""
        return self._path is not None and self._lock is None

    def _try_again(self) -> None:
        """Go back to the file if that works by now, with what it missed; now and then."""
        if self.problem is None or time.monotonic() < self._again_at:
            return
        if self._path is not None and self._was_never_open:
            with suppress(WorkbenchError, sqlite3.Error, OSError):
                self._catch_up(self._open_file(self._path, _PATIENCE_WHILE_FAILING))
        elif self._file is not None and self._unsaved:
            self._catch_up(self._file)
        self._again_at = time.monotonic() + _AGAIN_EVERY

    def _show_what_is_there(self, path: Path) -> None:
        """Copy a file that cannot be written, so that the conversations in it can be read."""
        with suppress(sqlite3.Error, OSError):
            copy = read_copy(path)
            self._connection.close()
            self._connection = copy
            self.is_complete = True

    @property
    def writer(self) -> str | None:
        """The name under which this instance writes; None in memory."""
        return self._lock.token if self._lock is not None else None

    @property
    def file_in_use(self) -> Path | None:
        """The file, as long as everything is in it and it can be read."""
        return self._path if self._connection is self._file else None

    def is_live(self, writer: str | None) -> bool:
        """Whether the instance of this name still runs."""
        if self._lock is None:
            return writer is None  # itself; others are only in a copy of what they wrote
        return self._lock.is_live(writer)

    def remove_stale_locks(self) -> None:
        """Clean up after instances that are gone."""
        if self._lock is not None:
            with suppress(OSError):
                self._lock.remove_stale()

    def write(self, job: Job[Result], *, keep: bool = True, durable: bool = False) -> Result | None:
        """Do a job in one transaction; what it returns, or None if it was not possible at all.

        A job the file does not take is done in memory and, with ``keep``, again on the file later.
        ``durable`` is for what must survive a power failure too.
        """
        if keep and self._file is not None and self._unsaved:
            self._catch_up(self._file)
        else:
            self._try_again()
        if self._file is not None and self._connection is self._file:
            try:
                return self._write_to_file(self._file, job, durable=durable)
            except (sqlite3.Error, OSError) as error:
                self._fall_back(self._file, error)
        if keep and (self._file is not None or self._was_never_open):
            self._unsaved.append(job)
        before = self._connection.total_changes
        result = self._write_to_memory(job)
        self._is_unsaved |= keep and self._connection.total_changes != before
        return result

    def read(self, query: Job[Result], default: Result) -> Result:
        """The answer to a query, or ``default`` if the database cannot be read."""
        self._try_again()
        try:
            return query(self._connection)
        except UNREADABLE as error:
            if self._file is not None and self._connection is self._file:
                self._fall_back(self._file, error)
            return default

    def forget(self) -> bool:
        """Remove what was deleted from wherever it may still be read: the log and old copies.

        Whether that was possible; another instance may just be reading.
        """
        if self._connection is not self._file or self._path is None:
            return False
        _set_patience(self._connection, _PATIENCE_WHILE_FAILING)  # there will be another time
        try:
            busy, *_ = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            for copy in copies_of(self._path):
                copy.unlink(missing_ok=True)
        except (sqlite3.Error, OSError):
            return False
        finally:
            _set_patience(self._connection, PATIENCE)
        return not busy

    def save(self) -> bool:
        """Write what is only in memory if that works now; whether something still is."""
        self._again_at = 0.0
        self._try_again()
        return self._is_unsaved

    def close(self) -> None:
        """Write what is still unsaved if that works now, and close the database."""
        self.save()
        if self._file is not None:
            self._file.close()
        self._connection.close()
        if self._lock is not None:
            with suppress(OSError):
                self._lock.release()

    def _write_to_file(
        self, file: sqlite3.Connection, job: Job[Result], *, durable: bool
    ) -> Result:
        self._check_in_place()
        if durable:
            file.execute("PRAGMA synchronous = FULL")
        try:
            with transaction(file):
                return job(file)
        except sqlite3.Error as error:
            if not search_index.is_damage(error):
                raise
            with transaction(file):
                search_index.rebuild(file)
                return job(file)
        finally:
            if durable:
                file.execute("PRAGMA synchronous = NORMAL")

    def _write_to_memory(self, job: Job[Result]) -> Result | None:
        for _ in range(2):
            try:
                with transaction(self._connection):
                    return job(self._connection)
            except sqlite3.Error as error:
                self.problem = self.problem or problem_from(error, self._path)
                if not is_damage(error):
                    break
                self._connection.close()
                self._connection = open_memory()  # the copy is as damaged as the file was
                self.is_complete = False
        return None

    def _fall_back(self, file: sqlite3.Connection, error: Exception) -> None:
        """Go on in memory, with a copy of what can be read; a damaged file is left alone then."""
        self.problem = problem_from(error, self._path)
        try:
            self._connection = copy_in_memory(file)
        except (sqlite3.Error, OSError):
            self._connection = open_memory()
            self.is_complete = False
        if is_damage(error):
            file.close()
            self._file = None
        else:
            _set_patience(file, _PATIENCE_WHILE_FAILING)

    def _catch_up(self, file: sqlite3.Connection) -> None:
        """Write to the file what it did not take before, and go back to it if that works."""
        try:
            self._check_in_place()
            with transaction(file):
                for job in self._unsaved:
                    job(file)
        except (sqlite3.Error, OSError):
            return
        _set_patience(file, PATIENCE)
        self._unsaved.clear()
        self._is_unsaved = False
        self._connection.close()
        self._connection = file
        self.is_complete = True
        self.problem = None

    def _check_in_place(self) -> None:
        """SQLite itself would go on writing to a file that has no name any more."""
        if self._path is None or _identity(self._path) != self._identity:
            raise MissingHistoryError


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except FileNotFoundError:
        return None
    return status.st_dev, status.st_ino


def _set_patience(connection: sqlite3.Connection, seconds: float) -> None:
    connection.execute(f"PRAGMA busy_timeout = {round(seconds * 1000)}")
