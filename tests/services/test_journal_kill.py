"""A process that streams into the history is killed at random moments; little may be missing.

``ORW_TEST_KILLS`` says how often, 200 times for example.
"""

import asyncio
import os
import random
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from tui.domain.conversation import Message, MessageState, Role
from tui.services.history import History

MOST_MISSING = 2_048
LONGEST_UNSAVED = 0.5
KILLS = int(os.environ.get("ORW_TEST_KILLS", "20"))
AT_ONCE = 5

STREAM = """
import asyncio, os, random, sys, time
from pathlib import Path
from tests.fakes.conversations import MODEL, answer_to, prompt_in
from tui.domain.events import TextDelta
from tui.services.history import History
from tui.services.recorder import Recorder

async def main():
    log = os.open(sys.argv[2], os.O_CREAT | os.O_WRONLY)
    chance = random.Random(sys.argv[3])
    history = await History.open(Path(sys.argv[1]))
    conversation = await history.new_conversation(MODEL)
    prompt = prompt_in(conversation, "canary")
    answer = answer_to(prompt)
    os.write(log, b"opened\\n")
    await history.begin_turn(conversation, prompt, answer)
    os.write(log, b"begun\\n")
    recorder = Recorder(history, answer)
    pause = chance.choice([0, 0.0005, 0.005, 0.05, 0.2])
    sent = 0
    while sent < 8_000_000:
        piece = "".join(chance.choices("abcdefgh", k=chance.choice([1, 4, 20, 300])))
        sent += len(piece)
        os.write(log, f"{time.monotonic()} {piece}\\n".encode())
        await recorder.record(TextDelta(piece))
        await asyncio.sleep(pause * chance.random())
    await asyncio.sleep(60)

asyncio.run(main())
"""


def stream_until_killed(database: Path, log: Path, seed: int) -> float:
    """Run the process up to a random moment after it has opened the database; that moment."""
    chance = random.Random(seed)
    with subprocess.Popen([sys.executable, "-c", STREAM, database, log, str(seed)]) as process:
        deadline = time.monotonic() + 30
        while not (log.exists() and log.read_bytes().startswith(b"opened\n")):
            assert time.monotonic() < deadline
            assert process.poll() is None
            time.sleep(0.005)
        time.sleep(chance.choice([0.02, 0.3, 1.0]) * chance.random())
        killed_at = time.monotonic()
        process.kill()
    return killed_at


async def recovered(database: Path) -> list[Message]:
    """The messages that the next start finds."""
    history = await History.open(database)
    assert history.problem is None
    await history.recover()
    assert await history.recover() == 0
    latest = await history.latest_id()
    conversation = None if latest is None else await history.load(latest)
    await history.aclose()
    return [] if conversation is None else conversation.path()


@pytest.mark.parametrize("first", range(0, KILLS, AT_ONCE))
def test_a_kill_loses_at_most_half_a_second_or_two_kilobytes(tmp_path: Path, first: int) -> None:
    seeds = range(first, min(first + AT_ONCE, KILLS))
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for _ in threads.map(lambda seed: assert_little_is_missing(tmp_path, seed), seeds):
            pass


def assert_little_is_missing(folder: Path, seed: int) -> None:
    database, log = folder / f"{seed}.db", folder / f"{seed}.log"
    killed_at = stream_until_killed(database, log, seed)

    lines = log.read_text().split("\n")
    begun, pieces = lines[1:2] == ["begun"], [line.split(" ") for line in lines[2:-1]]
    messages = asyncio.run(recovered(database))
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("SELECT count(*) FROM journal").fetchone() == (0,)
    if not begun and not messages:
        return  # killed before the turn was written, so no request had left
    prompt, answer = messages
    assert (prompt.role, prompt.text) == (Role.USER, "canary")
    assert answer.state is MessageState.INTERRUPTED
    sent = "".join(piece for _, piece in pieces)
    assert sent.startswith(answer.text)
    if len(sent) - len(answer.text) > MOST_MISSING:
        due = [piece for moment, piece in pieces if float(moment) < killed_at - LONGEST_UNSAVED]
        assert len(answer.text) >= len("".join(due))
