"""The history as files: who may read them, who else writes them, what is left in them."""

import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.fakes.conversations import (
    MODEL,
    answer_to,
    finished,
    prompt_in,
    take_turn,
)
from tui.domain.conversation import Generation, MessageState
from tui.domain.cost import Cost, CostSource, CostTotal
from tui.services.history import History
from tui.services.shelf import delete_all, undelete_all


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "history.db"


@pytest.fixture(params=[0o000, 0o077, 0o277])
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def open_to_others(path: Path) -> None:
    path.chmod(0o644)


def size_of(path: Path) -> int:
    return path.stat().st_size


def occurrences(folder: Path, text: str) -> list[str]:
    return [file.name for file in folder.iterdir() if text.encode() in file.read_bytes()]


async def fill(history: History, turns: int = 1, text: str = "Why?") -> None:
    conversation = await history.new_conversation(MODEL)
    for _ in range(turns):
        await take_turn(history, conversation, text)


@pytest.mark.usefixtures("umask")
async def test_only_the_owner_can_read_the_files_whatever_the_umask(tmp_path: Path) -> None:
    path = tmp_path / "outer" / "data" / "history.db"
    history = await History.open(path)
    await fill(history)
    assert {file.suffix for file in path.parent.iterdir()} == {".db", ".db-shm", ".db-wal", ".live"}
    assert {mode_of(file) for file in path.parent.iterdir()} == {0o600}
    await history.aclose()
    assert list(path.parent.iterdir()) == [path]


