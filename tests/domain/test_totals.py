"""Spans of time begin at local midnight, whatever the clocks do."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from tui.domain.totals import start_of_day, start_of_month

BERLIN = ZoneInfo("Europe/Berlin")
INDIA = timezone(timedelta(hours=5, minutes=30))


@pytest.mark.parametrize(
    ("now", "zone", "day", "month"),
    [
        ("2026-11-21T01:00+00:00", UTC, "2026-11-21T00:00+00:00", "2026-11-01T00:00+00:00"),
        ("2026-11-21T19:00+00:00", INDIA, "2026-11-22T00:00+05:30", "2026-11-01T00:00+05:30"),
        # the clocks went back in the night: midnight was still summer time
        ("2026-10-25T12:00+00:00", BERLIN, "2026-10-25T00:00+02:00", "2026-10-01T00:00+02:00"),
        ("2026-03-31T12:00+00:00", BERLIN, "2026-03-31T00:00+02:00", "2026-03-01T00:00+01:00"),
    ],
)
def test_days_and_months_begin_at_midnight(now: str, zone: timezone, day: str, month: str) -> None:
    moment = datetime.fromisoformat(now)
    assert start_of_day(moment, zone) == datetime.fromisoformat(day)
    assert start_of_month(moment, zone) == datetime.fromisoformat(month)


def test_the_local_zone_counts_unless_one_is_named() -> None:
    now = datetime(2026, 11, 21, 1, tzinfo=UTC)
    assert start_of_day(now) == datetime(2026, 11, 21, tzinfo=UTC)
    assert start_of_month(now) == datetime(2026, 11, 1, tzinfo=UTC)
