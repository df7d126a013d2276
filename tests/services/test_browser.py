"""What is started to open a link, and with which arguments."""

import sys
import time
from pathlib import Path

import pytest

from tui.services.browser import CannotOpenError, open_file, open_link, opener


def fake_program(folder: Path, name: str) -> Path:
    """A program that writes down its arguments, one a line, and the key if it is handed on."""
    program, written = folder / name, folder / "written"
    keep = f"> {written}.part\nmv {written}.part {written}"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" $OPENROUTER_API_KEY {keep}\n')
    program.chmod(0o700)
    return written


@pytest.mark.skipif(sys.platform != "linux", reason="each system has its own program")
def test_the_target_is_the_only_argument_and_the_key_stays_here(tmp_path: Path) -> None:
    written = fake_program(tmp_path, "xdg-open")
    path = f"{tmp_path}:/usr/bin:/bin"
    environ = {"PATH": path, "DISPLAY": ":0", "OPENROUTER_API_KEY": "sk-or-v1-test-canary-0001"}
    open_link("https://a.example/$(id)?x=1;ls&y='z' w", environ)
    deadline = time.monotonic() + 10
    while not written.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert written.read_text() == "https://a.example/$(id)?x=1;ls&y='z'%20w\n"


@pytest.mark.parametrize("target", ["file:///etc/passwd", "-h", "javascript:alert(1)", "", "x"])
def test_only_links_are_opened(target: str) -> None:
    with pytest.raises(CannotOpenError, match="Only http"):
        open_link(target, {"PATH": "", "DISPLAY": ":0"})


def test_without_a_desktop_nothing_is_started(tmp_path: Path) -> None:
    fake_program(tmp_path, "xdg-open")
    with pytest.raises(CannotOpenError, match="no desktop"):
        opener("linux", {"PATH": str(tmp_path)})


def test_a_missing_program_is_said(tmp_path: Path) -> None:
    with pytest.raises(CannotOpenError, match="no xdg-open"):
        opener("linux", {"PATH": str(tmp_path), "WAYLAND_DISPLAY": "wayland-0"})


@pytest.mark.parametrize(
    ("platform", "environ", "name"),
    [("darwin", {}, "open"), ("linux", {"WSL_DISTRO_NAME": "x"}, "wslview")],
)
def test_each_system_has_its_program(
    platform: str, environ: dict[str, str], name: str, tmp_path: Path
) -> None:
    fake_program(tmp_path, name)
    assert opener(platform, {**environ, "PATH": str(tmp_path)}) == [str(tmp_path / name)]


@pytest.mark.skipif(sys.platform != "linux", reason="each system has its own program")
def test_a_file_is_one_argument_and_never_an_option(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = fake_program(tmp_path, "xdg-open")
    monkeypatch.chdir(tmp_path)
    environ = {"PATH": f"{tmp_path}:/usr/bin:/bin", "DISPLAY": ":0"}
    open_file(Path("--help;$(id) x.png"), environ)
    deadline = time.monotonic() + 10
    while not written.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert written.read_text() == f"{tmp_path}/--help;$(id) x.png\n"
