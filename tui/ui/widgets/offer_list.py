"""The list over the prompt: what the word that is being typed may become."""

from dataclasses import dataclass

from rich.cells import cell_len
from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from tui.domain.offers import Offer, Offers
from tui.domain.sanitize import single_line

_MOST_ROWS = 8
_WIDEST_WORDS = 60
"""Of words with a help behind them; without one they may be as long as a line."""
_LONGEST = 200
_GAP = 3


@dataclass
class OfferClicked(Message):
    """An offer was clicked; ``place`` is its place among all of them."""

    place: int


class OfferList(Static):
    """At most eight lines right above the prompt, over what is there; it never has the focus."""

    DEFAULT_CSS = """
    OfferList {
        overlay: screen;
        constrain: inside;
        width: 100%;
        height: auto;
        max-height: 8;
        padding: 0 1;
        background: $panel;
        text-wrap: nowrap;
        text-overflow: ellipsis;
        display: none;
        &.-open { display: block; }
    }
    """

    def __init__(self) -> None:
        super().__init__(markup=False)
        self.can_focus = False
        self._top = 0

    @property
    def is_open(self) -> bool:
        """Whether it is on the screen."""
        return self.has_class("-open")

    def show(self, offers: Offers | None, chosen: int | None) -> None:
        """Show these, with the chosen one in sight; without any, go away."""
        self.set_class(offers is not None, "-open")
        if offers is None:
            self._top = 0
            return
        count = len(offers.offers)
        rows = min(count, _MOST_ROWS)
        at = chosen or 0
        self._top = max(0, min(self._top, at, count - rows), at - rows + 1)
        width = _GAP + max((cell_len(_words(one)) for one in offers.offers if one.help), default=0)
        lines = [
            _line(offers.offers[place], width, chosen=place == chosen)
            for place in range(self._top, self._top + rows)
        ]
        if below := count - self._top - rows:
            lines[-1] += Content.styled(f"   ↓ {below} more", "$text-muted")
        self.styles.offset = (0, -rows)
        self.update(Content("\n").join(lines))

    def on_click(self, event: events.Click) -> None:
        """Take the offer that was clicked."""
        event.stop()
        self.post_message(OfferClicked(self._top + event.y))


def _words(offer: Offer) -> str:
    return single_line(offer.words, _WIDEST_WORDS if offer.help else _LONGEST)


def _line(offer: Offer, width: int, *, chosen: bool) -> Content:
    mark = "▸ " if chosen else "  "
    words = _words(offer)
    padded = words + " " * (width - cell_len(words))
    return Content.assemble(
        (mark, "$text-accent"),
        (padded, "$text-accent bold" if chosen else "$foreground"),
        (single_line(offer.help, _LONGEST), "$text-muted"),
    )
