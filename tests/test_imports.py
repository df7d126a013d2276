"""What a command imports decides how fast it answers; asserted by absence, not by the clock."""

import subprocess
import sys
from pathlib import Path

import pytest

_REPORT = """
import sys
from tui.cli import main
try:
    main(sys.argv[2:])
except SystemExit as done:
    assert not done.code, done.code
print()
print("IMPORTED", *[name for name in sys.argv[1].split(",") if name in sys.modules])
"""


def imported(modules: str, *arguments: str) -> list[str]:
    """Which of the modules, separated by commas, the command has imported when it ends."""
    done = subprocess.run(
        [sys.executable, "-c", _REPORT, modules, *arguments],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=50,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1].split()[1:]


@pytest.mark.parametrize("flag", ["--version", "--help"])
def test_version_and_help_need_the_standard_library_only(flag: str) -> None:
    heavy = "textual,rich,httpx,pydantic,tomlkit,platformdirs,asyncio,tui.runtime"
    assert imported(heavy, flag) == []


def test_ask_never_imports_textual(orw_home: Path) -> None:
    found = imported("textual,httpx", "ask", "--demo", "--home", str(orw_home), "Hello")
    assert found == ["httpx"]


def test_models_never_imports_textual(orw_home: Path) -> None:
    found = imported("textual,httpx", "models", "--demo", "--home", str(orw_home))
    assert found == ["httpx"]


def test_spend_imports_neither_textual_nor_httpx(orw_home: Path) -> None:
    assert imported("textual,httpx", "spend", "--demo", "--home", str(orw_home)) == []


def test_starting_imports_neither_textual_nor_httpx() -> None:
    code = (
        "import sys, tui.runtime;"
        "print('IMPORTED', *[name for name in ('textual', 'httpx') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=50, check=True
    )
    assert done.stdout.split() == ["IMPORTED"]


def test_doctor_never_imports_textual(orw_home: Path) -> None:
    found = imported(
        "textual,httpx,jsonschema,keyring", "doctor", "--demo", "--home", str(orw_home)
    )
    assert found == ["httpx"]
