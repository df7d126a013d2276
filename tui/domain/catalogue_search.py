"""The catalogue's search: which models a filter lets through, in which order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from operator import attrgetter, eq, ge, gt, itemgetter, le, lt
from typing import Any

from tui.domain.catalogue import Catalogue
from tui.domain.catalogue_context import FilterContext
from tui.domain.catalogue_filter import Filter
from tui.domain.catalogue_fuzzy import Needle, needle, score
from tui.domain.catalogue_index import Row, expires, index_of, row_of, simplified
from tui.domain.catalogue_sort import SortKey, sort_value
from tui.domain.catalogue_terms import (
    PARAMETERS,
    TERMS,
    TOKENIZERS,
    Comparison,
    Days,
    Flag,
    Number,
    Range,
    Term,
    TermKind,
    Text,
    ValueChoice,
    Word,
)
from tui.domain.model import Model

Test = Callable[[Row], bool]

_MILLION = 1_000_000
_DAY = 86_400
_COMPARE: dict[Comparison, Callable[[Any, Any], bool]] = {
    "<": lt,
    "<=": le,
    "=": eq,
    ">=": ge,
    ">": gt,
}
_FIELDS: dict[str, Callable[[Row], Any]] = {
    "ctx": attrgetter("model.context_length"),
    "maxout": attrgetter("model.max_completion_tokens"),
    "in": attrgetter("prompt"),
    "out": attrgetter("completion"),
    "cache": attrgetter("cache_read"),
}
_KNOWN_VALUES = {
    "param": frozenset(map(simplified, PARAMETERS)),
    "tok": frozenset(map(simplified, TOKENIZERS)),
}


@dataclass(frozen=True, slots=True)
class Found:
    """A model that a filter lets through; ``row`` holds its prices as of now.

    ``score`` says how well its words match, more is better; 0 unless they are sorted by it.
    """

    row: Row
    score: int = 0
    needles: tuple[Needle, ...] = field(default=(), repr=False)

    @property
    def model(self) -> Model:
        """The model."""
        return self.row.model


def matches(model: Model, asked: Filter, context: FilterContext) -> bool:
    """Whether the filter lets this model through; for many models use :func:`search`."""
    row = row_of(model, context.now)
    scores = {word: _Scores(word) for word in asked.words}
    return all(_test(term, context, scores)(row) for term in asked.terms)


def search(
    catalogue: Catalogue,
    asked: Filter,
    context: FilterContext,
    sort: SortKey = SortKey.RELEVANCE,
    *,
    descending: bool = False,
) -> list[Found]:
    """The models that the filter lets through, sorted; unknown values last in both directions.

    By relevance the best match of the words is first; without words that is the order served, which
    is also the order among equals. Favourites alone come in the user's order.
    """
    rows: Sequence[Row] = index_of(catalogue, context.now).rows(context.now)
    scores = {word: _Scores(word) for word in asked.words}
    for term in sorted(asked.terms, key=_effort):
        rows = list(filter(_test(term, context, scores), rows))
    needles = tuple(one.needle for one in scores.values())
    if sort is SortKey.RELEVANCE:
        ranked = [Found(row, sum(one.of(row) for one in scores.values()), needles) for row in rows]
        if not needles and Term((Flag("fav"),)) in asked.terms:
            places = {model_id: place for place, model_id in enumerate(context.favourites)}
            ranked.sort(key=lambda one: places[one.model.id], reverse=descending)
        else:
            ranked.sort(key=lambda one: one.score, reverse=not descending)
        return ranked
    found = [Found(row, 0, needles) for row in rows]
    if sort is SortKey.POPULAR:
        return found[::-1] if descending else found
    valued = [(sort_value(one.row, sort, context), one) for one in found]
    known: list[tuple[Any, Found]] = [pair for pair in valued if pair[0] is not None]
    known.sort(key=itemgetter(0), reverse=descending)
    return [one for _, one in known] + [one for value, one in valued if value is None]


class _Scores:
    """How well one word matches the rows; worked out once for each row."""

    def __init__(self, word: Word, *, exact: bool = False) -> None:
        self.needle = needle(word.text, exact=word.exact or exact)
        self._known: dict[int, int | None] = {}

    def holds(self, row: Row) -> bool:
        """Whether the row has the word."""
        found = self._known[row.order] = score(self.needle, row.hay)
        return found is not None

    def of(self, row: Row) -> int:
        """The score; a word that is not there, as one of several alternatives, counts nothing."""
        if row.order not in self._known:
            self.holds(row)
        return self._known[row.order] or 0


def _effort(term: Term) -> int:
    """Cheap tests go first, so that words are looked for in few rows."""
    return sum(2 if isinstance(choice, Word) else 1 for choice in term.choices)


def _test(term: Term, context: FilterContext, scores: Mapping[Word, _Scores]) -> Test:
    tests: list[Test] = []
    for choice in term.choices:
        if isinstance(choice, Word):
            # What a word excludes must hold it as it stands; a liberty would exclude too much.
            word = _Scores(choice, exact=True) if term.negated else scores[choice]
            tests.append(word.holds)
        else:
            tests.append(_choice_test(choice, context, negated=term.negated))
    one = tests[0]
    anyone = one if len(tests) == 1 else lambda row: any(test(row) for test in tests)
    return (lambda row: not anyone(row)) if term.negated else anyone


def _choice_test(choice: ValueChoice, context: FilterContext, *, negated: bool) -> Test:
    match choice:
        case Flag("fav"):
            favourites = frozenset(context.favourites)
            return lambda row: row.model.id in favourites
        case Flag("mine"):
            usable = context.usable
            if usable is None:
                return lambda _row: not negated
            return lambda row: row.model.id in usable
        case Flag(name):
            return lambda row: name in row.flags
        case Text(name, value, exact):
            return _text_test(name, value, context, exact=exact)
        case Number(name, comparison, value):
            compare, asked = _COMPARE[comparison], _units(name, value)
            get = _FIELDS[name]
            return lambda row: (known := get(row)) is not None and compare(known, asked)
        case Range(name, low, high, half_open):
            get, lowest, highest = _FIELDS[name], _units(name, low), _units(name, high)
            below = lt if half_open else le
            return lambda row: (
                (known := get(row)) is not None and lowest <= known and below(known, highest)
            )
        case Days("new", days):
            since = context.now.timestamp() - (days or 0) * _DAY
            return lambda row: row.model.created is not None and row.model.created >= since
        case Days(_, days):
            return lambda row: _expires_within(row.model, context, days)


def _units(name: str, value: Decimal) -> Decimal:
    """Tokens as they are, and USD per token from USD per million."""
    return value / _MILLION if TERMS[name].kind is TermKind.PRICE else value


def _expires_within(model: Model, context: FilterContext, days: int | None) -> bool:
    today, last = context.now.date(), model.expiration_date
    if last is None or not expires(model, today):
        return False
    return days is None or (last - today).days <= days


def _text_test(name: str, value: str, context: FilterContext, *, exact: bool) -> Test:
    """The test of a term with a text; a name that is complete does not match longer ones."""
    wanted = simplified(value)
    exact = exact or wanted in _KNOWN_VALUES.get(name, ())
    is_it: Callable[[str], bool] = wanted.__eq__ if exact else lambda text: text.startswith(wanted)
    match name:
        case "author":
            return lambda row: is_it(row.author)
        case "tok":
            return lambda row: is_it(row.tokenizer)
        case "variant":
            return lambda row: bool(row.variant) and is_it(row.variant)
        case "param":
            if exact:
                return lambda row: wanted in row.parameters
            return lambda row: any(map(is_it, row.parameters))
        case _:
            served = {
                model_id
                for model_id, endpoints in context.endpoints.items()
                for one in endpoints
                if is_it(simplified(one.provider_name)) or is_it(simplified(one.tag))
            }
            return lambda row: row.model.id in served
