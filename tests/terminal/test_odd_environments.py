"""The app starts wherever it can, and says what is wrong where it cannot."""

import os
from pathlib import Path

import pytest

from tests.terminal.conftest import READY, Start
from tests.terminal.harness import Terminal


def assert_usable(terminal: Terminal, *, saves: bool = True) -> None:
    """Type some words and leave; nothing else shows that a start was a good one."""
    terminal.wait_for(READY)
    terminal.send("still alive ≈ é 汉字")
    terminal.wait_for("still alive ≈ é 汉字")
    terminal.send("\x11")
    if not saves:
        terminal.wait_for("although nothing is being saved?")
        terminal.send("\x1b[C\r")
    assert terminal.wait_for_exit() == 0
    assert b"Traceback" not in terminal.raw


BROKEN = {
    "bad TOML": (b"[default\nmodel = 1\n", "line 1"),
    "an unknown setting and a wrong type": (
        b"[default]\nmodle = 'x'\n[reliability]\nretries = 'many'\n",
        "modle",
        "retries",
    ),
    "not UTF-8": (b"[default]\nmodel = '\xff\xfe'\n", "config.toml"),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_config_is_named_and_the_app_starts(
    workbench: Start, orw_home: Path, broken: tuple[bytes, *tuple[str, ...]]
) -> None:
    content, *named = broken
    (orw_home / "config").mkdir(parents=True)
    (orw_home / "config" / "config.toml").write_bytes(content)
    terminal = workbench("--demo")
    terminal.wait_for(lambda: all(words in terminal.text for words in named), what="the words")
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
    assert_usable(terminal, saves=False)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_home_is_named(workbench: Start, orw_home: Path) -> None:
    orw_home.mkdir(mode=0o500)
    terminal = workbench("--demo")
    terminal.wait_for("not being saved")
    assert_usable(terminal, saves=False)


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


@pytest.mark.parametrize(
    ("term", "locale", "columns", "rows"),
    [
        ("xterm", "C", 20, 5),
        ("linux", "POSIX", 10, 3),
        ("screen", "en_US.ISO-8859-1", 300, 100),
        ("no-such-terminal", "C.UTF-8", 120, 40),
    ],
)
def test_it_starts_on_any_terminal_in_any_locale_and_window(
    workbench: Start, environ: dict[str, str], term: str, locale: str, columns: int, rows: int
) -> None:
    environ |= {"TERM": term, "LANG": locale, "LC_ALL": locale}
    del environ["COLORTERM"]
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
