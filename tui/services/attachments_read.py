"""Reading a file that is to be attached: a regular one, of a bounded size, that the user named."""

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tui.domain.attachments import LARGEST_FILE, refused, too_large
from tui.domain.errors import WorkbenchError
from tui.domain.sanitize import single_line
from tui.services.paths import shown

_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
"""Opening a pipe must not wait for somebody who writes."""
_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}
_QUOTES = re.compile(r"""\A(?:'([^']*)'|"([^"]*)")\Z""")
_ESCAPED = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file that was read; ``target`` is where it really lies if its path led over a link."""

    name: str
    data: bytes
    target: Path | None = None


def path_from(written: str, folder: Path) -> Path:
    """The path that was typed, pasted or dropped: quoted or with escaped spaces, with ``~``.

    ``file://`` addresses, as some terminals paste them, are paths too.
    """
    text = written.strip()
    quoted = _QUOTES.match(text)
    if quoted is not None:
        text = quoted[1] or quoted[2] or ""
    elif os.sep == "/":
        text = _ESCAPED.sub(r"\1", text)
    if text.startswith("file://"):
        text = unquote(urlsplit(text).path)
    try:
        return folder / Path(text).expanduser()
    except RuntimeError:  # of a user who does not exist
        return folder / text


def read_file(path: Path, largest: int | None = None) -> ReadFile:
    """Read a file of at most ``largest`` bytes, else of what can be attached; blocks.

    Raises :class:`WorkbenchError` in words.

    Pipes, devices, sockets and folders are refused before a byte is read, and so is what is larger
    than any file may be. A file without an end, as in /proc, is cut off there and refused.
    """
    name, largest = single_line(path.name, 120), largest or LARGEST_FILE
    try:
        descriptor = os.open(path, _OPEN)
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            kind = _KINDS.get(stat.S_IFMT(status.st_mode))
            if kind is not None or not stat.S_ISREG(status.st_mode):
                raise refused(f"{name} is {kind or 'no file'}.", "Attach a file.")
            if status.st_size > largest:
                raise too_large(name, status.st_size, largest)
            data = file.read(largest + 1) or b""  # None where reading would have to wait
        if len(data) > largest:
            raise too_large(name, len(data), largest)
        real = path.resolve()
    except FileNotFoundError:
        raise refused(f"There is no file {shown(path)}.", "Check the path.") from None
    except IsADirectoryError:
        raise refused(f"{name} is a folder.", "Attach a file.") from None
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    return ReadFile(path.name, data, real if real != path.absolute() else None)


def _unreadable(path: Path, error: Exception) -> WorkbenchError:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return refused(f"{shown(path)} cannot be read: {single_line(reason)}.", "Check its path.")
