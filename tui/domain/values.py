"""Loose JSON read strictly: a value of the wrong type becomes None and never an exception."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from tui.domain.sanitize import storable

JsonObject = Mapping[str, Any]

_LONGEST_NUMBER = 64
_LONGEST_INTEGER = 20
_MOST_TOKENS = 10**12
_MOST_MONEY = Decimal(10) ** 9
_SMALLEST_EXPONENT = -30
_DEEPEST = 32
_PLAIN_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?", re.ASCII)
_VARIES = Decimal(-1)


def parse_json(document: str | bytes) -> object:
    """A JSON document with exact numbers: fractions as Decimal, absurd numbers as None.

    NaN and Infinity, which Python's reader takes although JSON has none, become None. Raises
    ValueError for anything that is not JSON, and for nesting deeper than the reader can follow.
    """
    text = document if isinstance(document, str) else document.decode("utf-8-sig", "replace")
    try:
        return _DECODER.decode(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _integer(literal: str) -> int | None:
    return int(literal) if len(literal) <= _LONGEST_INTEGER else None


def _decimal(literal: str) -> Decimal | None:
    usable = len(literal) <= _LONGEST_NUMBER and _PLAIN_NUMBER.fullmatch(literal)
    return Decimal(literal) if usable else None


_DECODER = json.JSONDecoder(parse_float=_decimal, parse_int=_integer, parse_constant=lambda _: None)


def as_object(value: object) -> JsonObject:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> Sequence[Any]:
    """The value if it is an array, else an empty one."""
    return value if isinstance(value, list) else ()


def as_text(value: object) -> str:
    """The value if it is a string, with lone surrogates replaced, else an empty one."""
    return storable(value) if isinstance(value, str) else ""


def as_names(value: object) -> tuple[str, ...]:
    """The strings of an array, in their order."""
    return tuple(storable(item) for item in as_list(value) if isinstance(item, str) and item)


def as_flag(value: object) -> bool | None:
    """The value if it is true or false."""
    return value if isinstance(value, bool) else None


def _exact(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return Decimal(value)


def as_count(value: object) -> int | None:
    """A whole number from 0 to 10**12, as tokens and lengths are; ``12.0`` counts as whole."""
    number = _exact(value)
    if number is None or not 0 <= number <= _MOST_TOKENS or number != number.to_integral_value():
        return None
    return int(number)


def as_number(value: object) -> float | None:
    """A finite number of moderate size, for facts that are not money."""
    number = _exact(value)
    return float(number) if number is not None and abs(number) <= _MOST_TOKENS else None


def as_money(value: object) -> Decimal | None:
    """An amount in USD from a JSON number: finite, not negative, below 10**9."""
    number = _exact(value)
    return abs(number) if number is not None and _is_amount(number) else None


def as_price(value: object) -> Decimal | None:
    """A price in USD from a string or a number; exactly -1 means that it varies and is kept."""
    if isinstance(value, str):
        value = _decimal(value.strip())
    number = _exact(value)
    if number is None or number == _VARIES:
        return number
    return abs(number) if _is_amount(number) else None


def _is_amount(number: Decimal) -> bool:
    if not 0 <= number <= _MOST_MONEY:
        return False
    return number == 0 or number.adjusted() >= _SMALLEST_EXPONENT


def as_date(value: object) -> date | None:
    """A day written as YYYY-MM-DD, with or without a time after it."""
    try:
        return date.fromisoformat(as_text(value)[:10])
    except ValueError:
        return None


def as_plain(value: object, depth: int = 0) -> object:
    """The value as plain data that json.dumps takes: no Decimal, no lone surrogate.

    Raises ValueError for nesting deeper than 32.
    """
    if depth > _DEEPEST:
        raise ValueError("nested too deeply")
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dict):
        return {storable(name): as_plain(item, depth + 1) for name, item in value.items()}
    if isinstance(value, list):
        return [as_plain(item, depth + 1) for item in value]
    return value
