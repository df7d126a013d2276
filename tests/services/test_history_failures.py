"""When the disk or the file fails: words say so, nothing is overwritten, the chat goes on."""

import json
import os
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from tests.fakes.conversations import (
    MODEL,
    answer_to,
    finished,
    prompt_in,
    take_turn,
)
from tui.domain.attachments import Attachment, AttachmentKind
from tui.domain.conversation import Conversation, MessageState
from tui.domain.errors import Failure, FailureKind
from tui.services.history import History
from tui.services.history_file import open_file
from tui.services.shelf import delete_all, undelete_all


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.db"


@pytest.fixture
async def history(path: Path) -> AsyncIterator[History]:
    opened = await History.open(path)
    yield opened
    await opened.aclose()


async def on_file(history: History, statement: str) -> None:
    """Run a statement on the connection to the file."""
    file = history._storage._file
    assert file is not None
    await history._run(lambda: file.execute(statement).fetchall())


async def fill_the_disk(history: History) -> None:
    await on_file(history, "PRAGMA max_page_count = 1")


async def free_some_space(history: History) -> None:
    await on_file(history, "PRAGMA max_page_count = 1000000")


async def begin(history: History, conversation: Conversation) -> str:
    prompt = prompt_in(conversation)
    answer = answer_to(prompt)
    await history.begin_turn(conversation, prompt, answer)
    return answer.id


async def works(history: History) -> bool:
    conversation = await history.new_conversation(MODEL)
    await take_turn(history, conversation)
    loaded = await history.load(conversation.id)
    return loaded is not None and loaded.path() == conversation.path()


def content(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def move(path: Path, to: Path) -> None:
    path.rename(to)


def a_folder(path: Path) -> None:
    path.mkdir()


def no_folder(path: Path) -> None:
    path.rmdir()


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def not_a_database(path: Path) -> None:
    path.write_bytes(b"Dear diary, " * 1_000)


def a_newer_version(path: Path) -> None:
    with closing(open_file(path)) as connection:
        connection.execute("PRAGMA user_version = 99")


def another_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (url)")


def a_damaged_first_page(path: Path) -> None:
    open_file(path).close()
    content = bytearray(path.read_bytes())
    content[100:4096] = b"\xff" * 3996
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (not_a_database, "is damaged"),
        (a_damaged_first_page, "is damaged"),
        (a_newer_version, "a newer version"),
        (another_program, "another program"),
    ],
)
async def test_a_file_that_is_no_history_is_left_as_it_is(
    path: Path, spoil: Callable[[Path], None], words: str
) -> None:
    spoil(path)
    before = content(path)
    history = await History.open(path)
    assert history.problem is not None
    assert history.problem.kind is FailureKind.STORAGE
    assert words in history.problem.what
    assert await works(history)
    await history.aclose()
    assert content(path) == before
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("make", [a_folder, a_pipe])
async def test_a_history_file_that_is_not_a_file_is_refused(
    path: Path, make: Callable[[Path], None]
) -> None:
    make(path)
    history = await History.open(path)
    assert history.problem is not None
    assert "is not a file" in history.problem.what
    assert await works(history)
    await history.aclose()
    assert list(path.parent.iterdir()) == [path]


