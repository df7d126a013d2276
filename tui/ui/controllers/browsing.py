"""The browser's own state: the filter, the order, the marks, and what was found."""

from collections.abc import Sequence

from tui.domain.catalogue import Catalogue
from tui.domain.catalogue_complete import Completion, complete
from tui.domain.catalogue_context import FilterContext
from tui.domain.catalogue_facets import Facets, facets
from tui.domain.catalogue_filter import Filter, parse_filter
from tui.domain.catalogue_index import row_of
from tui.domain.catalogue_search import Found, matches, search
from tui.domain.catalogue_sort import SORT_WORDS, SortKey
from tui.domain.catalogue_terms import Flag, term_text
from tui.domain.model import Model

MOST_MARKED = 4


class Browsing:
    """What the browser shows of a catalogue; it knows no widget.

    ``found`` follows from the rest. ``marked`` holds ids in the order of marking. ``gone`` are
    favourites that the catalogue has no more.
    """

    def __init__(self, catalogue: Catalogue, context: FilterContext, text: str = "") -> None:
        self.catalogue = catalogue
        self.context = context
        self.text = text
        self.filter = Filter()
        self.sort = SortKey.RELEVANCE
        self.descending = False
        self.marked: list[str] = []
        self.gone: tuple[str, ...] = ()
        self.found: Sequence[Found] = ()
        self.search_again()

    def search_again(self) -> None:
        """Find what the filter asks for, in the order of now."""
        self.filter = parse_filter(self.text)
        self.found = search(
            self.catalogue, self.filter, self.context, self.sort, descending=self.descending
        )
        self.gone = self._gone_favourites()
        if self.gone:
            ghosts = (Model(model_id) for model_id in self.gone)
            now = self.context.now
            self.found = [*self.found, *(Found(row_of(ghost, now)) for ghost in ghosts)]

    def _gone_favourites(self) -> tuple[str, ...]:
        """Who asks for the favourites is told of those that are no longer listed."""
        if not self.catalogue.models or not any(
            Flag("fav") in term.choices and not term.negated for term in self.filter.terms
        ):
            return ()
        missing = (one for one in self.context.favourites if one not in self.catalogue.models)
        return tuple(one for one in missing if matches(Model(one), self.filter, self.context))

    def type(self, text: str) -> None:
        """Filter by another text."""
        self.text = text
        self.search_again()

    def use(self, catalogue: Catalogue, context: FilterContext) -> None:
        """Go on with another catalogue, or with other favourites and endpoints."""
        self.catalogue, self.context = catalogue, context
        self.search_again()

    def sort_by(self, key: SortKey) -> None:
        """Sort by another key, or the other way round by the same one."""
        self.descending = not self.descending if key is self.sort else False
        self.sort = key
        self.search_again()

    @property
    def order_words(self) -> str:
        """The order of now in words."""
        if self.sort is not SortKey.RELEVANCE:
            return SORT_WORDS[self.sort]
        return "best match" if self.filter.words else "popularity, as served"

    def toggle_mark(self, model_id: str) -> bool:
        """Mark a model or take its mark away; False if as many as can be are marked already."""
        if model_id in self.marked:
            self.marked.remove(model_id)
        elif len(self.marked) >= MOST_MARKED:
            return False
        else:
            self.marked.append(model_id)
        return True

    def marked_rows(self) -> list[Found]:
        """The marked models that the catalogue still has, in the order of marking."""
        models, now = self.catalogue.models, self.context.now
        return [Found(row_of(models[one], now)) for one in self.marked if one in models]

    @property
    def asks_providers(self) -> bool:
        """Whether the filter goes by who serves a model."""
        return self.filter.without("provider") != self.filter

    def candidates(self) -> list[str]:
        """The ids that the filter lets through whoever serves them."""
        found = search(self.catalogue, self.filter.without("provider"), self.context)
        return [one.model.id for one in found]

    @property
    def facets(self) -> Facets:
        """The counts of what was found."""
        return facets(self.found)

    @property
    def active_terms(self) -> frozenset[str]:
        """The terms of the filter as they are printed."""
        return frozenset(term_text(term) for term in self.filter.terms)

    def completions(self, text: str, cursor: int) -> list[Completion]:
        """What the part before the cursor can become."""
        return complete(text, cursor, self.catalogue, self.context)
