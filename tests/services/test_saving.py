"""Saving where the user says: nothing is overwritten silently, and nothing is left half written."""

import io
import os
import stat
from pathlib import Path

import pytest

from tui.services.saving import (
    folder_for_downloads,
    free_path,
    replace_file,
    save_new,
    typed_path,
)


def test_a_new_file_is_written_as_by_any_program(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        save_new(tmp_path / "a.png", b"data")
    finally:
        os.umask(before)
    assert (tmp_path / "a.png").read_bytes() == b"data"
    assert stat.S_IMODE((tmp_path / "a.png").stat().st_mode) == 0o640


def test_nothing_is_overwritten_not_even_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("mine")
    (tmp_path / "link").symlink_to("nowhere")
    for name in ("there", "link"):
        with pytest.raises(FileExistsError):
            save_new(tmp_path / name, b"data")
    assert (tmp_path / "there").read_text() == "mine"
    assert not (tmp_path / "nowhere").exists()


def test_a_file_that_cannot_be_finished_is_not_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class FullDisk(io.BytesIO):
        def write(self, _: object) -> int:
            raise OSError(28, "No space left on device")

    def opened(descriptor: int, _mode: str) -> FullDisk:
        os.close(descriptor)
        return FullDisk()

    monkeypatch.setattr(os, "fdopen", opened)
    with pytest.raises(OSError, match="No space"):
        save_new(tmp_path / "a.png", b"data")
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_replaced_whole_and_a_link_is_not_followed(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("mine")
    link.symlink_to(target)
    replace_file(link, b"data")
    assert target.read_text() == "mine"
    assert link.read_bytes() == b"data"
    replace_file(target, b"data")
    assert target.read_bytes() == b"data"


def test_a_folder_and_a_pipe_are_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(OSError, match="not a file"):
            replace_file(path, b"data")


def test_a_path_is_free_or_gets_the_next_number(tmp_path: Path) -> None:
    path = tmp_path / "fox.png"
    assert free_path(path) == path
    path.touch()
    (tmp_path / "fox-2.png").symlink_to("nowhere")
    assert free_path(path) == tmp_path / "fox-3.png"
    first_of_two = tmp_path / "fox-1.png"
    first_of_two.touch()
    assert free_path(first_of_two) == tmp_path / "fox-1-2.png"


def test_a_typed_path_may_be_a_folder_or_begin_at_home(tmp_path: Path) -> None:
    assert typed_path(str(tmp_path), "a.png") == tmp_path / "a.png"
    assert typed_path("missing/", "a.png") == Path("missing/a.png")
    assert typed_path("~/b c.png", "a.png") == Path.home() / "b c.png"
    assert typed_path("~nobody-of-that-name/x", "a.png") == Path("~nobody-of-that-name/x")


def test_downloads_are_used_where_there_are_any(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert folder_for_downloads() == tmp_path
    (Path.home() / "Downloads").mkdir()
    assert folder_for_downloads() == Path.home() / "Downloads"
