"""Programs on real terminals, ended after each test by the process that started them."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.terminal.harness import Terminal

Start = Callable[..., Terminal]


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """The whole environment of a program: a home of its own and nothing of the developer's."""
    home = tmp_path / "home"
    home.mkdir()
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "TZ": "UTC",
    }


@pytest.fixture
def start(environ: dict[str, str]) -> Iterator[Start]:
    """Start ``python -m MODULE …`` on a terminal of its own; keywords go to Terminal."""
    with ExitStack() as running:

        def start_program(module: str, *arguments: object, **options: object) -> Terminal:
            command = [sys.executable, "-m", module, *map(str, arguments)]
            terminal = Terminal(command, **{"environ": environ, **options})  # type: ignore[arg-type]
            return running.enter_context(terminal)

        yield start_program
