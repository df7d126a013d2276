from pathlib import Path

import pytest

from tui.ui.controllers.file_choice import FileChoice


@pytest.fixture
def choice(tmp_path: Path) -> FileChoice:
    (tmp_path / "docs").mkdir()
    for name in ("docs/chart.png", "docs/notes.md", "read me.txt", ".hidden"):
        (tmp_path / name).write_text("x")
    return FileChoice(tmp_path)


async def shown(choice: FileChoice, text: str) -> list[str]:
    return [row.shown for row in await choice.rows(text)]


async def test_names_are_looked_for_below_the_folder(choice: FileChoice) -> None:
    assert await shown(choice, "chart") == []  # nothing is listed yet
    await choice.list()
    assert await shown(choice, "chart") == ["docs/chart.png"]
    (row,) = await choice.rows("chart")
    assert row.path == choice.folder / "docs/chart.png"
    assert row.marks == (5, 6, 7, 8, 9)


async def test_a_path_goes_on_from_folder_to_folder(choice: FileChoice) -> None:
    assert await shown(choice, f"{choice.folder}/") == ["docs/", "read me.txt"]
    (row,) = await choice.rows(f"{choice.folder}/do")
    assert (row.is_folder, row.typed) == (True, f"{choice.folder}/docs/")
    assert await shown(choice, row.typed) == ["chart.png", "notes.md"]
    assert await shown(choice, "./docs/no") == ["notes.md"]
    assert await shown(choice, f"{choice.folder}/.hi") == [".hidden"]


async def test_a_path_that_is_not_listed_can_be_taken_as_it_stands(choice: FileChoice) -> None:
    for written in (f"{choice.folder}/read\\ me.txt", f"'{choice.folder}/read me.txt'"):
        rows = await choice.rows(written)
        assert [row.path for row in rows] == [choice.folder / "read me.txt"]


async def test_the_home_folder_has_its_own_sign(
    choice: FileChoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(choice.folder))
    rows = await choice.rows("~")
    assert [row.typed for row in rows] == ["~/docs/", "~/read me.txt"]
    assert [row.typed for row in await choice.rows("~/docs/c")] == ["~/docs/chart.png"]
