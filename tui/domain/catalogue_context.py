"""What a search of the catalogue has to know besides the catalogue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from tui.domain.model import Endpoint


@dataclass(frozen=True, slots=True)
class TypicalTurn:
    """The size of a usual turn in tokens; ``measured`` is how many turns it was learnt from."""

    prompt_tokens: int = 1_000
    completion_tokens: int = 500
    measured: int = 0


@dataclass(frozen=True, slots=True)
class FilterContext:
    """What a search has to know besides the catalogue.

    ``now`` is in UTC. ``favourites`` are ids in the user's order. ``endpoints`` are those that were
    read so far, by the id of the model: ``provider:``, speed and latency go by them. ``usable`` are
    the ids that the key may use; None means that it is not known, and ``mine`` then filters
    nothing.
    """

    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    favourites: tuple[str, ...] = ()
    in_use: str | None = None
    endpoints: Mapping[str, Sequence[Endpoint]] = field(default_factory=dict)
    usable: frozenset[str] | None = None
    turn: TypicalTurn = field(default_factory=TypicalTurn)
