"""Answers under way: what they will likely come to, until they are among what was spent.

Several answers may stream at once, in other conversations and in other instances, and each send is
judged as if all of them were paid already. None may count twice: it is either under way or spent.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from tui.domain.bill import amount_of, bill_lines
from tui.domain.calibration import Estimate
from tui.domain.cost import UNKNOWN_COST, Cost, CostSource, Usage, total
from tui.domain.model import Pricing
from tui.domain.totals import Totals, start_of_day, start_of_month


@dataclass(frozen=True, slots=True)
class UnderWay:
    """An answer that has not ended, what it will likely cost, and what it has come to so far.

    ``message_id`` is None until its request is about to leave, and ``so_far`` until it has left;
    ``started`` knows its time zone.
    """

    message_id: str | None
    conversation_id: str
    started: datetime
    likely: Cost
    so_far: Cost | None = None


@dataclass(frozen=True, slots=True)
class Books:
    """What a history held at one moment: what was spent, and what was streaming elsewhere.

    ``streaming`` are the answers of other instances, and the sends that they are about to make;
    ``ended`` are those of the answers asked about that are part of ``spent``. ``is_complete`` is
    False where what was written before cannot be read.
    """

    spent: Totals = field(default_factory=Totals)
    streaming: tuple[UnderWay, ...] = ()
    ended: frozenset[str] = frozenset()
    is_complete: bool = True

    def under_way(self, own: Iterable[UnderWay] = ()) -> list[UnderWay]:
        """Every answer that is not part of ``spent``, once.

        ``own`` are those of this instance, which knows more of them than the history does.
        """
        here = [one for one in own if one.message_id not in self.ended]
        known = {one.message_id for one in here}
        return [*here, *(one for one in self.streaming if one.message_id not in known)]


def expected(
    answers: Iterable[UnderWay],
    conversation_id: str | None,
    opened_at: datetime,
    now: datetime,
) -> Totals:
    """What answers under way will likely add to the totals, each to the spans it began in."""
    costs = [(one, one.likely) for one in answers]
    return _summed(costs, conversation_id, opened_at, now)


def come_to(
    answers: Iterable[UnderWay],
    conversation_id: str | None,
    opened_at: datetime,
    now: datetime,
) -> Totals:
    """What answers under way have come to so far, each in the spans it began in."""
    costs = [(one, one.so_far) for one in answers if one.so_far is not None]
    return _summed(costs, conversation_id, opened_at, now)


def _summed(
    costs: Iterable[tuple[UnderWay, Cost]],
    conversation_id: str | None,
    opened_at: datetime,
    now: datetime,
) -> Totals:
    costs = list(costs)

    def since(moment: datetime | None) -> Iterable[Cost]:
        return (cost for one, cost in costs if moment is None or one.started >= moment)

    return Totals(
        conversation=total(cost for one, cost in costs if one.conversation_id == conversation_id),
        opened=total(since(opened_at)),
        today=total(since(start_of_day(now))),
        month=total(since(start_of_month(now))),
        all_time=total(since(None)),
    )


def dearer(planned: Cost, so_far: Cost) -> Cost:
    """What an answer will likely cost: as it was planned, unless it has come to more already.

    Once it is known to the last digit, that is what it costs.
    """
    if so_far.is_exact or planned.amount is None:
        return so_far if so_far.is_exact or so_far.amount is not None else planned
    return so_far if (so_far.amount or 0) > planned.amount else planned


def estimated_cost(
    estimate: Estimate | None,
    prices: Pricing | None,
    completion: int,
    *,
    cache_ttl: str | None = None,
) -> Cost:
    """What a turn costs by our own count of its prompt and so many tokens of its answer.

    What reading its files costs beside the tokens is part of it, and so is what the cache would do,
    as in the figure that was shown while it streamed. ``prices`` are those in force, in USD per
    token.
    """
    if estimate is None or prices is None:
        return UNKNOWN_COST
    usage = Usage(
        prompt_tokens=estimate.prompt,
        completion_tokens=completion,
        cached_tokens=estimate.cached,
        cache_write_tokens=estimate.cache_written,
        audio_tokens=estimate.heard,
    )
    lines = bill_lines(usage, prices, cache_ttl=cache_ttl)
    if lines is None:
        return UNKNOWN_COST
    return Cost(amount_of(lines) + estimate.fee, CostSource.ESTIMATED)
