"""Files attached to drafts are there after a restart, whatever has become of their file."""

from pathlib import Path

import pytest

from tui.domain.attachments import Attachment, inspect
from tui.services.draft_files import DraftFiles

NOTES = inspect(b"print('hi')\n", "notes.py")
MORE = inspect(b"more", "汉字\x1b[31m.txt")


def files(tmp_path: Path) -> DraftFiles:
    return DraftFiles(tmp_path / "history.db")


def kept(tmp_path: Path) -> dict[str, tuple[Attachment, ...]]:
    return dict(files(tmp_path).load())


def test_each_conversation_keeps_its_own(tmp_path: Path) -> None:
    assert kept(tmp_path) == {}
    files(tmp_path).save("a", [NOTES, MORE])
    files(tmp_path).save("b", [MORE])
    assert kept(tmp_path) == {"a": (NOTES, MORE), "b": (MORE,)}
    files(tmp_path).save("a", [])
    assert kept(tmp_path) == {"b": (MORE,)}
    assert files(tmp_path).of("a") == ()
    files(tmp_path).save("c", [NOTES])
    files(tmp_path).forget({"b", "d"})
    assert kept(tmp_path) == {"c": (NOTES,)}


@pytest.mark.parametrize(
    "text",
    ["", "[", "[]", '{"a": 1}', '{"a": "[1]"}', '{"a": "[{\\"digest\\": 5}]"}', "[" * 100_000],
)
def test_what_was_never_written_here_is_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "history.drafts.json").write_text(text)
    assert kept(tmp_path) == {}
    files(tmp_path).save("a", [NOTES])
    assert kept(tmp_path)["a"] == (NOTES,)


def test_a_folder_that_cannot_be_written_costs_nothing_else(tmp_path: Path) -> None:
    nowhere = DraftFiles(tmp_path / "none" / "history.db")
    nowhere.save("a", [NOTES])
    assert nowhere.of("a") == ()
