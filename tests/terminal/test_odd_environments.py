"""The app starts wherever it can, and says what is wrong where it cannot."""

import os
from pathlib import Path

import pytest

from tests.terminal.conftest import READY, Start
from tests.terminal.harness import Terminal


def assert_usable(terminal: Terminal) -> None:
    """Type a word and leave; nothing else shows that a start was a good one."""
    terminal.wait_for(READY)
    terminal.send("still alive")
    terminal.wait_for("still alive")
    terminal.send("\x11")
    assert terminal.wait_for_exit() == 0
    assert b"Traceback" not in terminal.raw


BROKEN = {
    "bad TOML": (b"[default\nmodel = 1\n", "line 1"),
    "an unknown setting": (b"[default]\nmodle = 'x'\n", "modle"),
    "a wrong type": (b"[reliability]\nretries = 'many'\n", "retries"),
    "not UTF-8": (b"[default]\nmodel = '\xff\xfe'\n", "config.toml"),
}


@pytest.mark.parametrize(("content", "words"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_config_is_named_and_the_app_starts(
    workbench: Start, orw_home: Path, content: bytes, words: str
) -> None:
    (orw_home / "config").mkdir(parents=True)
    (orw_home / "config" / "config.toml").write_bytes(content)
    terminal = workbench("--demo")
    terminal.wait_for(words)
    assert_usable(terminal)


def test_a_config_that_is_a_folder_is_named(workbench: Start, orw_home: Path) -> None:
    (orw_home / "config" / "config.toml").mkdir(parents=True)
    terminal = workbench("--demo")
    terminal.wait_for("config.toml")
    assert_usable(terminal)


def test_a_home_that_cannot_be_written_is_named(workbench: Start, orw_home: Path) -> None:
    orw_home.touch()
    terminal = workbench("--demo")
    terminal.wait_for("not being saved")
    assert_usable(terminal)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_home_is_named(workbench: Start, orw_home: Path) -> None:
    orw_home.mkdir(mode=0o500)
    terminal = workbench("--demo")
    terminal.wait_for("not being saved")
    assert_usable(terminal)


def test_without_home_the_folders_of_the_environment_are_used(
    start: Start, environ: dict[str, str], tmp_path: Path
) -> None:
    del environ["HOME"]
    for name in ("CONFIG", "DATA", "CACHE"):
        environ[f"XDG_{name}_HOME"] = str(tmp_path / name.lower())
    assert_usable(start("tui", "--demo"))


def test_a_terminal_that_cannot_draw_is_refused(workbench: Start, environ: dict[str, str]) -> None:
    environ["TERM"] = "dumb"
    terminal = workbench("--demo")
    assert terminal.wait_for_exit() == 2
    assert b"TERM=dumb" in terminal.raw
    assert b"\x1b" not in terminal.raw


@pytest.mark.parametrize("term", ["xterm", "linux", "screen", "no-such-terminal"])
def test_it_starts_on_any_other_terminal(
    workbench: Start, environ: dict[str, str], term: str
) -> None:
    environ["TERM"] = term
    del environ["COLORTERM"]
    assert_usable(workbench("--demo"))


@pytest.mark.parametrize("locale", ["C", "POSIX", "en_US.ISO-8859-1"])
def test_any_locale_can_show_every_character(
    workbench: Start, environ: dict[str, str], locale: str
) -> None:
    environ["LANG"] = environ["LC_ALL"] = locale
    terminal = workbench("--demo")
    terminal.wait_for(READY)
    terminal.send("汉字 ≈ é")
    terminal.wait_for("汉字")
    terminal.send("\x11")
    assert terminal.wait_for_exit() == 0


@pytest.mark.parametrize(("columns", "rows"), [(20, 5), (10, 3), (300, 100)])
def test_it_survives_any_window(workbench: Start, columns: int, rows: int) -> None:
    terminal = workbench("--demo", columns=columns, rows=rows)
    terminal.wait_for(lambda: b"\x1b[?2026l" in terminal.raw, what="a frame")
    terminal.resize(120, 40)
    assert_usable(terminal)


def test_shrinking_to_almost_nothing_and_back_keeps_the_draft(workbench: Start) -> None:
    terminal = workbench("--demo")
    terminal.wait_for(READY)
    terminal.send("a draft")
    terminal.wait_for("a draft")
    for size in ((1, 1), (5, 2), (120, 40)):
        terminal.resize(*size)
        terminal.wait_until_quiet(0.2)
    terminal.wait_for("a draft")
