"""The search against plain loops over the served rows, and its orders on rows made for them."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest

from tui.domain.catalogue import Catalogue
from tui.domain.catalogue_context import FilterContext, TypicalTurn
from tui.domain.catalogue_filter import parse_filter
from tui.domain.catalogue_search import matches, search
from tui.domain.catalogue_sort import SortKey, turn_price
from tui.domain.cost import Usage, computed_cost
from tui.domain.model import Endpoint, Model, PriceOverride, Pricing
from tui.services.wire import parse_catalogue

BODY = files("tui.demo").joinpath("catalogue.json").read_bytes()
ROWS: list[dict[str, Any]] = json.loads(BODY, parse_float=Decimal)["data"]
DEMO = parse_catalogue(BODY)
NOON = datetime(2026, 5, 16, 12, 0, tzinfo=UTC)
CONTEXT = FilterContext(now=NOON)
MILLION = 1_000_000

Test = Callable[[dict[str, Any]], bool]


def paid(row: Mapping[str, Any], name: str) -> Decimal | None:
    """A price at noon for a short prompt in USD per million; None if it varies or is missing."""
    pricing = row["pricing"]
    price = pricing.get(name)
    for override in pricing.get("overrides", ()):
        if "min_prompt_tokens" in override or not (
            override["utc_start"] <= 1200 < override["utc_end"]
        ):
            continue
        price = override.get(name, price)
    if price is None or Decimal(price) < 0:
        return None
    return Decimal(price) * (1 - Decimal(pricing.get("discount", 0))) * MILLION


def less(row: Mapping[str, Any], name: str, most: str) -> bool:
    price = paid(row, name)
    return price is not None and price < Decimal(most)


def at_most(row: Mapping[str, Any], name: str, most: str) -> bool:
    price = paid(row, name)
    return price is not None and price <= Decimal(most)


def is_free(row: Mapping[str, Any]) -> bool:
    return paid(row, "prompt") == 0 and paid(row, "completion") == 0


def reads(row: Mapping[str, Any], what: str) -> bool:
    return what in row["architecture"]["input_modalities"]


def writes(row: Mapping[str, Any], what: str) -> bool:
    return what in row["architecture"]["output_modalities"]


def takes(row: Mapping[str, Any], *parameters: str) -> bool:
    return any(parameter in row["supported_parameters"] for parameter in parameters)


def author(row: Mapping[str, Any]) -> str:
    return str(row["id"]).split("/")[0].lstrip("~")


def longest(row: Mapping[str, Any]) -> int:
    return row["top_provider"]["max_completion_tokens"] or 0


def says(row: Mapping[str, Any], word: str) -> bool:
    return word in f"{row['id']} {row['name']}".lower()


def thinks(row: Mapping[str, Any]) -> bool:
    return "reasoning" in row or takes(row, "reasoning")


def added_since(row: Mapping[str, Any], days: int) -> bool:
    return bool(row["created"] >= NOON.timestamp() - days * 86_400)


def ends(row: Mapping[str, Any], within: int = 10_000) -> bool:
    if row["expiration_date"] is None or row["expiration_date"] > "2090":
        return False
    return 0 <= (date.fromisoformat(row["expiration_date"]) - NOON.date()).days <= within


FILTERS: dict[str, Test] = {
    "": lambda r: True,
    "vision tools ctx>=200k in<=3 -free": lambda r: (
        reads(r, "image")
        and takes(r, "tools")
        and r["context_length"] >= 200_000
        and at_most(r, "prompt", "3")
        and not is_free(r)
    ),
    "free": is_free,
    "-free": lambda r: not is_free(r),
    "free|in<0.1": lambda r: is_free(r) or less(r, "prompt", "0.1"),
    "author:anthropic": lambda r: author(r) == "anthropic",
    "author:x-ai": lambda r: author(r) == "x-ai",
    "author:anthropic|openai": lambda r: author(r) in ("anthropic", "openai"),
    "-author:openai": lambda r: author(r) != "openai",
    "author=meta-llama tools": lambda r: author(r) == "meta-llama" and takes(r, "tools"),
    "author:mistral": lambda r: author(r).startswith("mistral"),
    "ctx>=1m": lambda r: r["context_length"] >= MILLION,
    "ctx<32k": lambda r: r["context_length"] < 32_000,
    "ctx=131072": lambda r: r["context_length"] == 131_072,
    "ctx:128k..200k": lambda r: 128_000 <= r["context_length"] <= 200_000,
    "ctx:128k..<200k": lambda r: 128_000 <= r["context_length"] < 200_000,
    "maxout>=32k": lambda r: longest(r) >= 32_000,
    "maxout<8k": lambda r: 0 < longest(r) < 8_000,
    "in<1": lambda r: less(r, "prompt", "1"),
    "in<1 out<5": lambda r: less(r, "prompt", "1") and less(r, "completion", "5"),
    "out<=0.3": lambda r: at_most(r, "completion", "0.3"),
    "in<0.33": lambda r: less(r, "prompt", "0.33"),
    "cache<0.1": lambda r: less(r, "input_cache_read", "0.1"),
    "in:0.5..<2 -vision": lambda r: (
        paid(r, "prompt") is not None
        and not less(r, "prompt", "0.5")
        and less(r, "prompt", "2")
        and not reads(r, "image")
    ),
    "varies": lambda r: r["pricing"]["prompt"] == "-1",
    "tools": lambda r: takes(r, "tools"),
    "vision files": lambda r: reads(r, "image") and reads(r, "file"),
    "audio|video": lambda r: reads(r, "audio") or reads(r, "video"),
    "image-out": lambda r: writes(r, "image"),
    "audio-out": lambda r: writes(r, "audio"),
    "reasoning -tools": lambda r: thinks(r) and not takes(r, "tools"),
    "json": lambda r: takes(r, "response_format", "structured_outputs"),
    "new:30d": lambda r: added_since(r, 30),
    "new": lambda r: added_since(r, 30),
    "-new:1y": lambda r: not added_since(r, 365),
    "expiring": ends,
    "expiring:30d": lambda r: ends(r, 30),
    "moderated": lambda r: r["top_provider"]["is_moderated"] is True,
    "param:seed": lambda r: takes(r, "seed"),
    "-param:top_k param:top_p": lambda r: takes(r, "top_p") and not takes(r, "top_k"),
    "tok:Claude": lambda r: r["architecture"]["tokenizer"] == "Claude",
    "tok:qwen": lambda r: r["architecture"]["tokenizer"] == "Qwen",
    "variant:free": lambda r: r["id"].endswith(":free"),
    "claude": lambda r: says(r, "claude"),
    "CLAUDE -haiku": lambda r: says(r, "claude") and not says(r, "haiku"),
    '"gpt-5"|"gemini 2.5"': lambda r: says(r, "gpt-5") or says(r, "gemini 2.5"),
    "nothing>3 free ctx>=many": is_free,
}


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


@pytest.mark.parametrize("descending", [False, True])
def test_sorted_by_price_as_a_plain_loop_sorts(descending: bool) -> None:
    line = "vision tools ctx>=200k in<=3 -free"
    rows = sorted(
        (row for row in ROWS if FILTERS[line](row)),
        key=lambda row: paid(row, "prompt") or 0,
        reverse=descending,
    )
    found = search(DEMO, parse_filter(line), CONTEXT, SortKey.PRICE_IN, descending=descending)
    assert [one.model.id for one in found] == [row["id"] for row in rows]


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
        pricing=Pricing(Decimal(1), Decimal(2)),
        benchmarks={"intelligence_index": 10.0, "coding_index": 30.0},
    ),
    Model(
        "a/fast",
        name="Alpha",
        created=200,
        context_length=4,
        max_completion_tokens=8,
        pricing=Pricing(Decimal(2), Decimal(1)),
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
    by_latency = ids(VALUED, sort=SortKey.LATENCY, context=BY_ENDPOINTS)
    assert by_latency == ["a/fast", "a/none", "a/slow", "a/varies"]


def test_equal_values_stay_as_served_in_both_directions() -> None:
    known = catalogue(priced("a/1", "1"), priced("a/2", "1"), priced("a/3", "0.5"))
    assert ids(known, sort=SortKey.PRICE_IN) == ["a/3", "a/1", "a/2"]
    assert ids(known, sort=SortKey.PRICE_IN, descending=True) == ["a/1", "a/2", "a/3"]


def test_the_best_match_is_first_and_marked() -> None:
    known = catalogue(
        Model("x/claudesonnet-like", name="Other"),
        Model("b/claude-sonnet", name="Claude Sonnet"),
        Model("c/clever-sonnet", name="Clever"),
    )
    found = search(known, parse_filter("sonnet"), CONTEXT)
    ranked = ["b/claude-sonnet", "c/clever-sonnet", "x/claudesonnet-like"]
    assert [one.model.id for one in found] == ranked
    assert found[0].score >= found[1].score > found[2].score
    marked = found[0]
    assert [marked.model.id[at] for at in marked.id_matches] == list("sonnet")
    assert marked.name_matches == ()
    (by_name,) = search(known, parse_filter("other"), CONTEXT)
    assert (by_name.id_matches, by_name.name_matches) == ((), (0, 1, 2, 3, 4))


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


def test_favourites_and_what_the_key_may_use() -> None:
    context = FilterContext(
        now=NOON, favourites=frozenset({"a/slow"}), usable=frozenset({"a/slow", "a/fast"})
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
