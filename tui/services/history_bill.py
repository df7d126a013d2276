"""What a bill is made of, as JSON columns and back; see version 4 of the schema.

Money is text in them, since JSON numbers would round it. Fields that a later version of the
program does not know, or that are no figures, count as not stored.
"""

import json
from collections.abc import Mapping
from dataclasses import fields, replace
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from tui.domain.bill import asked_ttl
from tui.domain.calibration import Estimate
from tui.domain.conversation import Generation
from tui.domain.cost import Cost, Usage, usable_amount
from tui.domain.model import Pricing
from tui.domain.under_way import estimated_cost

Row = Mapping[str, Any]

_CHARGES = ("upstream_prompt_cost", "upstream_completion_cost", "server_tool_cost")
_COUNTS = ("web_searches", "audio_tokens", "audio_output_tokens", "image_output_tokens")
_PRICES = frozenset(field.name for field in fields(Pricing)) - {"discount", "overrides"}
_ESTIMATES = frozenset(field.name for field in fields(Estimate)) - {"fee"}
_MOST_TOKENS = 10**12


def bill_to_row(generation: Generation) -> dict[str, str | None]:
    """The columns that say what the bill is made of; NULL for what is not known."""
    usage, prices = generation.usage or Usage(), generation.prices
    details: dict[str, object] = {name: _text(getattr(usage, name)) for name in _CHARGES}
    details |= {name: getattr(usage, name) for name in _COUNTS}
    named = {} if prices is None else {name: _text(getattr(prices, name)) for name in _PRICES}
    estimate = generation.estimate
    return {
        "usage_details": _to_json(details),
        "prices": _to_json(named),
        "estimate": None if estimate is None else _estimate_to_text(estimate),
    }


def with_details(usage: Usage, row: Row) -> Usage:
    """The usage with what the column of its details adds."""
    stored = json_object(row["usage_details"])
    found: dict[str, Any] = {name: _amount(stored.get(name)) for name in _CHARGES}
    found |= {name: _count(stored.get(name)) for name in _COUNTS}
    known = {name: value for name, value in found.items() if value is not None}
    return replace(usage, **known) if known else usage


@lru_cache(maxsize=256)
def prices_from_text(text: str | None) -> Pricing | None:
    """The prices that were in force, in USD per token; None if none were known.

    Many answers share their prices, so those of the last few columns are kept.
    """
    stored = {name: _amount(value) for name, value in json_object(text).items() if name in _PRICES}
    named: dict[str, Any] = {name: value for name, value in stored.items() if value is not None}
    return Pricing(**named) if named else None


def estimate_from_text(text: str | None) -> Estimate | None:
    """What we had thought of the turn."""
    stored = {
        name: _count(value) for name, value in json_object(text).items() if name in _ESTIMATES
    }
    if any(value is None for value in stored.values()) or not {"prompt_raw", "prompt"} <= {*stored}:
        return None
    fee = usable_amount(_amount(json_object(text).get("fee"))) or Decimal(0)
    return Estimate(**{name: value or 0 for name, value in stored.items()}, fee=fee)


def _estimate_to_text(estimate: Estimate) -> str:
    counts: dict[str, object] = {name: getattr(estimate, name) for name in sorted(_ESTIMATES)}
    return json.dumps(counts | ({"fee": _text(estimate.fee)} if estimate.fee else {}))


def stored_estimate(row: Row, completion: int, *, likely: bool = False) -> Cost:
    """The cost in USD of an answer by what was stored before it streamed, and its tokens so far.

    ``likely`` counts at least as many tokens as were expected of the whole answer.
    """
    estimate = estimate_from_text(row["estimate"])
    if likely and estimate is not None:
        completion = max(completion, estimate.completion)
    ttl = asked_ttl(json_object(row["request_settings"]))
    return estimated_cost(estimate, prices_from_text(row["prices"]), completion, cache_ttl=ttl)


def json_object(text: str | None) -> dict[str, Any]:
    """The object in a column, or an empty one."""
    try:
        found = {} if text is None else json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _to_json(values: Mapping[str, object]) -> str | None:
    known = {name: value for name, value in sorted(values.items()) if value is not None}
    return json.dumps(known) if known else None


def _text(amount: Decimal | None) -> str | None:
    return str(amount) if amount is not None and amount.is_finite() else None


def _amount(value: object) -> Decimal | None:
    try:
        amount = Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        return None
    return amount if amount is not None and amount.is_finite() else None


def _count(value: object) -> int | None:
    plain = isinstance(value, int) and not isinstance(value, bool)
    return value if plain and isinstance(value, int) and 0 <= value <= _MOST_TOKENS else None
