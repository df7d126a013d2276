"""The data of images and of attached files: one private file each, named by its content."""

import hashlib
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from tui.domain.errors import Failure, WorkbenchError
from tui.services.atomic import write_atomically
from tui.services.history_problems import problem_from
from tui.services.paths import make_private_folder

_PRIVATE = 0o400
"""Not even writable by its owner: a viewer may save over what it shows without being asked."""
_READ_ONLY = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)


class Stored(Protocol):
    """What is known of data that is kept."""

    @property
    def digest(self) -> str:
        """The SHA-256 of the data in hexadecimal."""

    @property
    def size(self) -> int:
        """How many bytes it has."""

    @property
    def file_name(self) -> str:
        """The name of its file; nothing in it comes from outside."""

    def __hash__(self) -> int: ...


class ImageStore:
    """The images, or the attached files, of one history.

    All of it blocks; one thread at a time may use it.

    What the disk does not take is kept in memory, and written as soon as that works again;
    ``problem`` says why until then. Without a folder everything stays in memory.
    """

    def __init__(self, folder: Path | None) -> None:
        self.problem: Failure | None = None
        self._folder = folder
        self._unwritten: dict[Stored, bytes] = {}

    def keep(self, picture: Stored, data: bytes) -> None:
        """Write the data of an image to the disk, unless it is there."""
        self._unwritten[picture] = data
        self.write()

    def write(self) -> None:
        """Write what is only in memory, as far as the disk takes it."""
        if self._folder is None:
            return
        self.problem = None
        for picture, data in list(self._unwritten.items()):
            path = self._folder / picture.file_name
            try:
                make_private_folder(self._folder)
                if not _is_stored(path, picture):
                    write_atomically(path, data, _PRIVATE)
            except WorkbenchError as error:
                self.problem = error.failure
            except OSError as error:
                self.problem = problem_from(error, path)
            else:
                del self._unwritten[picture]

    def read(self, picture: Stored) -> bytes | None:
        """The data of an image, or None if its file is gone or is not what was written."""
        if picture in self._unwritten:
            return self._unwritten[picture]
        path = self.file_of(picture)
        if path is None:
            return None
        with suppress(OSError):
            descriptor = os.open(path, _READ_ONLY)
            with os.fdopen(descriptor, "rb") as file:
                status = os.fstat(descriptor)
                if stat.S_ISREG(status.st_mode) and status.st_size == picture.size:
                    data = file.read(picture.size)
                    if hashlib.sha256(data).hexdigest() == picture.digest:
                        return data
        return None

    def file_of(self, picture: Stored) -> Path | None:
        """Where the image is on the disk; None while it is only in memory."""
        if self._folder is None or picture in self._unwritten:
            return None
        return self._folder / picture.file_name

    def forget(self, pictures: Iterable[Stored]) -> None:
        """Delete images for good; a file that cannot be deleted stays."""
        for picture in pictures:
            self._unwritten.pop(picture, None)
            path = self.file_of(picture)
            if path is not None:
                with suppress(OSError):
                    path.unlink()


def _is_stored(path: Path, picture: Stored) -> bool:
    """Whether the file is there, by its size: its name is the hash of what was written."""
    try:
        status = path.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISREG(status.st_mode) and status.st_size == picture.size
