"""Offers the files below a folder for ``@path`` in the prompt."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from tui.domain.attachments_paths import PathIndex, at_word, written
from tui.domain.offers import Offer, Offers
from tui.domain.sanitize import single_line
from tui.services.attachments_walk import list_files

_MOST = 50
_FRESH = 30.0
"""Seconds for which a listing is believed; an older one is used while it is made anew."""


class PathOffers:
    """A source of offers; the files are listed in the background once the first ``@`` is typed.

    ``listed`` is called when a listing has come. Only what was offered here, and taken, is ever
    attached: an ``@path`` in a paste is just words.
    """

    def __init__(self, folder: Path, listed: Callable[[], None]) -> None:
        self.folder = folder
        self._tell = listed
        self._index = PathIndex()
        self._listed_at: float | None = None
        self._listing: asyncio.Task[None] | None = None
        self._offered: dict[str, str] = {}

    def offers(self, text: str, cursor: int) -> Offers | None:
        """The files that the ``@…`` before the cursor may mean; None if there is none."""
        word = at_word(text, cursor)
        if word is None:
            return None
        self._list()
        found = [one.path for one in self._index.candidates(word.query, _MOST)]
        # What cannot be shown as it is cannot be typed either.
        shown = [path for path in found if single_line(path) == path]
        offers = [Offer(f"{written(path)} ", path) for path in shown]
        self._offered.update((written(path), path) for path in shown)
        return Offers(word.start, word.end, offers)

    def path_of(self, offer: Offer) -> Path | None:
        """The file that an offer stands for, if it is one of these."""
        path = self._offered.get(offer.text.strip())
        return self.folder / path if path is not None else None

    def _list(self) -> None:
        is_fresh = self._listed_at is not None and time.monotonic() - self._listed_at < _FRESH
        if self._listing is None and not is_fresh:
            self._listing = asyncio.create_task(self._relist())

    async def _relist(self) -> None:
        try:
            self._index = await list_files(self.folder)
            self._listed_at = time.monotonic()
        finally:
            self._listing = None
        self._tell()