async def test_folders_are_made_for_the_owner_only(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        path = tmp_path / "outer" / "data" / "history.db"
        history = await History.open(path)
        await history.aclose()
    finally:
        os.umask(before)
    assert (mode_of(path.parent), mode_of(path.parent.parent)) == (0o700, 0o700)


async def test_a_file_that_others_could_read_is_closed_to_them(path: Path) -> None:
    history = await History.open(path)
    await history.aclose()
    open_to_others(path)
    history = await History.open(path)
    assert mode_of(path) == 0o600
    await history.aclose()


async def test_everything_is_there_after_a_restart(path: Path) -> None:
    history = await History.open(path)
    conversation = await history.new_conversation(MODEL)
    await take_turn(history, conversation)
    await history.save_draft(conversation.id, "And the sea?")
    summaries = await history.conversations()
    await history.aclose()

    history = await History.open(path)
    loaded = await history.load(conversation.id)
    assert loaded is not None
    assert loaded.path() == conversation.path()
    assert loaded.draft == "And the sea?"
    assert await history.conversations() == summaries
    await history.aclose()


async def test_two_instances_write_at_once_and_see_each_other(path: Path) -> None:
    first, second = await History.open(path), await History.open(path)
    await asyncio.gather(*(fill(history, 10) for history in (first, second, first, second)))
    assert first.problem is None
    assert second.problem is None
    assert await first.conversations() == await second.conversations()
    loaded = [await first.load(summary.id) for summary in await first.conversations()]
    assert [len(found.messages) for found in loaded if found is not None] == [20] * 4
    await first.aclose()
    await second.aclose()


OPEN_AND_SAY_SO = """
import asyncio, sys
from pathlib import Path
from tui.services.history import History

async def main():
    history = await History.open(Path(sys.argv[1]))
    print(history.problem, flush=True)
    await history.aclose()

asyncio.run(main())
"""


def test_instances_that_start_at_once_on_a_new_file_all_work(path: Path) -> None:
    path.parent.mkdir()
    processes = [
        subprocess.Popen([sys.executable, "-c", OPEN_AND_SAY_SO, path], stdout=subprocess.PIPE)
        for _ in range(4)
    ]
    assert [process.communicate(timeout=30)[0] for process in processes] == [b"None\n"] * 4


async def test_an_answer_of_another_running_instance_is_left_alone(path: Path) -> None:
    first, second = await History.open(path), await History.open(path)
    conversation = await first.new_conversation(MODEL)
    prompt = prompt_in(conversation)
    answer = answer_to(prompt)
    await first.begin_turn(conversation, prompt, answer)
    await first.journal(answer.id, "Ray", "")
    assert await second.recover() == 0
    assert await first.recover() == 0
    await first.journal(answer.id, "leigh", "")
    loaded = await second.load(conversation.id)
    assert loaded is not None
    assert loaded.messages[answer.id].text == "Rayleigh"
    assert loaded.messages[answer.id].state is MessageState.STREAMING
    await first.aclose()
    await second.aclose()


async def test_an_answer_that_streams_while_its_instance_closes_is_interrupted(
    path: Path,
) -> None:
    first, second = await History.open(path), await History.open(path)
    conversation = await first.new_conversation(MODEL)
    prompt = prompt_in(conversation)
    estimate = Generation(MODEL, "openrouter", cost=Cost(Decimal("0.01"), CostSource.ESTIMATED))
    answer = replace(answer_to(prompt), generation=estimate)
    await first.begin_turn(conversation, prompt, answer)
    await first.journal(answer.id, "Ray", "Light")
    await first.aclose()
    loaded = await second.load(conversation.id)
    assert loaded is not None
    interrupted = loaded.messages[answer.id]
    assert interrupted.state is MessageState.INTERRUPTED
    assert (interrupted.text, interrupted.reasoning) == ("Ray", "Light")
    assert loaded.cost() == CostTotal(unknown=1)
    await second.aclose()


async def test_a_conversation_is_not_purged_while_another_instance_may_bring_it_back(
    path: Path,
) -> None:
    first, second = await History.open(path), await History.open(path)
    conversation = await first.new_conversation(MODEL)
    await take_turn(first, conversation)
    await delete_all(first, [conversation.id])
    await second.purge_deleted()
    await undelete_all(first, [conversation.id])
    assert await second.load(conversation.id) is not None
    await delete_all(first, [conversation.id])
    await first.aclose()
    await second.purge_deleted()
    await undelete_all(second, [conversation.id])
    assert await second.load(conversation.id) is None
    await second.aclose()


async def test_files_of_instances_that_are_gone_are_removed(path: Path) -> None:
    first, second = await History.open(path), await History.open(path)
    stale = path.with_name("history.db.0123456789abcdef.live")
    stale.touch()
    await second.recover()
    assert not stale.exists()
    assert len(list(path.parent.glob("*.live"))) == 2
    await first.aclose()
    await second.aclose()


async def test_nothing_of_a_purged_conversation_is_left_in_the_files(path: Path) -> None:
    canary = "canary-6e0f"
    history = await History.open(path)
    await fill(history, 20, "kept-91ab")
    conversation = await history.new_conversation(MODEL)
    await take_turn(history, conversation, canary, answer_text=f"{canary} " * 5_000)
    prompt = prompt_in(conversation, canary, parent_id=conversation.leaf_id)
    await history.begin_turn(conversation, prompt, answer := answer_to(prompt))
    await history.journal(answer.id, canary, canary)
    await history.finish_answer(finished(answer, canary))
    await history.rename(conversation.id, canary)
    await history.save_draft(conversation.id, canary)
    path.with_name("history.db.v1.bak").write_text(canary)
    assert "history.db-wal" in occurrences(path.parent, canary)
    await delete_all(history, [conversation.id])
    await history.purge_deleted()
    assert occurrences(path.parent, canary) == []
    assert occurrences(path.parent, "kept-91ab") == ["history.db"]
    await history.aclose()
    assert occurrences(path.parent, canary) == []


async def test_the_ledger_of_a_purged_conversation_does_not_tell_what_was_asked(
    path: Path,
) -> None:
    history = await History.open(path)
    conversation = await history.new_conversation(MODEL)
    await take_turn(history, conversation)
    for text in ("temperature", "gen-1"):
        assert occurrences(path.parent, text) == ["history.db-wal"]
    await delete_all(history, [conversation.id])
    await history.purge_deleted()
    for text in ("temperature", "gen-1", conversation.id):
        assert occurrences(path.parent, text) == []
    await history.aclose()


async def test_the_log_does_not_grow_with_the_number_of_replies(path: Path) -> None:
    history, other = await History.open(path), await History.open(path)
    conversation = await history.new_conversation(MODEL)
    largest = 0
    for number in range(150):
        prompt = prompt_in(conversation, parent_id=conversation.leaf_id)
        answer = answer_to(prompt)
        await history.begin_turn(conversation, prompt, answer)
        for _ in range(8):
            await history.journal(answer.id, "piece " * 250, "")
        await history.finish_answer(finished(answer, "piece " * 2_000))
        if number % 10 == 0:
            await other.conversations()
        largest = max(largest, size_of(path.with_name("history.db-wal")))
    assert size_of(path) > 1024 * 1024
    assert largest < 8 * 1024 * 1024
    await history.aclose()
    await other.aclose()


async def test_the_database_is_sound_and_its_settings_are_safe(path: Path) -> None:
    history = await History.open(path)
    conversation = await history.new_conversation(MODEL)
    prompt, _ = await take_turn(history, conversation)
    await history.begin_turn(conversation, prompt, answer := answer_to(prompt))
    await history.journal(answer.id, "Ray", "")
    await history.finish_answer(finished(answer))

    def pragmas() -> dict[str, object]:
        connection = history._storage._connection
        names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete", "busy_timeout")
        return {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in names}

    assert await history._run(pragmas) == {
        "journal_mode": "wal",
        "synchronous": 1,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 5_000,
    }
    await history.aclose()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("SELECT count(*) FROM journal").fetchone() == (0,)
        stored = {row[0] for row in connection.execute("SELECT typeof(cost) FROM generations")}
    assert stored == {"text"}
