"""The search against plain loops over the served rows, and its orders on rows made for them."""

from datetime import time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.domain.plain_filters import BODY, FILTERS, MILLION, NOON, ROWS, by_price
from tui.domain.bill import computed_cost
from tui.domain.catalogue import Catalogue
from tui.domain.catalogue_context import FilterContext, TypicalTurn
from tui.domain.catalogue_filter import parse_filter
from tui.domain.catalogue_search import matches, search
from tui.domain.catalogue_sort import SortKey, turn_price
from tui.domain.cost import Usage
from tui.domain.model import Endpoint, Model, PriceOverride, Pricing
from tui.services.wire import parse_catalogue

DEMO = parse_catalogue(BODY)
CONTEXT = FilterContext(now=NOON)


@pytest.mark.parametrize("line", FILTERS)
def test_a_filter_finds_what_a_plain_loop_finds(line: str) -> None:
    expected = [row["id"] for row in ROWS if FILTERS[line](row)]
    asked = parse_filter(line)
    found = search(DEMO, asked, CONTEXT, SortKey.POPULAR)
    assert [one.model.id for one in found] == expected
    assert [m.id for m in DEMO.models.values() if matches(m, asked, CONTEXT)] == expected


def test_the_filters_tell_models_apart() -> None:
    """A comparison in which everything or nothing matches would prove little."""
    told = [line for line, test in FILTERS.items() if 0 < sum(map(test, ROWS)) < len(ROWS)]
    assert len(told) >= 40


@pytest.mark.parametrize("line", FILTERS)
@pytest.mark.parametrize("descending", [False, True])
def test_sorted_by_price_as_a_plain_loop_sorts(line: str, descending: bool) -> None:
    rows = [row for row in ROWS if FILTERS[line](row)]
    found = search(DEMO, parse_filter(line), CONTEXT, SortKey.PRICE_IN, descending=descending)
    assert [one.model.id for one in found] == by_price(rows, descending=descending)


def catalogue(*models: Model) -> Catalogue:
    return Catalogue({model.id: model for model in models})


def ids(
    known: Catalogue,
    line: str = "",
    sort: SortKey = SortKey.RELEVANCE,
    *,
    descending: bool = False,
    context: FilterContext = CONTEXT,
) -> list[str]:
    found = search(known, parse_filter(line), context, sort, descending=descending)
    return [one.model.id for one in found]


def priced(model_id: str, prompt: str | None, completion: str | None = None, **more: Any) -> Model:
    def price(text: str | None) -> Decimal | None:
        return None if text is None else Decimal(text) / MILLION

    return Model(model_id, pricing=Pricing(price(prompt), price(completion or prompt), **more))


ENDPOINTS = {
    "a/fast": (
        Endpoint("Groq", "groq", throughput_last_30m={"p50": 500.0}, latency_last_30m={"p50": 90}),
        Endpoint("Slow Inc", "slow/us", throughput_last_30m={"p50": 9.0}),
    ),
    "a/slow": (Endpoint("Slow Inc", "slow/us", throughput_last_30m={"p50": 8.0}),),
    "a/none": (),
}
VALUED = catalogue(
    Model("a/none", name="None: known"),
    Model(
        "a/slow",
        name="zeta",
        created=100,
        context_length=8,
        max_completion_tokens=4,
        pricing=Pricing(Decimal(1), Decimal(2), input_cache_read=Decimal(1)),
        benchmarks={"intelligence_index": 10.0, "coding_index": 30.0},
    ),
    Model(
        "a/fast",
        name="Alpha",
        created=200,
        context_length=4,
        max_completion_tokens=8,
        pricing=Pricing(Decimal(2), Decimal(1), input_cache_read=Decimal(0)),
        benchmarks={"intelligence_index": 20.0, "coding_index": 20.0},
    ),
    Model("a/varies", name="midst", pricing=Pricing(Decimal(-1), Decimal(-1))),
)
BY_ENDPOINTS = FilterContext(now=NOON, endpoints=ENDPOINTS)


