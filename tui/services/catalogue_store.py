"""Where the catalogue of one server is kept: its last good copy and what has changed in it."""

from dataclasses import dataclass
from pathlib import Path

from tui.domain.catalogue import Catalogue
from tui.domain.catalogue_index import index_of
from tui.services.catalogue_cache import CatalogueCache
from tui.services.catalogue_journal import CatalogueJournal


@dataclass(frozen=True, slots=True)
class CatalogueStore:
    """The cache and the journal of one server. Everything they do blocks; call it in a thread."""

    folder: Path
    cache: CatalogueCache
    journal: CatalogueJournal

    @classmethod
    def of(cls, folder: Path, origin: str) -> "CatalogueStore":
        """The store in a folder of caches for the server of this origin."""
        return cls(folder, CatalogueCache(folder, origin), CatalogueJournal(folder, origin))

    def load(self) -> Catalogue | None:
        """The last good copy, ready to be searched; None if there is none that is whole."""
        catalogue = self.cache.load()
        if catalogue is not None:
            index_of(catalogue)
        return catalogue
