"""What the system's own programs are started with."""

from collections.abc import Mapping

from tui.domain.connection import KEY_VARIABLE

WSL_VARIABLES = ("WSL_DISTRO_NAME", "WSL_INTEROP")
"""Either is set in the Windows Subsystem for Linux, where Windows' programs can be started."""


def without_key(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment for a program that needs no key, and may go on after we have ended."""
    return {name: value for name, value in environ.items() if name != KEY_VARIABLE}
