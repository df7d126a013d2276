"""Files of images: private, whole or not there, and never lost while the disk refuses them."""

import os
import stat
from pathlib import Path

import pytest

from tests.fakes.images import HTML, png
from tui.domain.pictures import Picture
from tui.services.image_store import ImageStore

DATA = png()
PICTURE = Picture.of(DATA)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "images" / "history"


def test_an_image_is_kept_in_a_private_file_named_by_its_hash(folder: Path) -> None:
    store = ImageStore(folder)
    store.keep(PICTURE, DATA)
    [path] = folder.iterdir()
    assert path.name == PICTURE.file_name
    assert store.file_of(PICTURE) == path
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert ImageStore(folder).read(PICTURE) == DATA


def test_the_same_image_is_written_once(folder: Path) -> None:
    ImageStore(folder).keep(PICTURE, DATA)
    before = (folder / PICTURE.file_name).stat().st_ino
    ImageStore(folder).keep(PICTURE, DATA)
    assert (folder / PICTURE.file_name).stat().st_ino == before


def test_a_file_that_was_cut_is_written_anew(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / PICTURE.file_name).write_bytes(DATA[:9])
    store = ImageStore(folder)
    assert store.read(PICTURE) is None
    store.keep(PICTURE, DATA)
    assert store.read(PICTURE) == DATA


def test_what_is_not_what_was_written_is_not_read(folder: Path, tmp_path: Path) -> None:
    store = ImageStore(folder)
    assert store.read(PICTURE) is None
    folder.mkdir(parents=True)
    path, elsewhere = folder / PICTURE.file_name, tmp_path / "elsewhere"
    path.write_bytes(bytes(len(DATA)))
    assert store.read(PICTURE) is None
    path.unlink()
    elsewhere.write_bytes(DATA)
    path.symlink_to(elsewhere)
    assert store.read(PICTURE) is None
    path.unlink()
    os.mkfifo(path)
    assert store.read(PICTURE) is None


def test_what_the_disk_refuses_stays_in_memory_until_it_takes_it(folder: Path) -> None:
    folder.parent.mkdir(parents=True)
    folder.write_text("a file where the folder should be")
    store = ImageStore(folder)
    other = Picture.of(HTML)
    store.keep(PICTURE, DATA)
    store.keep(other, HTML)
    assert store.problem is not None
    assert store.file_of(PICTURE) is None
    assert store.read(PICTURE) == DATA
    folder.unlink()
    store.write()
    assert store.problem is None
    assert {path.name for path in folder.iterdir()} == {PICTURE.file_name, other.file_name}


def test_without_a_folder_images_are_in_memory() -> None:
    store = ImageStore(None)
    store.keep(PICTURE, DATA)
    assert store.problem is None
    assert store.read(PICTURE) == DATA
    assert store.file_of(PICTURE) is None
    store.forget([PICTURE])
    assert store.read(PICTURE) is None


def test_a_forgotten_image_is_gone_from_the_disk(folder: Path) -> None:
    store = ImageStore(folder)
    store.keep(PICTURE, DATA)
    store.forget([PICTURE, Picture.of(HTML)])
    assert list(folder.iterdir()) == []
