"""Listing the files below a folder for ``@path``."""

import os
from pathlib import Path

import pytest

from tui.services import attachments_walk
from tui.services.attachments_walk import FolderEntry, list_files, list_folder


def make(folder: Path, *paths: str) -> None:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("x")


async def listed(folder: Path) -> set[str]:
    index = await list_files(folder)
    return {candidate.path for candidate in index.candidates("", 1_000)}


async def test_near_files_come_first(tmp_path: Path) -> None:
    make(tmp_path, "b/deep/c.txt", "z.txt", "A.txt", "b/x.txt")
    index = await list_files(tmp_path)
    paths = [candidate.path for candidate in index.candidates("")]
    assert paths == ["A.txt", "z.txt", "b/x.txt", "b/deep/c.txt"]
    assert index.whole


async def test_hidden_files_and_what_git_keeps_for_itself_are_left_out(tmp_path: Path) -> None:
    make(tmp_path, ".env", ".git/config", "node_modules/x.js", "a.txt", ".hidden/b.txt")
    assert await listed(tmp_path) == {"a.txt"}


@pytest.mark.parametrize(
    ("rules", "left"),
    [
        ("*.log", {"a.txt", "sub/b.txt", "build/c.txt", "sub/build/d.txt"}),
        ("build/", {"a.txt", "x.log", "sub/b.txt", "sub/y.log"}),
        ("/build", {"a.txt", "x.log", "sub/b.txt", "sub/y.log", "sub/build/d.txt"}),
        ("sub/*.log", {"a.txt", "x.log", "sub/b.txt", "build/c.txt", "sub/build/d.txt"}),
        ("*\n!*.txt\n!*/", {"a.txt", "sub/b.txt", "build/c.txt", "sub/build/d.txt"}),
        ("# a.txt\n\n[ax].*", {"sub/b.txt", "sub/y.log", "build/c.txt", "sub/build/d.txt"}),
        ("sub/**", {"a.txt", "x.log", "build/c.txt"}),
        ("**/build", {"a.txt", "x.log", "sub/b.txt", "sub/y.log"}),
        ("[z-a]\n?.txt", {"x.log", "sub/y.log"}),
        ("[!a].txt", {"a.txt", "x.log", "sub/y.log"}),
    ],
)
async def test_what_git_ignores_is_left_out(tmp_path: Path, rules: str, left: set[str]) -> None:
    make(tmp_path, "a.txt", "x.log", "sub/b.txt", "sub/y.log", "build/c.txt", "sub/build/d.txt")
    (tmp_path / ".gitignore").write_text(rules)
    assert await listed(tmp_path) == left


async def test_rules_of_a_folder_count_below_it(tmp_path: Path) -> None:
    make(tmp_path, "a.txt", "sub/a.txt", "sub/b.txt")
    (tmp_path / "sub" / ".gitignore").write_text("/a.txt")
    assert await listed(tmp_path) == {"a.txt", "sub/b.txt"}


async def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    make(tmp_path, "a.txt")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "link.txt").symlink_to(tmp_path / "a.txt")
    os.mkfifo(tmp_path / "pipe")
    assert await listed(tmp_path) == {"a.txt", "link.txt"}


async def test_a_listing_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments_walk, "_MOST_FILES", 3)
    make(tmp_path, *(f"{number}.txt" for number in range(5)))
    index = await list_files(tmp_path)
    assert (len(index), index.whole) == (3, False)
    assert len(await list_folder(tmp_path)) == 3
    monkeypatch.setattr(attachments_walk, "_LONGEST", -1.0)
    assert await list_folder(tmp_path) == []


async def test_a_folder_that_is_not_there_has_no_files(tmp_path: Path) -> None:
    assert len(await list_files(tmp_path / "nowhere")) == 0
    assert await list_folder(tmp_path / "nowhere") == []


async def test_a_folder_has_its_folders_first_and_hidden_names_too(tmp_path: Path) -> None:
    make(tmp_path, "b.txt", ".env", "Sub/x.txt")
    (tmp_path / "alink").symlink_to(tmp_path / "Sub")
    assert await list_folder(tmp_path) == [
        FolderEntry("alink", is_folder=True),
        FolderEntry("Sub", is_folder=True),
        FolderEntry(".env", is_folder=False),
        FolderEntry("b.txt", is_folder=False),
    ]
