"""What a prompt that is being typed may go on with: a command, a file, a preset."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Offer:
    """One way to go on: ``text`` is what is put in, ``words`` and ``help`` are for the list.

    ``whole`` says that nothing can follow: Enter, which takes it, sends the prompt as well.
    """

    text: str
    words: str
    help: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Offers:
    """What may stand in the place of the characters from ``start`` to ``end`` of the prompt."""

    start: int
    end: int
    offers: Sequence[Offer]


class OfferSource(Protocol):
    """Offers something for one kind of word; asked at each key, so it answers at once."""

    def offers(self, text: str, cursor: int) -> Offers | None:
        """What the prompt may go on with where the cursor is (in characters).

        None if the word there is none of its kind; no offers if it is, and nothing is known.
        """