@pytest.mark.parametrize(
    ("key", "first", "second"),
    [
        (SortKey.NEWEST, "a/fast", "a/slow"),
        (SortKey.PRICE_IN, "a/slow", "a/fast"),
        (SortKey.PRICE_OUT, "a/fast", "a/slow"),
        (SortKey.TURN, "a/slow", "a/fast"),
        (SortKey.CONTEXT, "a/fast", "a/slow"),
        (SortKey.MAX_OUTPUT, "a/slow", "a/fast"),
        (SortKey.INTELLIGENCE, "a/slow", "a/fast"),
        (SortKey.CODING, "a/fast", "a/slow"),
        (SortKey.SPEED, "a/slow", "a/fast"),
        (SortKey.PRICE_CACHE, "a/fast", "a/slow"),
    ],
)
def test_unknown_values_are_last_in_both_directions(key: SortKey, first: str, second: str) -> None:
    unknown = ["a/none", "a/varies"]
    assert ids(VALUED, sort=key, context=BY_ENDPOINTS) == [first, second, *unknown]
    there = ids(VALUED, sort=key, descending=True, context=BY_ENDPOINTS)
    assert there == [second, first, *unknown]


def test_the_other_orders() -> None:
    assert ids(VALUED, sort=SortKey.POPULAR) == list(VALUED.models)
    assert ids(VALUED, sort=SortKey.POPULAR, descending=True) == list(VALUED.models)[::-1]
    assert ids(VALUED, sort=SortKey.NAME) == ["a/fast", "a/varies", "a/none", "a/slow"]
    assert ids(VALUED, sort=SortKey.ID) == ["a/fast", "a/none", "a/slow", "a/varies"]
    authors = catalogue(Model("~b/2"), Model("A/3"), Model("b/1"))
    assert ids(authors, sort=SortKey.AUTHOR) == ["A/3", "~b/2", "b/1"]
    by_latency = ids(VALUED, sort=SortKey.LATENCY, context=BY_ENDPOINTS)
    assert by_latency == ["a/fast", "a/none", "a/slow", "a/varies"]


def test_equal_values_stay_as_served_in_both_directions() -> None:
    known = catalogue(priced("a/1", "1"), priced("a/2", "1"), priced("a/3", "0.5"))
    assert ids(known, sort=SortKey.PRICE_IN) == ["a/3", "a/1", "a/2"]
    assert ids(known, sort=SortKey.PRICE_IN, descending=True) == ["a/1", "a/2", "a/3"]


def test_the_best_match_is_first_in_the_id_or_the_name() -> None:
    known = catalogue(
        Model("x/claudesonnet-like", name="Other"),
        Model("b/claude-sonnet", name="Claude Sonnet"),
        Model("c/clever-sonnet", name="Clever"),
    )
    found = search(known, parse_filter("sonnet"), CONTEXT)
    ranked = ["b/claude-sonnet", "c/clever-sonnet", "x/claudesonnet-like"]
    assert [one.model.id for one in found] == ranked
    assert found[0].score >= found[1].score > found[2].score
    (by_name,) = search(known, parse_filter("other"), CONTEXT)
    assert by_name.model.id == "x/claudesonnet-like"


def test_what_is_excluded_is_excluded_as_it_stands_only() -> None:
    known = catalogue(Model("a/sonnet"), Model("a/sonet"))
    assert ids(known, "-sonet") == ["a/sonnet"]


def test_a_price_that_varies_or_is_not_named_matches_no_comparison() -> None:
    known = catalogue(priced("a/varies", "-1000000"), priced("a/none", None), priced("a/one", "1"))
    for line in ("in<5", "in>=0", "in:0..100", "out<5", "in<5|in>=5"):
        assert ids(known, line) == ["a/one"]
    assert ids(known, "varies") == ["a/varies"]


def test_the_discount_is_taken_off_before_comparing() -> None:
    known = catalogue(priced("a/half", "2", discount=Decimal("0.5")), priced("a/full", "2"))
    assert ids(known, "in<=1") == ["a/half"]
    assert ids(known, sort=SortKey.PRICE_IN) == ["a/half", "a/full"]
    gift = catalogue(priced("a/gift", "2", discount=Decimal(1)))
    assert ids(gift, "free") == ["a/gift"]


NIGHT = PriceOverride({"prompt": Decimal("0.5") / MILLION}, utc_start=time(22), utc_end=time(6))
SUNDAY = PriceOverride({"prompt": Decimal(9) / MILLION}, utc_days=frozenset({6}))
LONG = PriceOverride({"prompt": Decimal(7) / MILLION}, min_prompt_tokens=200_000)


