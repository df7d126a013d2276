"""The clipboard: the system's own tool, else the terminal (OSC 52), else a private file.

Only a tool can say that it has taken the text. A terminal never answers, so that way is reported
as what it is: sent.
"""

import asyncio
import base64
import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from tui.domain.sanitize import copyable
from tui.services.atomic import write_atomically
from tui.services.passthrough import passed_through
from tui.services.paths import make_private_folder, shown
from tui.services.programs import WSL_VARIABLES, without_key

Find = Callable[[str], str | None]
"""The path of a program, or None if there is none of that name."""

_TOOL_TIME = 3.0
"""Seconds that a tool may take; one that waits for a display which is gone would take forever."""
_MOST_BY_TERMINAL = 74_994
"""Bytes of text that every terminal with OSC 52 takes: 100,000 bytes once they are encoded."""
_FILE_NAME = "clipboard.txt"
_WITHOUT_OSC_52 = frozenset({"", "dumb", "linux"})


class Way(Enum):
    """Where a text was copied to."""

    TOOL = auto()
    TERMINAL = auto()
    FILE = auto()


@dataclass(frozen=True, slots=True)
class Copied:
    """What has happened to a text that was to be copied."""

    way: Way
    name: str
    """The tool, or the file's path as it is shown."""
    characters: int
    """How many were copied."""


@dataclass(frozen=True, slots=True)
class Tool:
    """A program that puts its standard input on the clipboard."""

    name: str
    command: tuple[str, ...]
    encoding: str = "utf-8"


def tool_for(environ: Mapping[str, str], platform: str, find: Find) -> Tool | None:
    """The tool that reaches the clipboard of the person at the keyboard, or None.

    ``platform`` is ``sys.platform``. Over SSH the tools would fill the clipboard of the machine at
    the other end, unless X is forwarded.
    """
    for tool in _candidates(environ, platform):
        path = find(tool.command[0])
        if path is not None:
            return Tool(tool.name, (path, *tool.command[1:]), tool.encoding)
    return None


def _candidates(environ: Mapping[str, str], platform: str) -> Sequence[Tool]:
    x_tools = (
        Tool("xclip", ("xclip", "-selection", "clipboard", "-in")),
        Tool("xsel", ("xsel", "--clipboard", "--input")),
    )
    display = environ.get("DISPLAY", "")
    if environ.get("SSH_CONNECTION"):
        is_forwarded = bool(display.partition(":")[0])
        return x_tools if is_forwarded else ()
    if platform == "darwin":
        return (Tool("pbcopy", ("pbcopy",)),)
    tools: list[Tool] = []
    if environ.get("TERMUX_VERSION"):
        tools.append(Tool("termux-clipboard-set", ("termux-clipboard-set",)))
    if environ.get("WAYLAND_DISPLAY"):
        tools.append(Tool("wl-copy", ("wl-copy", "--type", "text/plain;charset=utf-8")))
    if display:
        tools += x_tools
    if platform == "win32" or any(environ.get(name) for name in WSL_VARIABLES):
        tools.append(Tool("clip.exe", ("clip.exe",), "utf-16-le"))
    return tools


def terminal_sequence(text: str, environ: Mapping[str, str]) -> str | None:
    """OSC 52 for a cleaned text, wrapped for tmux or screen; None if it would not arrive.

    Source: xterm's control sequences, "Manipulate Selection Data".
    """
    data = text.encode()
    if len(data) > _MOST_BY_TERMINAL or environ.get("TERM", "") in _WITHOUT_OSC_52:
        return None
    sequence = f"\x1b]52;c;{base64.b64encode(data).decode()}\x07"
    return passed_through(sequence, environ)


async def copy(
    text: str,
    environ: Mapping[str, str],
    platform: str,
    write_terminal: Callable[[str], object] | None,
    folder: Path,
) -> Copied:
    """Copy a text, less the characters that could act on a terminal it is pasted into.

    ``write_terminal`` writes to the terminal, or is None where there is none; ``folder`` holds the
    file if nothing else is left. Raises :class:`WorkbenchError` or OSError if not even that works.
    """
    text = copyable(text)
    tool = tool_for(environ, platform, lambda name: shutil.which(name, path=environ.get("PATH")))
    if tool is not None and await _run(tool, text, environ):
        return Copied(Way.TOOL, tool.name, len(text))
    sequence = terminal_sequence(text, environ) if write_terminal is not None else None
    if sequence is not None and write_terminal is not None:
        write_terminal(sequence)
        return Copied(Way.TERMINAL, "OSC 52", len(text))
    path = folder / _FILE_NAME
    await asyncio.to_thread(_save, path, text)
    return Copied(Way.FILE, shown(path), len(text))


async def _run(tool: Tool, text: str, environ: Mapping[str, str]) -> bool:
    """Whether the tool has taken the text."""
    try:
        process = await asyncio.create_subprocess_exec(
            *tool.command,
            stdin=asyncio.subprocess.PIPE,
            # A tool may go on in the background to serve the text; it must not hold our pipes,
            # and a Ctrl+C in the terminal or its end must not reach it.
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
            env=without_key(environ),
        )
    except OSError:
        return False
    try:
        async with asyncio.timeout(_TOOL_TIME):
            await process.communicate(text.encode(tool.encoding))
    except (TimeoutError, OSError):
        return False
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    return process.returncode == 0


def _save(path: Path, text: str) -> None:
    make_private_folder(path.parent)
    write_atomically(path, text.encode())
