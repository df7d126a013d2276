"""A model's endpoints in rows: the facts a choice of provider is made on, and what it leaves."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from rich.segment import Segment
from textual.binding import Binding, BindingType

from tui.domain.bill import prices_at
from tui.domain.figures import UNKNOWN, price_per_million, tokens_short
from tui.domain.model import Endpoint
from tui.domain.provider_choice import ProviderChoice
from tui.domain.routing_explain import Explanation
from tui.domain.sanitize import single_line
from tui.ui.widgets.catalogue.endpoint_list import EndpointList
from tui.ui.widgets.cells import fitted
from tui.ui.widgets.row_list import RowList

GAP = 1
"""Cells between two columns."""
_LONGEST_NAME = 60
_WIDEST_NAME = 32
_MEDIAN = "p50"
_BECAUSE = {
    "only": "not in only",
    "ignore": "never",
    "order": "not in order",
    "quantizations": "quantization",
    "max_price": "too dear",
    "require_parameters": "lacks params",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """One endpoint as the table shows it; ``place`` is its turn in an order, from 1 on, or 0."""

    endpoint: Endpoint
    now: datetime
    because: tuple[str, ...] = ()
    place: int = 0

    @property
    def note(self) -> str:
        """Why it is left out, or that it has trouble."""
        if self.because:
            return ", ".join(_BECAUSE.get(one, one) for one in self.because)
        if self.endpoint.status:
            return f"trouble ({self.endpoint.status})"
        return ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column; of those that do not fit, the highest ``rank`` goes first."""

    heading: str
    width: int
    rank: int
    cell: Callable[[Offer], str]
    style: str = "text"
    right: bool = True


def _sign(offer: Offer) -> str:
    return "✗" if offer.because else str(offer.place) if offer.place else "·"


def _name(offer: Offer) -> str:
    endpoint = offer.endpoint
    variant = endpoint.tag.partition("/")[2]
    name = single_line(endpoint.provider_name or endpoint.tag, _LONGEST_NAME)
    return f"{name} ({single_line(variant, _LONGEST_NAME)})" if variant else name


def _price(name: str) -> Callable[[Offer], str]:
    def cell(offer: Offer) -> str:
        pricing = prices_at(offer.endpoint.pricing, 0, offer.now)
        return _known(price_per_million(getattr(pricing, name)))

    return cell


def _median(values: Mapping[str, float], scale: float, digits: int, unit: str = "") -> str:
    return f"{values[_MEDIAN] / scale:,.{digits}f}{unit}" if _MEDIAN in values else "–"


def _known(words: str) -> str:
    return "–" if words == UNKNOWN else words


def _uptime(offer: Offer) -> str:
    up = offer.endpoint.uptime_last_1d
    up = offer.endpoint.uptime_last_30m if up is None else up
    return "–" if up is None else f"{up:.4g}%"


def _quantization(offer: Offer) -> str:
    known = offer.endpoint.quantization
    return single_line(known, 20) if known and known != "unknown" else "–"


_COLUMNS = (
    Column("", 2, 0, _sign, "accent", right=False),
    Column("Provider", 14, 0, _name, right=False),
    Column("in / M", 7, 1, _price("prompt"), "money"),
    Column("out / M", 7, 2, _price("completion"), "money"),
    Column("tok/s", 5, 4, lambda one: _median(one.endpoint.throughput_last_30m, 1, 0)),
    Column("first", 5, 5, lambda one: _median(one.endpoint.latency_last_30m, 1000, 1, " s")),
    Column("up", 6, 6, _uptime),
    Column("ctx", 5, 8, lambda one: _known(tokens_short(one.endpoint.context_length))),
    Column("quant", 5, 7, _quantization, "quiet", right=False),
    Column("", 13, 3, lambda one: one.note, "warning", right=False),
)


class EndpointTable(RowList):
    """Those that may answer first, in their order; those left out are dim and say why.

    ``o``, ``p`` and ``n`` say who may serve the model, as in the model browser.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "want('only')", "Only", id="routing.only", tooltip="Only this one, or any"),
        Binding(
            "p",
            "want('prefer')",
            "Prefer",
            id="routing.prefer",
            tooltip="This one first, or no preference",
        ),
        Binding(
            "n", "want('never')", "Never", id="routing.never", tooltip="Never this one, or allow it"
        ),
    ]

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id)
        self._offers: list[Offer] = []

    @property
    def count(self) -> int:
        """How many endpoints there are."""
        return len(self._offers)

    @property
    def current(self) -> Endpoint | None:
        """The endpoint under the cursor."""
        return None if self.cursor is None else self._offers[self.cursor].endpoint

    def show(self, explanation: Explanation, ordered: int, now: datetime) -> None:
        """Show the endpoints; the first ``ordered`` of those allowed are tried in their order.

        The cursor stays at its endpoint.
        """
        current = self.current
        self._offers = [
            *(
                Offer(one, now, place=place if place <= ordered else 0)
                for place, one in enumerate(explanation.allowed, 1)
            ),
            *(Offer(one.endpoint, now, one.because) for one in explanation.excluded),
        ]
        tags = [offer.endpoint.tag for offer in self._offers]
        is_there = current is not None and current.tag in tags
        self.rows_changed(tags.index(current.tag) if current is not None and is_there else 0)

    def laid(self, width: int) -> list[tuple[Column, int]]:
        """The columns that fit into a width, each with its own; the names take what is left."""
        kept = list(_COLUMNS)
        while len(kept) > 2 and _needed(kept) > width:
            kept.remove(max(kept, key=lambda column: column.rank))
        spare = width - _needed(kept)
        extra = min(max(0, spare), _WIDEST_NAME - kept[1].width)
        widths = [column.width + (extra if column is kept[1] else 0) for column in kept]
        widths[-1] = max(1, widths[-1] + spare - extra)
        return list(zip(kept, widths, strict=True))

    def row_segments(self, index: int, width: int, ground: str) -> list[Segment]:
        """One endpoint."""
        offer = self._offers[index]
        gap = Segment(" " * GAP, self.style_of("text", ground))
        segments: list[Segment] = []
        for column, room in self.laid(width):
            style = "quiet" if offer.because and column.style != "warning" else column.style
            words = fitted(column.cell(offer), room, right=column.right)
            segments += [gap, Segment(words, self.style_of(style, ground))]
        return segments[1:]

    def action_want(self, choice: str) -> None:
        """Ask for something of the endpoint's provider."""
        endpoint = self.current
        if endpoint is not None and endpoint.tag:
            self.post_message(EndpointList.ChoiceMade(endpoint.tag, ProviderChoice(choice)))


def _needed(columns: Sequence[Column]) -> int:
    return sum(column.width for column in columns) + GAP * (len(columns) - 1)
