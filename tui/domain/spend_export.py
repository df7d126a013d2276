"""Spending as CSV and JSON: exact amounts, safe for spreadsheets and scripts."""

import csv
import io
import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from tui.domain.cost import CostTotal
from tui.domain.sanitize import single_line, storable
from tui.domain.spend import SpendBy, SpendGroup

_COLUMNS = (
    "usd",
    "estimated_answers",
    "unknown_answers",
    "local_answers",
    "answers",
    "failed_requests",
    "input_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "output_tokens",
    "reasoning_tokens",
    "cache_saving_usd",
    "estimated_token_answers",
    "unknown_token_answers",
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def spend_csv(groups: Sequence[SpendGroup], by: SpendBy) -> str:
    """Comma-separated values under a heading, a line for each group; exact amounts in USD."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    named = ("key", by.value) if by is SpendBy.CONVERSATION else (by.value,)
    writer.writerow([*named, *_COLUMNS])
    for group in groups:
        names = (group.key, group.label) if by is SpendBy.CONVERSATION else (group.label,)
        figures = _figures(group)
        writer.writerow([*map(spreadsheet_cell, names), *(figures[name] for name in _COLUMNS)])
    return out.getvalue()


def spend_json(groups: Sequence[SpendGroup], by: SpendBy, total: CostTotal) -> str:
    """One JSON object with the groups and their sum; amounts are decimal strings in USD."""
    document = {
        "by": by.value,
        "usd": _plain(total.amount),
        "estimated_answers": total.estimated,
        "unknown_answers": total.unknown,
        "local_answers": total.local,
        "answers": sum(group.answers for group in groups),
        "failed_requests": sum(group.failed for group in groups),
        "groups": [
            {"key": storable(group.key), "label": storable(group.label), **_figures(group)}
            for group in groups
        ],
    }
    return json.dumps(document, indent=2)


def spreadsheet_cell(text: str) -> str:
    """The text on one line; what a spreadsheet would take for a formula gets an apostrophe."""
    line = single_line(text)
    return f"'{line}" if line.startswith(_FORMULA) else line


def _figures(group: SpendGroup) -> dict[str, Any]:
    cost, tokens = group.cost, group.tokens
    return {
        "usd": _plain(cost.amount),
        "estimated_answers": cost.estimated,
        "unknown_answers": cost.unknown,
        "local_answers": cost.local,
        "answers": group.answers,
        "failed_requests": group.failed,
        "input_tokens": tokens.plain,
        "cache_read_tokens": tokens.read,
        "cache_write_tokens": tokens.written,
        "output_tokens": tokens.answer,
        "reasoning_tokens": tokens.reasoning,
        "cache_saving_usd": _plain(group.saving),
        "estimated_token_answers": tokens.estimated,
        "unknown_token_answers": tokens.unknown,
    }


def _plain(amount: Decimal) -> str:
    """The amount without an exponent, and without zeros that say nothing."""
    whole, point, fraction = f"{amount:f}".partition(".")
    fraction = fraction.rstrip("0")
    return f"{whole}{point}{fraction}" if fraction else whole
