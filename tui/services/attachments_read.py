"""Reading a file that is to be attached: a regular one, of a bounded size, that the user named."""

import os
import shlex
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
_LONGEST_PASTE = 8_192
"""Characters of a paste that is looked at for paths."""
_MOST_PASTED = 20


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
    words = _shell_words(text)
    if len(words) == 1:
        text = words[0]
    if text.startswith("file://"):
        text = unquote(urlsplit(text).path)
    return located(text, folder)


def located(path: str, folder: Path) -> Path:
    """Where a path leads from a folder; ``~`` is the home of the user."""
    try:
        return folder / Path(path).expanduser()
    except RuntimeError:  # of a user who does not exist
        return folder / path


def pasted_files(text: str, folder: Path) -> list[Path]:
    """The files whose paths a pasted or dropped text is, and nothing else; blocks.

    Terminals write several of them in one line as a shell would, or each on a line of its own.
    A word is no path here unless it says where it begins, so that a name in a sentence stays one.
    """
    if len(text) > _LONGEST_PASTE:
        return []
    lines = [line for line in text.splitlines() if line.strip()]
    for written in ([text], lines, _raw_words(text)):
        if 0 < len(written) <= _MOST_PASTED and all(map(_says_where, written)):
            paths = [path_from(one, folder) for one in written]
            if all(map(_is_file, paths)):
                return paths
    return []


def _shell_words(text: str) -> list[str]:
    """The words as a shell reads them; the text itself where it would not, as for ``it's``."""
    if os.sep != "/":
        is_quoted = len(text) > 1 and text[0] == text[-1] == '"'
        return [text[1:-1] if is_quoted else text]
    try:
        return shlex.split(text)
    except ValueError:
        return [text]


def _raw_words(text: str) -> list[str]:
    """The words as they are written, quotes and all."""
    return [shlex.quote(word) if os.sep == "/" else word for word in _shell_words(text)]


def _says_where(written: str) -> bool:
    plain = written.strip().lstrip("'\"")
    return plain.startswith(("/", "~", "./", "../", "file://", "\\\\")) or plain[1:3] == ":\\"


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def read_file(path: Path, largest: int | None = None) -> ReadFile:
    """Read a file of at most ``largest`` bytes, else of what can be attached; blocks.

    Raises :class:`WorkbenchError` in words.

    Pipes, devices, sockets and folders are refused before a byte is read, and so is what is larger
    than any file may be. A file without an end, as in /proc, is cut off there and refused.
    """
    name, largest = single_line(path.name, 120), largest or LARGEST_FILE
    try:
        descriptor = os.open(path, _OPEN)
        try:
            status = os.fstat(descriptor)
            kind = _KINDS.get(stat.S_IFMT(status.st_mode))
            if kind is not None or not stat.S_ISREG(status.st_mode):
                raise refused(f"{name} is {kind or 'no file'}.", "Attach a file.")
            if status.st_size > largest:
                raise too_large(name, status.st_size, largest)
            # A file object refuses a folder, and leaves the descriptor open then.
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                data = file.read(largest + 1) or b""  # None where reading would have to wait
        finally:
            os.close(descriptor)
        if len(data) > largest:
            raise too_large(name, len(data), largest)
        real = path.resolve()
    except FileNotFoundError:
        raise refused(f"There is no file {shown(path)}.", "Check the path.") from None
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from None
    return ReadFile(path.name, data, real if real != path.absolute() else None)


def _unreadable(path: Path, error: Exception) -> WorkbenchError:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return refused(f"{shown(path)} cannot be read: {single_line(reason)}.", "Check its path.")
