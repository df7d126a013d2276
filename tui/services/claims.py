"""Sends that may go: judged and set down in one transaction, so that no two instances pass at once.

A claim stands for a send from the moment it may go until its answer is among those that stream. It
is withdrawn there, and holds for two minutes at most: what has not begun by then will not.
"""

import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from tui.domain.budget import Verdict
from tui.domain.under_way import Books, UnderWay
from tui.services.history_rows import cost_from_row, moment_to_text

HOLDS_FOR = timedelta(minutes=2)

Judge = Callable[[Books], Verdict]


def claim(
    connection: sqlite3.Connection,
    *,
    books: Callable[[sqlite3.Connection], Books],
    judge: Judge,
    send: UnderWay,
    writer: str | None,
    anyway: bool,
) -> Verdict:
    """What is said of a send by the books of this moment; unless that forbids it, it is claimed.

    ``send`` is known by its ``message_id``. ``anyway`` claims it in every case. This must run in a
    transaction for writing, which other instances wait for.
    """
    verdict = judge(books(connection))
    if writer is not None and (anyway or not verdict.is_hard):
        connection.execute(
            "DELETE FROM claims WHERE claimed_at NOT BETWEEN ? AND ?", _that_hold(send.started)
        )
        connection.execute(
            "INSERT OR REPLACE INTO claims VALUES (?, ?, ?, ?, ?, ?)",
            (
                writer,
                send.message_id,
                send.conversation_id,
                moment_to_text(send.started),
                None if send.likely.amount is None else str(send.likely.amount),
                str(send.likely.source),
            ),
        )
    return verdict


def withdraw(connection: sqlite3.Connection, writer: str | None, claim_id: str) -> None:
    """End a claim: its answer streams now, or is paid for."""
    connection.execute("DELETE FROM claims WHERE writer = ? AND id = ?", (writer, claim_id))


def claimed_elsewhere(
    connection: sqlite3.Connection, writer: str | None, now: datetime
) -> Iterator[UnderWay]:
    """What other instances than ``writer`` are about to send."""
    rows = connection.execute(
        "SELECT * FROM claims WHERE writer IS NOT ? AND claimed_at BETWEEN ? AND ?",
        (writer, *_that_hold(now)),
    )
    for row in rows:
        yield UnderWay(
            f"claim {row['id']} of {row['writer']}",
            row["conversation_id"],
            datetime.fromisoformat(row["claimed_at"]),
            cost_from_row(row),
        )


def forget_the_dead(connection: sqlite3.Connection, is_live: Callable[[str], bool]) -> None:
    """End the claims of instances that are gone: what they had not begun will not begin."""
    writers = connection.execute("SELECT DISTINCT writer FROM claims").fetchall()
    gone = [(row["writer"],) for row in writers if not is_live(row["writer"])]
    connection.executemany("DELETE FROM claims WHERE writer = ?", gone)


def _that_hold(now: datetime) -> tuple[str, str]:
    """From when until when: a claim from later on was made while a clock was wrong."""
    return moment_to_text(now - HOLDS_FOR), moment_to_text(now + HOLDS_FOR)
