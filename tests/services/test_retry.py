"""How long to wait before the next try: what the server asks for if it is sane, else a backoff."""

from email.utils import formatdate
from time import time

import pytest

from tui.services.retry import retry_after, wait_before


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": " 3 "}, 3.0),
        ({"retry-after": "1e1"}, 10.0),
        ({"retry-after-ms": "1500"}, 1.5),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
        ({"retry-after-ms": "soon", "retry-after": "9"}, 9.0),
        ({"retry-after": "3600"}, 3600.0),
    ],
)
def test_the_wait_that_the_server_asks_for_is_read(headers: dict[str, str], seconds: float) -> None:
    assert retry_after(headers) == seconds


def test_a_date_is_a_wait_until_then() -> None:
    seconds = retry_after({"retry-after": formatdate(time() + 60, usegmt=True)})
    assert seconds == pytest.approx(60, abs=5)


@pytest.mark.parametrize(
    "value",
    ["", "0", "-1", "-0.5", "inf", "-inf", "nan", "1e308", "1e999", "9" * 400, "soon", "5s", "1,5",
     "Mon, 01 Jan 2001 00:00:00 GMT", "Mon, 99 Foo 2999 99:99:99 GMT",
     "Fri, 31 Dec 9999 23:59:59 GMT", "Sun, 06 Nov 99999999999 08:49:37 GMT"],
)  # fmt: skip
def test_a_wait_that_makes_no_sense_is_ignored(value: str) -> None:
    assert retry_after({"retry-after": value}) is None
    assert retry_after({"retry-after-ms": value}) is None


def test_no_header_asks_for_nothing() -> None:
    assert retry_after({}) is None


def test_a_sane_wait_is_kept_and_one_over_two_minutes_is_not_waited_for() -> None:
    assert wait_before(1, 120.0) == 120.0
    assert wait_before(1, 120.5) is None


@pytest.mark.parametrize(
    ("retry", "longest"), [(1, 0.5), (2, 1.0), (3, 2.0), (4, 4.0), (5, 8.0), (6, 8.0)]
)
def test_the_backoff_doubles_up_to_eight_seconds_less_a_quarter(retry: int, longest: float) -> None:
    waits = [wait_before(retry, None) for _ in range(200)]
    assert all(wait is not None and longest * 0.75 <= wait <= longest for wait in waits)
    assert len(set(waits)) > 1
