"""The chat: which conversation is on screen, which are being answered, and what waits.

It knows no widget; the screen is told through :class:`ChatView`. A conversation that is not on
screen goes on being answered.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from tui.domain.answer import Answer
from tui.domain.conversation import Conversation, Message, MessageState, costs_of
from tui.domain.cost import CostTotal, total
from tui.domain.errors import Failure, WorkbenchError
from tui.domain.events import TurnEvent
from tui.ui.controllers.session import Session
from tui.ui.controllers.settle import can_be_settled, settled
from tui.ui.controllers.turn import Turn, TurnView

_GOES_ON = (MessageState.COMPLETE, MessageState.CUT, MessageState.FILTERED)
"""After these, a waiting message is sent; after any other, it comes back into the prompt."""


class ChatView(Protocol):
    """What the chat tells the screen."""

    def show_conversation(self, conversation: Conversation, running: RunningTurn | None) -> None:
        """Another conversation is on screen."""

    def turn_began(self, prompt: Message, answer: Message) -> None:
        """A message of the shown conversation is on its way."""

    def turn_event(self, message_id: str, event: TurnEvent, answer: Answer) -> None:
        """Something arrived for the shown conversation."""

    def turn_ended(self, message: Message) -> None:
        """An answer of the shown conversation has its final state."""

    def give_back(self, text: str) -> None:
        """The text was not answered: it belongs into the prompt again."""

    def refresh(self) -> None:
        """Costs, the list of conversations or the queue have changed."""


@dataclass(slots=True)
class RunningTurn:
    """A conversation that is being answered, and the messages that wait behind it."""

    conversation: Conversation
    turn: Turn | None = None
    answer: Answer | None = None
    message_id: str = ""
    waiting: list[str] = field(default_factory=list)
    done: asyncio.Event = field(default_factory=asyncio.Event)


class Chat:
    """Opens conversations, sends messages and keeps count."""

    def __init__(self, session: Session, view: ChatView) -> None:
        self.session = session
        self.conversation: Conversation | None = None
        self.spent = CostTotal()
        self.spent_today: CostTotal | None = None
        self._view = view
        self._running: dict[str, RunningTurn] = {}
        self._settling: set[asyncio.Task[None]] = set()

    @property
    def running(self) -> RunningTurn | None:
        """The turn of the conversation on screen, while there is one."""
        return self._running.get(self.conversation.id) if self.conversation is not None else None

    @property
    def model_id(self) -> str:
        """The model that the next message asks; until the first one, that of the settings."""
        conversation = self.conversation
        if conversation is None or not conversation.messages:
            return self.session.default_model()
        return conversation.model

    @property
    def busy(self) -> frozenset[str]:
        """The ids of all conversations that are being answered."""
        return frozenset(self._running)

    async def new(self) -> Conversation:
        """Put an empty conversation on screen."""
        history = await self.session.wait_for_history()
        conversation = await history.new_conversation(self.session.default_model())
        self._show(conversation)
        return conversation

    async def open(self, conversation_id: str) -> bool:
        """Put a stored conversation on screen; False if it does not exist (any more)."""
        running = self._running.get(conversation_id)
        if running is not None:
            self._show(running.conversation)
            return True
        history = await self.session.wait_for_history()
        conversation = await history.load(conversation_id)
        if conversation is None:
            return False
        self._show(conversation)
        self._settle(conversation, conversation.path())
        return True

    def _show(self, conversation: Conversation) -> None:
        self.conversation = conversation
        self._count()
        self._view.show_conversation(conversation, self.running)
        self._view.refresh()

    async def send(self, text: str) -> None:
        """Send a message in the shown conversation, or let it wait while an answer streams."""
        conversation = self.conversation or await self.new()
        running = self._running.get(conversation.id)
        if running is not None:
            running.waiting.append(text)
            self._view.refresh()
            return
        running = self._running[conversation.id] = RunningTurn(conversation, waiting=[text])
        try:
            while running.waiting and await self._run(running, running.waiting.pop(0)):
                pass
        finally:
            del self._running[conversation.id]
            running.done.set()
            if running.waiting:
                self._give_back(conversation, "\n\n".join(running.waiting))
            self._view.refresh()

    async def _run(self, running: RunningTurn, text: str) -> bool:
        """Run one turn; False when waiting messages must not follow."""
        conversation = running.conversation
        if not conversation.messages:
            conversation.model = self.session.default_model()
        try:
            running.turn = await self.session.turn(conversation, _Observer(self, running))
            message = await running.turn.run(text, _parent(conversation))
        except WorkbenchError:
            self._give_back(conversation, text)
            raise
        if message.state is MessageState.FAILED and not message.text:
            self._give_back(conversation, text)
        self._settle(conversation, [message])
        await self._refresh_today()
        return message.state in _GOES_ON

    def _settle(self, conversation: Conversation, messages: Iterable[Message]) -> None:
        """Ask in the background what answers cost that ended without their bill."""
        for message in messages:
            if can_be_settled(message):
                settling = asyncio.create_task(self._settle_one(conversation, message))
                self._settling.add(settling)
                settling.add_done_callback(self._settling.discard)

    async def _settle_one(self, conversation: Conversation, message: Message) -> None:
        message_with_bill = await settled(message, self.session.service)
        if message_with_bill is not None:
            conversation.put(message_with_bill)
            history = await self.session.wait_for_history()
            await history.finish_answer(message_with_bill)
            self.observe_end(message_with_bill, conversation)

    def _give_back(self, conversation: Conversation, text: str) -> None:
        if conversation is self.conversation:
            self._view.give_back(text)
        else:
            conversation.draft = "\n\n".join(filter(None, [text, conversation.draft]))

    def stop(self) -> bool:
        """Stop the answer on screen; False if there is none."""
        running = self.running
        if running is None or running.turn is None:
            return False
        running.turn.stop()
        return True

    def take_back_waiting(self) -> str | None:
        """Take the message that waits last out of the queue."""
        running = self.running
        return running.waiting.pop() if running is not None and running.waiting else None

    async def close(self) -> None:
        """Stop every answer and wait until all are stored."""
        for settling in list(self._settling):
            settling.cancel()
        for running in list(self._running.values()):
            if running.turn is not None:
                running.turn.stop()
            await running.done.wait()

    def _count(self) -> None:
        """Sum up the shown conversation, without the answer that is still streaming."""
        conversation = self.conversation
        if conversation is not None:
            self.spent = total(
                costs_of(
                    message
                    for message in conversation.messages.values()
                    if message.state is not MessageState.STREAMING
                )
            )

    async def _refresh_today(self) -> None:
        history = self.session.history
        if history is not None:
            midnight = (
                datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
            )
            self.spent_today = await history.spent_since(midnight)

    async def count_today(self) -> None:
        """Read what was spent today from the history."""
        await self._refresh_today()
        self._view.refresh()

    def is_shown(self, conversation: Conversation) -> bool:
        """Whether this conversation is the one on screen."""
        return conversation is self.conversation

    def observe_end(self, message: Message, conversation: Conversation) -> None:
        """Count an answer that has ended or whose cost was settled."""
        if self.is_shown(conversation):
            self._count()
            self._view.turn_ended(message)
        self._view.refresh()

    def observe_begin(self, running: RunningTurn, prompt: Message, answer: Message) -> None:
        """Note which answer is streaming."""
        running.message_id = answer.id
        running.answer = None
        if self.is_shown(running.conversation):
            self._view.turn_began(prompt, answer)
        self._view.refresh()

    def observe_event(
        self, running: RunningTurn, message_id: str, event: TurnEvent, answer: Answer
    ) -> None:
        """Pass an event on, if its conversation is on screen."""
        running.answer = answer
        if self.is_shown(running.conversation):
            self._view.turn_event(message_id, event, answer)


class _Observer(TurnView):
    """Tells the chat what one of its turns does."""

    def __init__(self, chat: Chat, running: RunningTurn) -> None:
        self._chat = chat
        self._running = running

    def turn_began(self, prompt: Message, answer: Message) -> None:
        self._chat.observe_begin(self._running, prompt, answer)

    def turn_event(self, message_id: str, event: TurnEvent, answer: Answer) -> None:
        self._chat.observe_event(self._running, message_id, event, answer)

    def turn_ended(self, message: Message, failure: Failure | None) -> None:
        self._chat.observe_end(message, self._running.conversation)


def _parent(conversation: Conversation) -> str | None:
    """The message that the next one follows.

    A turn that failed without a word is left aside: its text is in the prompt again, and the next
    try becomes its sibling.
    """
    path = conversation.path()
    if path and path[-1].state is MessageState.FAILED and not path[-1].text:
        failed_prompt = conversation.messages.get(path[-1].parent_id or "")
        return failed_prompt.parent_id if failed_prompt is not None else None
    return conversation.leaf_id
