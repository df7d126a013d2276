"""Replacing a file in one step, with the right mode, and leaving nothing behind on failure."""

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tui.services.atomic import taking_turns, write_atomically


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.fixture
def tight_umask() -> Iterator[None]:
    before = os.umask(0o277)
    yield
    os.umask(before)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_file_has_the_content_and_is_private(file: Path, open_umask: None) -> None:
    write_atomically(file, b"a = 1\n")
    assert file.read_bytes() == b"a = 1\n"
    assert mode_of(file) == 0o600


def test_the_mode_is_that_asked_for_whatever_the_umask(file: Path, tight_umask: None) -> None:
    write_atomically(file, b"", 0o644)
    assert mode_of(file) == 0o644


def test_an_existing_file_is_replaced(file: Path) -> None:
    file.write_bytes(b"old and longer")
    write_atomically(file, b"new")
    assert file.read_bytes() == b"new"


@pytest.mark.parametrize(
    ("before", "after"), [(0o644, 0o600), (0o640, 0o600), (0o600, 0o600), (0o400, 0o400)]
)
def test_a_stricter_mode_is_kept_and_a_looser_one_is_not(
    file: Path, before: int, after: int
) -> None:
    file.touch()
    file.chmod(before)
    write_atomically(file, b"new", 0o600)
    assert mode_of(file) == after


def test_a_link_is_replaced_and_its_target_left_alone(file: Path, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    target.write_bytes(b"mine")
    file.symlink_to(target)
    write_atomically(file, b"new")
    assert target.read_bytes() == b"mine"
    assert not file.is_symlink()
    assert mode_of(file) == 0o600


@pytest.mark.parametrize("step", ["fsync", "fchmod", "replace"])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    file: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    file.write_bytes(b"old")
    if step == "replace":
        monkeypatch.setattr(Path, "replace", full)
    else:
        monkeypatch.setattr(os, step, full)
    with pytest.raises(OSError, match="No space left") as raised:
        write_atomically(file, b"new")
    assert raised.value.errno == errno.ENOSPC
    assert file.read_bytes() == b"old"
    assert list(file.parent.iterdir()) == [file]


def test_the_content_reaches_the_disk_before_the_name_changes(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def note_fsync(descriptor: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        steps.append("sync folder" if is_folder else "sync file")
        fsync(descriptor)

    def note_replace(source: Path, target: Path) -> Path:
        assert source.read_bytes() == b"new"
        steps.append("replace")
        return replace(source, target)

    monkeypatch.setattr(os, "fsync", note_fsync)
    monkeypatch.setattr(Path, "replace", note_replace)
    write_atomically(file, b"new")
    assert steps == ["sync file", "replace", "sync folder"]


@pytest.mark.parametrize(("code", "is_raised"), [(errno.EINVAL, False), (errno.EIO, True)])
def test_a_file_system_that_cannot_sync_folders_is_put_up_with(
    file: Path, monkeypatch: pytest.MonkeyPatch, code: int, is_raised: bool
) -> None:
    fsync = os.fsync

    def refuse_folders(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(code, os.strerror(code))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", refuse_folders)
    if is_raised:
        with pytest.raises(OSError, match=os.strerror(code)):
            write_atomically(file, b"new")
    else:
        write_atomically(file, b"new")
    assert file.read_bytes() == b"new"


def test_a_folder_in_its_place_or_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for path in (tmp_path / "folder", tmp_path / "missing" / "file"):
        with pytest.raises(OSError, match=r"directory"):
            write_atomically(path, b"new")
    assert list(tmp_path.iterdir()) == [tmp_path / "folder"]


def test_the_longest_name_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 255)
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"


def test_a_turn_that_never_ends_holds_nobody_up_for_ever(tmp_path: Path) -> None:
    entered = []
    with taking_turns(tmp_path), taking_turns(tmp_path, longest=0.05):
        entered.append("the second")
    assert entered
    with pytest.raises(FileNotFoundError), taking_turns(tmp_path / "missing"):
        entered.append("nowhere")
    assert entered == ["the second"]
