"""What the server says of a key and its free requests; older servers say less."""

import json
from decimal import Decimal
from typing import Any

import pytest

from tui.demo.account import key_row
from tui.domain.model import KeyInfo
from tui.services.wire import parse_key_info


def read(**data: Any) -> KeyInfo:
    return parse_key_info(json.dumps({"data": data}).encode())


def test_spans_of_usage_and_free_requests_are_read() -> None:
    info = read(
        label="sk-or-…",
        usage_daily=0.25,
        usage_weekly=1.5,
        usage_monthly=4,
        free_model_daily_requests={"limit": 1000, "used": 3, "remaining": 997},
    )
    assert info == KeyInfo(
        label="sk-or-…",
        usage_daily=Decimal("0.25"),
        usage_weekly=Decimal("1.5"),
        usage_monthly=Decimal(4),
        free_requests_limit=1000,
        free_requests_left=997,
    )


@pytest.mark.parametrize("free", [None, [], "many", {"remaining": "all"}, {"remaining": -1}])
def test_what_makes_no_sense_counts_as_not_said(free: object) -> None:
    info = read(free_model_daily_requests=free)
    assert (info.free_requests_limit, info.free_requests_left) == (None, None)


def test_the_demo_has_free_requests() -> None:
    row = json.loads(json.dumps(key_row(Decimal("0.5")), default=float))
    assert read(**row).free_requests_left == 1000
