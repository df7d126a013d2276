"""New files written in one step: whole or not there, and never over another by chance."""

import errno
import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from tui.domain.errors import Failure, FailureKind, WorkbenchError
from tui.domain.export_names import numbered
from tui.domain.sanitize import single_line
from tui.services.atomic import NEW_FILE
from tui.services.paths import shown

_PRIVATE_FILE = 0o600
_NO_LINKS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK)
_MOST_TRIES = 1_000


def write_new(path: Path, pieces: Iterable[str], *, overwrite: bool = False) -> Path:
    """Write the pieces to a file of this name; raises WorkbenchError, also if there is one.

    They go to a file beside it, reach the disk, and take the name in one step. With ``overwrite``
    what was there is replaced; a link in its place is replaced, not followed. Blocks.
    """
    try:
        beside = path.with_name(f".{secrets.token_hex(8)}.tmp")
        descriptor = os.open(beside, NEW_FILE, _PRIVATE_FILE)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
                file.writelines(pieces)
                file.flush()
                os.fsync(descriptor)
            if overwrite:
                beside.replace(path)
            else:
                _take_name(beside, path)
        finally:
            with suppress(OSError):
                beside.unlink()
    except FileExistsError:
        raise _failure(
            f"There is a file {shown(path)} already.", "Choose another name, or overwrite it."
        ) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise _failure(
            f"{shown(path)} cannot be written: {single_line(reason)}.", "Choose another folder."
        ) from None
    return path


def write_beside_others(folder: Path, name: str, pieces: Iterable[str]) -> Path:
    """Write a new file into a folder: ``chat.md``, or ``chat-2.md`` if that name is taken."""
    free = name
    for number in range(2, _MOST_TRIES):
        if not os.path.lexists(folder / free):
            break
        free = numbered(name, number)
    return write_new(folder / free, pieces)


def _take_name(beside: Path, path: Path) -> None:
    """Give the file its name; raises FileExistsError rather than replace another."""
    try:
        os.link(beside, path)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # A file system without links: the name is taken first, and only then replaced.
        os.close(os.open(path, NEW_FILE, _PRIVATE_FILE))
        beside.replace(path)


def _failure(what: str, next_step: str) -> WorkbenchError:
    return WorkbenchError(Failure(FailureKind.STORAGE, what, next_step))
