"""Carrying conversations out: whole files, in their folder, never over another."""

import asyncio
import json
import os
import re
import stat
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.conversations import NOON
from tests.fakes.rich_conversation import FILES, IMAGE, rich_conversation
from tui.domain.conversation import Conversation
from tui.domain.errors import WorkbenchError
from tui.domain.export_selection import Scope
from tui.services.attachments import Attachments
from tui.services.branches import store_conversation
from tui.services.exporter import Exporter, ExportFormat, name_of_all
from tui.services.exporter_files import write_new
from tui.services.history import History
from tui.services.importer_native import read_native
from tui.services.shelf import archive

HOSTILE = [
    "../../x",
    "CON",
    "",
    "😀" * 300,
    "a\nb",
    "/etc/passwd",
    "-rf",
    ".hidden",
    "a/b\\c:d",
    "\x1b]0;x\x07",
    "NUL.txt",
    "x" * 5_000,
    "..",
    "\u202egnp.exe",
]


@pytest.fixture
async def history(tmp_path: Path) -> AsyncIterator[History]:
    opened = await History.open(tmp_path / "data" / "history.db")
    yield opened
    assert opened.problem is None
    await opened.aclose()


@pytest.fixture
def exporter(history: History, tmp_path: Path) -> Exporter:
    return Exporter(history, Attachments.beside(tmp_path / "data" / "history.db"))


async def store(history: History, tmp_path: Path, *chats: Conversation) -> None:
    attachments = Attachments.beside(tmp_path / "data" / "history.db")
    for chat in chats:
        await store_conversation(history, chat)
        for message in chat.messages.values():
            for attached in message.attachments:
                await attachments.keep(attached, FILES[attached.digest])
            for picture in message.images:
                await history.keep_image(picture, IMAGE)


def files(folder: Path) -> set[Path]:
    return {path for path in folder.iterdir() if path.is_file()}


def folders(top: Path) -> set[Path]:
    return {path for path in top.rglob("*") if path.is_dir()}


@pytest.mark.parametrize("form", list(ExportFormat))
async def test_each_conversation_becomes_a_private_file_of_its_own(
    history: History, exporter: Exporter, tmp_path: Path, form: ExportFormat
) -> None:
    await store(history, tmp_path, rich_conversation("c1"), rich_conversation("c2", "Other"))
    (tmp_path / "out").mkdir()
    told: list[tuple[int, int]] = []
    paths = await exporter.to_folder(
        ["c1", "gone", "c2"], tmp_path / "out", form, progress=lambda *done: told.append(done)
    )
    assert sorted(paths) == sorted((tmp_path / "out").iterdir())
    names = [path.name for path in paths]
    assert [name.split("-")[3:5] for name in names] == [["the", "sky"], ["other", names[1][17:]]]
    assert all(name.endswith(f".{form}") for name in names)
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in paths)
    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("title", HOSTILE)
async def test_no_title_leads_out_of_the_folder(
    history: History, exporter: Exporter, tmp_path: Path, title: str
) -> None:
    await store(history, tmp_path, rich_conversation("c1", title))
    (tmp_path / "out").mkdir()
    before = folders(tmp_path)
    [path] = await exporter.to_folder(["c1"], tmp_path / "out", ExportFormat.MARKDOWN)
    assert path.parent == tmp_path / "out"
    assert len(path.name.encode()) < 120
    assert set(path.name) <= set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"
    )
    assert path.name[0].isdigit()
    assert folders(tmp_path) == before


async def test_nothing_is_overwritten(history: History, exporter: Exporter, tmp_path: Path) -> None:
    await store(history, tmp_path, rich_conversation("c1"))
    (tmp_path / "out").mkdir()
    [first] = await exporter.to_folder(["c1"], tmp_path / "out", ExportFormat.HTML)
    first.write_text("mine")
    [second] = await exporter.to_folder(["c1"], tmp_path / "out", ExportFormat.HTML)
    assert (first.read_text(), second.name) == ("mine", f"{first.stem}-2.html")
    with pytest.raises(WorkbenchError, match="There is a file"):
        await exporter.to_file(["c1"], first, ExportFormat.HTML)
    assert first.read_text() == "mine"
    await exporter.to_file(["c1"], first, ExportFormat.HTML, overwrite=True)
    assert first.read_text().startswith("<!DOCTYPE html>")


async def test_a_link_in_the_place_of_a_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "victim").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "victim")
    with pytest.raises(WorkbenchError, match="There is a file"):
        write_new(tmp_path / "link", ["x"])
    write_new(tmp_path / "link", ["x"], overwrite=True)
    assert (tmp_path / "victim").read_text() == "mine"
    assert (tmp_path / "link").read_text() == "x"