def test_prices_of_hour_and_weekday_hold_as_of_now() -> None:
    known = catalogue(priced("a/clock", "2", overrides=(NIGHT, SUNDAY, LONG)))
    at_night = FilterContext(now=NOON.replace(hour=23))
    sunday = FilterContext(now=NOON + timedelta(days=1))
    assert ids(known, "in=2") == ["a/clock"]
    assert ids(known, "in=0.5", context=at_night) == ["a/clock"]
    assert ids(known, "in=9", context=sunday) == ["a/clock"]
    assert ids(known, "in=2") == ["a/clock"]


@pytest.mark.parametrize("prompt_tokens", [1_000, 200_000, 200_001])
def test_the_price_of_a_turn_is_what_it_would_cost(prompt_tokens: int) -> None:
    turn = TypicalTurn(prompt_tokens, 700)
    context = FilterContext(now=NOON, turn=turn)
    for found in search(DEMO, parse_filter(""), context, SortKey.TURN):
        usage = Usage(prompt_tokens=turn.prompt_tokens, completion_tokens=turn.completion_tokens)
        expected = computed_cost(usage, found.model.pricing, NOON)
        assert turn_price(found.row, turn, NOON) == expected


def test_the_turn_decides_which_model_is_cheaper() -> None:
    known = catalogue(priced("a/reads", "1", "10"), priced("a/writes", "5", "5"))
    long_prompts = FilterContext(now=NOON, turn=TypicalTurn(10_000, 100))
    long_answers = FilterContext(now=NOON, turn=TypicalTurn(100, 10_000))
    assert ids(known, sort=SortKey.TURN, context=long_prompts)[0] == "a/reads"
    assert ids(known, sort=SortKey.TURN, context=long_answers)[0] == "a/writes"


def test_providers_are_known_from_the_endpoints_that_were_read() -> None:
    assert ids(VALUED, "provider:groq", context=BY_ENDPOINTS) == ["a/fast"]
    assert ids(VALUED, "provider:slow", context=BY_ENDPOINTS) == ["a/slow", "a/fast"]
    assert ids(VALUED, 'provider:"slow inc"', context=BY_ENDPOINTS) == ["a/slow", "a/fast"]
    assert ids(VALUED, "provider:groq") == []
    assert ids(VALUED, "-provider:groq", context=BY_ENDPOINTS) == ["a/none", "a/slow", "a/varies"]


def test_favourites_alone_come_in_the_order_of_the_user() -> None:
    context = FilterContext(now=NOON, favourites=("a/slow", "x/gone", "a/none", "a/fast"))
    assert ids(VALUED, "fav", context=context) == ["a/slow", "a/none", "a/fast"]
    assert ids(VALUED, "fav", context=context, descending=True) == ["a/fast", "a/none", "a/slow"]
    assert ids(VALUED, "fav a/", context=context) == ids(VALUED, "a/ -a/varies")
    assert ids(VALUED, "-fav", context=context) == ["a/varies"]


def test_favourites_and_what_the_key_may_use() -> None:
    context = FilterContext(
        now=NOON, favourites=("a/slow",), usable=frozenset({"a/slow", "a/fast"})
    )
    assert ids(VALUED, "fav", context=context) == ["a/slow"]
    assert ids(VALUED, "mine -fav", context=context) == ["a/fast"]
    assert ids(VALUED, "mine") == ids(VALUED, "-mine") == list(VALUED.models)


def test_a_day_that_has_passed_is_not_ahead() -> None:
    known = catalogue(
        Model("a/past", expiration_date=NOON.date() - timedelta(days=1)),
        Model("a/today", expiration_date=NOON.date()),
        Model("a/later", expiration_date=NOON.date() + timedelta(days=40)),
    )
    assert ids(known, "expiring") == ["a/today", "a/later"]
    assert ids(known, "expiring:30d") == ["a/today"]


def test_rows_without_facts_match_no_comparison_and_break_nothing() -> None:
    known = catalogue(Model(""), Model("no-author"), Model("a/" + "x" * 10_000, name="\x1b[31m[b]"))
    for line in ("ctx>=0", "maxout<9", "in<9", "new", "expiring", "tok:x", "param:x", "variant:x"):
        assert ids(known, line) == []
    assert len(ids(known, "-ctx>=0 -new")) == 3
    assert ids(known, "xxxx") == ["a/" + "x" * 10_000]
    for key in SortKey:
        assert len(ids(known, sort=key)) == 3
