"""What the README says can be done."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.dom import DOMNode

from tui.ui.app import Workbench
from tui.ui.keymap import key_words
from tui.ui.screens.chat import ChatScreen
from tui.ui.transcript.transcript import Transcript
from tui.ui.widgets.prompt import Prompt
from tui.ui.widgets.sidebar import ConversationList

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


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A folder with our command, always in the demo, and with the tools that README uses."""
    python = shlex.quote(sys.executable)
    tools = {
        "orw": f'exec {python} -m tui --demo "$@"',
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


@pytest.mark.parametrize("command", commands())
def test_a_command_for_scripts_works(command: str, path: Path, orw_home: Path) -> None:
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
    palette = {key_words(Workbench.COMMAND_PALETTE_BINDING)}
    assert keys_of(keys) <= bound(Workbench, ChatScreen, Prompt, Transcript) | palette
    in_the_list = set(re.findall(r"\b([A-Za-z]+)`? (?:opens|renames|imports|deletes|undoes)", does))
    assert {next(iter(keys_of(key))).upper() for key in in_the_list} <= {
        key.upper() for key in bound(ConversationList)
    }
