"""Taking files in: only what the user named, nothing that could hang, kept while it is needed."""

import os
import socket
import stat
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.conversations import MODEL, NOON, answer_to, finished, prompt_in
from tests.fakes.images import png
from tui.domain import attachments as kinds
from tui.domain.conversation import Message, Role
from tui.domain.errors import WorkbenchError
from tui.services import attachments_read
from tui.services.attachments import Attachments
from tui.services.attachments_read import pasted_files, path_from, read_file
from tui.services.history import History
from tui.services.shelf import delete_all

DATA = png(3, 2)


@pytest.fixture
def store(tmp_path: Path) -> Attachments:
    return Attachments.beside(tmp_path / "data" / "history.db")


async def refusal(store: Attachments, path: Path | str) -> str:
    with pytest.raises(WorkbenchError) as refused:
        await store.add_path(str(path))
    return str(refused.value.failure)


async def test_a_file_is_kept_by_its_content(store: Attachments, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(DATA)
    attached = await store.add_path(str(tmp_path / "a.png"))
    assert (attached.attachment.name, attached.note) == ("a.png", "")
    (tmp_path / "a.png").write_bytes(b"changed")
    assert await store.data_of(attached.attachment) == DATA
    [kept] = (tmp_path / "data" / "attachments" / "history").iterdir()
    assert kept.name == attached.attachment.digest
    assert stat.S_IMODE(kept.stat().st_mode) & 0o077 == 0


async def test_a_link_says_where_it_leads(store: Attachments, tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_text("hello")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    attached = await store.add_path("link.txt", tmp_path)
    assert attached.note.startswith("link.txt is ")
    assert attached.note.endswith("real.txt")


def open_descriptors() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


async def test_what_is_no_file_is_refused_without_waiting(
    store: Attachments, tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "sock"))
        assert "cannot be read" in await refusal(store, tmp_path / "sock")
    assert "is a pipe" in await refusal(store, tmp_path / "pipe")
    before = open_descriptors()
    assert "is a folder" in await refusal(store, tmp_path)
    assert open_descriptors() == before
    assert "is a device" in await refusal(store, "/dev/zero")
    assert "There is no file" in await refusal(store, tmp_path / "nowhere")
    assert "cannot be read" in await refusal(store, "a\0b")


async def test_a_file_too_large_is_refused_before_it_is_read(
    store: Attachments, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(kinds.LARGEST_FILE + 1)
    assert "too large" in await refusal(store, tmp_path / "huge")
    monkeypatch.setattr(attachments_read, "LARGEST_FILE", 10)
    # It says that it has no bytes at all, and has more than may be read.
    assert "too large" in await refusal(store, "/proc/self/status")


async def test_an_unreadable_file_says_so(store: Attachments, tmp_path: Path) -> None:
    assert "cannot be read" in await refusal(store, tmp_path / ("x" * 300))


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("a b.txt", "/base/a b.txt"),
        (" 'a b.txt' ", "/base/a b.txt"),
        ('"a b.txt"', "/base/a b.txt"),
        (r"a\ b.txt", "/base/a b.txt"),
        ("/abs/x", "/abs/x"),
        ("~/x", "{home}/x"),
        ("~no-such-user/x", "/base/~no-such-user/x"),
        ("file:///tmp/a%20b.txt", "/tmp/a b.txt"),
        ("$HOME/x", "/base/$HOME/x"),
    ],
)
def test_a_path_is_taken_as_it_was_typed_or_dropped(written: str, path: str) -> None:
    expected = path.format(home=Path.home())
    assert path_from(written, Path("/base")) == Path(expected)


@pytest.mark.parametrize(
    "text",
    [
        "{0}/a b.txt",
        "'{0}/a b.txt'",
        '"{0}/a b.txt"',
        "{0}/a\\ b.txt",
        "file://{0}/a%20b.txt",
        " {0}/a\\ b.txt \n",
    ],
)
def test_a_paste_that_is_a_path_stands_for_the_file(text: str, tmp_path: Path) -> None:
    (tmp_path / "a b.txt").write_text("x")
    assert pasted_files(text.format(tmp_path), tmp_path) == [tmp_path / "a b.txt"]


def test_several_paths_are_pasted_in_a_line_or_a_line_each(tmp_path: Path) -> None:
    both = [tmp_path / "a b.txt", tmp_path / "it's.txt"]
    for path in both:
        path.write_text("x")
    lines = f"{both[0]}\n{both[1]}\n"
    words = f"'{both[0]}' " + f"{both[1]}".replace("'", "\\'")
    assert pasted_files(lines, tmp_path) == both
    assert pasted_files(words, tmp_path) == both


def test_a_paste_that_is_more_than_paths_of_files_is_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    os.mkfifo(tmp_path / "pipe")
    for text in (
        "a.txt",  # a name says nothing of where it is
        f"look at {tmp_path}/a.txt",
        f"{tmp_path}/a.txt and more",
        f"{tmp_path}/missing.txt",
        str(tmp_path),
        f"{tmp_path}/pipe",
        "/dev/zero",
        "/\0",
        "'/",
        "",
        "/" * 20_000,
    ):
        assert pasted_files(text, tmp_path) == [], text


