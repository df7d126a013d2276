"""The last good catalogue on disk, so that models and prices are there at once and offline."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tui.domain.catalogue import Catalogue
from tui.domain.errors import WorkbenchError
from tui.services.atomic import write_atomically
from tui.services.wire import parse_catalogue

_FORMAT = 1
_LARGEST_FILE = 65 * 1024 * 1024


class CatalogueCache:
    """Keeps the body of ``GET /models`` of one server, as it came.

    A file is one line of JSON about the body, and the body. The line holds its SHA-256: a damaged
    price must not be shown. The methods block; call them in a thread.
    """

    def __init__(self, folder: Path, origin: str) -> None:
        self._origin = origin
        name = hashlib.sha256(origin.encode()).hexdigest()[:16]
        self._path = folder / f"models-{name}.json"

    def load(self) -> Catalogue | None:
        """The catalogue as last saved, or None if there is none that is whole."""
        try:
            if not self._path.is_file() or self._path.stat().st_size > _LARGEST_FILE:
                return None
            about, body = self._read()
            fetched_at = self._fetched_at(about, body)
            catalogue = parse_catalogue(body)
        except (OSError, ValueError, RecursionError, WorkbenchError):
            return None
        version = about.get("version")
        return replace(
            catalogue,
            fetched_at=fetched_at,
            version=version if isinstance(version, str) else None,
        )

    def confirm(self, fetched_at: datetime) -> None:
        """Note that the server still serves what was saved. Raises OSError and ValueError."""
        about, body = self._read()
        self._fetched_at(about, body)
        version = about.get("version")
        self.save(body, fetched_at, version if isinstance(version, str) else None)

    def save(self, body: bytes, fetched_at: datetime, version: str | None = None) -> None:
        """Keep a body that has been parsed without trouble; the copy before it is replaced.

        ``fetched_at`` is in UTC, ``version`` the server's mark of this state. The folder must
        exist. Raises OSError, with the copy before it still in place.
        """
        about = {
            "format": _FORMAT,
            "origin": self._origin,
            "fetched_at": fetched_at.astimezone(UTC).isoformat(),
            "sha256": hashlib.sha256(body).hexdigest(),
            "version": version,
        }
        write_atomically(self._path, json.dumps(about).encode() + b"\n" + body)

    def _read(self) -> tuple[Any, bytes]:
        """What the file says of its body, and the body. Raises OSError and ValueError."""
        line, _, body = self._path.read_bytes().partition(b"\n")
        return json.loads(line), body

    def _fetched_at(self, about: Any, body: bytes) -> datetime:
        """When the body was fetched. Raises ValueError unless it is this body, of this server."""
        expected = {
            "format": _FORMAT,
            "origin": self._origin,
            "sha256": hashlib.sha256(body).hexdigest(),
        }
        if not isinstance(about, dict) or any(about.get(k) != v for k, v in expected.items()):
            raise ValueError("not a whole catalogue of this server")
        fetched_at = datetime.fromisoformat(str(about.get("fetched_at")))
        if fetched_at.tzinfo is None:
            raise ValueError("the moment names no time zone")
        return fetched_at.astimezone(UTC)
