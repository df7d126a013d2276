"""What was spent, over the spans that people watch."""

from dataclasses import dataclass, field
from datetime import datetime, time, tzinfo

from tui.domain.cost import CostTotal


@dataclass(frozen=True, slots=True)
class Totals:
    """What was spent in USD, each with its count of unknown parts.

    ``conversation`` has all of its branches; ``opened`` is since the app was opened; ``today`` and
    ``month`` begin at local midnight. An answer that still streams is in none of them.
    """

    conversation: CostTotal = field(default_factory=CostTotal)
    opened: CostTotal = field(default_factory=CostTotal)
    today: CostTotal = field(default_factory=CostTotal)
    month: CostTotal = field(default_factory=CostTotal)
    all_time: CostTotal = field(default_factory=CostTotal)

    def __add__(self, other: "Totals") -> "Totals":
        return Totals(
            self.conversation + other.conversation,
            self.opened + other.opened,
            self.today + other.today,
            self.month + other.month,
            self.all_time + other.all_time,
        )


NOTHING = Totals()
"""Nothing at all was spent."""

_SOMETHING = CostTotal(unknown=1)
UNREADABLE = Totals(today=_SOMETHING, month=_SOMETHING, all_time=_SOMETHING)
"""What was spent before is not known."""


def start_of_day(now: datetime, zone: tzinfo | None = None) -> datetime:
    """The midnight with which the day of ``now`` begins, in the zone or else the local one."""
    return _midnight(now.astimezone(zone), zone)


def start_of_month(now: datetime, zone: tzinfo | None = None) -> datetime:
    """The midnight with which the month of ``now`` begins, in the zone or else the local one."""
    return _midnight(now.astimezone(zone).replace(day=1), zone)


def _midnight(day: datetime, zone: tzinfo | None) -> datetime:
    """The midnight of a day; its offset may be another one than that of ``day``."""
    midnight = datetime.combine(day.date(), time.min)
    return midnight.astimezone() if zone is None else midnight.replace(tzinfo=zone)
