"""What the quick picker offers: favourites, then recent models, then all others."""

from collections.abc import Iterable, Sequence

from tui.domain.catalogue import Catalogue
from tui.domain.catalogue_complete import Completion, complete
from tui.domain.catalogue_context import FilterContext
from tui.domain.catalogue_filter import Filter, parse_filter
from tui.domain.catalogue_index import row_of
from tui.domain.catalogue_search import Found, matches, search
from tui.domain.model import Model
from tui.domain.model_lists import ModelLists

_FAVOURITE, _RECENT = 60, 30
"""How much better than it is a favourite, or a recent model, matches: it wins among equals."""


class Picking:
    """The list of the quick picker; it knows no widget.

    Without words favourites come in the user's order, then recent models, the latest first. With
    words the best match is first. ``gone`` are favourites that the catalogue has no more.
    """

    def __init__(self, catalogue: Catalogue, context: FilterContext, lists: ModelLists) -> None:
        self.context = context
        self.found: Sequence[Found] = ()
        self.filter = Filter()
        self.text = ""
        self._catalogue = catalogue
        self._lists = lists
        self.search_again()

    @property
    def total(self) -> int:
        """How many models there are to choose from."""
        return len(self._catalogue.models)

    @property
    def gone(self) -> frozenset[str]:
        """Favourites that are no longer listed; none as long as there is no catalogue."""
        missing = set(self._lists.favourites) - self._catalogue.models.keys()
        return frozenset(missing if self.total else ())

    def type(self, text: str) -> None:
        """Find what another text asks for."""
        self.text = text
        self.search_again()

    def use(self, catalogue: Catalogue, context: FilterContext, lists: ModelLists) -> None:
        """Go on with another catalogue, or with other favourites and recent models."""
        self._catalogue, self.context, self._lists = catalogue, context, lists
        self.search_again()

    def search_again(self) -> None:
        """Find what the text asks for."""
        asked = self.filter = parse_filter(self.text)
        found = search(self._catalogue, asked, self.context)
        places = _places(self._lists.favourites)
        recents = _places(self._lists.recents)
        if asked.words:
            found.sort(
                key=lambda one: (
                    one.score
                    + _FAVOURITE * (one.model.id in places)
                    + _RECENT * (one.model.id in recents)
                ),
                reverse=True,
            )
        else:
            gone = self.gone
            ghosts = (Model(one) for one in self._lists.favourites if one in gone)
            found += [
                Found(row_of(ghost, self.context.now))
                for ghost in ghosts
                if matches(ghost, asked, self.context)
            ]
            last = len(places) + len(recents)
            found.sort(
                key=lambda one: places.get(
                    one.model.id, len(places) + recents.get(one.model.id, last)
                )
            )
        self.found = found

    def completions(self, text: str, cursor: int) -> list[Completion]:
        """What the part before the cursor can become."""
        return complete(text, cursor, self._catalogue, self.context)


def _places(ids: Iterable[str]) -> dict[str, int]:
    return {model_id: place for place, model_id in enumerate(ids)}
