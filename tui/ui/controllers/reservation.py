"""What a send is counted for against the budgets, from the gate on until its answer has ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tui.domain.cost import Cost
from tui.domain.parameters_layers import Layer


@dataclass(slots=True)
class Reservation:
    """One send; ``once`` goes over its settings.

    ``likely`` is what it will likely cost, as soon as it may go; ``at`` is when that was, in UTC.
    """

    once: Sequence[Layer] = ()
    likely: Cost | None = None
    at: datetime | None = None

    def make(self, likely: Cost, at: datetime) -> None:
        """Count the send from now on."""
        self.likely, self.at = likely, at
