"""Writing a text in the user's own editor. The caller has given the terminal away meanwhile."""

import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from tui.domain.errors import Failure, FailureKind, WorkbenchError
from tui.domain.sanitize import single_line, storable

_VARIABLES = ("VISUAL", "EDITOR")
_USUAL = ("sensible-editor", "nano", "vim", "vi")
_LARGEST_TEXT = 16 * 1024 * 1024


def editor_command(environ: Mapping[str, str]) -> list[str]:
    """The words of the editor's command: of VISUAL, of EDITOR, else of one that is usual.

    Raises :class:`WorkbenchError` in words if there is none.
    """
    for name in _VARIABLES:
        written = environ.get(name, "").strip()
        if not written:
            continue
        try:
            words = shlex.split(written)
        except ValueError as error:
            what = f"{name} cannot be read as a command: {single_line(str(error))}."
            raise _failure(what, f"Set {name} anew, such as {name}=nano.") from None
        if words and shutil.which(words[0], path=environ.get("PATH")) is None:
            raise _failure(
                f"{name} names {single_line(words[0], 80)}, which is not installed.",
                f"Set {name} to an editor that is, such as {name}=nano.",
            )
        if words:
            return words
    for usual in _USUAL:
        found = shutil.which(usual, path=environ.get("PATH"))
        if found is not None:
            return [found]
    raise _failure("No editor is known.", "Set EDITOR to the one you use, such as EDITOR=nano.")


def edit_text(text: str, environ: Mapping[str, str], *, suffix: str = ".md") -> str:
    """The text as it is when the editor has ended; blocks until then.

    It is handed over in a private file of its own, which is gone afterwards. An editor that fails,
    or that leaves nothing behind, leaves the text as it was. Raises :class:`WorkbenchError` in
    words.
    """
    command = editor_command(environ)
    folder = Path(tempfile.mkdtemp(prefix="orw-"))  # private, whatever the umask
    path = folder / f"message{suffix}"
    try:
        _write(path, text)
        _run([*command, str(path)], environ)
        return _read(path)
    finally:
        with suppress(OSError):
            shutil.rmtree(folder)  # also what the editor left beside it, as a backup


def _write(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        file.write(storable(text))


def _run(command: Sequence[str], environ: Mapping[str, str]) -> None:
    name = single_line(Path(command[0]).name, 40)
    try:
        done = subprocess.run(command, env=dict(environ), check=False)  # noqa: S603 - the user's
    except OSError as error:
        reason = single_line(error.strerror or str(error))
        raise _failure(f"{name} cannot be started: {reason}.", "Set EDITOR to another.") from None
    if done.returncode:
        raise _failure(
            f"{name} ended with the code {done.returncode}.", "Your text is as it was before."
        )


def _read(path: Path) -> str:
    try:
        # An editor may have put another file in its place.
        with path.open("rb") as file:
            data = file.read(_LARGEST_TEXT + 1)
    except OSError:
        raise _failure("The editor left no text.", "Your text is as it was before.") from None
    if len(data) > _LARGEST_TEXT:
        raise _failure("The text is too large.", "Your text is as it was before.")
    text = data.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    # Editors end the last line, which a message does not need.
    return text.removesuffix("\n")


def _failure(what: str, next_step: str) -> WorkbenchError:
    return WorkbenchError(Failure(FailureKind.BAD_SETTINGS, what, next_step))
