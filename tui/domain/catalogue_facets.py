"""Counts beside the list: what the models that are shown have in common, and the term for it."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain

from tui.domain.catalogue_index import FREE, VARIES, Row
from tui.domain.catalogue_row import CAPABILITIES
from tui.domain.catalogue_search import Found
from tui.domain.catalogue_terms import Text, choice_text

_PRICE_LIMITS = tuple(Decimal(limit) / 1_000_000 for limit in ("0.5", "2", "10"))
_PRICE_BANDS = (
    ("under $0.50", "in<0.5"),
    ("$0.50 – $2", "in:0.5..<2"),
    ("$2 – $10", "in:2..<10"),
    ("$10 and more", "in>=10"),
)
_CONTEXT_LIMITS = (32_000, 128_000, 200_000, 1_000_000)
_CONTEXT_BANDS = (
    ("under 32k", "ctx<32k"),
    ("32k – 128k", "ctx:32k..<128k"),
    ("128k – 200k", "ctx:128k..<200k"),
    ("200k – 1M", "ctx:200k..<1m"),
    ("1M and more", "ctx>=1m"),
)
_MODALITIES = ("vision", "files", "audio", "video", "image-out", "audio-out")
_WORDS = {one.flag: one.word for one in CAPABILITIES}
_CAPABILITIES = ("tools", "reasoning", "json", "caching", "moderated")


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value: how it reads, how many models have it, and the filter term it stands for."""

    label: str
    count: int
    term: str


@dataclass(frozen=True, slots=True)
class Facet:
    """One group of values, in the order in which they are shown."""

    name: str
    values: tuple[FacetValue, ...]


@dataclass(frozen=True, slots=True)
class Facets:
    """All groups; authors by count, everything else in its natural order, zeros included."""

    author: Facet
    modality: Facet
    price: Facet
    context: Facet
    capability: Facet

    @property
    def groups(self) -> tuple[Facet, ...]:
        """The groups in their order on the screen."""
        return (self.author, self.modality, self.price, self.context, self.capability)


def facets(found: Iterable[Found]) -> Facets:
    """The counts of what a search found; add or remove a value's ``term`` with ``toggled``."""
    rows = [one.row for one in found]
    flags = Counter(chain.from_iterable(row.flags for row in rows))
    # The free ones count in the cheapest band as well: the term of the band holds for them.
    prices = _bands((row.prompt for row in rows), _PRICE_LIMITS, _PRICE_BANDS)
    prices = (
        FacetValue("free", flags[FREE], FREE),
        *prices,
        FacetValue("varies", flags[VARIES], VARIES),
    )
    contexts = (row.model.context_length for row in rows)
    return Facets(
        author=Facet("Author", _authors(rows)),
        modality=Facet("Modality", _flag_values(flags, _MODALITIES)),
        price=Facet("Prompt price / M", prices),
        context=Facet("Context", _bands(contexts, _CONTEXT_LIMITS, _CONTEXT_BANDS)),
        capability=Facet("Capability", _flag_values(flags, _CAPABILITIES)),
    )


def author_term(author: str) -> str:
    """The term for exactly this author, although another's name may begin with it."""
    return choice_text(Text("author", author, exact=True))


def _authors(rows: list[Row]) -> tuple[FacetValue, ...]:
    counts = Counter(row.model.author for row in rows)
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(FacetValue(author, count, author_term(author)) for author, count in ordered)


def _flag_values(counts: Counter[str], names: tuple[str, ...]) -> tuple[FacetValue, ...]:
    return tuple(FacetValue(_WORDS.get(name, name), counts[name], name) for name in names)


def _bands(
    values: Iterable[Decimal | int | None],
    limits: tuple[Decimal | int, ...],
    bands: tuple[tuple[str, str], ...],
) -> tuple[FacetValue, ...]:
    counts = Counter(bisect_right(limits, value) for value in values if value is not None)
    return tuple(
        FacetValue(label, counts[place], term) for place, (label, term) in enumerate(bands)
    )
