"""What widgets tell their screen: past tense, one class an event."""

from dataclasses import dataclass

from textual.message import Message

from tui.domain.offers import Offer


@dataclass
class PromptSubmitted(Message):
    """The user sent the text in the prompt; pasted blocks are already unfolded."""

    text: str


@dataclass
class OfferTaken(Message):
    """An offer stands in the prompt now."""

    offer: Offer


@dataclass
class TextPasted(Message):
    """A text was pasted, or dropped, and stands in the prompt from ``start`` to ``end``."""

    text: str
    start: tuple[int, int]
    end: tuple[int, int]


@dataclass
class CommandGiven(Message):
    """The user gave a command in the prompt, by its name; ``value`` is what stood behind it."""

    name: str
    value: str


@dataclass
class ModeChanged(Message):
    """The prompt has gone to normal mode, or back to typing."""

    normal: bool


@dataclass
class OffersChanged(Message):
    """The prompt offers something else to go on with, or nothing any more."""


@dataclass
class DraftChanged(Message):
    """The text in the prompt is another one now."""


@dataclass
class ScrollRequested(Message):
    """The prompt has no use for a scroll key: it is meant for the transcript."""

    pages: int


@dataclass
class ConversationChosen(Message):
    """The user opened a conversation in the sidebar."""

    conversation_id: str


@dataclass
class UndoRequested(Message):
    """The user wants back what was deleted, or put aside, last."""


@dataclass
class TitleRequested(Message):
    """The user wants a model to give a conversation its title."""

    conversation_id: str


@dataclass
class RenameRequested(Message):
    """The user wants to give a conversation another title."""

    conversation_id: str
    title: str
