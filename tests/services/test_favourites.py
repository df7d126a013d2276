"""Favourites, recents and filters on disk: private, whole, and never lost."""

import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from operator import methodcaller
from pathlib import Path

import pytest

from tui.domain.errors import FailureKind, WorkbenchError
from tui.domain.model_lists import MOST_FAVOURITES, ModelLists
from tui.services.favourites import FavouritesFile

LISTS = ModelLists(("a/2", "a/1"), ("b/1",), {"cheap": "in<1 -free"})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "favourites.json"


@pytest.fixture
def file(path: Path) -> FavouritesFile:
    return FavouritesFile(path)


def test_without_a_file_the_lists_are_empty(file: FavouritesFile, path: Path) -> None:
    assert file.load().lists == ModelLists()
    assert file.load().problem is None
    file.change(lambda lists: lists)
    assert not path.exists()


def test_what_was_changed_is_there_again_and_private(file: FavouritesFile, path: Path) -> None:
    assert file.change(lambda _: LISTS) == LISTS
    assert FavouritesFile(path).load().lists == LISTS
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_change_is_made_to_what_another_window_wrote(path: Path) -> None:
    here, there = FavouritesFile(path), FavouritesFile(path)
    here.change(lambda lists: lists.with_favourite("a/1"))
    there.change(lambda lists: lists.with_favourite("a/2"))
    assert here.change(lambda lists: lists.with_recent("a/3")).favourites == ("a/1", "a/2")


def test_windows_that_change_the_lists_at_once_lose_nothing(path: Path) -> None:
    def star(window: int) -> None:
        for number in range(5):
            starred = methodcaller("with_favourite", f"window{window}/{number}")
            FavouritesFile(path).change(starred)

    with ThreadPoolExecutor(4) as windows:
        list(windows.map(star, range(4)))
    assert len(FavouritesFile(path).load().lists.favourites) == 20


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"format": 2}', b"[" * 100_000]
)
def test_a_damaged_file_is_told_and_set_aside(
    file: FavouritesFile, path: Path, content: bytes
) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    loaded = file.load()
    assert loaded.lists == ModelLists()
    assert loaded.problem is not None
    assert loaded.problem.kind is FailureKind.STORAGE
    file.change(lambda lists: lists.with_favourite("a/1"))
    assert file.load().lists.favourites == ("a/1",)
    (aside,) = set(path.parent.iterdir()) - {path}
    assert aside.name.endswith(".damaged")
    assert aside.read_bytes() == content


def test_odd_entries_cost_themselves_only(file: FavouritesFile, path: Path) -> None:
    path.parent.mkdir()
    document = {
        "format": 1,
        "favourites": ["a/1", 7, None, "", "a/1", "x" * 999, *(f"m/{n}" for n in range(900))],
        "recents": "a/1",
        "filters": {"good": "free", "bad": 5, "": "x", "n" * 99: "x"},
    }
    path.write_text(json.dumps(document))
    lists = file.load().lists
    assert lists.favourites[:2] == ("a/1", "m/0")
    assert len(lists.favourites) == MOST_FAVOURITES
    assert (lists.recents, lists.filters) == ((), {"good": "free"})


def test_a_failed_save_says_so_and_leaves_the_file(
    file: FavouritesFile, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("No space left on device")

    file.change(lambda _: LISTS)
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(WorkbenchError) as raised:
            file.change(lambda lists: lists.with_favourite("a/9"))
    assert raised.value.failure.kind is FailureKind.STORAGE
    assert FavouritesFile(path).load().lists == LISTS
