"""A key is in config.toml, if its owner put it there, and goes to its server: nowhere else."""

from pathlib import Path

import pytest

from tests.fakes.server import FakeServer, chunk, error_reply, sse
from tests.terminal.conftest import KEY, Start, ask
from tests.terminal.harness import Terminal

PUBLIC = KEY[-4:]
"""The four characters that the screen shows, so that a key can be recognised."""
SECRET = KEY.removeprefix("sk-or-v1-").removesuffix(PUBLIC)


def assert_secret(terminal: Terminal, *folders: Path, allowed: Path | None = None) -> None:
    """Fail if the key is in what reached the terminal or in a file other than ``allowed``."""
    assert SECRET.encode() not in terminal.raw
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    holding = [file for file in files if SECRET.encode() in file.read_bytes()]
    assert holding == ([allowed] if allowed else [])


@pytest.fixture
def folders(orw_home: Path, environ: dict[str, str]) -> tuple[Path, Path]:
    return orw_home, Path(environ["HOME"])


def test_the_key_of_the_environment_is_seen_by_its_server_alone(
    online: Start, server: FakeServer, folders: tuple[Path, Path]
) -> None:
    server.on_chat(error_reply(401, f"Bad key: {KEY}"))
    terminal = online()
    ask(terminal, "Is my key good?")
    terminal.wait_for("Bad key")
    terminal.send("\x1bOQ")
    terminal.wait_until_gone("Bad key")
    terminal.wait_for(PUBLIC, what="the last characters of the key in the settings")
    arguments = Path(f"/proc/{terminal.pid}/cmdline")
    if arguments.exists():
        assert SECRET.encode() not in arguments.read_bytes()
    terminal.send("\x1b")
    terminal.wait_for("Bad key")
    terminal.send("\x11")
    assert terminal.wait_for_exit() == 0
    assert server.chats[0].headers["authorization"] == f"Bearer {KEY}"
    assert_secret(terminal, *folders)


def test_the_key_of_config_toml_stays_there(
    workbench: Start, server: FakeServer, folders: tuple[Path, Path]
) -> None:
    config = folders[0] / "config" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(
        "[default]\n"
        'provider = "local"\n'
        'model = "test/model"\n'
        "[providers.local]\n"
        'kind = "compatible"\n'
        f'base_url = "{server.base_url}"\n'
        f'api_key = "{KEY}"\n'
    )
    config.chmod(0o600)
    server.on_chat(sse(chunk("The answer."), chunk("", finish="stop")))
    terminal = workbench()
    ask(terminal, "Hello?")
    terminal.wait_for("The answer.")
    terminal.send("\x11")
    assert terminal.wait_for_exit() == 0
    assert server.chats[0].headers["authorization"] == f"Bearer {KEY}"
    assert_secret(terminal, *folders, allowed=config)
