import os
from pathlib import Path

import pytest

from tests.fakes.images import png
from tui.domain.errors import WorkbenchError
from tui.services import clipboard_image as module
from tui.services.clipboard_image import clipboard_image, image_tools

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the stand-ins are shell scripts")


def program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)


def around(folder: Path, **more: str) -> dict[str, str]:
    return {"PATH": f"{folder}:/usr/bin:/bin", "WAYLAND_DISPLAY": "wayland-0", **more}


@pytest.mark.parametrize(
    ("environ", "platform", "names"),
    [
        ({"WAYLAND_DISPLAY": "w", "DISPLAY": ":0"}, "linux", ["wl-paste", "xclip"]),
        ({"DISPLAY": ":0", "WSL_DISTRO_NAME": "U"}, "linux", ["xclip", "powershell.exe"]),
        ({}, "darwin", ["pngpaste"]),
        ({}, "win32", ["powershell.exe"]),
        ({}, "linux", []),
        ({"SSH_CONNECTION": "x", "WAYLAND_DISPLAY": "w", "DISPLAY": ":0"}, "linux", []),
        ({"SSH_CONNECTION": "x", "DISPLAY": "localhost:10.0"}, "linux", ["xclip"]),
    ],
)
def test_the_tools_are_those_that_reach_the_users_clipboard(
    environ: dict[str, str], platform: str, names: list[str]
) -> None:
    assert [tool.command[0] for tool in image_tools(environ, platform)] == names


async def test_the_image_is_what_the_tool_writes_and_the_key_stays_here(tmp_path: Path) -> None:
    (tmp_path / "image.png").write_bytes(png(3, 2))
    saw = tmp_path / "environment"
    program(tmp_path, "wl-paste", f"env > {saw}\ncat {tmp_path}/image.png")
    environ = around(tmp_path, OPENROUTER_API_KEY="sk-or-v1-test-canary-1")
    assert await clipboard_image(environ, "linux") == png(3, 2)
    assert "canary" not in saw.read_text()


async def test_another_tool_is_asked_where_the_first_one_fails(tmp_path: Path) -> None:
    (tmp_path / "image.png").write_bytes(png(3, 2))
    program(tmp_path, "wl-paste", "exit 1")
    program(tmp_path, "xclip", f"cat {tmp_path}/image.png")
    assert await clipboard_image(around(tmp_path, DISPLAY=":0"), "linux") == png(3, 2)


@pytest.mark.parametrize("script", ["exit 1", "echo some text", "true", "sleep 60", "yes"])
async def test_anything_but_an_image_is_said_in_words(
    tmp_path: Path, script: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_TOOL_TIME", 0.3)
    monkeypatch.setattr(module, "_MOST_BYTES", 100_000)
    program(tmp_path, "wl-paste", f"exec {script}" if " " in script else script)
    with pytest.raises(WorkbenchError, match="no image on the clipboard"):
        await clipboard_image(around(tmp_path), "linux")


async def test_a_missing_tool_is_named(tmp_path: Path) -> None:
    with pytest.raises(WorkbenchError) as missing:
        await clipboard_image({"PATH": str(tmp_path), "WAYLAND_DISPLAY": "w"}, "linux")
    assert "Install wl-paste" in missing.value.failure.next_step
    with pytest.raises(WorkbenchError, match="cannot be reached"):
        await clipboard_image({"PATH": str(tmp_path)}, "linux")