async def test_a_new_file_that_another_instance_is_just_making_is_waited_for(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        release = threading.Timer(0.1, other.execute, ["ROLLBACK"])
        release.start()
        history = await History.open(path)
        release.join()
    assert history.problem is None
    assert await works(history)
    await history.aclose()


async def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("in the way")
    history = await History.open(tmp_path / "data" / "history.db")
    assert history.problem is not None
    assert history.problem.what.startswith("Nothing is being saved: ")
    assert str(tmp_path / "data") in history.problem.what
    assert await works(history)
    await history.aclose()


async def test_a_history_that_cannot_be_written_can_still_be_read(
    path: Path, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    conversation = await history.new_conversation(MODEL)
    await take_turn(history, conversation)
    await history.aclose()

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tui.services.history_storage.InstanceLock.acquire", refuse)
    reader = await History.open(path)
    assert reader.problem is not None
    assert "cannot be written" in reader.problem.what
    loaded = await reader.load(conversation.id)
    assert loaded is not None
    assert loaded.path() == conversation.path()
    await take_turn(reader, loaded, "And the sea?")
    again = await reader.load(conversation.id)
    assert again is not None
    assert len(again.messages) == 4
    await reader.aclose()


async def test_a_full_disk_is_told_once_and_the_chat_goes_on_in_memory(history: History) -> None:
    told: list[Failure] = []
    history.on_problem = told.append
    conversation = await history.new_conversation(MODEL)
    await take_turn(history, conversation)
    answer_id = await begin(history, conversation)
    await fill_the_disk(history)
    await history.journal(answer_id, "piece " * 1_000, "")
    await history.journal(answer_id, "piece " * 1_000, "")
    assert [failure.what for failure in told] == ["Nothing is being saved: the disk is full."]
    assert history.problem == told[0]
    loaded = await history.load(conversation.id)
    assert loaded is not None
    assert len(loaded.messages) == 4
    assert loaded.messages[answer_id].text == "piece " * 2_000
    assert await works(history)
    assert len(told) == 1


async def test_what_a_full_disk_did_not_take_is_saved_once_there_is_space(
    path: Path, history: History
) -> None:
    recovered: list[bool] = []
    history.on_recovery = lambda: recovered.append(True)
    conversation = await history.new_conversation(MODEL)
    prompt = prompt_in(conversation)
    await history.begin_turn(conversation, prompt, answer := answer_to(prompt))
    await fill_the_disk(history)
    await history.finish_answer(finished(answer, "long " * 10_000))
    conversation.put(prompt)
    conversation.put(finished(answer, "long " * 10_000))
    conversation.leaf_id = answer.id
    await take_turn(history, conversation, "And the sea?")
    assert history.problem is not None
    assert not recovered

    await free_some_space(history)
    await history.save_draft(conversation.id, "And the")
    assert history.problem is None
    assert recovered == [True]
    other = await History.open(path)
    loaded = await other.load(conversation.id)
    assert loaded is not None
    assert loaded.path() == conversation.path()
    assert loaded.draft == "And the"
    await other.aclose()


async def test_what_is_unsaved_at_the_end_is_saved_if_there_is_space_by_then(
    path: Path, history: History
) -> None:
    conversation = await history.new_conversation(MODEL)
    await fill_the_disk(history)
    await take_turn(history, conversation)
    await free_some_space(history)
    await history.aclose()
    other = await History.open(path)
    loaded = await other.load(conversation.id)
    assert loaded is not None
    assert loaded.path() == conversation.path()
    await other.aclose()


async def test_a_file_that_is_gone_while_open_is_noticed_and_not_written_again(
    path: Path, history: History
) -> None:
    conversation = await history.new_conversation(MODEL)
    await take_turn(history, conversation)
    path_elsewhere = path.with_name("elsewhere")
    move(path, path_elsewhere)
    before = content(path_elsewhere)
    await take_turn(history, conversation, "And the sea?")
    assert history.problem is not None
    assert "was moved or deleted" in history.problem.what
    loaded = await history.load(conversation.id)
    assert loaded is not None
    assert loaded.path() == conversation.path()
    assert content(path) is None
    assert content(path_elsewhere) == before


async def test_a_file_moved_and_put_back_is_used_again(path: Path, history: History) -> None:
    conversation = await history.new_conversation(MODEL)
    move(path, path.with_name("aside"))
    await take_turn(history, conversation)
    assert history.problem is not None
    move(path.with_name("aside"), path)
    await take_turn(history, conversation, "And the sea?")
    assert history.problem is None
    await history.aclose()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM messages").fetchone() == (4,)


async def test_a_read_only_file_is_named(path: Path, history: History) -> None:
    await on_file(history, "PRAGMA query_only = ON")
    assert await works(history)
    assert history.problem is not None
    assert f"{path} cannot be written" in history.problem.what


async def test_a_file_that_stays_locked_is_named_and_written_later(
    path: Path, history: History
) -> None:
    await on_file(history, "PRAGMA busy_timeout = 10")
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        conversation = await history.new_conversation(MODEL)
        await take_turn(history, conversation)
        assert history.problem is not None
        assert "locked" in history.problem.what
        other.execute("ROLLBACK")
    await history.save_draft(conversation.id, "later")
    assert history.problem is None
    loaded = await history.load(conversation.id)
    assert loaded is not None
    assert (loaded.path(), loaded.draft) == (conversation.path(), "later")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another program has the whole file to itself, also for reading."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        yield


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for a lock, and what failed is tried again at once."""
    for name in ("PATIENCE", "_PATIENCE_WHILE_FAILING", "_AGAIN_EVERY"):
        monkeypatch.setattr(f"tui.services.history_storage.{name}", 0.0)


@pytest.mark.usefixtures("impatient")
async def test_a_file_that_was_locked_at_the_start_gets_everything_once_it_is_free(
    path: Path, history: History
) -> None:
    earlier = await history.new_conversation(MODEL)
    await take_turn(history, earlier)
    await history.aclose()
    recovered: list[bool] = []
    with locked(path):
        late = await History.open(path)
        late.on_recovery = lambda: recovered.append(True)
        await late.recover()
        assert not await late.is_unsaved(), "nothing was said yet"
        assert late.problem is not None
        assert "locked" in late.problem.what
        conversation = await late.new_conversation(MODEL)
        await take_turn(late, conversation, "And the sea?")
        await late.save_draft(conversation.id, "half a thought")
        assert late.file is None
    # Reading is enough.
    assert [one.id for one in await late.conversations()] == [conversation.id, earlier.id]
    assert (late.is_complete, recovered) == (True, [True])
    assert not await late.is_unsaved()
    answer_id = await begin(late, conversation)
    other = await History.open(path)
    assert await other.recover() == 0, "what it streams now is its own"
    loaded = await other.load(conversation.id)
    assert loaded is not None
    assert loaded.draft == ""
    assert len(loaded.messages) == 4
    assert loaded.messages[answer_id].state is MessageState.STREAMING
    await other.aclose()
    await late.aclose()


@pytest.mark.usefixtures("impatient")
async def test_what_was_never_saved_is_saved_at_the_end_if_that_works_by_then(path: Path) -> None:
    a_folder(path)
    history = await History.open(path)
    conversation = await history.new_conversation(MODEL)
    await history.save_draft(conversation.id, "half a thought")
    assert history.problem is not None
    assert await history.is_unsaved()
    no_folder(path)
    await history.aclose()
    again = await History.open(path)
    loaded = await again.load(conversation.id)
    assert loaded is not None
    assert loaded.draft == "half a thought"
    await again.aclose()


async def test_a_file_that_fails_is_not_tried_at_every_keystroke(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.services.history_storage._AGAIN_EVERY", 3_600.0)
    a_folder(path)
    history = await History.open(path)
    tried: list[Path] = []
    monkeypatch.setattr(history._storage, "_open_file", lambda *given: tried.append(given[0]))
    for _ in range(5):
        await history.conversations()
        await history.rename("c", "Optics")
    assert tried == []
    monkeypatch.undo()
    await history.aclose()


@pytest.mark.usefixtures("impatient")
async def test_a_full_disk_is_gone_back_to_by_reading_too(history: History) -> None:
    conversation = await history.new_conversation(MODEL)
    await fill_the_disk(history)
    await history.save_draft(conversation.id, "long " * 10_000)
    assert history.file is None
    await free_some_space(history)
    loaded = await history.load(conversation.id)
    assert history.problem is None
    assert loaded is not None
    assert loaded.draft == "long " * 10_000


def spoil_table(path: Path, table: str) -> None:
    """Overwrite the root page of a table."""
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        page: int = connection.execute(query, (table,)).fetchone()[0]
        size: int = connection.execute("PRAGMA page_size").fetchone()[0]
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)


@pytest.mark.parametrize("table", ["messages", "conversations", "generations"])
async def test_a_damaged_page_found_while_reading_ends_the_writing(
    path: Path, history: History, table: str
) -> None:
    conversation = await history.new_conversation(MODEL)
    await take_turn(history, conversation)
    await history.aclose()
    spoil_table(path, table)
    before = content(path)

    damaged = await History.open(path)
    await damaged.conversations()
    await damaged.load(conversation.id)
    assert damaged.problem is not None
    assert "is damaged" in damaged.problem.what
    await damaged.rename(conversation.id, "Optics")
    await damaged.rename(conversation.id, "Physics")
    await damaged.conversations()
    await take_turn(damaged, conversation, "And the sea?")
    assert await works(damaged)
    await damaged.aclose()
    assert content(path) == before


async def test_a_value_that_was_never_written_counts_as_damage(
    path: Path, history: History
) -> None:
    conversation = await history.new_conversation(MODEL)
    await take_turn(history, conversation)
    for value in ("'lorem'", "5", "x'ff'"):
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"UPDATE messages SET state = {value}")
            connection.commit()
        reader = await History.open(path)
        assert await reader.load(conversation.id) is None
        assert reader.problem is not None
        await reader.aclose()


async def test_words_that_only_a_newer_version_knows_are_no_damage(
    path: Path, history: History
) -> None:
    conversation = await history.new_conversation(MODEL)
    await take_turn(history, conversation)
    file = Attachment("0" * 64, AttachmentKind.PDF, "model/hologram", "a.holo", 3, 1)
    row = json.dumps([asdict(file) | {"kind": "hologram"}])
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "UPDATE messages SET failure_kind = 'too_soon', attachments = ? WHERE role = 'user'",
            (row,),
        )
        connection.commit()
    reader = await History.open(path)
    read = await reader.load(conversation.id)
    assert reader.problem is None
    await reader.aclose()
    assert read is not None
    prompt = read.path()[0]
    assert prompt.failure_kind is FailureKind.INTERNAL
    assert prompt.attachments == (replace(file, kind=AttachmentKind.TEXT),)


async def test_a_name_that_is_missing_counts_as_damage(path: Path, history: History) -> None:
    conversation = await history.new_conversation(MODEL)
    await take_turn(history, conversation)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE messages SET attachments = '[{}]'")
        connection.commit()
    reader = await History.open(path)
    assert await reader.load(conversation.id) is None
    assert reader.problem is not None
    await reader.aclose()


async def test_recovery_and_clean_up_do_not_fail_in_memory_either(history: History) -> None:
    conversation = await history.new_conversation(MODEL)
    answer_id = await begin(history, conversation)
    await fill_the_disk(history)
    await history.journal(answer_id, "piece " * 2_000, "")
    assert await history.recover() == 0
    await delete_all(history, [conversation.id])
    await history.purge_deleted()
    await undelete_all(history, [conversation.id])
    loaded = await history.load(conversation.id)
    assert loaded is not None
    assert loaded.messages[answer_id].state is MessageState.STREAMING
