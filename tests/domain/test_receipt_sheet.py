"""The receipt: every line, and what does not add up said instead of smoothed over."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.money_support import per_million
from tui.domain.bill import BillItem, generation_cost
from tui.domain.calibration import Estimate
from tui.domain.conversation import Generation, Message, MessageState, Role, Timing
from tui.domain.cost import UNKNOWN_COST, Cost, CostSource, Usage
from tui.domain.model import Model
from tui.domain.receipt_sheet import Charge, ReceiptSheet, receipt_sheet, saving_words

D = Decimal
MILLION = D(1_000_000)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PRICES = per_million(prompt="3", completion="15", input_cache_read="0.3", input_cache_write="3.75")
USAGE = Usage(2649, 100, reasoning_tokens=30, cached_tokens=2569, cache_write_tokens=79)
BILL = (1 * D(3) + 2569 * D("0.3") + 79 * D("3.75") + 100 * D(15)) / MILLION


def sheet(usage: Usage | None, billed: Decimal | None = None, **facts: Any) -> ReceiptSheet:
    if usage is not None and billed is not None:
        usage = replace(usage, cost=billed)
    state = facts.pop("state", MessageState.COMPLETE)
    generation = Generation(
        "anthropic/claude-sonnet-4.5",
        "openrouter",
        usage=usage,
        cost=generation_cost(usage, PRICES, NOON),
        **({"prices": PRICES} | facts),
    )
    message = Message("a", "c", "p", Role.ASSISTANT, "Yes.", NOON, state, generation=generation)
    found = receipt_sheet(message)
    assert found is not None
    return found


def test_each_class_of_tokens_has_a_line() -> None:
    found = sheet(USAGE, BILL)
    assert [(line.item, line.count, line.amount) for line in found.lines] == [
        (BillItem.INPUT, 1, D(3) / MILLION),
        (BillItem.CACHE_READ, 2569, 2569 * D("0.3") / MILLION),
        (BillItem.CACHE_WRITE, 79, 79 * D("3.75") / MILLION),
        (BillItem.OUTPUT, 70, 70 * D(15) / MILLION),
        (BillItem.REASONING, 30, 30 * D(15) / MILLION),
    ]
    assert found.computed == BILL
    assert found.billed == Cost(BILL, CostSource.REPORTED)
    assert (found.remark, found.charges) == ("", ())


def test_what_the_cache_saved_is_against_no_cache_at_all() -> None:
    # everything plain: 2,649 × $3; with the cache: 1 × $3 + 2,569 × $0.30 + 79 × $3.75
    plain, cached = 2649 * D(3), 1 * D(3) + 2569 * D("0.3") + 79 * D("3.75")
    found = sheet(USAGE, BILL)
    assert found.saving == (plain - cached) / MILLION
    assert saving_words(found.saving) == "caching saved ≈ $0.006877"
    wrote = sheet(Usage(1000, 10, cache_write_tokens=1000))
    assert wrote.saving == -1000 * D("0.75") / MILLION
    assert saving_words(wrote.saving) == "caching cost ≈ $0.00075 more"
    assert saving_words(None) == saving_words(D(0)) == ""


def test_rounding_on_the_wire_is_no_difference() -> None:
    assert sheet(USAGE, BILL + D("1e-15")).remark == ""


@pytest.mark.parametrize(
    ("usage", "billed", "facts", "remark"),
    [
        (
            USAGE,
            BILL + D("0.001"),
            {"served_by": "Bedrock"},
            (
                "The bill is $0.001 more than these lines come to: "
                "Bedrock may ask another price than the catalogue names."
            ),
        ),
        (
            Usage(1000, 100),
            D("0.0055"),
            {"estimate": Estimate(1000, 1000, cache_written=900)},
            (
                "The bill is $0.001 more than these lines come to: "
                "the prompt was marked to be cached, and how much was written was not reported."
            ),
        ),
        (
            USAGE,
            BILL / 2,
            {"service_tier": "flex"},
            (
                f"The bill is ${BILL / 2:f} less than these lines come to: "
                "the flex tier has prices of its own."
            ),
        ),
        (
            Usage(1000, 0),
            D(0),
            {},
            (
                "The bill is $0.003 less than these lines come to: "
                "answers without text are not billed."
            ),
        ),
        # without BYOK, the provider's part is never more than the whole
        (
            replace(USAGE, cost=D(0), upstream_inference_cost=D("0.009")),
            D(0),
            {},
            (
                f"The bill is ${BILL} less than these lines come to: "
                "it may be on a key of your own, which is billed $0.009 apart."
            ),
        ),
        (USAGE, BILL, {"prices": None}, "The catalogue named no price, so"),
        (USAGE, None, {}, ""),
    ],
    ids=[
        "another price",
        "cache not reported",
        "another tier",
        "empty answer",
        "own key",
        "no price",
        "not billed yet",
    ],
)
def test_what_does_not_add_up_is_said(
    usage: Usage, billed: Decimal | None, facts: dict[str, Any], remark: str
) -> None:
    assert sheet(usage, billed, **facts).remark.startswith(remark)
    assert bool(sheet(usage, billed, **facts).remark) == bool(remark)


@pytest.mark.parametrize(
    ("usage", "charges"),
    [
        # the cost holds the fee of the search, what the provider asks does not
        (
            replace(USAGE, cost=BILL + D("0.007"), upstream_inference_cost=BILL),
            (Charge("tools and search", D("0.007")),),
        ),
        (
            replace(USAGE, cost=BILL + D("0.007"), server_tool_cost=D("0.007")),
            (Charge("tools and search", D("0.007")),),
        ),
        (
            replace(USAGE, cost=D(0), upstream_inference_cost=BILL, is_byok=True),
            (Charge("the provider bills your key", BILL),),
        ),
        (
            replace(USAGE, cost=BILL / 20, upstream_inference_cost=BILL, is_byok=True),
            (Charge("the provider bills your key", BILL), Charge("OpenRouter's fee", BILL / 20)),
        ),
        (replace(USAGE, cost=BILL, upstream_inference_cost=BILL), ()),
        (replace(USAGE, cost=D("NaN")), ()),
    ],
    ids=["search", "tools", "own key in the allowance", "own key past it", "repeated", "no cost"],
)
def test_charges_apart_from_tokens_are_named_and_explain_the_bill(
    usage: Usage, charges: tuple[Charge, ...]
) -> None:
    found = sheet(usage)
    assert found.charges == charges
    assert found.remark == ""


def test_the_facts_behind_the_answer() -> None:
    found = sheet(
        replace(USAGE, web_searches=3),
        BILL,
        model_served="anthropic/claude-4.5-sonnet-20250929",
        served_by="Anthropic",
        service_tier="priority",
        finish_reason="stop",
        timing=Timing(0.6, 5.6),
        generation_id="gen-1",
        estimate=Estimate(2500, 2516),
    )
    assert found.facts == (
        ("model", "anthropic/claude-4.5-sonnet-20250929"),
        ("provider", "Anthropic"),
        ("tier", "priority"),
        ("finish reason", "stop"),
        ("first token", "0.6 s"),
        ("duration", "5.6 s"),
        ("speed", "20 tok/s"),
        ("generation", "gen-1"),
        ("web searches", "3"),
        ("input estimate", "≈ 2,516 tokens, 5.0 % too low"),
    )


def test_without_prices_of_its_own_an_answer_is_computed_at_those_of_now() -> None:
    generation = Generation(
        "a/b", "openrouter", usage=Usage(1000, 10), cost=Cost(D(1), CostSource.REPORTED)
    )
    message = Message("a", "c", "p", Role.ASSISTANT, "Yes.", NOON, generation=generation)
    found = receipt_sheet(message, Model("a/b", pricing=PRICES))
    assert found is not None
    assert found.computed == (1000 * D(3) + 10 * D(15)) / MILLION
    assert found.facts[-1] == ("prices", "as the catalogue names them now")


@pytest.mark.parametrize(
    ("state", "cost", "generation_id", "can"),
    [
        (MessageState.STOPPED, Cost(D(1), CostSource.ESTIMATED), "gen-1", True),
        (MessageState.INTERRUPTED, UNKNOWN_COST, "gen-1", True),
        (MessageState.STOPPED, UNKNOWN_COST, None, False),
        (MessageState.STREAMING, UNKNOWN_COST, "gen-1", False),
        (MessageState.COMPLETE, Cost(D(1), CostSource.REPORTED), "gen-1", False),
    ],
)
def test_only_an_open_bill_can_be_settled(
    state: MessageState, cost: Cost, generation_id: str | None, can: bool
) -> None:
    generation = Generation("a/b", "openrouter", generation_id=generation_id, cost=cost)
    message = Message("a", "c", "p", Role.ASSISTANT, "Yes.", NOON, state, generation=generation)
    found = receipt_sheet(message)
    assert found is not None
    assert found.can_be_settled == can


def test_a_prompt_has_no_receipt() -> None:
    assert receipt_sheet(Message("p", "c", None, Role.USER, "Why?", NOON)) is None


counts = st.none() | st.integers(0, 10**7)
charges = st.none() | st.decimals(0, 100, places=9)


@given(
    st.builds(
        Usage,
        counts,
        counts,
        counts,
        counts,
        counts,
        cost=charges,
        upstream_inference_cost=charges,
        is_byok=st.none() | st.booleans(),
        server_tool_cost=charges,
        web_searches=st.none() | st.integers(0, 9),
    )
)
def test_lines_and_charges_are_amounts_of_money(usage: Usage) -> None:
    found = sheet(usage)
    for amount in (*(line.amount for line in found.lines), *(one.amount for one in found.charges)):
        assert type(amount) is Decimal
        assert amount >= 0
    assert found.computed is None or found.computed >= 0
    if found.billed.source is CostSource.COMPUTED:
        charged = sum((one.amount for one in found.charges), found.computed or D(0))
        assert charged == found.billed.amount


def test_an_upstream_cost_of_zero_says_nothing_of_tools() -> None:
    # as the look-up of a generation names it for a key of OpenRouter's own
    found = sheet(replace(USAGE, upstream_inference_cost=D(0)), BILL)
    assert (found.charges, found.remark) == ((), "")


@pytest.mark.parametrize("upstream", [None, D(0)])
def test_tokens_of_an_answer_that_searched_are_not_billed_as_searches(
    upstream: Decimal | None,
) -> None:
    searched = replace(USAGE, upstream_inference_cost=upstream, web_searches=1)
    found = sheet(searched, BILL)
    assert (found.charges, found.remark) == ((), "")
    dearer = sheet(replace(searched, cost=BILL + D("0.02")), BILL + D("0.02"))
    assert dearer.remark == (
        "The bill is $0.02 more than these lines come to: "
        "the web searches are billed apart from the tokens."
    )


@pytest.mark.parametrize(
    ("estimated", "words"),
    [(USAGE.prompt_tokens or 0, ""), ((USAGE.prompt_tokens or 0) * 2, ", 100.0 % too high")],
)
def test_an_estimate_says_how_far_and_which_way_it_was_off(estimated: int, words: str) -> None:
    found = sheet(USAGE, BILL, estimate=Estimate(estimated, estimated))
    assert ("input estimate", f"≈ {estimated:,} tokens{words}") in found.facts


def test_a_search_that_was_charged_is_no_line_of_its_own_besides() -> None:
    prices = replace(PRICES, web_search=D("0.01"))
    searched = replace(USAGE, web_searches=1, cost=BILL + D("0.007"))
    found = sheet(replace(searched, upstream_inference_cost=BILL), prices=prices)
    assert (found.charges, found.remark) == ((Charge("tools and search", D("0.007")),), "")
    assert BillItem.SEARCH not in [line.item for line in found.lines]

    by_the_provider = replace(searched, cost=BILL + D("0.01"))
    found = sheet(replace(by_the_provider, upstream_inference_cost=BILL + D("0.01")), prices=prices)
    assert (found.charges, found.remark) == ((), "")
    assert found.lines[-1].item is BillItem.SEARCH


def test_what_the_provider_bills_ones_own_key_may_not_be_known() -> None:
    found = sheet(replace(USAGE, cost=D(0), is_byok=True))
    assert found.remark == "The provider bills your key as well; how much was not reported."
