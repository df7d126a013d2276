"""One endpoint in words and bars."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.ui.widgets.catalogue.support import NOW, priced
from tui.domain.model import Endpoint
from tui.ui.widgets.catalogue.endpoint_text import bars, endpoint_text

ENDPOINT = Endpoint(
    "Groq",
    "groq",
    context_length=131_072,
    max_completion_tokens=32_768,
    quantization="fp8",
    pricing=replace(priced("1", "2"), discount=Decimal("0.5")),
    status=0,
    uptime_last_5m=100.0,
    uptime_last_30m=99.95,
    uptime_last_1d=98.5,
    latency_last_30m={"p50": 250.0, "p75": 500.0, "p90": 750.0, "p99": 1000.0},
    throughput_last_30m={"p50": 400.0, "p99": 100.0},
    supports_implicit_caching=True,
)


def test_all_that_is_known_is_told() -> None:
    shown = endpoint_text(ENDPOINT, {"only": ["groq"]}, NOW).plain
    for words in (
        "Groq  ✓ only this one",
        "in $0.50  out $1  (−50 %)",
        "ctx 131k  answer 33k  fp8  caches by itself",
        "up 5m 100  30m 99.95  1d 98.5 %",
        "first token ▃▅▆█ 0.2 s, p99 1.0 s",
        "tokens / s  █  ▃ 400, p99 100",
    ):
        assert words in shown, words


def test_what_is_not_known_takes_no_line() -> None:
    assert endpoint_text(Endpoint("X", "x"), {}, NOW).plain == "X\nin ?  out ?\nctx ?"


def test_a_status_below_zero_is_a_warning() -> None:
    assert "! not at its best (-2)" in endpoint_text(replace(ENDPOINT, status=-2), {}, NOW).plain


@pytest.mark.parametrize(
    ("values", "drawn"),
    [
        ({}, ""),
        ({"p50": 0.0}, ""),
        ({"p50": 5.0}, "█   "),
        ({"p50": -5.0, "p75": 8.0, "p90": 4.0, "p99": 0.1}, "▁█▅▁"),
    ],
)
def test_bars_compare_percentiles(values: dict[str, float], drawn: str) -> None:
    assert bars(values) == drawn
