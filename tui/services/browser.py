"""Opens a link or a file outside of the terminal, in whatever the system has for it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tui.domain.sanitize import link_target
from tui.services.programs import without_key


class CannotOpenError(Exception):
    """There is nothing that could open the link; the words say why."""


def open_link(target: str, environ: Mapping[str, str] = os.environ) -> None:
    """Open a web page or begin a mail.

    The target is one argument of a program, never part of a command line for a shell, and it
    begins with its scheme, so no program takes it for an option. The program's own output goes
    nowhere: it would be written over the screen.

    Raises:
        CannotOpenError: The target is no link, or there is no program or no desktop.

    """
    cleaned = link_target(target)
    if cleaned is None:
        raise CannotOpenError("Only http, https and mailto links can be opened.")
    _start(opener(sys.platform, environ), cleaned, environ)


def open_file(path: Path, environ: Mapping[str, str] = os.environ) -> None:
    """Show a file in whatever the system has for its kind; raises :class:`CannotOpenError`.

    The caller vouches for the kind: a program is chosen by the name of the file.
    """
    _start(opener(sys.platform, environ), str(path.absolute()), environ)


def _start(command: Sequence[str], argument: str, environ: Mapping[str, str]) -> None:
    try:
        subprocess.Popen(  # noqa: S603 - a list of arguments, without a shell
            [*command, argument],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=without_key(environ),
        )
    except OSError as error:
        raise CannotOpenError(f"{command[0]} cannot be started: {error.strerror}.") from error


def opener(platform: str, environ: Mapping[str, str]) -> Sequence[str]:
    """The program that opens things; raises :class:`CannotOpenError` if there is none.

    Text browsers are left alone: they would take the terminal away.
    """
    path = environ.get("PATH")
    if platform == "darwin":
        names = ["open"]
    elif "WSL_DISTRO_NAME" in environ:
        names = ["wslview", "xdg-open"]
    elif environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"):
        names = ["xdg-open"]
    else:
        raise CannotOpenError("There is no desktop here to open it on.")
    for name in names:
        if (program := shutil.which(name, path=path)) is not None:
            return [program]
    raise CannotOpenError(f"There is no {names[0]} here to open it with.")
