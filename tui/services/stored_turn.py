"""A turn without a screen, stored like any other: before it is sent, as it streams, at its end."""

from datetime import UTC, datetime
from uuid import uuid4

from tui.domain.answer import Answer
from tui.domain.answered import answered
from tui.domain.conversation import Conversation, Message, MessageState, Role
from tui.domain.events import TurnEvent
from tui.services.history import History
from tui.services.recorder import Recorder


class StoredTurn:
    """The only turn of a new conversation; ``id`` is that of its answer."""

    def __init__(self, history: History, message: Message, answer: Answer) -> None:
        self._history = history
        self._message = message
        self._answer = answer
        self._recorder = Recorder(history, message)

    @classmethod
    async def begin(
        cls, history: History, conversation: Conversation, prompt: Message, answer: Answer
    ) -> "StoredTurn":
        """Write the prompt and the answer that is about to stream."""
        now = datetime.now(UTC)
        message = Message(
            id=uuid4().hex,
            conversation_id=conversation.id,
            parent_id=prompt.id,
            role=Role.ASSISTANT,
            text="",
            created_at=now,
            state=MessageState.STREAMING,
            generation=answer.begun(now),
        )
        await history.begin_turn(conversation, prompt, message)
        return cls(history, message, answer)

    @property
    def id(self) -> str:
        """The id of the answer, which its request carries too."""
        return self._message.id

    async def record(self, event: TurnEvent) -> None:
        """Keep what the event brought; the answer has taken it."""
        await self._recorder.record(event)

    async def end(self) -> None:
        """Write the answer in its final state."""
        await self._recorder.finish(answered(self._message, self._answer, datetime.now(UTC)))
