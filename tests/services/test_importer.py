"""Carrying conversations in: counted first, then all or nothing, and nothing twice."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.conversations import MODEL, NOON, prompt_in, take_turn
from tests.fakes.rich_conversation import FILES, IMAGE, rich_conversation
from tui.domain.conversation import Conversation, Message, Role
from tui.domain.cost import CostTotal
from tui.domain.errors import WorkbenchError
from tui.domain.export_selection import Scope
from tui.domain.tree import remove_branch
from tui.services import importer as importing
from tui.services.attachments import Attachments
from tui.services.branches import store_conversation, store_removal
from tui.services.exporter import Exporter, ExportFormat
from tui.services.exporter_json import as_json, conversation_record
from tui.services.history import History
from tui.services.importer import Importer, ImportResult, ImportStoppedError, read_export
from tui.services.importer_checks import LONGEST_ENCODED, LONGEST_WORDS, MOST_FILES
from tui.services.importer_native import read_native
from tui.services.importer_words import news_words, reading_lines, written_words
from tui.services.shelf import delete_all


@pytest.fixture
async def history(tmp_path: Path) -> AsyncIterator[History]:
    opened = await History.open(tmp_path / "data" / "history.db")
    yield opened
    await opened.aclose()


@pytest.fixture
def attachments(tmp_path: Path) -> Attachments:
    return Attachments.beside(tmp_path / "data" / "history.db")


@pytest.fixture
def importer(history: History, attachments: Attachments) -> Importer:
    return Importer(history, attachments)


def exported(tmp_path: Path, *chats: Conversation) -> Path:
    path = tmp_path / "export.json"
    path.write_text("".join(as_json(chats, sorted(FILES.items()))), encoding="utf-8")
    return path


async def test_what_was_exported_and_read_in_is_exported_the_same(tmp_path: Path) -> None:
    """Byte for byte, over two histories, with files, branches, failures and a fork."""
    chats = [
        rich_conversation("c1"),
        rich_conversation("c2", '\x1b[31m红\ud83d "quoted"\n'),
        rich_conversation("fork-3", "Fork"),
    ]
    first = exported(tmp_path, *chats)
    for number in (1, 2):
        path = tmp_path / str(number) / "history.db"
        history, attachments = await History.open(path), Attachments.beside(path)
        importer, exporter = Importer(history, attachments), Exporter(history, attachments)
        reading = await importer.read(first)
        assert reading.problems == ()
        assert await importer.write(reading) == ImportResult(3, 0, 15)
        second = tmp_path / f"again-{number}.json"
        ids = [one.id for one in chats]
        await exporter.to_file(ids, second, ExportFormat.JSON)
        assert second.read_bytes() == first.read_bytes()
        assert history.problem is None
        await history.aclose()
        first = second


async def test_the_dry_run_counts_and_writes_nothing(
    history: History, importer: Importer, tmp_path: Path
) -> None:
    await store_conversation(history, rich_conversation("c1"))
    before = await history.conversations()
    reading = await importer.read(
        exported(tmp_path, rich_conversation("c1"), rich_conversation("c2"))
    )
    assert (reading.source, reading.conversations, reading.messages, reading.files) == (
        "OpenRouter Workbench",
        2,
        10,
        2,
    )
    assert reading.known == {"c1"}
    assert (reading.new, reading.more) == (1, 0)
    assert news_words(reading) == "1 conversation"
    assert reading.period == (NOON, NOON)
    assert (reading.cost.estimated, reading.cost.unknown) == (2, 2)
    assert str(reading.cost.amount) == "0.0104"
    assert await history.conversations() == before


async def test_what_is_here_already_does_not_come_twice(
    history: History, importer: Importer, tmp_path: Path
) -> None:
    path = exported(tmp_path, rich_conversation("c1"))
    assert await importer.write(await importer.read(path)) == ImportResult(1, 0, 5)
    reading = await importer.read(path)
    assert news_words(reading) == ""
    assert await importer.write(reading) == ImportResult(0, 0, 0)
    grown = rich_conversation("c1")
    grown.put(replace(prompt_in(grown, "And by day?", parent_id="c1-a"), id="c1-new"))
    reading = await importer.read(exported(tmp_path, grown))
    assert news_words(reading) == "1 message"
    assert "here already: 1 conversation, but for 1 message" in reading_lines(reading)
    assert await importer.write(reading) == ImportResult(0, 1, 1)
    [summary] = await history.conversations()
    assert summary.cost.amount == rich_conversation().cost().amount


async def test_what_was_deleted_is_brought_back(
    history: History, importer: Importer, tmp_path: Path
) -> None:
    path = exported(tmp_path, rich_conversation("c1"))
    await importer.write(await importer.read(path))
    await delete_all(history, ["c1"])
    reading = await importer.read(path)
    assert reading.known == frozenset()
    assert "deleted here, comes back: 1 conversation" in reading_lines(reading)
    result = await importer.write(reading)
    assert result == ImportResult(restored=1)
    assert written_words(result) == "1 deleted conversation brought back"
    assert len(await history.conversations()) == 1
    await delete_all(history, ["c1"])
    await history.purge_deleted()
    await importer.write(await importer.read(path))
    [summary] = await history.conversations()
    assert summary.cost.amount == rich_conversation().cost().amount
    long_ago = datetime(2000, 1, 1, tzinfo=UTC)
    assert (await history.spent_since(long_ago)).amount == summary.cost.amount


async def test_branches_that_were_removed_are_brought_back(
    history: History, importer: Importer, tmp_path: Path
) -> None:
    path = exported(tmp_path, rich_conversation("c1"))
    await importer.write(await importer.read(path))
    here = await history.load("c1")
    assert here is not None
    await store_removal(history, here, removed := remove_branch(here, "c1-b"))
    reading = await importer.read(path)
    assert reading.more == len(removed) > 0
    assert await importer.write(reading) == ImportResult(0, 1, len(removed))
    await history.purge_deleted()
    loaded = await history.load("c1")
    assert loaded is not None
    assert len(list(loaded.in_sight())) == 5
    assert news_words(await importer.read(path)) == ""


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (ImportResult(), "0 conversations, 0 messages"),
        (ImportResult(2, 1, 7), "2 conversations, 7 messages; 1 known before got more"),
        (
            ImportResult(1, 0, 5, restored=2),
            "1 conversation, 5 messages; 2 deleted conversations brought back",
        ),
    ],
)
def test_what_was_written_is_said_in_words(result: ImportResult, words: str) -> None:
    assert written_words(result) == words


async def test_old_conversations_take_their_place_in_the_order_of_time(
    history: History, importer: Importer, tmp_path: Path
) -> None:
    recent = await history.new_conversation(MODEL)
    await take_turn(history, recent, at=NOON + timedelta(days=1))
    older = replace(rich_conversation("c1"), updated_at=NOON - timedelta(days=9))
    await importer.write(await importer.read(exported(tmp_path, older)))
    assert [one.id for one in await history.conversations()] == [recent.id, "c1"]


async def test_ids_that_are_taken_are_changed(
    history: History, importer: Importer, tmp_path: Path
) -> None:
    await store_conversation(history, rich_conversation("c1"))
    thief = rich_conversation("c1")
    thief = replace(thief, id="c2")
    await importer.write(await importer.read(exported(tmp_path, thief)))
    mine, theirs = await history.load("c1"), await history.load("c2")
    assert mine is not None
    assert theirs is not None
    assert not mine.messages.keys() & theirs.messages.keys()
    assert [one.text for one in theirs.path()] == [one.text for one in mine.path()]


async def test_an_answer_that_comes_under_another_conversation_is_not_paid_for_twice(
    history: History, importer: Importer, tmp_path: Path
) -> None:
    original = rich_conversation("c1")
    await store_conversation(history, original)
    before = await history.spent_since(original.created_at - timedelta(days=1))
    assert before.amount > 0
    again = replace(original, id="c2")
    await importer.write(await importer.read(exported(tmp_path, again)))
    assert await history.spent_since(original.created_at - timedelta(days=1)) == before


async def test_a_file_that_is_not_what_it_says_is_left_out(
    history: History, importer: Importer, attachments: Attachments, tmp_path: Path
) -> None:
    path = exported(tmp_path, rich_conversation("c1"))
    document = json.loads(path.read_text())
    document["files"] = dict.fromkeys(document["files"], "bGllcw==") | {"../x": "eA==", "y": 5}
    path.write_text(json.dumps(document))
    await importer.write(await importer.read(path))
    loaded = await history.load("c1")
    assert loaded is not None
    prompt = loaded.messages["c1-q"]
    assert [await attachments.data_of(one) for one in prompt.attachments] == [None, None]
    assert await history.image_data(loaded.messages["c1-a"].images[0]) is None


async def test_files_come_in(
    history: History, importer: Importer, attachments: Attachments, tmp_path: Path
) -> None:
    await importer.write(await importer.read(exported(tmp_path, rich_conversation("c1"))))
    loaded = await history.load("c1")
    assert loaded is not None
    assert dict(await attachments.files_of(loaded.path())) == FILES
    assert await history.image_data(loaded.messages["c1-a"].images[0]) == IMAGE


async def test_nothing_is_half_imported(
    history: History, importer: Importer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = await importer.read(
        exported(tmp_path, rich_conversation("c1"), rich_conversation("c2"))
    )

    def fail(*_: object) -> None:
        raise RuntimeError("in the middle")

    monkeypatch.setattr(importing, "order_by_time", fail)
    with pytest.raises(RuntimeError):
        await importer.write(reading)
    assert await history.conversations() == []
    assert history.problem is None


async def test_a_stop_in_the_middle_leaves_nothing_behind(
    history: History, importer: Importer, tmp_path: Path
) -> None:
    chats = [rich_conversation(f"c{number}") for number in range(3)]
    reading = await importer.read(exported(tmp_path, *chats))
    asked = iter([False, False, False, False, False, True])
    with pytest.raises(ImportStoppedError):
        await importer.write(reading, stop=lambda: next(asked))
    assert list(asked) == []
    assert await history.conversations() == []
    assert history.problem is None
    assert await importer.write(reading) == ImportResult(3, 0, 15)


async def test_an_import_that_the_file_does_not_take_is_not_called_done(
    history: History, importer: Importer, tmp_path: Path
) -> None:
    reading = await importer.read(exported(tmp_path, rich_conversation("c1")))
    (tmp_path / "data" / "history.db").unlink()
    with pytest.raises(WorkbenchError, match="Nothing is being saved"):
        await importer.write(reading)


async def test_progress_is_told(history: History, importer: Importer, tmp_path: Path) -> None:
    chats = [rich_conversation(f"c{number}") for number in range(45)]
    told: list[tuple[int, int]] = []
    reading = await importer.read(exported(tmp_path, *chats))
    await importer.write(reading, lambda *done: told.append(done))
    await history.latest_id()  # lets the event loop turn once more
    assert told == [(20, 45), (40, 45), (45, 45)]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"not json", "is no JSON"),
        (b"[" * 100_000, "is no JSON"),
        (b"1" * 5_000, "is no JSON"),
        (b"\xff\xfe\x00", "is no JSON"),
        (b"{}", "is no export"),
        (b"[]", "is no export"),
        (b'{"format": "openrouter-workbench", "version": 99}', "newer version"),
    ],
)
def test_what_is_no_export_says_so(tmp_path: Path, content: bytes, words: str) -> None:
    (tmp_path / "x.json").write_bytes(content)
    with pytest.raises(WorkbenchError, match="x") as failed:
        read_export(tmp_path / "x.json")
    assert words in failed.value.failure.what or content == b""


def test_a_file_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "LARGEST_IMPORT", 10)
    (tmp_path / "x.json").write_bytes(b"x" * 11)
    with pytest.raises(WorkbenchError, match="too large"):
        read_export(tmp_path / "x.json")


def test_the_kind_is_told_by_the_content(tmp_path: Path) -> None:
    chatgpt = [
        {
            "title": "Sky",
            "mapping": {
                "a": {
                    "message": {
                        "author": {"role": "user"},
                        "content": {"content_type": "text", "parts": ["Why?"]},
                    }
                }
            },
        }
    ]
    orpg = {"version": "orpg.1.0", "messages": {"m": {"characterId": "USER", "content": "Why?"}}}
    for document, source in ((chatgpt, "ChatGPT"), (orpg, "OpenRouter chatroom")):
        (tmp_path / "x.json").write_text(json.dumps(document))
        imported = read_export(tmp_path / "x.json")
        assert imported.source == source
        assert [one.text for one in imported.conversations[0].path()] == ["Why?"]


def native(*conversations: object) -> dict[str, Any]:
    return {"format": "openrouter-workbench", "version": 1, "conversations": list(conversations)}


@given(
    st.lists(st.tuples(st.integers(0, 5), st.text(max_size=30)), max_size=8), st.text(max_size=20)
)
def test_any_tree_of_any_text_is_read_as_it_was_written(
    rows: list[tuple[int, str]], title: str
) -> None:
    chat = Conversation("c", "s", MODEL, NOON, title=title)
    for number, (above, text) in enumerate(rows):
        parent = f"m{above}" if above < number else None
        chat.put(Message(f"m{number}", "c", parent, Role.USER, text, NOON))
        chat.leaf_id = f"m{number}"
    text = "".join(as_json([chat]))
    imported = read_native(json.loads(text))
    assert imported.problems == []
    assert "".join(as_json(imported.conversations)) == text


def test_a_broken_conversation_is_left_out_and_named() -> None:
    good = conversation_record(rich_conversation("good"), Scope.CONVERSATION)
    no_time = {**good, "id": "b", "created_at": "yesterday"}
    imported = read_native(native(no_time, good, 5, {**good, "title": 7}))
    assert [one.id for one in imported.conversations] == ["good"]
    assert [words.split(" cannot")[0] for words in imported.problems] == [
        "Conversation 1",
        "Conversation 3",
        "Conversation 4",
    ]


def test_a_broken_message_is_left_out_and_those_below_move_up() -> None:
    record = conversation_record(rich_conversation("c"), Scope.CONVERSATION)
    record["messages"][2]["created_at"] = None
    record["messages"][1]["generation"]["prompt_tokens"] = "many"
    [chat] = read_native(native(record)).conversations
    assert list(chat.messages) == ["c-q", "c-r", "c-f"]
    assert chat.messages["c-r"].parent_id is None


def test_what_is_absurdly_large_is_cut_or_left_out_and_named() -> None:
    record = conversation_record(rich_conversation("c"), Scope.CONVERSATION)
    deep: list[Any] = []
    for _ in range(5_000):
        deep = [deep]
    record["title"] = "long " * 2_000_000
    record["messages"][1]["images"] *= MOST_FILES + 1
    record["messages"][2]["reasoning_details"] = deep
    document = native(record)
    document["files"] = {"0" * 64: "A" * (LONGEST_ENCODED + 4), "1" * 64: "not base64"}
    imported = read_native(document)
    [chat] = imported.conversations
    assert len(chat.title) == LONGEST_WORDS
    assert imported.files == {}
    assert imported.problems == [
        "The title of conversation 1 was cut: it is too long.",
        "Message 2 of conversation 1 cannot be read.",
        "Message 3 of conversation 1 cannot be read.",
        "The file 00000000… is too large.",
        "The file 11111111… cannot be read.",
    ]


def test_what_is_said_of_files_must_be_possible() -> None:
    for place, name, value in (
        (1, "images", {"width": "wide"}),
        (1, "images", {"size": -1}),
        (0, "attachments", {"name": None}),
        (0, "attachments", {"seconds": 1e300}),
    ):
        record = conversation_record(rich_conversation("c"), Scope.CONVERSATION)
        record["messages"][place][name][0] |= value
        [chat] = read_native(native(record)).conversations
        assert record["messages"][place]["id"] not in chat.messages


def test_a_time_without_a_zone_is_one_of_utc() -> None:
    record = conversation_record(rich_conversation("c"), Scope.CONVERSATION)
    zoned = conversation_record(rich_conversation("d"), Scope.CONVERSATION)
    record["created_at"] = NOON.replace(tzinfo=None).isoformat()
    chats = read_native(native(record, zoned)).conversations
    assert [one.created_at for one in chats] == [NOON, NOON]


async def test_a_large_file_survives_the_way_out_and_in(
    history: History, importer: Importer, tmp_path: Path
) -> None:
    """Larger than what one text of a message may be."""
    data = b"%PDF-1.4\n" + bytes(13_000_000)
    attachments = Attachments.beside(tmp_path / "data" / "history.db")
    attached = await attachments.add_data(data, "large.pdf")
    chat = Conversation("c", "s", MODEL, NOON, leaf_id="m")
    files = (attached,)
    chat.put(Message("m", "c", None, Role.USER, "Read it.", NOON, attachments=files))
    path = tmp_path / "large.json"
    path.write_text("".join(as_json([chat], [(attached.digest, data)])))
    imported = (await importer.read(path)).imported
    assert imported.files == {attached.digest: data}


def test_what_a_bill_is_made_of_survives_the_way_out_and_in() -> None:
    chat = rich_conversation("c")
    answer = chat.messages["c-a"]
    assert answer.generation is not None
    assert answer.generation.usage is not None
    usage = replace(answer.generation.usage, web_searches=2, upstream_prompt_cost=Decimal("0.10"))
    chat.put(replace(answer, generation=replace(answer.generation, usage=usage)))
    record = conversation_record(chat, Scope.CONVERSATION)
    details = record["messages"][1]["generation"]["usage_details"]
    assert details == {"upstream_prompt_cost": "0.10", "web_searches": 2}
    for written in (details, json.dumps(details)):  # as text, as it once was
        record["messages"][1]["generation"]["usage_details"] = written
        [again] = read_native(native(record)).conversations
        generation = again.messages["c-a"].generation
        assert generation is not None
        assert generation.usage == usage
        assert "".join(as_json([again])) == "".join(as_json([chat]))


def test_a_circle_of_messages_is_cut_open() -> None:
    record = conversation_record(rich_conversation("c"), Scope.CONVERSATION)
    record["messages"][0]["parent_id"] = "c-f"
    [chat] = read_native(native(record)).conversations
    assert chat.messages["c-q"].parent_id is None


def test_ids_that_could_not_be_ours_are_replaced() -> None:
    record = conversation_record(rich_conversation("../c 1"), Scope.CONVERSATION)
    [chat] = read_native(native(record)).conversations
    names = [chat.id, chat.session_id, *chat.messages]
    assert all(name.isalnum() for name in names)
    assert len(chat.path()) == 4


LOOSE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2)
    ),
    max_leaves=4,
)


@given(st.data())
def test_no_value_in_the_file_makes_it_fail(data: st.DataObject) -> None:
    record = conversation_record(rich_conversation("c"), Scope.CONVERSATION)
    message = data.draw(st.sampled_from(record["messages"]))
    target = data.draw(st.sampled_from([record, message, message.get("generation", record)]))
    target[data.draw(st.sampled_from(sorted(target)))] = data.draw(LOOSE)
    for chat in read_native(native(record)).conversations:
        json.dumps(conversation_record(chat, Scope.CONVERSATION))
        assert chat.cost().__class__ is CostTotal
