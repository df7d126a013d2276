"""What has changed in a server's catalogue over the last 30 days, kept beside its cached copy."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tui.domain.catalogue_changes import Change, ChangeKind
from tui.domain.sanitize import single_line
from tui.domain.values import as_list, as_object, as_text
from tui.services.atomic import write_atomically

KEPT = timedelta(days=30)
MOST_CHANGES = 2_000

_FORMAT = 1
_LARGEST_FILE = 4 * 1024 * 1024
_LONGEST_ID = 300
_LONGEST_NAME = 200
_LONGEST_WORD = 60


class CatalogueJournal:
    """The changes of one server's catalogue, so that they can be told offline.

    A file that is damaged counts as empty: it says nothing that could not be seen again. The
    methods block; call them in a thread.
    """

    def __init__(self, folder: Path, origin: str) -> None:
        self._origin = origin
        name = hashlib.sha256(origin.encode()).hexdigest()[:16]
        self._path = folder / f"changes-{name}.json"

    def load(self, now: datetime) -> tuple[Change, ...]:
        """The changes of the last 30 days before ``now`` (UTC), newest first; at most 2,000."""
        try:
            if not self._path.is_file() or self._path.stat().st_size > _LARGEST_FILE:
                return ()
            document = json.loads(self._path.read_bytes())
        except (OSError, ValueError, RecursionError):
            return ()
        about = as_object(document)
        if about.get("format") != _FORMAT or about.get("origin") != self._origin:
            return ()
        read = map(_from_json, as_list(about.get("changes")))
        return _recent((change for change in read if change is not None), now)

    def add(self, changes: Sequence[Change], now: datetime) -> None:
        """Keep changes that were just seen. The folder must exist. Raises OSError."""
        if not changes:
            return
        kept = _recent([*changes, *self.load(now)], now)
        document = {
            "format": _FORMAT,
            "origin": self._origin,
            "changes": [_to_json(change) for change in kept],
        }
        write_atomically(self._path, json.dumps(document).encode())


def _recent(changes: Iterable[Change], now: datetime) -> tuple[Change, ...]:
    """Those that are young enough, newest first; what was seen together stays in its order."""
    young = [change for change in changes if change.seen_at > now - KEPT]
    young.sort(key=lambda change: change.seen_at, reverse=True)
    return tuple(young[:MOST_CHANGES])


def _to_json(change: Change) -> dict[str, str]:
    return {
        "kind": change.kind.value,
        "id": single_line(change.model_id, _LONGEST_ID),
        "name": single_line(change.name, _LONGEST_NAME),
        "at": change.seen_at.astimezone(UTC).isoformat(),
        "what": change.what,
        "before": change.before,
        "after": change.after,
    }


def _from_json(row: Any) -> Change | None:
    """The change, or None if the row is none."""
    fields = {name: as_text(value) for name, value in as_object(row).items()}
    try:
        seen_at = datetime.fromisoformat(fields["at"]).astimezone(UTC)
        kind = ChangeKind(fields["kind"])
    except (KeyError, ValueError, OverflowError, OSError):
        return None
    if not fields.get("id"):
        return None
    words = (
        single_line(fields.get(name, ""), _LONGEST_WORD) for name in ("what", "before", "after")
    )
    return Change(
        kind,
        single_line(fields["id"], _LONGEST_ID),
        single_line(fields.get("name", ""), _LONGEST_NAME),
        seen_at,
        *words,
    )
