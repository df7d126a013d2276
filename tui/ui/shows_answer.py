"""Screens over the chat that show one of its answers."""

from typing import Protocol, runtime_checkable

from tui.domain.conversation import Message


@runtime_checkable
class ShowsAnswer(Protocol):
    """A screen that wants to know when an answer has ended, or its bill has come."""

    def answer_changed(self, message: Message) -> None:
        """More is known of an answer, maybe of another one than is shown."""
