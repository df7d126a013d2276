"""What the history knows of money, as functions of a connection.

What was spent by conversations that were deleted counts too. Answers that are still streaming do
not count yet, and the copies of a fork were paid for where they were given.
"""

import sqlite3
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from tui.domain.calibration import RECENT, Calibration, Sample, calibrate
from tui.domain.cost import CostTotal, Usage, asked_ttl
from tui.domain.spend import SpendRow, TokenClasses, saving_of
from tui.services.history_bill import (
    estimate_from_text,
    json_object,
    prices_from_text,
)
from tui.services.history_rows import Row, cost_from_row

_ROWS_AT_ONCE = 2000
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
    return calibrate(prompts, completions, lengths)


def _reported(connection: sqlite3.Connection, condition: str, *values: str) -> list[sqlite3.Row]:
    return connection.execute(
        "SELECT prompt_tokens, completion_tokens, reasoning_tokens, estimate FROM generations"  # noqa: S608 - the condition is one of ours
        f" WHERE {condition} AND usage_reported AND prompt_tokens > 0 AND NOT copied"
        " ORDER BY seq DESC LIMIT ?",
        (*values, RECENT),
    ).fetchall()


def spent_between(
    connection: sqlite3.Connection, since: str | None = None, before: str | None = None
) -> CostTotal:
    """What was spent from one moment on and before another; None leaves that end open."""
    return _total(
        connection,
        "started_at >= :since AND (:before IS NULL OR started_at < :before)",
        {"since": since or "", "before": before},
    )


def spent_in(connection: sqlite3.Connection, conversation_id: str) -> CostTotal:
    """What a conversation has cost, all of its branches."""
    return _total(connection, "conversation_id = :id", {"id": conversation_id})


def _total(
    connection: sqlite3.Connection, condition: str, values: Mapping[str, str | None]
) -> CostTotal:
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
        values,
    ).fetchone()
    return CostTotal(
        sum(map(Decimal, (row["amounts"] or "").split()), Decimal(0)),
        row["estimated"] or 0,
        row["unknown"] or 0,
        row["local"] or 0,
    )


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
            reasoning_tokens, cached_tokens, cache_write_tokens
        FROM generations AS g
        LEFT JOIN conversations AS c ON c.id = g.conversation_id AND c.deleted_at IS NULL
        WHERE {_PAID} AND started_at >= ? AND g.seq > ? ORDER BY g.seq LIMIT ?
        """,  # noqa: S608 - a constant
        (since or "", after, _ROWS_AT_ONCE),
    ).fetchall()
    return list(map(_spend_row, rows)), rows[-1]["seq"] if len(rows) == _ROWS_AT_ONCE else None


def _spend_row(row: Row) -> SpendRow:
    usage = Usage(**{name: row[name] for name in _TOKEN_COUNTS})
    saving = None
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
        cost=cost_from_row(row),
        tokens=TokenClasses.of(usage),
        saving=saving,
    )
