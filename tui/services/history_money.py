"""What the history knows of money, as functions of a connection.

What was spent by conversations that were deleted counts too. Answers that are still streaming do
not count yet, and the copies of a fork were paid for where they were given.
"""

import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from tui.domain.bill import asked_ttl
from tui.domain.calibration import RECENT, Calibration, Sample, calibrate
from tui.domain.cost import Cost, CostSource, CostTotal, Usage
from tui.domain.spend import SpendRow, TokenClasses, saving_of
from tui.domain.tokens import estimate_tokens
from tui.domain.totals import Totals
from tui.domain.under_way import Books, UnderWay
from tui.services.claims import claimed_elsewhere
from tui.services.history_bill import (
    estimate_from_text,
    json_object,
    prices_from_text,
    stored_estimate,
)
from tui.services.history_file import snapshot
from tui.services.history_queries import journaled
from tui.services.history_rows import Row, cost_from_row


@dataclass(frozen=True, slots=True)
class Within:
    """What a history holds of one conversation.

    ``costs`` are those of its answers and of what else was paid for it, by their ids, without what
    still streams; ``ended`` are the ids of the messages in sight that do not.
    """

    costs: Mapping[str, Cost]
    ended: frozenset[str]


_ROWS_AT_ONCE = 2000
_LATELY = 1000
"""Answers, the last of which say whether a provider names what they cost."""
_LONG_AGO = ""
"""Sorts before every moment."""
_PAID = "NOT copied AND message_id NOT IN (SELECT id FROM messages WHERE state = 'streaming')"
_TOKEN_COUNTS = (
    "prompt_tokens",
    "completion_tokens",
    "reasoning_tokens",
    "cached_tokens",
    "cache_write_tokens",
)


def calibration(connection: sqlite3.Connection, model_id: str) -> Calibration:
    """What the last answers of a model teach; for a new one, those of the same author.

    Models of one author mostly share their tokenizer. How long answers are is no matter of that,
    so it is learnt from the model's own.
    """
    own = _reported(connection, "model_asked = ?", model_id)
    lengths = [row["completion_tokens"] for row in own if row["completion_tokens"]]
    author = model_id.partition("/")[0]
    # The upper bound is the name with the next character after the slash: an index can find it.
    rows = own or _reported(
        connection, "model_asked >= ? AND model_asked < ?", f"{author}/", f"{author}0"
    )
    prompts, completions = [], []
    for row in rows:
        estimate = estimate_from_text(row["estimate"])
        if estimate is None:
            continue
        written = (row["completion_tokens"] or 0) - (row["reasoning_tokens"] or 0)
        prompts.append(Sample(estimate.prompt_raw, row["prompt_tokens"], estimate.prompt))
        completions.append(Sample(estimate.completion_raw, written))
    return replace(calibrate(prompts, completions, lengths), billed_by=_billed_by(connection))


def _billed_by(connection: sqlite3.Connection) -> frozenset[str]:
    """The providers whose last answer, of the last few that were counted, named its cost."""
    last = connection.execute(
        """
        SELECT provider_name, usage_cost, max(seq) FROM (
            SELECT provider_name, usage_cost, seq FROM generations
            WHERE usage_reported AND NOT copied
            AND seq > (SELECT max(seq) FROM generations) - ?
        ) GROUP BY provider_name
        """,
        (_LATELY,),
    ).fetchall()
    return frozenset(row["provider_name"] for row in last if row["usage_cost"] is not None)


def _reported(connection: sqlite3.Connection, condition: str, *values: str) -> list[sqlite3.Row]:
    return connection.execute(
        "SELECT prompt_tokens, completion_tokens, reasoning_tokens, estimate FROM generations"  # noqa: S608 - the condition is one of ours
        f" WHERE {condition} AND usage_reported AND prompt_tokens > 0 AND NOT copied"
        " ORDER BY seq DESC LIMIT ?",
        (*values, RECENT),
    ).fetchall()


def _spent_since(connection: sqlite3.Connection, moment: str) -> CostTotal:
    return _total(connection, "started_at >= ?", moment)


def _spent_in(connection: sqlite3.Connection, conversation_id: str) -> CostTotal:
    return _total(connection, "conversation_id = ?", conversation_id)


def _total(connection: sqlite3.Connection, condition: str, value: str) -> CostTotal:
    """The sum of the answers for which the condition holds, as domain.cost.total makes it.

    SQLite gathers the amounts, since to fetch them one by one takes ten times as long; they are
    added up here, since it has no decimal numbers.
    """
    row = connection.execute(
        f"""
        SELECT group_concat(CASE WHEN cost_source != 'local' THEN cost END, ' ') AS amounts,
            sum(cost IS NOT NULL AND cost_source NOT IN ('reported', 'local', 'not_billed'))
                AS estimated,
            sum(cost IS NULL AND cost_source != 'local') AS unknown,
            sum(cost_source = 'local') AS local
        FROM generations WHERE {_PAID} AND {condition}
        """,  # noqa: S608 - the condition is one of ours
        (value,),
    ).fetchone()
    return CostTotal(
        sum(map(Decimal, (row["amounts"] or "").split()), Decimal(0)),
        row["estimated"] or 0,
        row["unknown"] or 0,
        row["local"] or 0,
    )


