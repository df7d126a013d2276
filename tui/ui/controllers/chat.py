"""The chat: which conversation is on screen, which are being answered, and what waits.

It knows no widget; the screen is told through :class:`ChatView`. A conversation that is not on
screen goes on being answered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, time
from functools import partial

from tui.domain.attachments import Attachment
from tui.domain.conversation import Conversation, Message, MessageState
from tui.domain.cost import CostTotal
from tui.domain.errors import Failure
from tui.domain.events import TurnEvent
from tui.domain.parameters_layers import Layer
from tui.domain.tree import ASKED_IN_VAIN, Asking
from tui.domain.under_way import UnderWay
from tui.ui.controllers.budgeting import Gate, Passage
from tui.ui.controllers.chat_view import ChatView
from tui.ui.controllers.chips import Unsent
from tui.ui.controllers.drafts import Drafts, joined
from tui.ui.controllers.reservation import Aside, Reservation
from tui.ui.controllers.running_turn import RunningTurn, asked, is_typed
from tui.ui.controllers.session import Session
from tui.ui.controllers.settle import Settler
from tui.ui.controllers.turn import Turn

_GOES_ON = (MessageState.COMPLETE, MessageState.CUT, MessageState.FILTERED)
"""After these, a waiting message is sent; after any other, it comes back into the prompt."""


class Chat:
    """Opens conversations, sends messages and keeps count.

    ``failures`` are those of this run, by the ids of the answers that they ended. ``kept`` are
    conversations that were on screen and may come back without being read from the history.
    ``ended`` are called with every answer that has ended, also of those not on screen. ``drafts``
    are what was not sent yet, typed or waiting, with its ``chips`` and its ``outbox``.
    """

    def __init__(self, session: Session, view: ChatView) -> None:
        self.session = session
        self.conversation: Conversation | None = None
        self.gate: Gate | None = None
        self.asides: list[Aside] = []
        self.spent = CostTotal()
        self.spent_today: CostTotal | None = None
        self.failures: dict[str, Failure] = {}
        self.kept: dict[str, Conversation] = {}
        self.ended: list[Callable[[Conversation, Message], None]] = []
        self._view = view
        self._running: dict[str, RunningTurn] = {}
        self._opening = 0
        self._settler = Settler(session, self.settled)
        self.drafts = Drafts(session, view, self._running, lambda: self.conversation)
        self.chips, self.outbox = self.drafts.chips, self.drafts.outbox

    @property
    def running(self) -> RunningTurn | None:
        """The turn of the conversation on screen, while there is one."""
        return self._running.get(self.conversation.id) if self.conversation is not None else None

    @property
    def model_id(self) -> str:
        """The model that the next message asks; until one is chosen, that of the settings."""
        conversation = self.conversation
        if conversation is None or not conversation.has_model:
            return self.session.default_model()
        return conversation.model

    def use_model(self, model_id: str) -> None:
        """Let another model answer from the next message on."""
        conversation = self.conversation
        if conversation is not None:
            conversation.model = model_id
            conversation.settings = replace(conversation.settings, own_model=True)
            self.drafts.store_setup_soon(conversation)
            self._view.refresh()

    @property
    def busy(self) -> frozenset[str]:
        """The ids of all conversations that are being answered."""
        return frozenset(self._running)

    def under_way(self) -> list[UnderWay]:
        """What is being answered, or may be sent, until it is part of what was spent."""
        found = [one.under_way for one in self._running.values()]
        found += [one.under_way for one in self.asides]
        return [one for one in found if one is not None]

    def in_hand(self) -> list[tuple[Conversation, str | None]]:
        """Those that are being answered, with the ids of the answers, and the one on screen."""
        held = [(one.conversation, one.answer_id) for one in self._running.values()]
        shown = self.conversation
        return held if shown is None or shown.id in self._running else [*held, (shown, None)]

    async def new(self) -> Conversation:
        """Put an empty conversation on screen."""
        self._opening += 1
        history = await self.session.wait_for_history()
        conversation = await history.new_conversation(self.session.default_model())
        self._show(conversation)
        return conversation

    async def open(self, conversation_id: str) -> bool:
        """Put a stored conversation on screen; False if it does not exist (any more).

        If another one is opened before this one is read, that one stays.
        """
        self._opening += 1
        opening = self._opening
        conversation = self.kept.get(conversation_id)
        if conversation is None and conversation_id not in self._running:
            history = await self.session.wait_for_history()
            await self.drafts.written()
            conversation = await history.load(conversation_id)
            await self.drafts.restore_files(conversation_id)
        if opening != self._opening:
            return True
        running = self._running.get(conversation_id)
        conversation = running.conversation if running is not None else conversation
        if conversation is None:
            return False
        self.drafts.opened(conversation)
        self._show(conversation)
        self._settler.ask(conversation, conversation.path())
        return True

    def _show(self, conversation: Conversation) -> None:
        before, typed = self.conversation, self._view.typed()
        if before is None:
            # What was typed before the first conversation was there is part of its draft.
            conversation.draft = joined([conversation.draft, typed])
        elif before is not conversation:
            before.draft = typed
            self.drafts.store_soon(before)
        self.conversation = conversation
        self._count()
        self._view.show_conversation(conversation, self.running)
        self._view.refresh()

    async def send(
        self,
        text: str,
        branch: Asking | None = None,
        once: Sequence[Layer] = (),
        attachments: Sequence[Attachment] = (),
        within: Conversation | None = None,
    ) -> None:
        """Send a message, or let it wait while an answer streams.

        It belongs to the conversation ``within``, else to the shown one.

        It follows the active path, or makes a new branch, which does not wait: while an answer
        streams, its text waits as the next message. ``once`` goes over the settings for this send.
        """
        conversation = within or self.conversation or await self.new()
        unsent = Unsent(text, tuple(attachments))
        running = self._running.get(conversation.id)
        if running is not None:
            running.waiting.append(unsent)
            self._view.refresh()
            await self.drafts.store(conversation)
            return
        running = RunningTurn(conversation, [unsent], branch=branch, once=once)
        self._running[conversation.id] = running
        try:
            while running.waiting and not running.stopping:
                passage = await running.at_gate(self.gate) if self.gate else Passage.GO
                if passage is Passage.TAKEN:
                    running.waiting.pop(0)
                    running.branch = None  # what waits behind was typed
                if passage is not Passage.GO:
                    break
                if not await self._run(running, running.waiting.pop(0)):
                    break
        finally:
            del self._running[conversation.id]
            if running.unsent:
                self.drafts.return_to(conversation, running.unsent)
            self._view.refresh()
            await self.drafts.store(conversation)
            running.done.set()

    async def _run(self, running: RunningTurn, unsent: Unsent) -> bool:
        """Run one turn; False when waiting messages must not follow."""
        conversation = running.conversation
        branch, running.branch = running.branch, None
        once, running.once = running.once, ()
        typed = [unsent] if is_typed(unsent.text, branch) else []
        if not conversation.has_model:
            conversation.model = self.session.default_model()
        running.leaving = typed
        left = partial(self.drafts.of, conversation, leaving=False)
        try:
            async with self.session.turn(conversation, self, once, left) as turn:
                if running.stopping:
                    return False
                running.turn = turn
                message = await asked(turn, unsent, branch)
            # What waits comes back into the prompt itself.
            if message.state in ASKED_IN_VAIN and not running.waiting:
                self.drafts.offer_again(conversation, typed)
            self._settler.ask(conversation, [message])
            await self._refresh_today()
        finally:
            # What did not become a message comes back, before what waits behind it.
            running.waiting[:0], running.leaving = running.leaving, []
            # Together, so that no sum ever holds the answer twice: as running, and as kept.
            running.turn, running.reservation = None, Reservation()
            self._count()
        return message.state in _GOES_ON

    def stop(self) -> bool:
        """Stop the answer on screen; False if there is none."""
        running = self.running
        if running is not None:
            running.stop()
        return running is not None

    async def close(self) -> None:
        """Stop every answer, wait until all are stored, and store the drafts."""
        self._settler.stop()
        running = list(self._running.values())
        for turn in running:
            turn.stop()
        for turn in running:
            await turn.done.wait()
        await self.drafts.keep()
        await self.drafts.written()
        self.conversation = None

    async def leave_history(self) -> None:
        """Close, so that another history can be opened."""
        left = self.conversation
        await self.close()
        self.drafts.leave_history(left)

    async def settled(self, conversation: Conversation, message: Message) -> None:
        """Keep an answer whose bill has come after all, and tell the screen."""
        history = await self.session.wait_for_history()
        await history.settle_answer(message)
        await self._refresh_today()
        self._put(conversation, message)
        self._count()
        self._view.refresh()

    def _put(self, conversation: Conversation, message: Message) -> None:
        shown = self.conversation
        for one in (conversation, self.kept.get(conversation.id), shown):
            # It may be gone for good from what was read since.
            if one is not None and one.id == conversation.id and message.id in one.messages:
                one.put(message)
        if shown is not None and message.id in shown.messages:
            self._view.turn_ended(message)
        self._view.refresh()

    def turn_began(self, turn: Turn, prompt: Message, answer: Message) -> None:
        """Tell the screen; what waits is still unsent, while storing the turn emptied the draft."""
        running = self._running.get(turn.conversation.id)
        if running is not None:
            running.leaving = []
        self.drafts.turn_stored(turn.conversation)
        if turn.conversation is self.conversation:
            self._view.turn_began(prompt, answer)
        self._view.refresh()

    def turn_event(self, turn: Turn, message_id: str, event: TurnEvent) -> None:
        """Tell the screen, if the conversation is on it."""
        if turn.conversation is self.conversation:
            self._view.turn_event(message_id, event)

    def turn_ended(self, turn: Turn, message: Message) -> None:
        """Tell the screen; the answer counts as the running one until today's sum has it, too."""
        if turn.answer is not None and turn.answer.failure is not None:
            self.failures[message.id] = turn.answer.failure
        for tell in self.ended:
            tell(turn.conversation, message)
        self._put(turn.conversation, message)

    def _count(self) -> None:
        """Sum up the shown conversation, without the answer that is still streaming."""
        if self.conversation is not None:
            self.spent = self.conversation.spent()

    async def recount(self) -> None:
        """Count again what was spent, as when a conversation was given a title."""
        self._count()
        await self.count_today()

    async def count_today(self) -> None:
        """Read what was spent today from the history."""
        await self._refresh_today()
        self._view.refresh()

    async def _refresh_today(self) -> None:
        history = self.session.history
        if history is not None:
            midnight = datetime.combine(datetime.now().astimezone().date(), time.min)
            self.spent_today = await history.spent_since(midnight.astimezone())
