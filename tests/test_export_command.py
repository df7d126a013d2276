"""``orw export`` and ``orw import``: files out and in, and what is said of them."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.fakes.rich_conversation import rich_conversation
from tui.cli import main
from tui.services.branches import store_conversation
from tui.services.history import History
from tui.services.paths import Paths


@pytest.fixture
def home(tmp_path: Path) -> Path:
    async def fill() -> None:
        history = await History.open(Paths.below(tmp_path / "home").history_file)
        for name in ("c1", "c2"):
            await store_conversation(history, rich_conversation(name))
        await history.aclose()

    asyncio.run(fill())
    return tmp_path / "home"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder one is in."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def run(command: str, home: Path, *words: str) -> int:
    return main([command, "--home", str(home), *words])


def test_the_latest_conversation_becomes_a_file_here(
    home: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("export", home) == 0
    [path] = here.iterdir()
    assert capsys.readouterr().out == f"{path}\n"
    assert path.suffix == ".md"


@pytest.mark.parametrize(("form", "count"), [("md", 2), ("html", 2), ("json", 1)])
def test_all_of_them_become_files_or_one_file(
    home: Path, here: Path, form: str, count: int
) -> None:
    assert run("export", home, "--all", "--format", form) == 0
    paths = list(here.iterdir())
    assert len(paths) == count
    assert {path.suffix for path in paths} == {f".{form}"}


def test_only_json_holds_what_has_no_messages(
    home: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def draft() -> str:
        history = await History.open(Paths.below(home).history_file)
        conversation = await history.new_conversation("openai/gpt-5.2")
        await history.save_draft(conversation.id, "half a thought")
        await history.aclose()
        return conversation.id

    unsaid, other = asyncio.run(draft()), here.parent / "other"
    assert run("export", home, "--all") == 0
    captured = capsys.readouterr()
    assert len(list(here.iterdir())) == len(captured.out.splitlines()) == 2
    assert "Left out: 1 conversation without messages." in captured.err
    assert run("export", home) == 0
    assert "the-sky" in capsys.readouterr().out, "the last in which something was said"
    assert run("export", home, unsaid, "--format", "html") == 1
    assert "Nothing has been said here yet" in capsys.readouterr().err
    assert len(list(here.iterdir())) == 3

    first, second = here / "a.json", here / "b.json"
    for place, path in ((home, first), (other, second)):
        assert run("export", place, "--all", "--format", "json", "--output", str(path)) == 0
        if place is home:
            assert run("import", other, str(path)) == 0
    assert '"draft": "half a thought"' in first.read_text()
    assert first.read_bytes() == second.read_bytes()


def test_one_can_be_printed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("export", home, "c1", "--output", "-", "--branch") == 0
    out = capsys.readouterr().out
    assert out.startswith('---\ntitle: "The sky')
    assert "Rayleigh* scattering" not in out
    assert run("export", home, "--all", "--output", "-") == 1
    assert "Only one conversation fits" in capsys.readouterr().err


def test_a_file_is_overwritten_only_when_asked(
    home: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = here / "mine.html"
    path.write_text("mine")
    words = ["c1", "--format", "html", "--output", str(path)]
    assert run("export", home, *words) == 1
    assert "There is a file" in capsys.readouterr().err
    assert path.read_text() == "mine"
    assert run("export", home, *words, "--overwrite") == 0
    assert path.read_text().startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nobody\x1b[2J"], "There is no conversation nobody␛[2J"),
        (["--all", "--output", "nowhere.md"], "is no folder"),
        (["c1", "--output", "nowhere/x.md"], "cannot be written"),
    ],
)
def test_what_is_not_possible_is_said(
    home: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    assert run("export", home, *words) == 1
    assert said in capsys.readouterr().err


def test_ids_and_all_of_them_are_wrong_usage(home: Path) -> None:
    with pytest.raises(SystemExit) as done:
        run("export", home, "c1", "--all")
    assert done.value.code == 2


def test_without_conversations_there_is_nothing_to_export(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("export", tmp_path / "other") == 1
    assert "no conversation to export" in capsys.readouterr().err
    assert not Paths.below(tmp_path / "other").history_file.exists()


def test_what_was_exported_comes_in_elsewhere(
    home: Path, here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = here / "a.json", here / "b.json"
    other = tmp_path / "other"
    assert run("export", home, "--all", "--format", "json", "--output", str(first)) == 0
    assert run("import", other, str(first), "--dry-run") == 0
    assert "2 conversations, 10 messages, 0 files, ≈ $0.0104 + ?" in capsys.readouterr().out
    assert run("export", other, "--all") == 1
    assert run("import", other, str(first)) == 0
    assert "written: 2 conversations, 10 messages" in capsys.readouterr().out
    assert run("export", other, "--all", "--format", "json", "--output", str(second)) == 0
    assert first.read_bytes() == second.read_bytes()


def test_importing_says_what_it_did_as_json(
    home: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = here / "a.json"
    assert run("export", home, "c1", "--format", "json", "--output", str(path)) == 0
    (here / "bad.json").write_text("{}")
    capsys.readouterr()
    assert run("import", home, "--json", str(path), str(here / "bad.json")) == 1
    captured = capsys.readouterr()
    [row] = json.loads(captured.out)
    assert (row["source"], row["known"]) == ("OpenRouter Workbench", 1)
    assert row["written"] == {"added": 0, "grown": 0, "messages": 0, "restored": 0}
    assert "bad.json is no export" in captured.err
