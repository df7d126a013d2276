"""Offers the files below a folder, and those along a path, for ``@path`` in the prompt."""

import asyncio
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tui.domain.attachments_paths import PathIndex, TypedPath, at_word, typed_path, written
from tui.domain.offers import Offer, Offers
from tui.domain.sanitize import single_line
from tui.services.attachments_read import located
from tui.services.attachments_walk import list_files, list_folder

_MOST = 50
_FRESH = 30.0
"""Seconds for which a listing is believed; an older one is used while it is made anew."""


class PathOffers:
    """A source of offers; what is listed, is listed in the background once an ``@`` is typed.

    ``listed`` is called when a listing has come. Only what was offered here, and taken, is ever
    attached: an ``@path`` in a paste is just words.
    """

    def __init__(self, folder: Path, listed: Callable[[], None]) -> None:
        self.folder = folder
        self._tell = listed
        self._index = PathIndex()
        self._listed_at: float | None = None
        self._listing: asyncio.Task[None] | None = None
        self._along = _Along(folder, listed)
        self._offered: dict[str, Path] = {}

    def offers(self, text: str, cursor: int) -> Offers | None:
        """The files that the ``@…`` before the cursor may mean; None if there is none."""
        word = at_word(text, cursor)
        if word is None:
            return None
        offers = []
        for path, words in self.paths(word.query):
            put_in = written(path)
            if path.endswith("/"):
                offers.append(Offer(put_in, words))
                continue
            offers.append(Offer(f"{put_in} ", words))
            is_typed = typed_path(path) is not None
            self._offered[put_in] = located(path, self.folder) if is_typed else self.folder / path
        return Offers(word.start, word.end, offers)

    def paths(self, query: str) -> Sequence[tuple[str, str]]:
        """The paths that may be meant, best first, and the words for a list of them.

        One that ends with a slash leads on. Along a path that is typed, the names are enough.
        """
        typed = typed_path(query)
        if typed is None:
            self._list()
            found = [(one.path, one.path) for one in self._index.candidates(query, _MOST)]
        else:
            names = self._along.names(typed)[:_MOST]
            found = [(typed.folder + name, name) for name in names]
        # What cannot be shown as it is cannot be typed either.
        return [(path, words) for path, words in found if single_line(path) == path]

    def path_of(self, offer: Offer) -> Path | None:
        """The file that an offer stands for, if it is one of these."""
        return self._offered.get(offer.text.strip())

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


class _Along:
    """The names in the folder that a typed path leads to; the listing of one is kept.

    Folders are listed one after another, and only the last one that was wanted: one that never
    answers, as of a lost network drive, holds up no more than this.
    """

    def __init__(self, folder: Path, listed: Callable[[], None]) -> None:
        self._from = folder
        self._tell = listed
        self._names: Sequence[str] = ()
        self._listed: str | None = None
        self._listed_at = 0.0
        self._wanted = ""
        self._listing: asyncio.Task[None] | None = None

    def names(self, typed: TypedPath) -> list[str]:
        """The names that may be meant, as far as their folder is listed."""
        self._wanted = typed.folder
        is_listed = self._listed == typed.folder
        is_fresh = is_listed and time.monotonic() - self._listed_at < _FRESH
        if self._listing is None and not is_fresh:
            self._listing = asyncio.create_task(self._list())
        return typed.names(self._names if is_listed else ())

    async def _list(self) -> None:
        try:
            wanted = None
            while wanted != self._wanted:
                wanted = self._wanted
                entries = await list_folder(located(wanted, self._from))
            self._names = [f"{one.name}/" if one.is_folder else one.name for one in entries]
            self._listed, self._listed_at = wanted, time.monotonic()
        finally:
            self._listing = None
        self._tell()
