"""Carrying conversations in: a file is read and counted first, and then written or not."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from tui.services.attachments_read import path_from
from tui.services.importer import Importer, ImportResult, Reading
from tui.services.paths import working_folder

if TYPE_CHECKING:
    from tui.services.importer import Progress
    from tui.ui.controllers.session import Session


class Importing:
    """One import; ``reading`` is what the file holds, once it was read."""

    def __init__(self, session: Session) -> None:
        self.reading: Reading | None = None
        self._session = session
        self._stopped = threading.Event()

    async def read(self, written: str) -> Reading:
        """Read the file that was named, of which nothing is written; raises WorkbenchError."""
        importer = await self._importer()
        self.reading = await importer.read(path_from(written, working_folder()))
        return self.reading

    async def write(self, reading: Reading, progress: Progress) -> ImportResult:
        """Write all of it or nothing; raises WorkbenchError, and ImportStoppedError."""
        importer = await self._importer()
        try:
            return await importer.write(reading, progress, self._stopped.is_set)
        finally:
            self._stopped.clear()

    def stop(self) -> None:
        """Give up what is being written."""
        self._stopped.set()

    async def _importer(self) -> Importer:
        history = await self._session.wait_for_history()
        return Importer(history, self._session.attachments)
