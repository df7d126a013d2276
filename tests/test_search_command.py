"""``orw search``: what it prints, for people and scripts, and how it exits."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.fakes.conversations import MODEL, take_turn
from tui.cli import main
from tui.services.history import History
from tui.services.paths import Paths


@pytest.fixture
def home(tmp_path: Path) -> Path:
    async def fill() -> None:
        history = await History.open(Paths.below(tmp_path).history_file)
        conversation = await history.new_conversation(MODEL)
        await take_turn(history, conversation, "Why is the sky blue?")
        await history.rename(conversation.id, "About\x1b]0;x\x07 colours")
        await take_turn(history, await history.new_conversation(MODEL), "Something else")
        await history.aclose()

    asyncio.run(fill())
    return tmp_path


def search(home: Path, *words: str) -> int:
    return main(["search", "--home", str(home), *words])


def test_hits_say_whose_words_they_are_and_how_to_open_them(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert search(home, "sky") == 0
    out = capsys.readouterr().out
    assert "About␛]0;x␇ colours" in out
    assert "  you: Why is the sky blue?" in out
    assert "\x1b" not in out


def test_json_holds_ids_and_marks(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert search(home, "--json", "sky", "blue") == 0
    document = json.loads(capsys.readouterr().out)
    [hit] = document["hits"]
    assert [hit["snippet"][start:end] for start, end in hit["marks"]] == ["sky", "blue"]
    assert (hit["role"], document["more"]) == ("user", False)
    assert set(hit) >= {"conversation", "message", "title", "created_at", "model"}


def test_titles_are_found(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert search(home, "colours") == 0
    assert "colours" in capsys.readouterr().out


def test_no_more_than_asked_for_is_shown(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert search(home, "--limit", "1", "rayleigh") == 0
    out = capsys.readouterr().out
    assert out.count("Rayleigh.") == 1
    assert "There is more" in out


def test_what_is_excluded_is_no_flag(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert search(home, "is", "-sky") == 1
    assert "Nothing was found." in capsys.readouterr().err


def test_words_are_whole_unless_they_say_otherwise(home: Path) -> None:
    assert search(home, "rayl") == 1
    assert search(home, "rayl*") == 0


@pytest.mark.parametrize("words", [["has:video"], ["modle:x", "sky"], [" "], []])
def test_what_cannot_be_understood_is_wrong_usage(
    home: Path, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    try:
        code: object = search(home, *words)
    except SystemExit as done:
        code = done.code
    assert code == 2
    assert capsys.readouterr().err


@pytest.mark.parametrize("limit", ["0", "x", "1001"])
def test_a_limit_is_a_number_within_bounds(home: Path, limit: str) -> None:
    with pytest.raises(SystemExit) as done:
        search(home, "--limit", limit, "sky")
    assert done.value.code == 2


def test_without_a_history_nothing_is_found_and_nothing_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert search(tmp_path, "sky") == 1
    assert "Nothing was found." in capsys.readouterr().err
    assert not Paths.below(tmp_path).history_file.exists()
