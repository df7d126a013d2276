"""Programs on real terminals, ended after each test by the process that started them."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.fakes.server import FakeServer
from tests.terminal.harness import Terminal
from tests.terminal.loopback import Loopback

Start = Callable[..., Terminal]

KEY = "sk-or-v1-test-canary-7f3c9a1be5d0468"
READY = "Message …"
"""What the prompt shows as long as it is empty."""

_INSTALLED = os.environ.get("ORW_TEST_COMMAND")
"""The command to test instead of this tree, as CI does with the installed wheel."""


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """The whole environment of a program: a home of its own and nothing of the developer's."""
    home = tmp_path / "home"
    home.mkdir()
    compiled = {name: os.environ[name] for name in ("PYTHONPYCACHEPREFIX",) if name in os.environ}
    return compiled | {
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


@pytest.fixture
def workbench(environ: dict[str, str], orw_home: Path, tmp_path: Path) -> Iterator[Start]:
    """Start the app with its files in ``orw_home``; keywords go to Terminal."""
    with ExitStack() as running:

        def start_app(*arguments: object, **options: object) -> Terminal:
            command = [_INSTALLED] if _INSTALLED else [sys.executable, "-m", "tui"]
            if _INSTALLED:
                options.setdefault("cwd", tmp_path)
            words = [*command, "--home", str(orw_home), *map(str, arguments)]
            terminal = Terminal(words, **{"environ": environ, **options})  # type: ignore[arg-type]
            return running.enter_context(terminal)

        yield start_app


@pytest.fixture
def server() -> Iterator[FakeServer]:
    """A scripted server on the loopback interface."""
    with Loopback() as loopback:
        yield loopback.server


@pytest.fixture
def online(workbench: Start, server: FakeServer, environ: dict[str, str]) -> Start:
    """Start the app connected to the scripted server, with a key from the environment."""

    def start_online(*arguments: object, **options: object) -> Terminal:
        environ["OPENROUTER_API_KEY"] = KEY
        return workbench(
            "--base-url", server.base_url, "--model", "test/model", *arguments, **options
        )

    return start_online


def ask(terminal: Terminal, prompt: str) -> None:
    """Type the prompt and send it, once the app is ready for it."""
    terminal.wait_for(READY)
    terminal.send(prompt)
    terminal.wait_for(prompt)
    terminal.send("\r")


RESTORING = [b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?1000l", b"\x1b[?1003l", b"\x1b[?1006l"]
RESTORING += [b"\x1b[?2004l", b"\x1b[<u"]


def assert_restored(terminal: Terminal) -> None:
    """Fail unless the terminal is as it was before the program, for the shell and for the eye."""
    missing = [sequence for sequence in RESTORING if sequence not in terminal.raw]
    assert not missing, missing
    assert terminal.attributes() == terminal.attributes_before