def test_a_file_is_whole_or_not_there(tmp_path: Path) -> None:
    def pieces() -> Iterator[str]:
        yield "a piece"
        raise OSError(28, os.strerror(28))

    with pytest.raises(WorkbenchError, match="cannot be written: No space"):
        write_new(tmp_path / "x", pieces())
    assert list(tmp_path.iterdir()) == []


def test_a_file_system_without_links_is_no_reason_to_overwrite(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    write_new(tmp_path / "x", ["one"])
    with pytest.raises(WorkbenchError, match="There is a file"):
        write_new(tmp_path / "x", ["two"])
    assert (tmp_path / "x").read_text() == "one"
    assert len(list(tmp_path.iterdir())) == 1


async def test_a_folder_that_is_not_there_is_said(exporter: Exporter, tmp_path: Path) -> None:
    with pytest.raises(WorkbenchError, match="cannot be written"):
        await exporter.to_file([], tmp_path / "nowhere" / "x.json", ExportFormat.JSON)


async def test_everything_goes_into_one_file_of_json(
    history: History, exporter: Exporter, tmp_path: Path
) -> None:
    await store(history, tmp_path, rich_conversation("c1"), rich_conversation("c2"))
    await archive(history, ["c1"])
    path = tmp_path / name_of_all(NOON)
    await exporter.to_file(await exporter.everything(), path, ExportFormat.JSON)
    assert path.name == "conversations-2026-03-01.json"
    document = json.loads(path.read_text())
    assert [one["id"] for one in document["conversations"]] == ["c1", "c2"]
    assert [one["archived"] for one in document["conversations"]] == [True, False]
    assert set(document["files"]) == set(FILES)


async def test_a_history_that_closes_meanwhile_leaves_the_file_of_before(tmp_path: Path) -> None:
    history = await History.open(tmp_path / "data" / "history.db")
    exporter = Exporter(history, Attachments.beside(tmp_path / "data" / "history.db"))
    ids = [f"c{number}" for number in range(50)]
    await store(history, tmp_path, *map(rich_conversation, ids))
    path = tmp_path / "all.json"
    path.write_text("the whole of yesterday")
    begun = asyncio.Event()
    task = asyncio.create_task(
        exporter.to_file(
            ids, path, ExportFormat.JSON, overwrite=True, progress=lambda *_: begun.set()
        )
    )
    await begun.wait()
    await history.aclose()

    with pytest.raises(WorkbenchError, match="Not everything could be read"):
        await task
    assert path.read_text() == "the whole of yesterday"
    assert files(tmp_path) == {path}


async def test_a_conversation_that_is_gone_is_left_out(
    history: History, exporter: Exporter, tmp_path: Path
) -> None:
    await store(history, tmp_path, rich_conversation("c1"))
    path = tmp_path / "all.json"
    await exporter.to_file(["c0", "c1"], path, ExportFormat.JSON)
    assert [one["id"] for one in json.loads(path.read_text())["conversations"]] == ["c1"]


async def test_a_branch_is_the_active_path_alone(exporter: Exporter) -> None:
    chat = rich_conversation()
    branch = json.loads(await exporter.text(chat, ExportFormat.JSON, Scope.BRANCH))
    [one] = branch["conversations"]
    assert [message["id"] for message in one["messages"]] == ["c1-q", "c1-b", "c1-r", "c1-f"]
    whole = await exporter.text(chat, ExportFormat.MARKDOWN, Scope.CONVERSATION)
    part = await exporter.text(chat, ExportFormat.MARKDOWN)
    assert "Rayleigh* scattering" in whole
    assert "Rayleigh* scattering" not in part


@pytest.mark.parametrize("form", list(ExportFormat))
async def test_nothing_that_is_printed_acts_in_a_terminal(
    exporter: Exporter, form: ExportFormat
) -> None:
    acting = "\x1b]0;x\x07\x7f\x9b2J"
    chat = rich_conversation()
    for message in chat.path():
        chat.put(replace(message, text=acting, reasoning=acting, failure_text=acting))
    text = await exporter.text(replace(chat, title=acting, system_prompt=acting), form)
    assert re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", text) is None


async def test_a_half_of_a_character_in_what_a_server_sent_can_be_written(
    exporter: Exporter,
) -> None:
    chat = rich_conversation()
    answer = chat.path()[1]
    details = [{"text": "\ud83d"}]
    chat.put(replace(answer, reasoning_details=details))
    written = (await exporter.text(chat, ExportFormat.JSON)).encode()
    [one] = read_native(json.loads(written)).conversations
    assert one.messages[answer.id].reasoning_details == details


async def test_images_are_part_of_the_page(
    history: History, exporter: Exporter, tmp_path: Path
) -> None:
    chat = rich_conversation()
    await store(history, tmp_path, chat)
    page = await exporter.text(chat, ExportFormat.HTML, Scope.CONVERSATION)
    assert page.count('<img alt="" src="data:image/png;base64,') == 2
    gone = replace(chat, messages={})
    assert "<img" not in await exporter.text(gone, ExportFormat.HTML)
