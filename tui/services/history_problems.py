"""Why the history is not being saved, in words: every error of the database becomes a failure."""

import errno
import shutil
import sqlite3
from pathlib import Path

from tui.domain.errors import Failure, FailureKind
from tui.domain.sanitize import single_line

_LONGEST_DETAIL = 500
_TOO_LITTLE_SPACE = 64 * 1024  # bytes; opening needs 32 KiB for the shared index of the log
_PRIMARY_CODE = 0xFF  # SQLite's extended codes carry the primary one in the lowest byte

_FULL = ("the disk is full.", "Free some space; until then this chat is only in memory.")
_NOT_WRITABLE = (
    "{name} cannot be written.",
    "Make the file and its folder writable; until then this chat is only in memory.",
)
_DAMAGED = (
    "{name} is damaged. It is left as it is.",
    (
        "Move it away to start a new history; until then this chat is only in memory. "
        "What was spent before is not known, now and in a new one."
    ),
)
_LOCKED = (
    "another program keeps {name} locked.",
    "Close the other program; until then this chat is only in memory.",
)
_GONE = (
    "{name} was moved or deleted while it was open.",
    "Put it back, or start again; until then this chat is only in memory.",
)
_OTHER = ("{name} cannot be used.", "See the detail; until then this chat is only in memory.")

_BY_SQLITE_CODE = {
    sqlite3.SQLITE_FULL: _FULL,
    sqlite3.SQLITE_READONLY: _NOT_WRITABLE,
    sqlite3.SQLITE_CANTOPEN: _NOT_WRITABLE,
    sqlite3.SQLITE_PERM: _NOT_WRITABLE,
    sqlite3.SQLITE_BUSY: _LOCKED,
    sqlite3.SQLITE_LOCKED: _LOCKED,
}
_BY_ERRNO = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EROFS: _NOT_WRITABLE,
    errno.EACCES: _NOT_WRITABLE,
    errno.EPERM: _NOT_WRITABLE,
}


UNREADABLE = (sqlite3.Error, ValueError, TypeError, LookupError, ArithmeticError)
"""What reading raises: SQLite's own errors, and values that are not what was once written."""


class UnusableHistoryError(OSError):
    """The file is there but is not a history this program may write; the words say why."""

    def __init__(self, what: str, next_step: str) -> None:
        super().__init__(what)
        self.what = what
        self.next_step = next_step


class MissingHistoryError(OSError):
    """The file was moved, deleted or replaced while it was open."""


def is_damage(error: Exception) -> bool:
    """Whether the error says that the file's content is damaged."""
    if not isinstance(error, sqlite3.Error):
        return not isinstance(error, OSError)
    return _primary_code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def not_saving(what: str, next_step: str, detail: str = "") -> Failure:
    """The failure that says that nothing is being saved."""
    return Failure(
        FailureKind.STORAGE,
        f"Nothing is being saved: {what}",
        next_step,
        detail=single_line(detail, _LONGEST_DETAIL),
    )


def problem_from(error: Exception, database: Path | None) -> Failure:
    """The failure to show for an error that opening, reading or writing the database raised."""
    name = "the history" if database is None else single_line(str(database))
    if isinstance(error, UnusableHistoryError):
        return not_saving(f"{name} {error.what}", error.next_step)
    if isinstance(error, MissingHistoryError):
        what, next_step = _GONE
    elif is_damage(error):
        what, next_step = _DAMAGED
    elif isinstance(error, OSError):
        what, next_step = _BY_ERRNO.get(error.errno or 0, _OTHER)
    elif database is not None and _is_disk_full(database):
        what, next_step = _FULL  # where SQLite says no more than "disk I/O error"
    else:
        what, next_step = _BY_SQLITE_CODE.get(_primary_code(error), _OTHER)
    return not_saving(what.format(name=name), next_step, str(error))


def _is_disk_full(database: Path) -> bool:
    try:
        return shutil.disk_usage(database.parent).free < _TOO_LITTLE_SPACE
    except OSError:
        return False


def _primary_code(error: Exception) -> int:
    code: int | None = getattr(error, "sqlite_errorcode", None)
    if code is None:
        # Raised by Python's own layer, operationally only for text that is not UTF-8.
        not_text = isinstance(error, sqlite3.OperationalError)
        return sqlite3.SQLITE_CORRUPT if not_text else sqlite3.SQLITE_ERROR
    return code & _PRIMARY_CODE
