"""When a failed try is followed by another, and after how long.

The rules are those of openai-python: two further tries by default, what the server asks for if it
is sane, else a backoff of half a second that doubles up to eight, less up to a quarter of jitter.
"""

import math
import random
import time
from collections.abc import Mapping
from email.utils import mktime_tz, parsedate_tz

RETRIED_STATUSES = frozenset({408, 409, 429, 500, 502, 503, 504, 529})
LONGEST_WAIT = 120.0
"""Seconds; a server that asks for more is not waited for."""

_FIRST_WAIT = 0.5
_LONGEST_BACKOFF = 8.0
_JITTER = 0.25
_ABSURD = 30 * 24 * 3600.0


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds to wait that the headers ask for, or None if they name none that makes sense.

    Read in this order: ``retry-after-ms``, then ``retry-after`` as seconds or as an HTTP date.
    """
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return _sane(milliseconds / 1000)
    value = headers.get("retry-after")
    seconds = _number(value)
    if seconds is None and value is not None:
        seconds = _seconds_until(value)
    return None if seconds is None else _sane(seconds)


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text is not None else None
    except ValueError:
        return None


def _seconds_until(http_date: str) -> float | None:
    try:
        moment = parsedate_tz(http_date)
        return None if moment is None else mktime_tz(moment) - time.time()
    except (ValueError, OverflowError):
        return None


def _sane(seconds: float) -> float | None:
    return seconds if math.isfinite(seconds) and 0 < seconds <= _ABSURD else None


def wait_before(retry: int, asked: float | None) -> float | None:
    """Seconds before the ``retry``-th further try, or None if the server asks for too long.

    ``asked`` is what :func:`retry_after` read.
    """
    if asked is not None:
        return asked if asked <= LONGEST_WAIT else None
    backoff = min(_FIRST_WAIT * 2.0 ** (retry - 1), _LONGEST_BACKOFF)
    return backoff * (1 - _JITTER * random.random())  # noqa: S311 - spreads load, hides nothing
