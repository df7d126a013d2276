"""Screens compared with the committed ones.

``pytest tests/snapshots --update-snapshots`` writes them anew.
"""

import difflib
from pathlib import Path
from typing import Any, Protocol

import pytest
from textual.app import App

from tests.snapshots.svg import normalised, words_of

_OPTION = "--update-snapshots"


class AssertSnapshot(Protocol):
    """Compares a screen with ``<name>.svg`` beside the test."""

    def __call__(self, screen: App[Any] | str, name: str) -> None:
        """Fail with the difference in words; the new screen is kept as ``<name>.new.svg``."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(_OPTION, action="store_true", help="write the screens instead of comparing")


@pytest.fixture
def assert_snapshot(request: pytest.FixtureRequest) -> AssertSnapshot:
    # The option exists only if this folder was named on the command line.
    updating = bool(request.config.getoption(_OPTION, default=False))
    folder = request.path.parent

    def compare(screen: App[Any] | str, name: str) -> None:
        made = normalised(screen if isinstance(screen, str) else screen.export_screenshot())
        compare_with_file(folder / f"{name}.svg", made, updating=updating)

    return compare


def compare_with_file(committed: Path, made: str, *, updating: bool) -> None:
    """Fail if the normalised screen is not the committed one, or make it the committed one."""
    new = committed.with_suffix(".new.svg")
    new.unlink(missing_ok=True)
    before = committed.read_text(encoding="utf-8") if committed.exists() else ""
    if made == before:
        return
    if updating:
        committed.write_text(made, encoding="utf-8")
        return
    new.write_text(made, encoding="utf-8")
    lines = difflib.unified_diff(words_of(before), words_of(made), "committed", "now", lineterm="")
    difference = "\n".join(lines) or "The words are the same; colours or styles differ."
    pytest.fail(
        f"{committed.name} is not what is on screen, see {new.name}. If it should be, run: "
        f"pytest tests/snapshots {_OPTION}\n{difference}",
        pytrace=False,
    )
