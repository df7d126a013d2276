"""What the chat tells the screen, and asks of it."""

from typing import Protocol

from tui.domain.conversation import Conversation, Message
from tui.domain.events import TurnEvent
from tui.ui.controllers.running_turn import RunningTurn


class ChatView(Protocol):
    """What the chat tells the screen, and asks of it."""

    def typed(self) -> str:
        """What is in the prompt."""

    def clear_typed(self) -> None:
        """What is in the prompt is stored, and belongs to a conversation that leaves."""

    def show_conversation(self, conversation: Conversation, running: RunningTurn | None) -> None:
        """Another conversation is on screen, with its draft."""

    def turn_began(self, prompt: Message, answer: Message) -> None:
        """A message of the shown conversation is on its way."""

    def turn_event(self, message_id: str, event: TurnEvent) -> None:
        """Something arrived for the shown conversation."""

    def turn_ended(self, message: Message) -> None:
        """An answer of the shown conversation has its final state."""

    def give_back(self, text: str) -> None:
        """The text was not sent: it belongs into the prompt again."""

    def offer_again(self, text: str) -> None:
        """The text was sent, and stored, but not answered: it may be sent again."""

    def refresh(self) -> None:
        """Costs, the list of conversations or the queue have changed."""
