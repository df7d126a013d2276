"""Reading exports of other programs: loose JSON taken strictly, and ids that stay the same."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from tui.domain.conversation import Conversation
from tui.domain.cost import usable_amount
from tui.domain.sanitize import single_line, storable

Json = Mapping[str, Any]

LONGEST_TEXT = 16 * 1024 * 1024
"""Characters of one message; what is longer is cut."""
MOST_MESSAGES = 100_000
"""Messages of one conversation."""
_LONGEST_TITLE = 200
_MILLISECONDS = 10**11
"""A time in seconds is smaller for three thousand years."""
_DAY = 24 * 60 * 60 * 1000
_LARGEST_TIME = 253_402_300_799
_LONGEST_NUMBER = 40


@dataclass(slots=True)
class Imported:
    """What a file holds: conversations, the data of files by its digest, and what was left out."""

    source: str
    conversations: list[Conversation] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


class NotAnExportError(Exception):
    """The document is of no kind that can be read; its text says what was expected."""


def text_of(value: object) -> str:
    """The value if it is text, cut to what one message may hold."""
    return storable(value[:LONGEST_TEXT]) if isinstance(value, str) else ""


def title_of(value: object) -> str:
    """A title on one line."""
    return single_line(text_of(value), _LONGEST_TITLE)


def moment_of(value: object) -> datetime | None:
    """A moment from seconds or milliseconds since 1970, or from ISO 8601, else None."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float | Decimal):
        try:
            seconds = float(value)
            seconds = seconds / 1000 if seconds > _MILLISECONDS else seconds
            return datetime.fromtimestamp(seconds, UTC) if 0 < seconds < _LARGEST_TIME else None
        except (ValueError, OverflowError, OSError):
            return None
    try:
        moment = datetime.fromisoformat(text_of(value))
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def amount_of(value: object) -> Decimal | None:
    """An amount of dollars from a number or a text, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return None
    written = str(value).strip()
    if len(written) > _LONGEST_NUMBER or not re.fullmatch(r"\d*\.?\d+(?:[eE]-?\d{1,2})?", written):
        return None
    return usable_amount(Decimal(written))


def seconds_of(value: object) -> float | None:
    """A time in seconds from one in milliseconds, below a day, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    return float(value) / 1000 if 0 < value < _DAY else None


def count_of(value: object) -> int | None:
    """A count of tokens, or None."""
    number = value if isinstance(value, int) and not isinstance(value, bool) else None
    return number if number is not None and 0 <= number < 10**12 else None


def id_of(source: str, *parts: str) -> str:
    """An id that is the same each time the same export is read, so that nothing comes in twice."""
    return uuid5(NAMESPACE_URL, storable("\0".join((source, *parts)))).hex
