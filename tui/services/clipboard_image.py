"""The image on the clipboard, fetched by the system's own tool: a terminal hands over text only."""

import asyncio
import base64
import os
import shutil
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from tui.domain.attachments import LARGEST, AttachmentKind, kind_of, refused
from tui.domain.errors import WorkbenchError
from tui.services.programs import WSL_VARIABLES, without_key

_TOOL_TIME = 8.0
"""Seconds that a tool may take; PowerShell needs some of them to begin."""
_LAST_WORDS = 1.0
"""Seconds for the rest of what a tool wrote that was ended."""
_MOST_BYTES = LARGEST[AttachmentKind.IMAGE] * 2
"""What is read at most: an image of the greatest size, also where it comes as text."""
_POWERSHELL = (
    "Add-Type -AssemblyName System.Windows.Forms,System.Drawing;"
    "$i=[Windows.Forms.Clipboard]::GetImage();if($i){$m=New-Object IO.MemoryStream;"
    "$i.Save($m,[Drawing.Imaging.ImageFormat]::Png);[Convert]::ToBase64String($m.ToArray())}"
)


@dataclass(frozen=True, slots=True)
class ImageTool:
    """A program that writes the clipboard's image to its standard output."""

    command: tuple[str, ...]
    is_base64: bool = False


_POWERSHELL_TOOL = ImageTool(
    ("powershell.exe", "-NoProfile", "-STA", "-Command", _POWERSHELL), is_base64=True
)


def image_tools(environ: Mapping[str, str], platform: str) -> Sequence[ImageTool]:
    """The tools that may reach the clipboard of the person at the keyboard, best first.

    ``platform`` is ``sys.platform``. Over SSH only a forwarded display leads there.
    """
    display = environ.get("DISPLAY", "")
    x_tools = (ImageTool(("xclip", "-selection", "clipboard", "-t", "image/png", "-o")),)
    if environ.get("SSH_CONNECTION"):
        return x_tools if display.partition(":")[0] else ()
    if platform == "darwin":
        return (ImageTool(("pngpaste", "-")),)
    if platform == "win32":
        return (_POWERSHELL_TOOL,)
    tools: list[ImageTool] = []
    if environ.get("WAYLAND_DISPLAY"):
        tools.append(ImageTool(("wl-paste", "--no-newline", "--type", "image/png")))
    if display:
        tools += x_tools
    if any(environ.get(name) for name in WSL_VARIABLES):
        tools.append(_POWERSHELL_TOOL)
    return tools


async def clipboard_image(environ: Mapping[str, str], platform: str) -> bytes:
    """The image on the clipboard; raises :class:`WorkbenchError` in words if there is none."""
    tools = image_tools(environ, platform)
    if not tools:
        raise refused(
            "The clipboard's image cannot be reached from here.",
            "Save it as a file and attach that with F9.",
        )
    found = [
        (path, tool)
        for tool in tools
        if (path := shutil.which(tool.command[0], path=environ.get("PATH"))) is not None
    ]
    if not found:
        names = " or ".join(tool.command[0] for tool in tools)
        raise refused(
            "No program is there to read an image from the clipboard.",
            f"Install {names}, or save the image and attach the file with F9.",
        )
    for path, tool in found:
        data = await _output(path, tool, environ)
        kind = kind_of(data) if data else None
        if kind is not None and kind[0] is AttachmentKind.IMAGE:
            return data
    raise _no_image()


def _no_image() -> WorkbenchError:
    return refused(
        "There is no image on the clipboard.",
        "Copy one, or attach a file with F9.",
    )


async def _output(path: str, tool: ImageTool, environ: Mapping[str, str]) -> bytes:
    """What the tool wrote; nothing if it failed, took too long or wrote too much."""
    try:
        process = await asyncio.create_subprocess_exec(
            path,
            *tool.command[1:],
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
            env=without_key(environ),
        )
    except OSError:
        return b""
    data = bytearray()
    try:
        async with asyncio.timeout(_TOOL_TIME):
            while process.stdout is not None and len(data) <= _MOST_BYTES:
                piece = await process.stdout.read(65_536)
                if not piece:
                    await process.wait()
                    break
                data += piece
    except (TimeoutError, OSError):
        return b""
    finally:
        if process.returncode is None:
            # With all that it has started: what holds the pipe would keep us waiting.
            with suppress(ProcessLookupError, PermissionError):
                _kill(process)
            with suppress(TimeoutError):
                await asyncio.wait_for(process.communicate(), _LAST_WORDS)
    if process.returncode != 0:
        return b""
    return _decoded(bytes(data)) if tool.is_base64 else bytes(data)


def _kill(process: asyncio.subprocess.Process) -> None:
    if sys.platform == "win32":
        process.kill()
    else:
        os.killpg(process.pid, signal.SIGKILL)


def _decoded(data: bytes) -> bytes:
    try:
        return base64.b64decode(data.strip(), validate=True)
    except ValueError:
        return b""
