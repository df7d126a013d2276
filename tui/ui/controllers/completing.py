"""What the prompt may go on with: asks the sources, and knows which of their offers is chosen."""

from collections.abc import Iterable
from dataclasses import dataclass

from tui.domain.offers import Offer, Offers, OfferSource


@dataclass(frozen=True, slots=True)
class Taken:
    """An offer that was taken: what to put in the place of which characters of the prompt.

    ``changes`` is False if the prompt says just that already, white space at the end aside.
    """

    start: int
    end: int
    offer: Offer
    changes: bool


class Completing:
    """A list of offers that opens while one types, and only then.

    A text that was put into the prompt, such as an earlier one, opens nothing: its Up and Down go
    on to other prompts. What is shown depends on the text and the cursor alone, never on how
    quickly one types.
    """

    def __init__(self, sources: Iterable[OfferSource] = ()) -> None:
        self.sources = list(sources)
        self.shown: Offers | None = None
        self.chosen: int | None = None
        self._seen: tuple[str, int] | None = None
        self._quiet_text: str | None = None
        self._closed_at: int | None = None

    def look(self, text: str, cursor: int) -> bool:
        """See what the prompt says now, ``cursor`` in characters; whether the list is another."""
        if (text, cursor) == self._seen:
            return False
        self._seen = text, cursor
        if text != self._quiet_text:
            self._quiet_text = None
        found = self._offers(text, cursor) if self._quiet_text is None else None
        if self._closed_at is not None:
            if found is not None and found.start == self._closed_at:
                found = None
            else:
                self._closed_at = None
        before, self.shown = self.shown, found
        # Where nothing is typed yet, Enter sends what is there: an argument may be left out.
        self.chosen = 0 if found is not None and found.start < found.end else None
        return found is not None or before is not None

    def look_again(self) -> bool:
        """Ask the sources anew: one of them has learnt something since."""
        if self._seen is None:
            return False
        (text, cursor), self._seen = self._seen, None
        return self.look(text, cursor)

    def hush(self, text: str) -> None:
        """Offer nothing for this text, which was not typed, until another one is."""
        self._quiet_text = text
        self._closed_at = self.shown = self.chosen = None
        self._seen = None

    def close(self) -> None:
        """Offer nothing more for the word that is being typed."""
        if self.shown is not None:
            self._closed_at = self.shown.start
            self.shown = self.chosen = None

    def open_again(self) -> bool:
        """Offer for the word under the cursor even if the list was closed; False: no such word."""
        if self._seen is None or all(one.offers(*self._seen) is None for one in self.sources):
            return False
        self._closed_at = self._quiet_text = None
        self.look_again()
        return True

    def move(self, step: int) -> None:
        """Choose another offer; behind the last comes the first."""
        if self.shown is not None:
            count = len(self.shown.offers)
            if self.chosen is None:
                self.chosen = 0 if step > 0 else count - 1
            else:
                self.chosen = (self.chosen + step) % count

    def choose(self, place: int) -> None:
        """Choose one of the offers by its place in the list."""
        if self.shown is not None and 0 <= place < len(self.shown.offers):
            self.chosen = place

    def taken(self) -> Taken | None:
        """What taking the offer that is chosen means; None if none is."""
        if self.shown is None or self._seen is None or self.chosen is None:
            return None
        offer = self.shown.offers[self.chosen]
        start, end = self.shown.start, self.shown.end
        changes = self._seen[0][start:end].rstrip() != offer.text.rstrip()
        return Taken(start, end, offer, changes)

    def _offers(self, text: str, cursor: int) -> Offers | None:
        for source in self.sources:
            found = source.offers(text, cursor)
            if found is not None and found.offers:
                return found
        return None
