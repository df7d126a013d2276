"""The spend screen over a history of years: its first paint, and until its list is drawn."""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from tests.bench.figures import Line
from tests.bench.program import Program
from tests.fakes.spending import spend_some_weeks
from tui.services.history import History

_READY = "starts a new line"
_OPEN, _CLOSE = b"\x1bOS", b"\x1b"
"""F4 and Escape."""
_PAINTED, _COMPLETE = "Conversation", "answers"
_LIMIT = 150
_TIMES = 4
_REST = 0.4
"""Shorter than the cursor's blink, which would never let the screen rest."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of this benchmark."""
    parser.add_argument("--days", type=int, default=1_500, help="about six answers each")


def main(options: argparse.Namespace) -> list[Line]:
    """Open the screen several times; the first time, the plotting library is imported too."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_spend(Path(folder), options.days))
        with Program([sys.executable, "-m", "tui", "--demo", "--home", folder]) as program:
            program.wait_for(_READY)
            program.settle(_REST)
            opened = [_open(program) for _ in range(_TIMES)]
    return list(_lines(opened))


async def _spend(home: Path, days: int) -> None:
    (home / "data").mkdir(mode=0o700)
    history = await History.open(home / "data" / "demo.db")
    await spend_some_weeks(history, datetime.now(UTC), days)
    await history.aclose()


def _open(program: Program) -> tuple[float, float]:
    """Milliseconds from F4 to the first paint and to the list of what was spent."""
    since, began = len(program.raw), program.send(_OPEN)
    painted = program.wait_for(_PAINTED, since) - began
    complete = program.wait_for(_COMPLETE, since) - began
    program.settle(_REST)
    program.send(_CLOSE)
    program.settle(_REST)
    return 1000 * painted, 1000 * complete


def _lines(opened: list[tuple[float, float]]) -> Iterator[Line]:
    (first_paint, first_list), *later = opened
    yield Line("F4 for the first time, ms", first_paint, _LIMIT)
    yield Line("F4 for the first time until the list, ms", first_list)
    paints, lists = [paint for paint, _ in later], [one for _, one in later]
    yield Line("F4, ms", median(paints), _LIMIT, worst=max(paints))
    yield Line("F4 until the list, ms", median(lists), worst=max(lists))
