"""What every test stands on: no environment of the developer's, no network, one time zone."""

import gc
import ipaddress
import itertools
import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

_PREFIXES = ("OPENROUTER_", "ORW_", "XDG_", "TEXTUAL", "HTTP_", "HTTPS_", "ALL_", "NO_")
_NAMES = frozenset({"COLORTERM", "ESCDELAY", "TERM_PROGRAM", "EDITOR", "VISUAL", "TMUX", "STY"})

settings.register_profile(
    "tests",
    deadline=None,
    database=None,
    max_examples=60,
    # A busy machine is no defect of the code.
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("tests")
# For a longer search: pytest --hypothesis-profile=thorough
settings.register_profile("thorough", settings.get_profile("tests"), max_examples=3_000)


# Thousands of tests stay in memory: to look through them for garbage takes longer than many a test.
gc.set_threshold(50_000, 20, 100)


class NetworkBlockedError(RuntimeError):
    """A test tried to reach something that is not this machine."""


def _is_local(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host is None or host in ("", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def _block_network(event: str, arguments: tuple[object, ...]) -> None:
    """An audit hook: it sees every connection of the process, whichever library makes it."""
    if event == "socket.getaddrinfo":
        host = arguments[0]
        if str(host).endswith(".invalid"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    elif event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        if not isinstance(address, tuple):
            return
        host = address[0]
    else:
        return
    if not _is_local(host):
        raise NetworkBlockedError(f"tests must not reach {host!r}")


sys.addaudithook(_block_network)


def pytest_configure(config: pytest.Config) -> None:
    """Let the workers and the dozens of programs that tests start share what one has compiled.

    An environment that forbids to write bytecode beside the sources (images of containers do)
    would have each of them compile the whole workbench for itself.
    """
    if not sys.dont_write_bytecode:
        return
    folder = tempfile.mkdtemp(prefix="orw-tests-")
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = folder
    sys.dont_write_bytecode = False


def pytest_xdist_auto_num_workers() -> int:
    """Twice the cores: many tests wait for a terminal, a server or a frame rather than compute."""
    return 2 * (os.cpu_count() or 1)


@pytest.fixture(scope="session")
def _homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Paths for homes, numbered without a scan of what is there as ``mktemp`` makes it."""
    root = tmp_path_factory.mktemp("homes")
    return (root / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def _isolated(monkeypatch: pytest.MonkeyPatch, _homes: Iterator[Path]) -> Iterator[None]:
    """A home of its own, no keyring, none of the variables that steer the workbench, and UTC."""
    for name in list(os.environ):
        if name.upper().startswith(_PREFIXES) or name in _NAMES:
            monkeypatch.delenv(name)
    home = next(_homes)
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    time.tzset()


@pytest.fixture
def orw_home(tmp_path: Path) -> Path:
    """A folder for ``--home``; nothing is in it yet."""
    return tmp_path / "orw"
