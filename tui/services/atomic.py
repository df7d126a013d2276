"""Files replaced in one step: a crash or a full disk leaves the old one or the new one."""

import errno
import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
"""Flags for writing a file that must not be there yet, not even as a link."""
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)

_LONGEST_TURN = 2.0
"""Seconds; a turn takes milliseconds, unless whoever has it was suspended."""


@contextmanager
def taking_turns(folder: Path, longest: float = _LONGEST_TURN) -> Iterator[None]:
    """Read and change files of a folder while no other thread or process that asks does so.

    The wait ends after ``longest`` seconds, and where folders cannot be locked there is none: a
    change must not be lost to a lock. Raises OSError if there is no such folder.
    """
    descriptor = os.open(folder, _FOLDER)
    deadline = monotonic() + longest
    try:
        while monotonic() < deadline:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                sleep(0.005)
            except OSError:
                break
        yield
    finally:
        os.close(descriptor)


def write_atomically(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Replace the file ``path`` by one with this content, or leave everything as it was.

    The content goes to a new file in the same folder, reaches the disk, and takes the name in one
    step. The file gets ``mode`` whatever the umask; an existing file that allows less keeps its
    own. A link in the file's place is replaced, not followed. Raises OSError.
    """
    beside = path.with_name(f".{secrets.token_hex(8)}.tmp")
    descriptor = os.open(beside, NEW_FILE, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), _kept_mode(path, mode))
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise
    _sync_folder(path.parent)


def _kept_mode(path: Path, mode: int) -> int:
    try:
        status = path.lstat()
    except FileNotFoundError:
        return mode
    existing = stat.S_IMODE(status.st_mode)
    is_stricter = stat.S_ISREG(status.st_mode) and existing & ~mode == 0
    return existing if is_stricter else mode


def _sync_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut."""
    descriptor = os.open(folder, _FOLDER)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # Some network file systems cannot sync a folder; the file is in place all the same.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(descriptor)
