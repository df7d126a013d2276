"""What a send is counted for against the budgets, from the gate on until its answer has ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from tui.domain.answer import Answer
from tui.domain.cost import Cost
from tui.domain.parameters_layers import Layer
from tui.domain.under_way import UnderWay, dearer


@dataclass(slots=True)
class Reservation:
    """One send; ``once`` goes over its settings.

    ``likely`` is what it will likely cost, as soon as it may go; ``at`` is when that was, in UTC.
    ``name`` tells it from a turn of the same conversation, for all running instances.
    """

    once: Sequence[Layer] = ()
    name: str = ""
    likely: Cost | None = None
    at: datetime | None = None

    def make(self, likely: Cost, at: datetime) -> None:
        """Count the send from now on."""
        self.likely, self.at = likely, at

    def under_way(
        self, conversation_id: str, message_id: str | None, answer: Answer | None
    ) -> UnderWay | None:
        """What the send counts for, with what has arrived of its answer; None before it may go."""
        if self.likely is None or self.at is None:
            return None
        if answer is None:
            return UnderWay(message_id, conversation_id, self.at, self.likely)
        so_far = answer.cost(datetime.now(UTC))
        likely = dearer(self.likely, so_far)
        return UnderWay(message_id, conversation_id, self.at, likely, so_far)


@dataclass(slots=True)
class Aside:
    """A request beside the turns of a conversation, as for its title; it is counted like them.

    ``message_id`` is the id under which its cost will be kept.
    """

    conversation_id: str
    message_id: str
    reservation: Reservation
    answer: Answer | None = None

    @property
    def under_way(self) -> UnderWay | None:
        """What it counts for against the budgets; None before it may go."""
        return self.reservation.under_way(self.conversation_id, self.message_id, self.answer)
