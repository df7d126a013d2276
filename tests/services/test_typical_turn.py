"""The size of a usual turn, from the history."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tui.domain.catalogue_context import TypicalTurn
from tui.services.history import History
from tui.services.typical_turn import read_typical_turn, typical_turn, typical_turn_of


async def fill(path: Path, turns: Sequence[tuple[int | None, int | None, bool]]) -> None:
    """A history with generations of these prompt and completion tokens, reported or not."""
    await (await History.open(path)).aclose()
    with closing(sqlite3.connect(path)) as connection, connection:
        for number, (prompt, completion, reported) in enumerate(turns):
            connection.execute(
                """
                INSERT INTO generations (message_id, started_at, model_asked, provider_name,
                    usage_reported, prompt_tokens, completion_tokens, cost_source, request_settings)
                VALUES (?, '', '', '', ?, ?, ?, 'reported', '{}')
                """,
                (str(number), reported, prompt, completion),
            )


async def test_the_medians_of_what_was_reported(tmp_path: Path) -> None:
    turns = [(100, 10, True), (300, 20, True), (90_000, 30, True), (1, 1, False), (None, 5, True)]
    await fill(tmp_path / "history.db", [*turns, (50, 0, True)])
    assert read_typical_turn(tmp_path / "history.db") == TypicalTurn(300, 20, measured=3)


async def test_only_the_last_turns_count(tmp_path: Path) -> None:
    await fill(tmp_path / "history.db", [(9, 9, True)] * 300 + [(7, 5, True)] * 200)
    assert read_typical_turn(tmp_path / "history.db") == TypicalTurn(7, 5, measured=200)


async def test_without_turns_it_is_the_usual_guess(tmp_path: Path) -> None:
    await fill(tmp_path / "history.db", [])
    assert read_typical_turn(tmp_path / "history.db") == TypicalTurn()
    history = await History.open(tmp_path / "history.db")
    assert await typical_turn_of(history) == TypicalTurn()
    await history.aclose()


@pytest.mark.parametrize("content", [None, b"", b"no database"])
def test_a_history_that_cannot_be_read_is_no_trouble(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "a ? # folder" / "history.db"
    path.parent.mkdir()
    if content is not None:
        path.write_bytes(content)
    assert read_typical_turn(path) == TypicalTurn()
    assert path.exists() == (content is not None)


def test_rows_may_be_of_any_kind() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute(
            "CREATE TABLE generations (seq INTEGER PRIMARY KEY, usage_reported, prompt_tokens,"
            " completion_tokens)"
        )
        connection.execute("INSERT INTO generations VALUES (1, 1, 40, 2)")
        assert typical_turn(connection) == TypicalTurn(40, 2, measured=1)
