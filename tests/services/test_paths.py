"""Where files are kept, and what is said when they cannot be."""

import os
import stat
from pathlib import Path

import pytest

from tui.domain.errors import FailureKind, WorkbenchError
from tui.services.paths import (
    Paths,
    make_private_folder,
    resolve_paths,
    shown,
    working_folder,
)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def below(folder: Path) -> Paths:
    return Paths(folder / "config", folder / "data", folder / "cache")


def test_home_holds_all_three_folders(tmp_path: Path) -> None:
    found = resolve_paths(tmp_path, {"ORW_HOME": "/elsewhere"})
    assert found == below(tmp_path)
    assert found.config_file == tmp_path / "config" / "config.toml"
    assert found.themes == tmp_path / "config" / "themes"
    assert found.history_file == tmp_path / "data" / "history.db"


def test_variable_is_used_without_a_flag(tmp_path: Path) -> None:
    assert resolve_paths(None, {"ORW_HOME": str(tmp_path)}) == below(tmp_path)


def test_empty_variable_means_the_platforms_folders() -> None:
    found = resolve_paths(None, {"ORW_HOME": ""})
    assert found.config.name == "openrouter-workbench"
    assert found.config.is_absolute()


def test_tilde_and_relative_folders_become_absolute(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert resolve_paths(Path("~/orw"), {}) == below(tmp_path / "orw")
    assert resolve_paths(Path("orw"), {}) == below(tmp_path / "orw")


def test_unknown_home_folder_is_a_failure_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    # What is left where neither HOME nor the user database names a folder.
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    for home in (None, Path("~/orw")):
        with pytest.raises(WorkbenchError) as caught:
            resolve_paths(home, {})
    assert caught.value.failure.kind is FailureKind.STORAGE
    assert "ORW_HOME" in caught.value.failure.next_step


def test_missing_folders_are_private_whatever_the_umask(tmp_path: Path) -> None:
    found = below(tmp_path / "new" / "home")
    before = os.umask(0)
    try:
        make_private_folder(found.config)
    finally:
        os.umask(before)
    made = [tmp_path / "new", tmp_path / "new" / "home", found.config]
    assert {mode_of(folder) for folder in made} == {0o700}


def test_existing_folder_keeps_its_mode(tmp_path: Path) -> None:
    found = below(tmp_path)
    found.config.mkdir()
    found.config.chmod(0o750)
    make_private_folder(found.config)
    assert mode_of(found.config) == 0o750


def test_file_in_the_way_is_a_failure_that_names_the_folder(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(WorkbenchError) as caught:
        make_private_folder(tmp_path / "taken" / "config")
    assert str(tmp_path / "taken" / "config") in caught.value.failure.what
    assert "--home" in caught.value.failure.next_step


def test_folder_that_cannot_be_made_is_a_failure_in_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(self: Path, mode: int = 0o777, *, exist_ok: bool = False) -> None:
        raise OSError(30, "Read-only file system", str(self))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(WorkbenchError) as caught:
        make_private_folder(tmp_path / "home")
    assert caught.value.failure.detail == "Read-only file system"


def test_folder_that_cannot_be_written_is_a_failure_in_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def no_access(*_: object) -> bool:
        return False

    monkeypatch.setattr(os, "access", no_access)
    with pytest.raises(WorkbenchError) as caught:
        make_private_folder(tmp_path)
    assert caught.value.failure.detail == "it cannot be written"


def test_people_see_a_path_from_their_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert shown(tmp_path / "a" / "config.toml") == "~/a/config.toml"
    assert shown(tmp_path.parent / "else\x1b[2J") == f"{tmp_path.parent}/else␛[2J"


def test_a_folder_that_was_deleted_is_not_worked_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    assert working_folder() == folder
    folder.rmdir()
    assert working_folder() == Path.home()
