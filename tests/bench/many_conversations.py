"""A history of very many conversations, for the benchmark that searches it."""

import itertools
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from tests.bench import answer
from tests.fakes.conversations import MODEL, NOON
from tui.services.history_file import open_file, transaction
from tui.services.history_rows import moment_to_text
from tui.services.paths import resolve_paths

CONVERSATIONS = 2_000
MESSAGES = 100_000
RARE = "quokkafication"
"""A word of one message in a thousand."""
IDEOGRAPHS = "汉字测试"
"""The same, of a script whose words the index cannot find."""
_VOCABULARY = 40_000
_PROSE = 400_000


def write(home: Path) -> Path:
    """Write the conversations into the home's history; its file. Takes some 15 seconds."""
    path = resolve_paths(home, {}).history_file
    path.parent.mkdir(parents=True, exist_ok=True)
    numbers = random.Random(1)
    with closing(open_file(path)) as connection, transaction(connection):
        each = MESSAGES // CONVERSATIONS
        texts = _texts(numbers)
        for number in range(CONVERSATIONS):
            _insert(connection, number, each, texts)
    return path


def _texts(numbers: random.Random) -> Iterator[str]:
    """Words of Markdown prose, and words made up so that there are as many as in life."""
    prose = answer.mixed(_PROSE).split(" ")
    letters = "abcdefghijklmnopqrstuvwxyz"
    made_up = [
        "".join(numbers.choices(letters, k=numbers.randint(3, 11))) for _ in range(_VOCABULARY)
    ]
    for number in itertools.count():
        words = numbers.choices(made_up, k=20)
        if number % 2:
            start = numbers.randrange(len(prose) - 100)
            words = [*prose[start : start + 100], *numbers.choices(made_up, k=60)]
        if number % 1_000 == 7:
            words += [RARE, f"这是{IDEOGRAPHS}句子"]
        yield " ".join(words)


def _insert(connection: sqlite3.Connection, number: int, each: int, texts: Iterator[str]) -> None:
    name, at = f"conversation-{number}", moment_to_text(NOON + timedelta(minutes=number))
    connection.execute(
        "INSERT INTO conversations (id, session_id, model, title, created_at, updated_at, touched)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (name, name, MODEL, f"Title {number} {next(texts)[:40]}", at, at, number),
    )
    for place in range(each):
        is_answer = place % 2
        message_id, parent_id = f"{name}-{place}", f"{name}-{place - 1}" if place else None
        connection.execute(
            "INSERT INTO messages (id, conversation_id, parent_id, role, text, created_at, state)"
            " VALUES (?, ?, ?, ?, ?, ?, 'complete')",
            (message_id, name, parent_id, "assistant" if is_answer else "user", next(texts), at),
        )
        if is_answer:
            connection.execute(
                "INSERT INTO generations (message_id, conversation_id, started_at, model_asked,"
                " provider_name, usage_reported, cost, cost_source, request_settings)"
                " VALUES (?, ?, ?, ?, 'openrouter', 1, '0.0042', 'reported', '{}')",
                (message_id, name, at, MODEL),
            )
