"""Images in the history: there after a kill, gone after a purge, shared by what refers to them."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.conversations import MODEL, answer_to, finished, prompt_in, take_turn
from tests.fakes.images import png
from tui.domain.conversation import Conversation, Message
from tui.domain.events import ImageArrived, TextDelta
from tui.domain.pictures import Picture
from tui.services.history import History
from tui.services.recorder import Recorder
from tui.services.shelf import delete_all

FIRST, SECOND = png(red=1), png(red=2)


def arrived(data: bytes) -> ImageArrived:
    return ImageArrived(Picture.of(data), data)


async def begun(history: History) -> tuple[Conversation, Message]:
    conversation = await history.new_conversation(MODEL)
    prompt = prompt_in(conversation)
    answer = answer_to(prompt)
    await history.begin_turn(conversation, prompt, answer)
    return conversation, answer


async def with_image(history: History, data: bytes) -> Conversation:
    """A conversation whose answer brought an image."""
    conversation, answer = await begun(history)
    await history.add_image(answer.id, [Picture.of(data)], data)
    await history.finish_answer(replace(finished(answer), images=[Picture.of(data)]))
    return conversation


def files(path: Path) -> set[str]:
    return {file.name for file in (path.parent / "images" / path.stem).iterdir()}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.db"


async def test_images_are_there_when_the_answer_was_never_finished(path: Path) -> None:
    history = await History.open(path)
    conversation, answer = await begun(history)
    recorder = Recorder(history, answer)
    for event in (TextDelta("Look:"), arrived(FIRST), arrived(SECOND)):
        await recorder.record(event)
    # As after a kill: nothing more is written, and another process reads what there is.
    other = await History.open(path)
    loaded = await other.load(conversation.id)
    assert loaded is not None
    pictures = loaded.messages[answer.id].images
    assert [await other.image_data(picture) for picture in pictures] == [FIRST, SECOND]
    await other.aclose()
    await history.aclose()


async def test_the_final_answer_keeps_its_images(path: Path) -> None:
    history = await History.open(path)
    conversation = await with_image(history, FIRST)
    loaded = await history.load(conversation.id)
    assert loaded is not None
    assert [message.images for message in loaded.path()] == [(), (Picture.of(FIRST),)]
    file = await history.image_file(Picture.of(FIRST))
    assert file is not None
    assert file.read_bytes() == FIRST
    await history.aclose()


async def test_a_purge_deletes_the_images_that_nothing_refers_to(path: Path) -> None:
    history = await History.open(path)
    shared, alone = await with_image(history, FIRST), await with_image(history, FIRST)
    single = await with_image(history, SECOND)
    await take_turn(history, await history.new_conversation(MODEL))
    for conversation in (shared, single):
        await delete_all(history, [conversation.id])
    assert len(files(path)) == 2
    await history.purge_deleted()
    assert files(path) == {Picture.of(FIRST).file_name}
    await delete_all(history, [alone.id])
    await history.purge_deleted()
    assert files(path) == set()
    await history.aclose()


async def test_a_purge_keeps_a_file_that_another_message_describes_differently(path: Path) -> None:
    history = await History.open(path)
    mine, other = await with_image(history, FIRST), await with_image(history, FIRST)
    odd = replace(Picture.of(FIRST), width=1)
    loaded = await history.load(other.id)
    assert loaded is not None
    await history.finish_answer(replace(loaded.path()[-1], images=[odd]))
    await delete_all(history, [other.id])
    await history.purge_deleted()
    assert files(path) == {Picture.of(FIRST).file_name}
    await delete_all(history, [mine.id])
    await history.purge_deleted()
    assert files(path) == set()
    await history.aclose()


async def test_images_the_disk_refuses_are_told_of_and_written_later(path: Path) -> None:
    history = await History.open(path)
    told: list[str] = []
    history.on_problem = lambda failure: told.append(failure.what)
    history.on_recovery = lambda: told.append("recovered")
    blocker = path.parent / "images"
    blocker.write_text("a file where the folder should be")
    conversation = await with_image(history, FIRST)
    assert len(told) == 1
    assert history.problem is not None
    assert await history.is_unsaved()
    assert await history.image_data(Picture.of(FIRST)) == FIRST
    blocker.unlink()
    await history.rename(conversation.id, "Anything that is written")
    assert told[1:] == ["recovered"]
    assert files(path) == {Picture.of(FIRST).file_name}
    await history.aclose()


async def test_a_history_in_memory_keeps_images_too() -> None:
    history = await History.in_memory()
    await with_image(history, FIRST)
    assert await history.image_data(Picture.of(FIRST)) == FIRST
    assert await history.image_file(Picture.of(FIRST)) is None
    await history.aclose()
