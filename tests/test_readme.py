"""What the README says can be done."""

import io
import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.dom import DOMNode

from tui.cli import main
from tui.demo.pace import Pace
from tui.domain.settings import (
    BudgetSettings,
    DefaultSettings,
    InterfaceSettings,
    ModelSettings,
    ProviderSettings,
    ReliabilitySettings,
    Settings,
)
from tui.services.config_file import load_config
from tui.ui.app import Workbench
from tui.ui.keymap import key_words
from tui.ui.screens.chat import ChatScreen
from tui.ui.transcript.transcript import Transcript
from tui.ui.widgets.conversation_list import ConversationList
from tui.ui.widgets.prompt import Prompt

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """The text below a heading, up to the next one."""
    found = re.search(
        rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", README, re.MULTILINE | re.DOTALL
    )
    assert found, title
    return found[1]


def commands() -> list[str]:
    fences = re.findall(r"^```sh\n(.*?)^```", section("From scripts"), re.MULTILINE | re.DOTALL)
    return [line for fence in fences for line in fence.splitlines() if "orw " in line]


IN_THE_DEMO = """\
import sys
from tui.cli import main
from tui.demo import pace, transport

transport.Pace = lambda speed: pace.Pace(0)
sys.exit(main(["--demo", *sys.argv[1:]]))
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A folder with our command, always in the demo, and with the tools that README uses."""
    python = shlex.quote(sys.executable)
    tools = {
        "orw": f'exec {python} -c {shlex.quote(IN_THE_DEMO)} "$@"',
        "git": "echo '+one more line'",
        "jq": f"exec {python} -c 'import json, sys; json.load(sys.stdin)[sys.argv[1][1:]]' \"$1\"",
    }
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, script in tools.items():
        (folder / name).write_text(f"#!/bin/sh\n{script}\n")
        (folder / name).chmod(0o755)
    return folder


def test_there_are_commands() -> None:
    assert len(commands()) >= 5


@pytest.mark.parametrize("command", [line for line in commands() if " | " not in line])
def test_a_command_for_scripts_works(
    command: str, orw_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ORW_HOME", str(orw_home))
    monkeypatch.setattr("sys.stdin", io.StringIO())
    monkeypatch.setattr("sys.excepthook", sys.excepthook)
    monkeypatch.setattr("tui.demo.transport.Pace", lambda _speed: Pace(0))
    name, *words = shlex.split(command, comments=True)
    assert name == "orw"
    assert main(["--demo", *words]) == 0


@pytest.mark.parametrize("command", [line for line in commands() if " | " in line])
def test_a_command_for_scripts_works_in_a_pipe(command: str, path: Path, orw_home: Path) -> None:
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        env={**os.environ, "PATH": f"{path}:{os.environ['PATH']}", "ORW_HOME": str(orw_home)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def written_out(toml: str) -> str:
    """The settings with those that README only shows behind a ``#``."""
    return re.sub(r"^# ", "", toml, flags=re.MULTILINE)


def test_every_key_of_the_settings_is_there_with_what_holds_without_it(tmp_path: Path) -> None:
    block = re.search(r"### Every key.*?```toml\n(.*?)```", README, re.DOTALL)
    assert block, "README has all keys in one block"
    file = tmp_path / "config.toml"
    file.write_text(block[1])
    loaded = load_config(file)
    assert loaded.problems == ()
    assert loaded.settings.changes_since(Settings()) == {}

    file.write_text(written_out(block[1]))
    assert load_config(file).problems == ()
    written = tomllib.loads(file.read_text())
    model, provider = written["models"]["openai/gpt-5.2"], written["providers"]["openrouter"]
    assert written.keys() == Settings.model_fields.keys()
    for schema, keys in (
        (DefaultSettings, written["default"]),
        (ProviderSettings, provider),
        (ModelSettings, model),
        (ReliabilitySettings, written["reliability"]),
        (BudgetSettings, written["budget"]),
        (InterfaceSettings, written["interface"]),
    ):
        assert keys.keys() == schema.model_fields.keys()


def bound(*classes: type[DOMNode]) -> set[str]:
    """The keys of these classes and of what they build on, in the words of keyboards."""
    declared = [
        binding
        for cls in classes
        for base in cls.__mro__
        for binding in Binding.make_bindings(base.__dict__.get("BINDINGS", ()))
    ]
    return {key_words(key.strip()) for binding in declared for key in binding.key.split(",")}


def keys_of(words: str) -> set[str]:
    """Keys as README writes them, as the app does."""
    names = {"Up": "↑", "Down": "↓", "PageUp": "PgUp", "PageDown": "PgDn", "Delete": "Del"}
    return {"+".join(names.get(part, part) for part in key.split("+")) for key in words.split(", ")}


def key_rows() -> list[tuple[str, str]]:
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", section("Keys"), re.MULTILINE)
    assert rows[0] == ("key", "what it does")
    return rows[1:]


@pytest.mark.parametrize(("keys", "does"), key_rows())
def test_a_key_of_the_table_is_bound(keys: str, does: str) -> None:
    assert keys_of(keys) <= bound(Workbench, ChatScreen, Prompt, Transcript)
    in_the_list = set(re.findall(r"\b([A-Za-z]+)`? (?:opens|renames|imports|deletes|undoes)", does))
    assert {next(iter(keys_of(key))).upper() for key in in_the_list} <= {
        key.upper() for key in bound(ConversationList)
    }
