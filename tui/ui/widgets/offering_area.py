"""A text area that offers what the word that is being typed may become."""

from textual.actions import SkipAction
from textual.widgets.text_area import Location

from tui.ui.controllers.completing import Completing, Taken
from tui.ui.messages import OffersChanged, OfferTaken
from tui.ui.widgets.folding_area import FoldingArea


class OfferingArea(FoldingArea):
    """Keeps the focus while the screen shows the list; ``completing`` knows what is in it.

    ``in_order`` is set while keys are handled one after another. A key that the list had no use for
    comes back by the app later, when another list may be open; it means nothing to that one.
    """

    def __init__(self, *, placeholder: str = "", id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(placeholder=placeholder, id=id)
        self.completing = Completing()
        self.in_order = False

    def action_send(self) -> None:
        """Send the text: what is whole with an offer."""
        raise NotImplementedError

    def put(self, text: str) -> None:
        """Replace the text; nothing is offered for it, since it was not typed."""
        super().put(text)
        self.hush()

    def on_text_area_selection_changed(self) -> None:
        """Offer what goes with where the cursor is now."""
        self._look()

    def action_offers_move(self, step: int) -> None:
        """Choose another offer; without any the key is left to the text."""
        self._need_offers()
        self.completing.move(step)
        self.post_message(OffersChanged())

    def action_offers_take(self) -> None:
        """Take the offer that is chosen; what is said with it already, or then, is sent."""
        self._need_offers()
        taken = self.completing.taken()
        if taken is None or not taken.changes:
            raise SkipAction
        self._fill(taken)

    def action_offers_fill(self) -> None:
        """Put in the offer that is chosen, or else the first.

        Where a closed list could be, it is opened; the key never leaves a word that has one.
        """
        if self.in_order and self._opens_again():
            return
        self._need_offers()
        if self.completing.chosen is None:
            self.completing.choose(0)
        taken = self.completing.taken()
        if taken is not None:
            self._insert(taken)

    def action_offers_close(self) -> None:
        """Offer nothing more for this word."""
        self._need_offers()
        self.completing.close()
        self.post_message(OffersChanged())

    def take_offer(self, place: int) -> None:
        """Take an offer by its place in the list, as if it had been chosen."""
        self.completing.choose(place)
        taken = self.completing.taken()
        if taken is not None:
            self._fill(taken)
        self.focus()

    def look_again(self) -> None:
        """Ask anew what can be offered: a source has learnt something since."""
        if self.completing.look_again():
            self.post_message(OffersChanged())

    def _need_offers(self) -> None:
        """Leave the key to others without offers, also one that comes back later by the app."""
        if self.in_order:
            self._look()
        if not self.in_order or self.completing.shown is None:
            raise SkipAction

    def _opens_again(self) -> bool:
        """Whether the list was closed, or empty, and the cursor is at a word that it is for."""
        self._look()
        opened = self.completing.shown is None and self.completing.open_again()
        if opened:
            self.post_message(OffersChanged())
        return opened

    def _look(self) -> None:
        if self.selection.is_empty:
            cursor = len(self.document.get_text_range((0, 0), self.cursor_location))
            changed = self.completing.look(self.text, cursor)
        else:
            changed = self.completing.look("", 0)
        if changed:
            self.post_message(OffersChanged())

    def hush(self) -> None:
        """Offer nothing until something else is typed."""
        self.completing.hush(self.text)
        self.post_message(OffersChanged())

    def _fill(self, taken: Taken) -> None:
        self._insert(taken)
        if taken.offer.whole:
            self.action_send()

    def _insert(self, taken: Taken) -> None:
        start, end = self._location(taken.start), self._location(taken.end)
        result = self.replace(taken.offer.text, start, end, maintain_selection_offset=False)
        self.move_cursor(result.end_location)
        self.post_message(OfferTaken(taken.offer))

    def _location(self, index: int) -> Location:
        """The place of a character of the text."""
        lines = self.text[:index].split(self.document.newline)
        return len(lines) - 1, len(lines[-1])