def books(
    connection: sqlite3.Connection,
    *,
    conversation_id: str | None,
    opened_at: str,
    day: str,
    month: str,
    own: Collection[str] = (),
    writer: str | None = None,
    now: datetime,
) -> Books:
    """What was spent over the spans of :class:`Totals`, and which answers are under way.

    All of it is as of one moment, whatever other instances write meanwhile: an answer is either
    part of a sum or streaming. ``own`` are the ids of answers of which it is asked whether they
    have ended; ``writer`` is the instance that asks, which knows itself what it sends.
    """
    with nullcontext() if connection.in_transaction else snapshot(connection):
        totals = Totals(
            conversation=_spent_in(connection, conversation_id) if conversation_id else CostTotal(),
            opened=_spent_since(connection, opened_at),
            today=_spent_since(connection, day),
            month=_spent_since(connection, month),
            all_time=_spent_since(connection, _LONG_AGO),
        )
        under_way = (*_streaming(connection, writer), *claimed_elsewhere(connection, writer, now))
        return Books(totals, under_way, frozenset(_ended(connection, own)))


def _streaming(connection: sqlite3.Connection, writer: str | None) -> Iterator[UnderWay]:
    """What streams to other instances, with what it will likely cost by what is stored so far."""
    rows = connection.execute(
        """
        SELECT id, m.conversation_id, started_at, estimate, prices, request_settings
        FROM messages AS m
        JOIN generations AS g ON g.message_id = m.id WHERE state = 'streaming'
        AND writer IS NOT ?
        """,
        (writer,),
    ).fetchall()
    for row in rows:
        written = sum(map(estimate_tokens, journaled(connection, row["id"])))
        yield UnderWay(
            row["id"],
            row["conversation_id"],
            datetime.fromisoformat(row["started_at"]),
            stored_estimate(row, written, likely=True),
            stored_estimate(row, written),
        )


def _ended(connection: sqlite3.Connection, ids: Collection[str]) -> Iterator[str]:
    for message_id in ids:
        query = f"SELECT 1 FROM generations WHERE message_id = ? AND {_PAID}"  # noqa: S608 - a constant
        if connection.execute(query, (message_id,)).fetchone() is not None:
            yield message_id


def within(connection: sqlite3.Connection, conversation_id: str) -> Within:
    """What one conversation holds, whoever wrote it."""
    paid = connection.execute(
        "SELECT message_id, cost, cost_source FROM generations"  # noqa: S608 - a constant
        f" WHERE conversation_id = ? AND {_PAID}",
        (conversation_id,),
    )
    costs = {row["message_id"]: cost_from_row(row) for row in paid}
    messages = connection.execute(
        "SELECT id FROM messages WHERE conversation_id = ? AND removed_at IS NULL"
        " AND state != 'streaming'",
        (conversation_id,),
    )
    return Within(costs, frozenset(row["id"] for row in messages))


def spend_rows(
    connection: sqlite3.Connection, since: str | None, after: int
) -> tuple[list[SpendRow], int | None]:
    """Some of the answers since a moment, and where the next ones begin; None after the last.

    ``after`` is 0 at first. They come in parts, so that what is being written meanwhile need not
    wait for all of them.
    """
    rows = connection.execute(
        f"""
        SELECT g.seq, started_at, model_asked, provider_name, served_by, cost, cost_source, prices,
            request_settings, c.id AS conversation_id, c.title, prompt_tokens, completion_tokens,
            reasoning_tokens, cached_tokens, cache_write_tokens, estimate,
            iif(coalesce(prompt_tokens, completion_tokens) IS NULL, m.text, '') AS text,
            iif(coalesce(prompt_tokens, completion_tokens) IS NULL, m.reasoning, '') AS reasoning,
            coalesce(m.state = 'failed', 0) AS failed
        FROM generations AS g LEFT JOIN messages AS m ON m.id = g.message_id
        LEFT JOIN conversations AS c ON c.id = g.conversation_id AND c.deleted_at IS NULL
        WHERE {_PAID} AND started_at >= ? AND g.seq > ? ORDER BY g.seq LIMIT ?
        """,  # noqa: S608 - a constant
        (since or "", after, _ROWS_AT_ONCE),
    ).fetchall()
    return list(map(_spend_row, rows)), rows[-1]["seq"] if len(rows) == _ROWS_AT_ONCE else None


def _spend_row(row: Row) -> SpendRow:
    usage = Usage(**{name: row[name] for name in _TOKEN_COUNTS})
    cost = cost_from_row(row)
    failed = cost.source is CostSource.NOT_BILLED or bool(row["failed"] and not cost.amount)
    is_counted = usage.prompt_tokens is not None or usage.completion_tokens is not None
    saving = prices = None
    if usage.cached_tokens or usage.cache_write_tokens:
        prices = prices_from_text(row["prices"])
        if prices is not None:
            saving = saving_of(usage, prices, asked_ttl(json_object(row["request_settings"])))
    return SpendRow(
        at=datetime.fromisoformat(row["started_at"]),
        conversation_id=row["conversation_id"],
        title=row["title"] or "",
        model=row["model_asked"],
        provider=row["served_by"] or row["provider_name"],
        cost=cost,
        tokens=TokenClasses.of(usage, prices) if is_counted or failed else _own_count(row),
        saving=saving,
        failed=failed,
    )


def _own_count(row: Row) -> TokenClasses:
    """The tokens of an answer that nobody reported: those of the prompt, and what came of it."""
    estimate = estimate_from_text(row["estimate"])
    if estimate is None:
        return TokenClasses(unknown=1)
    return TokenClasses(
        plain=estimate.prompt,
        answer=estimate.completion_raw or estimate_tokens(row["text"] or ""),
        reasoning=estimate_tokens(row["reasoning"] or ""),
        estimated=1,
    )
