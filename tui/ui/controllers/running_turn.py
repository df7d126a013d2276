"""A conversation that is being answered, and what waits behind the answer."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tui.domain.answer import Answer
from tui.domain.conversation import Conversation, Message
from tui.domain.parameters_layers import Layer
from tui.domain.tree import CONTINUE_PROMPT, Asking, parent_of_next
from tui.domain.under_way import UnderWay
from tui.ui.controllers.budgeting import Gate, Passage
from tui.ui.controllers.chips import Unsent
from tui.ui.controllers.reservation import Reservation
from tui.ui.controllers.turn import Turn


@dataclass(slots=True)
class RunningTurn:
    """A conversation that is being answered, and the messages that wait behind it.

    With ``branch``, the first of them belongs there and not at the end of the active path; ``once``
    goes over the settings for that one send. ``leaving`` was typed and is no message yet.
    """

    conversation: Conversation
    waiting: list[Unsent]
    leaving: list[Unsent] = field(default_factory=list)
    branch: Asking | None = None
    once: Sequence[Layer] = ()
    turn: Turn | None = None
    reservation: Reservation = field(default_factory=Reservation)
    stopping: bool = False
    done: asyncio.Event = field(default_factory=asyncio.Event)
    asking: asyncio.Future[Passage] | None = None

    @property
    def unsent(self) -> list[Unsent]:
        """What the user typed and waits; the first message may be one that nobody typed."""
        first_is_typed = not self.waiting or is_typed(self.waiting[0].text, self.branch)
        return self.waiting if first_is_typed else self.waiting[1:]

    @property
    def answer(self) -> Answer | None:
        """The answer that is streaming, or about to."""
        return self.turn.answer if self.turn is not None else None

    @property
    def answer_id(self) -> str | None:
        """The id of that answer, once its request is about to leave."""
        return self.turn.answer_id if self.turn is not None else None

    @property
    def under_way(self) -> UnderWay | None:
        """What the send counts for against the budgets; None before it may go."""
        return self.reservation.under_way(self.conversation.id, self.answer_id, self.answer)

    def stop(self) -> None:
        """Stop the answer; what waits behind it is not sent."""
        self.stopping = True
        if self.asking is not None:
            self.asking.cancel()
        if self.turn is not None:
            self.turn.stop()

    async def at_gate(self, gate: Gate) -> Passage:
        """What becomes of the message that waits first; a stop meanwhile gives it back."""
        conversation = self.conversation
        if self.branch is not None:
            conversation = replace(conversation, leaf_id=self.branch.parent_id)
        self.reservation = Reservation(self.once)
        passage = gate.passage(conversation, self.waiting[0], self.reservation)
        asking = self.asking = asyncio.ensure_future(passage)
        try:
            await asyncio.wait([asking])
        finally:
            self.asking = None
            asking.cancel()
        return Passage.BACK if asking.cancelled() else asking.result()


def is_typed(text: str, branch: Asking | None) -> bool:
    """Whether the user typed a text for this send, so that it belongs into the prompt again."""
    return branch is None or (branch.prompt is None and text != CONTINUE_PROMPT)


async def asked(turn: Turn, unsent: Unsent, branch: Asking | None) -> Message:
    """Ask what a message asks: at the end of the active path, or where the branch begins."""
    text, attachments = unsent.text, unsent.attachments
    if branch is None:
        return await turn.run(text, parent_of_next(turn.conversation, text), attachments)
    if branch.prompt is None:
        return await turn.run(text, branch.parent_id, attachments)
    return await turn.run_again(branch.prompt)
