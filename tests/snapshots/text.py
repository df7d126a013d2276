"""Readable files compared with the committed ones, as the screens are."""

import difflib
from pathlib import Path

import pytest


def assert_same_text(request: pytest.FixtureRequest, name: str, made: str) -> None:
    """Fail with the difference to the file beside the test, or write it with the update option."""
    committed = request.path.parent / name
    before = committed.read_text() if committed.exists() else ""
    if made == before:
        return
    if request.config.getoption("--update-snapshots", default=False):
        committed.write_text(made)
        return
    difference = difflib.unified_diff(
        before.splitlines(), made.splitlines(), "committed", "now", lineterm="", n=2
    )
    pytest.fail(
        f"{Path(name)} is not what is made now. If it should be, run: "
        "pytest tests/snapshots --update-snapshots\n" + "\n".join(difference),
        pytrace=False,
    )
