"""Saving and opening an image: where to, under which name, and what is refused."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.fakes.conversations import MODEL, answer_to, prompt_in
from tests.fakes.images import HTML, SVG, png
from tui.domain.errors import WorkbenchError
from tui.domain.pictures import Picture
from tui.services.browser import CannotOpenError
from tui.services.history import History
from tui.ui.controllers import image_desk
from tui.ui.controllers.image_desk import ImageDesk

DATA = png()
PICTURE = Picture.of(DATA)


@pytest.fixture
async def history(tmp_path: Path) -> AsyncIterator[History]:
    history = await History.open(tmp_path / "data" / "history.db")
    conversation = await history.new_conversation(MODEL)
    prompt = prompt_in(conversation)
    answer = answer_to(prompt)
    await history.begin_turn(conversation, prompt, answer)
    for data in (DATA, HTML, SVG):
        await history.add_image(answer.id, [Picture.of(data)], data)
    yield history
    await history.aclose()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that were handed to a viewer."""
    files: list[Path] = []
    monkeypatch.setattr(image_desk, "open_file", lambda path, _environ: files.append(path))
    return files


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("A red fox", "A-red-fox-2.png"),
        ("../../etc/cron.d/x", "etc-cron.d-x-2.png"),
        ("", "image-2.png"),
        ("\n/\0", "image-2.png"),
        ("CON", "CON-2.png"),
    ],
)
async def test_a_copy_is_named_after_the_conversation(
    history: History, title: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    suggested = await ImageDesk(history, title, {}).suggestion(PICTURE, 2)
    assert suggested == tmp_path / name
    suggested.touch()
    again = await ImageDesk(history, title, {}).suggestion(PICTURE, 2)
    assert again.parent == tmp_path
    assert not again.exists()


async def test_a_copy_is_saved_and_never_silently_over_another(
    history: History, tmp_path: Path
) -> None:
    desk = ImageDesk(history, "fox", {})
    path = await desk.target(str(tmp_path), PICTURE, 1)
    assert path == tmp_path / "fox-1.png"
    await desk.save(PICTURE, path)
    assert path.read_bytes() == DATA
    path.write_text("mine")
    with pytest.raises(FileExistsError):
        await desk.save(PICTURE, path)
    assert path.read_text() == "mine"
    await desk.save(PICTURE, path, replace=True)
    assert path.read_bytes() == DATA


@pytest.mark.parametrize("name", ["missing/fox.png", "x" * 300, "a\0b"])
async def test_a_place_that_cannot_be_written_is_said(
    history: History, tmp_path: Path, name: str
) -> None:
    with pytest.raises(WorkbenchError, match="cannot be written"):
        await ImageDesk(history, "fox", {}).save(PICTURE, tmp_path / name)


async def test_the_stored_file_is_what_a_viewer_gets(history: History, opened: list[Path]) -> None:
    await ImageDesk(history, "fox", {}).open(PICTURE)
    [path] = opened
    assert (path.name, path.read_bytes()) == (PICTURE.file_name, DATA)


@pytest.mark.parametrize("data", [HTML, SVG])
async def test_what_could_run_scripts_is_not_opened(
    history: History, opened: list[Path], data: bytes
) -> None:
    with pytest.raises(WorkbenchError, match="This is not opened"):
        await ImageDesk(history, "fox", {}).open(Picture.of(data))
    assert opened == []


async def test_a_file_that_is_gone_or_was_changed_is_neither_opened_nor_saved(
    history: History, opened: list[Path], tmp_path: Path
) -> None:
    desk = ImageDesk(history, "fox", {})
    path = await history.image_file(PICTURE)
    assert path is not None
    path.chmod(0o600)
    path.write_bytes(HTML)
    for _ in range(2):
        with pytest.raises(WorkbenchError, match="is gone, or was changed"):
            await desk.open(PICTURE)
        with pytest.raises(WorkbenchError, match="is gone, or was changed"):
            await desk.save(PICTURE, tmp_path / "fox.png")
        path.unlink(missing_ok=True)
    assert opened == []
    assert not (tmp_path / "fox.png").exists()


async def test_without_a_viewer_the_place_of_the_file_is_told(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise CannotOpenError("There is no desktop here to open it on.")

    monkeypatch.setattr(image_desk, "open_file", fail)
    with pytest.raises(WorkbenchError, match="no desktop") as caught:
        await ImageDesk(history, "fox", {}).open(PICTURE)
    assert PICTURE.file_name in caught.value.failure.next_step


async def test_an_image_in_memory_cannot_be_opened(opened: list[Path]) -> None:
    history = await History.in_memory()
    await history.add_image("m", [PICTURE], DATA)
    with pytest.raises(WorkbenchError, match="not on the disk"):
        await ImageDesk(history, "fox", {}).open(PICTURE)
    assert opened == []
    await history.aclose()
