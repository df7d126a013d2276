"""What widgets tell their screen: past tense, one class an event."""

from dataclasses import dataclass

from textual.message import Message


@dataclass
class PromptSubmitted(Message):
    """The user sent the text in the prompt; pasted blocks are already unfolded."""

    text: str


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
class DeletionUndone(Message):
    """The user wants the conversation back that was deleted last."""


@dataclass
class RenameRequested(Message):
    """The user wants to give a conversation another title."""

    conversation_id: str
    title: str
