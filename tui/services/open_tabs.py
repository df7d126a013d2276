"""Which conversations were open, kept beside their history for a start that resumes them.

It is a convenience: a file that cannot be read or written costs nothing but itself.
"""

import json
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from tui.services.atomic import write_atomically

MOST_REMEMBERED = 50
_LARGEST_FILE = 64 * 1024
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class OpenTabs:
    """The file of one history; its methods block and never raise."""

    def __init__(self, history_file: Path) -> None:
        self._path = history_file.with_suffix(".tabs.json")

    def load(self) -> list[str]:
        """The ids of the conversations, left to right; none without a file."""
        try:
            if self._path.stat().st_size > _LARGEST_FILE:
                return []
            found = json.loads(self._path.read_bytes())
        except (OSError, ValueError, RecursionError):
            return []
        ids = found if isinstance(found, list) else []
        wanted = [one for one in ids if isinstance(one, str) and _ID.fullmatch(one)]
        return list(dict.fromkeys(wanted))[:MOST_REMEMBERED]

    def save(self, ids: Sequence[str]) -> None:
        """Remember these, left to right."""
        with suppress(OSError):
            write_atomically(self._path, json.dumps(list(ids)[:MOST_REMEMBERED]).encode())
