"""What was billed and what it will be: the arithmetic of every case stands beside it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.bill import computed_cost, generation_cost, prices_at
from tui.domain.cost import (
    NOT_BILLED,
    UNKNOWN_COST,
    Cost,
    CostSource,
    CostTotal,
    Usage,
    reported_cost,
    total,
    usable_amount,
)
from tui.domain.model import PriceOverride, Pricing

D = Decimal
MONDAY_NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MILLION = D(1_000_000)


def per_million(**prices: str) -> Pricing:
    """Prices as people write them, USD per million tokens."""
    exact: dict[str, Any] = {name: D(price) / MILLION for name, price in prices.items()}
    return Pricing(**exact)


CLAUDE = per_million(
    prompt="3",
    completion="15",
    input_cache_read="0.30",
    input_cache_write="3.75",
    input_cache_write_1h="6",
)
GEMINI = Pricing(
    prompt=D("0.0000003"),
    completion=D("0.0000025"),
    input_cache_read=D("0.00000003"),
    input_cache_write=D("0.00000008333"),  # storage alone
)
PLAIN = per_million(prompt="2", completion="8")
ROUTER = Pricing(prompt=D(-1), completion=D(-1))
FREE = Pricing(prompt=D(0), completion=D(0))


@dataclass(frozen=True)
class Case:
    """One bill: what the server reported, at which prices, and what it comes to in USD."""

    name: str
    usage: Usage
    billed: Decimal | None
    pricing: Pricing = PLAIN
    at: datetime = MONDAY_NOON
    cache_ttl: str | None = None


def tier(price: str, above: int) -> PriceOverride:
    return PriceOverride({"prompt": D(price) / MILLION}, min_prompt_tokens=above)


def window(
    price: str, start: time | None, end: time | None, days: set[int] | None = None
) -> PriceOverride:
    return PriceOverride(
        {"prompt": D(price) / MILLION, "completion": D(0)},
        utc_start=start,
        utc_end=end,
        utc_days=frozenset(days) if days is not None else None,
    )


def with_overrides(*overrides: PriceOverride, **prices: Decimal) -> Pricing:
    return Pricing(prompt=PLAIN.prompt, completion=PLAIN.completion, overrides=overrides, **prices)


NIGHT = window("1", time(22), time(6))
"""Half price at night: 22:00 to 06:00, over midnight."""
THOUSAND = Usage(prompt_tokens=1000, completion_tokens=0)
BYOK = Usage(10, 10, is_byok=True)

REPORTED = [
    Case("the reported cost is the bill", Usage(1000, 500, cost=D("0.0105")), D("0.0105")),
    Case(
        "upstream repeats the cost without BYOK",
        Usage(10, 10, cost=D("0.01058775"), upstream_inference_cost=D("0.01058775"), is_byok=False),
        D("0.01058775"),
    ),
    Case(
        "upstream repeats the cost when is_byok is missing",
        Usage(10, 10, cost=D("0.00765"), upstream_inference_cost=D("0.00065")),
        D("0.00765"),
    ),
    Case(
        "BYOK inside the allowance: OpenRouter takes nothing, the provider bills",
        replace(BYOK, cost=D(0), upstream_inference_cost=D("0.0003253")),
        D("0.0003253"),
    ),
    Case(
        "BYOK past the allowance: fee of 5 % on top",
        replace(BYOK, cost=D("0.95"), upstream_inference_cost=D("19")),
        D("0.95") + D("19"),
    ),
    Case("a real zero stays zero", Usage(1000, 1000, cost=D(0)), D(0)),
    Case("a real zero of a free model", Usage(1000, 1000, cost=D(0)), D(0), FREE),
    Case("a reported cost needs no price", Usage(1, 1, cost=D("0.002")), D("0.002"), ROUTER),
    Case("a reported cost needs no tokens", Usage(cost=D("0.002")), D("0.002")),
    Case(
        "every digit of a small cost",
        Usage(1, 1, cost=D("0.000000000123456789")),
        D("0.000000000123456789"),
    ),
]
COMPUTED = [
    Case(
        "BYOK without an upstream figure: the fee, and what the provider asks by the catalogue",
        replace(BYOK, cost=D("0.95")),
        D("0.95") + (10 * D(2) + 10 * D(8)) / MILLION,
    ),
    Case(
        "BYOK inside the allowance without an upstream figure",
        replace(BYOK, cost=D(0)),
        (10 * D(2) + 10 * D(8)) / MILLION,
    ),
    Case(
        "BYOK with a NaN upstream",
        replace(BYOK, cost=D("0.95"), upstream_inference_cost=D("NaN")),
        D("0.95") + (10 * D(2) + 10 * D(8)) / MILLION,
    ),
    Case(
        "BYOK with a negative upstream",
        replace(BYOK, cost=D("0.95"), upstream_inference_cost=D("-3")),
        D("0.95") + (10 * D(2) + 10 * D(8)) / MILLION,
    ),
    Case(
        "BYOK past the allowance, of a price that nobody knows: more than the fee",
        replace(BYOK, cost=D("0.95")),
        D("0.95"),
        ROUTER,
    ),
    Case(
        "reasoning with a price of its own",
        Usage(0, 500, reasoning_tokens=400),
        (100 * D(8) + 400 * D(3)) / MILLION,
        replace(PLAIN, internal_reasoning=D(3) / MILLION),
    ),
    Case(
        "reasoning that costs what output does costs it above a step too",
        Usage(200_001, 500, reasoning_tokens=400),
        (200_001 * D(2) + 500 * D(12)) / MILLION,
        replace(
            PLAIN,
            internal_reasoning=PLAIN.completion,
            overrides=(
                PriceOverride(min_prompt_tokens=200_000, prices={"completion": D(12) / MILLION}),
            ),
        ),
    ),
    Case(
        "reasoning with a price of its own keeps it above a step",
        Usage(200_001, 500, reasoning_tokens=400),
        (200_001 * D(2) + 100 * D(12) + 400 * D(3)) / MILLION,
        replace(
            PLAIN,
            internal_reasoning=D(3) / MILLION,
            overrides=(
                PriceOverride(min_prompt_tokens=200_000, prices={"completion": D(12) / MILLION}),
            ),
        ),
    ),
    Case(
        "reasoning that is named as free is billed as output",
        Usage(0, 500, reasoning_tokens=400),
        500 * D(8) / MILLION,
        replace(PLAIN, internal_reasoning=D(0)),
    ),
    Case("prompt and completion", Usage(1000, 500), (1000 * D(2) + 500 * D(8)) / MILLION),
    Case("a NaN cost is no report", Usage(1000, 0, cost=D("NaN")), 1000 * D(2) / MILLION),
    Case("an infinite cost is no report", Usage(1000, 0, cost=D("inf")), 1000 * D(2) / MILLION),
    Case("a negative cost is no report", Usage(1000, 0, cost=D("-1")), 1000 * D(2) / MILLION),
    Case("an absurd cost is no report", Usage(1000, 0, cost=D("1e99")), 1000 * D(2) / MILLION),
    Case("a vanishing cost is no report", Usage(1000, 0, cost=D("1e-400")), 1000 * D(2) / MILLION),
    Case(
        "reasoning is part of the completion",
        Usage(0, 500, reasoning_tokens=400),
        500 * D(8) / MILLION,
    ),
    Case("only the prompt is counted", Usage(prompt_tokens=1000), 1000 * D(2) / MILLION),
    Case("only the completion is counted", Usage(completion_tokens=10), 10 * D(8) / MILLION),
    Case(
        "Claude: cached and written are part of the prompt",
        Usage(2649, 10, cached_tokens=2569, cache_write_tokens=79),
        ((2649 - 2569 - 79) * D(3) + 2569 * D("0.30") + 79 * D("3.75") + 10 * D(15)) / MILLION,
        CLAUDE,
    ),
    Case(
        "Claude: everything written",
        Usage(2000, 0, cache_write_tokens=2000),
        2000 * D("3.75") / MILLION,
        CLAUDE,
    ),
    Case(
        "Claude: written for an hour",
        Usage(2000, 0, cache_write_tokens=2000),
        2000 * D(6) / MILLION,
        CLAUDE,
        cache_ttl="1h",
    ),
    Case(
        "Claude: five minutes named",
        Usage(2000, 0, cache_write_tokens=2000),
        2000 * D("3.75") / MILLION,
        CLAUDE,
        cache_ttl="5m",
    ),
    Case(
        "an hour without a price of its own costs as five minutes",
        Usage(2000, 0, cache_write_tokens=2000),
        2000 * D("3.75") / MILLION,
        per_million(prompt="3", completion="15", input_cache_write="3.75"),
        cache_ttl="1h",
    ),
    Case(
        "Gemini counts what it writes as cached too",
        Usage(2168, 0, cached_tokens=2161, cache_write_tokens=2161),
        (2168 - 2161) * D("0.0000003") + 2161 * D("0.00000003") + 2161 * D("0.00000008333"),
        GEMINI,
    ),
    Case(
        "Gemini counts twice although both fit into the prompt",
        Usage(5000, 0, cached_tokens=2161, cache_write_tokens=2161),
        (5000 - 2161) * D("0.0000003") + 2161 * D("0.00000003") + 2161 * D("0.00000008333"),
        GEMINI,
    ),
    Case(
        "cached without a read price costs as the prompt",
        Usage(1000, 0, cached_tokens=900),
        1000 * D(2) / MILLION,
    ),
    Case(
        "written without a write price costs as the prompt",
        Usage(1000, 0, cache_write_tokens=900),
        1000 * D(2) / MILLION,
    ),
    Case(
        "counted twice without a write price: nothing on top",
        Usage(1000, 0, cached_tokens=900, cache_write_tokens=900),
        1000 * D(2) / MILLION,
    ),
    Case(
        "more cached than sent counts as all",
        Usage(100, 0, cached_tokens=5000),
        100 * D("0.30") / MILLION,
        CLAUDE,
    ),
    Case(
        "a price per request comes on top",
        THOUSAND,
        1000 * D(2) / MILLION + D("0.005"),
        with_overrides(request=D("0.005")),
    ),
    Case(
        "a negative price per request is no price",
        THOUSAND,
        1000 * D(2) / MILLION,
        with_overrides(request=D(-1)),
    ),
    Case(
        "a negative read price is no price",
        Usage(1000, 0, cached_tokens=1000),
        1000 * D(2) / MILLION,
        with_overrides(input_cache_read=D(-1)),
    ),
    Case(
        "a discount is taken off",
        Usage(1000, 500),
        (1000 * D(2) + 500 * D(8)) / MILLION * (1 - D("0.25")),
        with_overrides(discount=D("0.25")),
    ),
    Case(
        "a discount of more than everything is none",
        THOUSAND,
        1000 * D(2) / MILLION,
        with_overrides(discount=D(5)),
    ),
    Case(
        "a tier does not apply at its limit",
        Usage(200_000, 0),
        200_000 * D(2) / MILLION,
        with_overrides(tier("4", 200_000)),
    ),
    Case(
        "a tier applies one token above its limit",
        Usage(200_001, 0),
        200_001 * D(4) / MILLION,
        with_overrides(tier("4", 200_000)),
    ),
    Case(
        "the later of two tiers wins, and a price it does not name stays",
        Usage(300_000, 10),
        (300_000 * D(5) + 10 * D(8)) / MILLION,
        with_overrides(tier("4", 200_000), tier("5", 250_000)),
    ),
    Case(
        "the night window before midnight",
        THOUSAND,
        1000 * D(1) / MILLION,
        with_overrides(NIGHT),
        datetime(2026, 3, 2, 23, 30, tzinfo=UTC),
    ),
    Case(
        "the night window after midnight",
        THOUSAND,
        1000 * D(1) / MILLION,
        with_overrides(NIGHT),
        datetime(2026, 3, 3, 5, 59, tzinfo=UTC),
    ),
    Case(
        "the night window ends at six sharp",
        THOUSAND,
        1000 * D(2) / MILLION,
        with_overrides(NIGHT),
        datetime(2026, 3, 3, 6, 0, tzinfo=UTC),
    ),
    Case(
        "the night window begins at ten sharp",
        THOUSAND,
        1000 * D(1) / MILLION,
        with_overrides(NIGHT),
        datetime(2026, 3, 2, 22, 0, tzinfo=UTC),
    ),
    Case(
        "a window by day does not hold at night",
        THOUSAND,
        1000 * D(2) / MILLION,
        with_overrides(window("1", time(8), time(18))),
        datetime(2026, 3, 2, 22, 0, tzinfo=UTC),
    ),
    Case(
        "a window without an end lasts until midnight",
        THOUSAND,
        1000 * D(1) / MILLION,
        with_overrides(window("1", time(18), None)),
        datetime(2026, 3, 2, 23, 59, tzinfo=UTC),
    ),
    Case(
        "a window that ends where it begins is the whole day",
        THOUSAND,
        1000 * D(1) / MILLION,
        with_overrides(window("1", time(0), time(0))),
    ),
    Case(
        "a weekday that is today",
        THOUSAND,
        1000 * D(1) / MILLION,
        with_overrides(window("1", None, None, {0})),
    ),
    Case(
        "a weekday that is not today",
        THOUSAND,
        1000 * D(2) / MILLION,
        with_overrides(window("1", None, None, {5, 6})),
    ),
    Case(
        "a tier and a window must both hold",
        THOUSAND,
        1000 * D(2) / MILLION,
        with_overrides(
            PriceOverride(
                {"prompt": D(9)}, min_prompt_tokens=5000, utc_start=time(0), utc_end=time(23)
            )
        ),
    ),
    Case("a free model", Usage(1000, 1000), D(0), FREE),
    Case(
        "searches of the provider are priced each",
        Usage(1000, 0, web_searches=3),
        1000 * D(2) / MILLION + 3 * D("0.01"),
        with_overrides(web_search=D("0.01")),
    ),
    Case("searches without a price", Usage(1000, 0, web_searches=3), 1000 * D(2) / MILLION),
    Case(
        "audio that is heard has a price of its own",
        Usage(1000, 0, audio_tokens=400),
        (600 * D(2) + 400 * D(40)) / MILLION,
        with_overrides(audio=D(40) / MILLION),
    ),
    Case(
        "audio without a price costs as the prompt",
        Usage(1000, 0, audio_tokens=400),
        1000 * D(2) / MILLION,
    ),
    Case(
        "images and audio that are made have prices of their own",
        Usage(0, 1000, reasoning_tokens=100, image_output_tokens=500, audio_output_tokens=200),
        (100 * D(8) + 500 * D(30) + 200 * D(80) + 200 * D(8)) / MILLION,
        with_overrides(image_output=D(30) / MILLION, audio_output=D(80) / MILLION),
    ),
    Case(
        "parts that are more than the whole count as the whole",
        Usage(0, 100, reasoning_tokens=5000, image_output_tokens=5000),
        100 * D(8) / MILLION,
        with_overrides(image_output=D(30) / MILLION),
    ),
]
UNKNOWN = [
    Case("no tokens and no cost", Usage(), None),
    Case("a price that varies", Usage(1, 1), None, ROUTER),
    Case("BYOK of which nothing is known", replace(BYOK, cost=D(0)), None, ROUTER),
    Case("no prices", Usage(1, 1), None, Pricing()),
    Case("no completion price", Usage(1, 1), None, per_million(prompt="2")),
    Case("a NaN price", Usage(1, 1), None, Pricing(prompt=D("NaN"), completion=D(1))),
    Case("a signalling NaN", Usage(1, 1), None, Pricing(prompt=D("sNaN"), completion=D(1))),
    Case("an infinite price", Usage(1, 1), None, Pricing(prompt=D("inf"), completion=D(1))),
    Case("a vanishing price", Usage(1, 1), None, Pricing(prompt=D("1e-400"), completion=D(1))),
    Case(
        "an override that says the price varies",
        THOUSAND,
        None,
        with_overrides(PriceOverride({"prompt": D(-1)})),
    ),
]


def bill(case: Case) -> Cost:
    return generation_cost(case.usage, case.pricing, case.at, cache_ttl=case.cache_ttl)


@pytest.mark.parametrize("case", REPORTED, ids=lambda case: case.name)
def test_a_reported_cost_is_exact(case: Case) -> None:
    assert bill(case) == Cost(case.billed, CostSource.REPORTED)
    assert bill(case).is_exact


@pytest.mark.parametrize("case", COMPUTED, ids=lambda case: case.name)
def test_a_missing_cost_is_computed_from_the_catalogue(case: Case) -> None:
    assert bill(case) == Cost(case.billed, CostSource.COMPUTED)
    assert not bill(case).is_exact


@pytest.mark.parametrize("case", UNKNOWN, ids=lambda case: case.name)
def test_without_a_price_the_cost_is_unknown(case: Case) -> None:
    assert bill(case) == UNKNOWN_COST


def test_without_a_model_the_cost_is_unknown() -> None:
    assert generation_cost(Usage(10, 10), None, MONDAY_NOON) == UNKNOWN_COST
    assert generation_cost(None, PLAIN, MONDAY_NOON) == UNKNOWN_COST


def test_an_unfinished_answer_is_an_estimate() -> None:
    cost = generation_cost(Usage(1000, 500), PLAIN, MONDAY_NOON, finished=False)
    assert cost == Cost((1000 * D(2) + 500 * D(8)) / MILLION, CostSource.ESTIMATED)


@pytest.mark.parametrize("usage", [None, Usage(), Usage(1000, 1000)])
def test_a_local_server_bills_nothing(usage: Usage | None) -> None:
    cost = generation_cost(usage, PLAIN, MONDAY_NOON, local=True)
    assert cost == Cost(D(0), CostSource.LOCAL)


def test_a_local_gateway_that_reports_a_cost_is_believed() -> None:
    cost = generation_cost(Usage(1, 1, cost=D("0.5")), None, MONDAY_NOON, local=True)
    assert cost == Cost(D("0.5"), CostSource.REPORTED)


def test_a_later_report_keeps_what_only_the_earlier_one_knew() -> None:
    earlier = Usage(100, 5, cached_tokens=80, cost=D("0.1"))
    assert earlier.merged(Usage(completion_tokens=9, cost=D(0))) == Usage(
        100, 9, cached_tokens=80, cost=D(0)
    )


def test_prices_in_force_are_plain_prices() -> None:
    pricing = with_overrides(tier("4", 10), discount=D("0.5"), web_search=D("0.01"))
    assert prices_at(pricing, 11, MONDAY_NOON) == Pricing(
        prompt=D(2) / MILLION, completion=D(4) / MILLION, web_search=D("0.005")
    )


def test_an_unknown_name_in_an_override_changes_nothing() -> None:
    pricing = with_overrides(PriceOverride({"sound": D(1), "discount": D(1), "overrides": D(1)}))
    assert prices_at(pricing, 1, MONDAY_NOON) == prices_at(PLAIN, 1, MONDAY_NOON)


@pytest.mark.parametrize(
    "amount", ["NaN", "sNaN", "inf", "-inf", "-1", "-1e-30", "1e10", "1e-400", "1e999999"]
)
def test_what_cannot_be_money_is_refused(amount: str) -> None:
    assert usable_amount(D(amount)) is None


amounts = st.one_of(
    st.none(),
    st.decimals(allow_nan=True, allow_infinity=True),
    st.decimals(min_value=0, max_value=1, places=12),
)
counts = st.none() | st.integers(min_value=0, max_value=10**9)
usages = st.builds(
    Usage,
    prompt_tokens=counts,
    completion_tokens=counts,
    reasoning_tokens=counts,
    cached_tokens=counts,
    cache_write_tokens=counts,
    cost=amounts,
    upstream_inference_cost=amounts,
    is_byok=st.none() | st.booleans(),
)
overrides = st.builds(
    PriceOverride,
    st.dictionaries(
        st.sampled_from(["prompt", "completion", "input_cache_read", "input_cache_write"]),
        amounts.filter(lambda amount: amount is not None),
        max_size=3,
    ),
    min_prompt_tokens=counts,
    utc_start=st.none() | st.times(),
    utc_end=st.none() | st.times(),
    utc_days=st.none() | st.frozensets(st.integers(0, 6)),
)
pricings = st.builds(
    Pricing,
    prompt=amounts,
    completion=amounts,
    request=amounts,
    input_cache_read=amounts,
    input_cache_write=amounts,
    input_cache_write_1h=amounts,
    discount=amounts,
    overrides=st.lists(overrides, max_size=3).map(tuple),
)
moments = st.datetimes(timezones=st.just(UTC))


@given(usages, pricings, moments, st.sampled_from([None, "5m", "1h"]))
def test_no_cost_is_negative_or_a_float(
    usage: Usage, pricing: Pricing, at: datetime, ttl: str | None
) -> None:
    for amount in (
        reported_cost(usage),
        computed_cost(usage, pricing, at, cache_ttl=ttl),
        generation_cost(usage, pricing, at, cache_ttl=ttl).amount,
    ):
        assert amount is None or (type(amount) is Decimal and amount.is_finite() and amount >= 0)


costs = st.one_of(
    st.just(UNKNOWN_COST),
    st.just(NOT_BILLED),
    st.builds(
        Cost,
        st.decimals(min_value=0, max_value=1000, places=9),
        st.sampled_from([CostSource.REPORTED, CostSource.COMPUTED, CostSource.ESTIMATED]),
    ),
    st.just(Cost(D(0), CostSource.LOCAL)),
)


@given(st.lists(costs, max_size=20))
def test_a_total_is_the_sum_and_says_what_is_missing(parts: list[Cost]) -> None:
    result = total(parts)
    assert result.amount == sum((cost.amount for cost in parts if cost.amount is not None), D(0))
    assert type(result.amount) is Decimal
    assert result.unknown == sum(cost.amount is None for cost in parts)
    assert result.estimated == sum(
        cost.source in (CostSource.COMPUTED, CostSource.ESTIMATED) for cost in parts
    )
    assert result.local == sum(cost.source is CostSource.LOCAL for cost in parts)


def test_an_empty_total_is_zero_and_complete() -> None:
    assert total([]) == CostTotal(D(0), 0, 0)
