"""The user's own lists over the catalogue: favourites, recently used models, saved filters."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tui.domain.model import normalise_model_id

MOST_RECENTS = 20
MOST_FAVOURITES = 500
MOST_FILTERS = 100
LONGEST_FILTER_NAME = 60


@dataclass(frozen=True, slots=True)
class ModelLists:
    """Favourites in the user's order, recents newest first, filters by their names.

    Ids stay when their models leave the catalogue: the screens say that they are gone.
    """

    favourites: tuple[str, ...] = ()
    recents: tuple[str, ...] = ()
    filters: Mapping[str, str] = field(default_factory=dict)

    def with_favourite(self, model_id: str) -> "ModelLists":
        """With a model at the end of the favourites, unless it is one."""
        model_id = normalise_model_id(model_id)
        if model_id in self.favourites or not model_id:
            return self
        return replace(self, favourites=(*self.favourites, model_id)[:MOST_FAVOURITES])

    def without_favourite(self, model_id: str) -> "ModelLists":
        """With a model that is no favourite any more."""
        gone = normalise_model_id(model_id)
        return replace(self, favourites=tuple(one for one in self.favourites if one != gone))

    def toggled_favourite(self, model_id: str) -> "ModelLists":
        """With a model that became a favourite, or that is one no more."""
        if normalise_model_id(model_id) in self.favourites:
            return self.without_favourite(model_id)
        return self.with_favourite(model_id)

    def moved_favourite(self, model_id: str, by: int) -> "ModelLists":
        """With a favourite so many places further down, or up where ``by`` is negative."""
        model_id = normalise_model_id(model_id)
        if model_id not in self.favourites:
            return self
        others = [one for one in self.favourites if one != model_id]
        place = min(max(self.favourites.index(model_id) + by, 0), len(others))
        others.insert(place, model_id)
        return replace(self, favourites=tuple(others))

    def with_recent(self, model_id: str) -> "ModelLists":
        """With a model as the one used last."""
        model_id = normalise_model_id(model_id)
        if not model_id:
            return self
        others = (one for one in self.recents if one != model_id)
        return replace(self, recents=(model_id, *others)[:MOST_RECENTS])

    def with_filter(self, name: str, text: str) -> "ModelLists":
        """With a filter saved under a name; one of that name is replaced in its place."""
        name = name.strip()[:LONGEST_FILTER_NAME]
        if not name or (name not in self.filters and len(self.filters) >= MOST_FILTERS):
            return self
        return replace(self, filters={**self.filters, name: text.strip()})

    def without_filter(self, name: str) -> "ModelLists":
        """Without the filter of this name."""
        return replace(
            self, filters={one: text for one, text in self.filters.items() if one != name}
        )
