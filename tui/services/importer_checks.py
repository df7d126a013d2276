"""Bounds for what a file claims about itself, before anything of it is kept.

What is wrong raises ``ValueError`` in words, and what is too long is cut.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tui.domain.conversation import Message
from tui.domain.import_values import LONGEST_TEXT, text_of
from tui.services.exporter_json import JSON_COLUMNS
from tui.services.wire_images import LARGEST_IMAGES

LONGEST_ENCODED = LARGEST_IMAGES // 3 * 4 + 4
"""Characters of Base64 of the largest file that is ever kept."""
MOST_FILES = 100
"""Files, and images, of one message."""
LONGEST_WORDS = 10_000
"""Characters of a title, a name or an id; nothing of ours comes near."""
_LONG_TEXTS = frozenset({"text", "reasoning", "draft", "system_prompt", "failure_text"})
_LARGEST_NUMBER = 2**63 - 1


def bounded_columns(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with its texts cut to what one may hold; raises ValueError for too much JSON."""
    return {name: _bounded(name, value) for name, value in row.items()}


def _bounded(name: str, value: object) -> object:
    if not isinstance(value, str):
        return value
    if name in JSON_COLUMNS:
        if len(value) > LONGEST_TEXT:
            raise ValueError("it holds too much data")
        return value
    return text_of(value) if name in _LONG_TEXTS else value[:LONGEST_WORDS]


def moment_text(value: object) -> str:
    """A moment of the file with its time zone, which is UTC if none is written.

    Raises ValueError, or OverflowError, for what is none.
    """
    moment = datetime.fromisoformat(text_of(value))
    moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def check_files(message: Message) -> None:
    """Raises ValueError if what is said of files or images could not have been written here."""
    if max(len(message.images), len(message.attachments)) > MOST_FILES:
        raise ValueError("it has too many files")
    for picture in message.images:
        _check_counts(picture.width, picture.height, picture.size)
    for file in message.attachments:
        _check_counts(file.size, file.tokens, file.width, file.height, file.pages)
        if not _is_number(file.seconds):
            raise ValueError("a file has no such length")
        names: list[object] = [file.name, file.media_type]
        if not all(isinstance(name, str) for name in names):
            raise ValueError("a file has no name")


def _check_counts(*counts: object) -> None:
    if not all(isinstance(count, int) and _is_number(count) for count in counts):
        raise ValueError("a file has no such size")


def _is_number(value: object) -> bool:
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return plain and isinstance(value, int | float) and 0 <= value <= _LARGEST_NUMBER
