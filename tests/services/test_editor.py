"""The user's own editor: which one, with what, and what comes back."""

import os
import stat
import sys
from pathlib import Path

import pytest

from tui.domain.errors import WorkbenchError
from tui.services.editor import edit_text, editor_command

PATH = os.environ["PATH"]


def script(folder: Path, body: str) -> dict[str, str]:
    """The environment in which a Python program is the editor; ``path`` is the file to edit."""
    program = folder / "my editor.py"
    program.write_text(
        f"#!{sys.executable}\nimport os, sys, pathlib\npath = pathlib.Path(sys.argv[-1])\n{body}\n"
    )
    program.chmod(0o755)
    return {"EDITOR": f"'{program}' --wait", "PATH": PATH, "LANG": "C.UTF-8", "OUT": str(folder)}


def test_the_text_comes_back_as_it_was_edited(tmp_path: Path) -> None:
    body = "path.write_text(path.read_text() + ' edited\\r\\nünd more\\n', encoding='utf-8')"
    environ = script(tmp_path, body)
    assert edit_text("draft", environ) == "draft edited\nünd more"


def test_an_editor_that_changes_nothing_gives_the_text_back(tmp_path: Path) -> None:
    assert (
        edit_text("a\n\tb 汉\ud800", script(tmp_path, "")) == "a\n\tb 汉\N{REPLACEMENT CHARACTER}"
    )


def test_the_file_is_private_and_gone_afterwards(tmp_path: Path) -> None:
    body = """
out = pathlib.Path(os.environ["OUT"]) / "seen"
modes = [oct(p.stat().st_mode & 0o777) for p in (path, path.parent)]
out.write_text("\\n".join([str(path), *modes, *sys.argv[1:-1]]))
pathlib.Path(str(path) + "~").write_text("a backup")
"""
    edit_text("secret", script(tmp_path, body))
    path, file_mode, folder_mode, argument = (tmp_path / "seen").read_text().splitlines()
    assert (file_mode, folder_mode, argument) == ("0o600", "0o700", "--wait")
    assert path.endswith(".md")
    assert not Path(path).parent.exists()


def test_an_editor_that_replaces_the_file_is_read(tmp_path: Path) -> None:
    body = """
other = path.with_name("other")
other.write_text("replaced")
other.replace(path)
"""
    assert edit_text("draft", script(tmp_path, body)) == "replaced"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("sys.exit(3)", "ended with the code 3"),
        ("path.unlink()", "left no text"),
        ("path.write_bytes(b'x' * (16 * 1024 * 1024 + 1))", "too large"),
    ],
)
def test_an_editor_that_fails_leaves_the_text_as_it_was(
    tmp_path: Path, body: str, words: str
) -> None:
    with pytest.raises(WorkbenchError, match=words) as failed:
        edit_text("draft", script(tmp_path, body))
    assert "as it was" in failed.value.failure.next_step


def test_visual_wins_over_editor_and_both_over_what_is_usual(tmp_path: Path) -> None:
    for name in ("one", "two", "vi"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    path = {"PATH": str(tmp_path)}
    assert editor_command({**path, "VISUAL": "one -x 'a b'", "EDITOR": "two"}) == [
        "one",
        "-x",
        "a b",
    ]
    assert editor_command({**path, "VISUAL": " ", "EDITOR": "two"}) == ["two"]
    assert editor_command(path) == [str(tmp_path / "vi")]


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"EDITOR": "no-such-editor -x"}, "names no-such-editor, which is not installed"),
        ({"VISUAL": "'open"}, "VISUAL cannot be read"),
        ({}, "No editor is known"),
    ],
)
def test_what_is_wrong_with_the_editor_is_said(
    tmp_path: Path, environ: dict[str, str], words: str
) -> None:
    with pytest.raises(WorkbenchError, match=words):
        editor_command({**environ, "PATH": str(tmp_path)})


def test_a_program_that_cannot_be_started_says_so(tmp_path: Path) -> None:
    program = tmp_path / "broken"
    program.write_bytes(b"\x7fELF")
    program.chmod(0o755)
    mode = stat.S_IMODE(program.stat().st_mode)
    assert mode == 0o755
    with pytest.raises(WorkbenchError, match="cannot be started"):
        edit_text("draft", {"EDITOR": str(program), "PATH": PATH})
