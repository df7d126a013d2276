"""Models side by side as text: a row for each fact, the best value of a row marked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from rich.cells import cell_len
from textual.content import Content

from tui.domain.catalogue_context import FilterContext
from tui.domain.catalogue_facts import TURNS
from tui.domain.catalogue_row import CAPABILITIES, Capability, expiry_words, short_name
from tui.domain.catalogue_search import Found
from tui.domain.catalogue_sort import latency, throughput, turn_price
from tui.domain.figures import money, price_per_million, tokens
from tui.domain.model import Endpoint
from tui.domain.sanitize import single_line
from tui.ui.widgets.cells import fitted

_LABEL = 16
_GAP = 2
_WIDEST = 34
_BEST, _BEST_IN_SHORT = "◂ best", "◂"
_NOTHING = "–"

Figure = Decimal | float | int | None


@dataclass(frozen=True, slots=True)
class _Row:
    """One fact: its words for each model and, where they can be compared, its figures."""

    label: str
    words: tuple[str, ...]
    figures: tuple[Figure, ...] = ()
    lowest_is_best: bool = True

    @property
    def best(self) -> frozenset[int]:
        """The places of the best value; none if all are the same or only one is known."""
        known = [figure for figure in self.figures if figure is not None]
        if len(known) < 2 or len(set(known)) < 2:
            return frozenset()
        best = min(known) if self.lowest_is_best else max(known)
        return frozenset(place for place, figure in enumerate(self.figures) if figure == best)


def sheet_text(models: Sequence[Found], context: FilterContext, width: int) -> Content:
    """The sheet in ``width`` cells."""
    room = max(10, min(_WIDEST, (width - _LABEL) // max(1, len(models)) - _GAP))
    heads = [
        Content.styled(" " * _LABEL, "").append(
            Content(" " * _GAP).join(
                [Content.styled(fitted(words, room), style) for words in texts]
            )
        )
        for texts, style in (
            ([_numbered(place, found) for place, found in enumerate(models)], "bold $text-accent"),
            ([single_line(found.model.id, 200) for found in models], "$quiet"),
        )
    ]
    lines = [*heads, Content("")]
    for row in _rows(models, context):
        cells = [Content.styled(fitted(row.label, _LABEL), "$quiet")]
        for place, words in enumerate(row.words):
            is_best = place in row.best
            text = _with_mark(words, room) if is_best else words
            cell = Content.styled(fitted(text, room), "bold $money" if is_best else "")
            cells += [cell, Content(" " * _GAP)]
        lines.append(Content("").join(cells))
    return Content("\n").join(lines)


def _with_mark(words: str, room: int) -> str:
    """The words of a best value with as much of its mark as fits."""
    in_full = f"{words} {_BEST}"
    return in_full if cell_len(in_full) <= room else f"{words} {_BEST_IN_SHORT}"


def _numbered(place: int, found: Found) -> str:
    return f"{place + 1} {single_line(short_name(found.model), 200)}"


def _rows(models: Sequence[Found], context: FilterContext) -> list[_Row]:
    def said(label: str, words: Callable[[Found], object]) -> _Row:
        return _Row(label, tuple(_words(words(found)) for found in models))

    def lowest(
        label: str, figure: Callable[[Found], Figure], words: Callable[[Figure], str]
    ) -> _Row:
        figures = tuple(figure(found) for found in models)
        return _Row(label, tuple(map(words, figures)), figures)

    def highest(
        label: str, figure: Callable[[Found], Figure], words: Callable[[Figure], str]
    ) -> _Row:
        return replace(lowest(label, figure, words), lowest_is_best=False)

    def can(one: Capability) -> _Row:
        return said(one.word, lambda found: "✓ yes" if one.flag in found.row.flags else "no")

    def turn(found: Found) -> Figure:
        return turn_price(found.row, context.turn, context.now)

    def endpoints(found: Found) -> Sequence[Endpoint]:
        return context.endpoints.get(found.model.id, ())

    return [
        said("author", lambda found: found.model.author),
        lowest("prompt / M", lambda found: found.row.prompt, _price),
        lowest("answer / M", lambda found: found.row.completion, _price),
        lowest("cache read / M", lambda found: found.row.cache_read, _price),
        lowest("cache write / M", lambda found: found.row.pricing.input_cache_write, _price),
        lowest(f"{TURNS:,} turns", turn, _many),
        highest("context", lambda found: found.model.context_length, _count),
        highest("answer up to", lambda found: found.model.max_completion_tokens, _count),
        highest("intelligence", lambda found: _index(found, "intelligence"), _plain),
        highest("coding", lambda found: _index(found, "coding"), _plain),
        highest("tokens per s", lambda found: throughput(endpoints(found)), _plain),
        lowest("first token, ms", lambda found: latency(endpoints(found)), _plain),
        *map(can, CAPABILITIES),
        said("tokenizer", lambda found: found.model.tokenizer),
        highest("knows until", _cutoff, _date),
        said("ends", lambda found: expiry_words(found.model, context.now)),
    ]


def _words(value: object) -> str:
    return single_line(str(value), 200) if value else _NOTHING


def _price(figure: Figure) -> str:
    return _NOTHING if figure is None else price_per_million(Decimal(figure))


def _many(figure: Figure) -> str:
    return _NOTHING if figure is None else money(Decimal(figure) * TURNS)


def _count(figure: Figure) -> str:
    return _NOTHING if figure is None else tokens(int(figure))


def _plain(figure: Figure) -> str:
    return _NOTHING if figure is None else f"{figure:,.4g}"


def _index(found: Found, name: str) -> float | None:
    return found.model.benchmarks.get(f"{name}_index")


def _cutoff(found: Found) -> int | None:
    day = found.model.knowledge_cutoff
    return None if day is None else day.toordinal()


def _date(figure: Figure) -> str:
    return _NOTHING if figure is None else str(date.fromordinal(int(figure)))
