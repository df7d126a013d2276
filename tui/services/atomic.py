"""Files replaced in one step: a crash or a full disk leaves the old one or the new one."""

import errno
import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0)


def write_atomically(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Replace the file ``path`` by one with this content, or leave everything as it was.

    The content goes to a new file in the same folder, reaches the disk, and takes the name in one
    step. The file gets ``mode`` whatever the umask; an existing file that allows less keeps its
    own. A link in the file's place is replaced, not followed. Raises OSError.
    """
    beside = path.with_name(f".{secrets.token_hex(8)}.tmp")
    descriptor = os.open(beside, _CREATE, 0o600)
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