def test_reading_tells_nothing_of_a_plain_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    assert read_file(tmp_path.resolve() / "a.txt").target is None


@pytest.fixture
async def history(tmp_path: Path) -> AsyncIterator[History]:
    opened = await History.open(tmp_path / "data" / "history.db")
    yield opened
    await opened.aclose()


async def send(history: History, store: Attachments, *names: str) -> Message:
    conversation = await history.new_conversation(MODEL)
    attached = [await store.add_data(f"text of {name}".encode(), name) for name in names]
    prompt = replace(prompt_in(conversation, "Look", at=NOON), attachments=tuple(attached))
    answer = answer_to(prompt)
    await history.begin_turn(conversation, prompt, answer)
    await history.finish_answer(finished(answer, "Seen."))
    return prompt


async def test_a_message_remembers_its_files(history: History, store: Attachments) -> None:
    prompt = await send(history, store, "a.txt", "b.txt")
    loaded = await history.load(prompt.conversation_id)
    assert loaded is not None
    message = loaded.messages[prompt.id]
    assert message.attachments == prompt.attachments
    files = await store.files_of(loaded.path())
    assert set(files.values()) == {b"text of a.txt", b"text of b.txt"}


async def test_a_file_that_is_gone_says_which_one(
    history: History, store: Attachments, tmp_path: Path
) -> None:
    prompt = await send(history, store, "a.txt")
    (tmp_path / "data" / "attachments" / "history" / prompt.attachments[0].digest).unlink()
    with pytest.raises(WorkbenchError, match=r"a\.txt of an earlier message is gone"):
        await store.files_of([prompt])


async def test_files_too_large_together_are_refused(
    store: Attachments, monkeypatch: pytest.MonkeyPatch
) -> None:
    attached = await store.add_data(b"0123456789", "a.txt")
    message = Message("m", "c", None, Role.USER, "", NOON, attachments=(attached,))
    monkeypatch.setattr("tui.services.attachments.LARGEST_TOGETHER", 5)
    with pytest.raises(WorkbenchError, match="too large together"):
        await store.files_of([message])


async def test_files_go_with_their_last_message(
    history: History, store: Attachments, tmp_path: Path
) -> None:
    first = await send(history, store, "only here", "shared")
    await send(history, store, "shared")
    draft = await store.add_data(b"not sent yet", "draft.txt")
    await delete_all(history, [first.conversation_id])
    await store.purge(history)
    left = {path.name for path in (tmp_path / "data" / "attachments" / "history").iterdir()}
    assert left == {first.attachments[1].digest, draft.digest}


async def test_a_file_that_nobody_named_for_a_day_goes(
    history: History, store: Attachments, tmp_path: Path
) -> None:
    draft = await store.add_data(b"never sent", "draft.txt")
    path = tmp_path / "data" / "attachments" / "history" / draft.digest
    os.utime(path, (0, 0))
    await store.purge(history)
    assert not path.exists()


async def test_nothing_goes_while_the_conversations_cannot_be_read(
    history: History, store: Attachments, tmp_path: Path
) -> None:
    prompt = await send(history, store, "sent")
    draft = await store.add_data(b"not sent yet", "draft.txt")
    await store.keep_draft(prompt.conversation_id, [draft])
    for file in (draft, *prompt.attachments):
        os.utime(tmp_path / "data" / "attachments" / "history" / file.digest, (0, 0))
    await history.aclose()
    path = tmp_path / "data" / "history.db"
    path.rename(path.with_suffix(".aside"))
    path.mkdir()
    unreadable = await History.open(path)
    assert unreadable.problem is not None
    await store.purge(unreadable)
    await unreadable.aclose()
    assert await store.draft_of(prompt.conversation_id) == (draft,)
    for file in (draft, *prompt.attachments):
        assert await store.data_of(file) is not None


async def test_the_day_of_a_file_begins_anew_when_it_is_attached_again(
    history: History, store: Attachments, tmp_path: Path
) -> None:
    draft = await store.add_data(b"not sent yet", "draft.txt")
    os.utime(tmp_path / "data" / "attachments" / "history" / draft.digest, (0, 0))
    await store.add_data(b"not sent yet", "again.txt")
    await store.purge(history)
    assert await store.data_of(draft) == b"not sent yet"


async def test_without_a_disk_files_are_in_memory(tmp_path: Path) -> None:
    (tmp_path / "attachments").write_text("in the way")
    store = Attachments.beside(tmp_path / "history.db")
    attached = await store.add_data(DATA, "a.png")
    assert store.problem is not None
    assert await store.data_of(attached) == DATA
    (tmp_path / "attachments").unlink()
    assert await store.data_of(attached) == DATA
    assert store.problem is None
    assert await Attachments.beside(tmp_path / "history.db").data_of(attached) == DATA
