"""Files that the user asks for: nothing is overwritten unless that was asked for too."""

import errno
import os
import stat
from pathlib import Path

from tui.services.atomic import NEW_FILE, write_atomically

_READABLE = 0o644
_ORDINARY = 0o666
"""What the umask is taken from, as any program does for a new file."""
_MOST_TRIES = 1_000


def folder_for_downloads() -> Path:
    """The user's Downloads, or the current folder where there is none."""
    try:
        downloads = Path.home() / "Downloads"
        return downloads if downloads.is_dir() else Path.cwd()
    except (OSError, RuntimeError):
        return Path()


def free_path(path: Path) -> Path:
    """The path, or the same with a number if something is there already."""
    free = path
    for number in range(2, _MOST_TRIES):
        if not os.path.lexists(free):
            break
        free = path.with_stem(f"{path.stem}-{number}")
    return free


def typed_path(typed: str, name: str) -> Path:
    """The path that somebody typed: ``~`` is the home folder, and a folder gets ``name`` in it."""
    path = Path(typed)
    try:
        path = path.expanduser()
    except RuntimeError:
        return path
    return path / name if path.is_dir() or typed.endswith("/") else path


def save_new(path: Path, data: bytes) -> None:
    """Write a new file, or none at all.

    Raises FileExistsError if anything has that name, be it a link that leads nowhere, and OSError.
    """
    descriptor = os.open(path, NEW_FILE, _ORDINARY)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
    except BaseException:
        path.unlink()
        raise


def replace_file(path: Path, data: bytes) -> None:
    """Write over a file; a link in its place is replaced, not followed. Raises OSError."""
    mode = path.lstat().st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISLNK(mode)):
        raise OSError(errno.EINVAL, "it is not a file")
    write_atomically(path, data, _READABLE)
