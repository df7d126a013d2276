"""What a send will likely cost and at worst, with the arithmetic in the open."""

from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.money_support import (
    CATALOGUE,
    CLAUDE,
    GEMINI,
    GPT,
    LLAMA,
    MILLION,
    NOON,
    Chat,
    D,
    per_million,
    request_for,
)
from tui.domain.bill import BillItem
from tui.domain.caching_entries import WarmPrefix
from tui.domain.calibration import Calibration, Fit
from tui.domain.catalogue import Catalogue
from tui.domain.context_parts import typed_path
from tui.domain.conversation import Message, Role
from tui.domain.cost import CostSource
from tui.domain.model import Endpoint, Model, PriceOverride
from tui.domain.preview import LOCAL, NO_PRICE, TOLD_AFTERWARDS, VARIES, CostPreview, preview
from tui.domain.turn import TurnRequest

WORDS = " word" * 799
"""999 tokens by our count, and 4 for the message: 1,003."""
LEARNT = Calibration(Fit(1.0, 0.02, 0.1, 20), Fit(), usual_completion=300)


def path(*texts: str) -> list[Message]:
    chat = Chat(request_for())
    for number, text in enumerate(texts):
        chat.say((Role.USER, Role.ASSISTANT)[number % 2], text)
    return chat.conversation.path()


def see(request: TurnRequest, sent: list[Message] | None = None, **facts: object) -> CostPreview:
    facts = {"now": NOON} | facts
    return preview(request, path(WORDS) if sent is None else sent, **facts)  # type: ignore[arg-type]  # facts by name


def test_likely_is_an_answer_as_long_as_usual_and_worst_the_longest_one() -> None:
    seen = see(request_for(calibration=LEARNT))
    assert seen.usage.prompt_tokens == 1003
    assert seen.likely == (1003 * D(3) + 300 * D(15)) / MILLION
    # a tenth more input than thought, and the model's longest answer
    assert seen.worst == (1103 * D(3) + 64_000 * D(15)) / MILLION
    assert seen.most_completion_tokens == 64_000
    assert seen.error == 0.02
    assert [line.item for line in seen.lines] == [BillItem.INPUT, BillItem.OUTPUT]


def test_the_worst_case_is_all_reasoning_where_that_costs_more() -> None:
    priced = per_million(prompt="3", completion="15", internal_reasoning="20")
    model = Model(CLAUDE, pricing=priced, max_completion_tokens=64_000)
    catalogue = Catalogue({CLAUDE: model})
    seen = see(request_for(calibration=LEARNT, catalogue=catalogue))
    assert seen.worst == (1103 * D(3) + 64_000 * D(20)) / MILLION


def test_before_the_first_answer_the_worst_case_trusts_the_count_least() -> None:
    seen = see(request_for())
    assert seen.likely == (1003 * D(3) + 500 * D(15)) / MILLION
    assert seen.worst == (round(1003 * 1.5) * D(3) + 64_000 * D(15)) / MILLION


def test_both_are_said_in_words() -> None:
    seen = see(request_for(calibration=LEARNT, model={"params": {"max_tokens": 1000}}))
    assert seen.words == "≈ $0.007509 likely · $0.01831 at worst"
    assert seen.short == "≈ $0.007509 – $0.01831"


@pytest.mark.parametrize(
    ("asked", "likely", "most"), [(100, 100, 100), (1000, 300, 1000), (True, 300, 64_000)]
)
def test_the_request_limits_the_answer(asked: object, likely: int, most: int) -> None:
    seen = see(request_for(calibration=LEARNT, model={"params": {"max_tokens": asked}}))
    assert (seen.usage.completion_tokens, seen.most_completion_tokens) == (likely, most)


def test_the_context_limits_the_answer() -> None:
    seen = see(request_for("meta-llama/llama-3.3-70b-instruct", calibration=LEARNT))
    assert seen.most_completion_tokens == 8_000 - 1003


def test_what_is_warm_is_read_and_the_rest_is_written() -> None:
    sent = path(WORDS, "Yes.", WORDS)
    warm = WarmPrefix((sent[0].id,), 1100, NOON + timedelta(minutes=3), NOON)
    seen = see(request_for(calibration=LEARNT, prompt_caching=True), sent, warm=warm)
    total = 1003 + 5 + 1003
    assert seen.usage.prompt_tokens == total
    assert (seen.usage.cached_tokens, seen.usage.cache_write_tokens) == (1100, total - 1100)
    assert seen.likely == (1100 * D("0.3") + 911 * D("3.75") + 300 * D(15)) / MILLION


@pytest.mark.parametrize("cold", ["expired", "another beginning"])
def test_what_is_not_warm_is_paid_in_full(cold: str) -> None:
    sent = path(WORDS, "Yes.", WORDS)
    until = NOON - timedelta(seconds=1) if cold == "expired" else NOON + timedelta(minutes=3)
    ids = (sent[0].id,) if cold == "expired" else ("elsewhere",)
    seen = see(request_for(GPT), sent, warm=WarmPrefix(ids, 1100, until, NOON))
    assert seen.usage.cached_tokens == 0


def test_an_hour_in_the_cache_costs_more_to_write() -> None:
    model = {"params": {"cache_ttl": "1h"}}
    sent = path(WORDS, "Yes.", WORDS)
    seen = see(request_for(calibration=LEARNT, prompt_caching=True, model=model), sent)
    assert seen.likely == (2011 * D(6) + 300 * D(15)) / MILLION


def test_gemini_pays_for_what_it_keeps_on_top() -> None:
    sent = path(WORDS * 5)
    tokens = 4994 + 4
    seen = see(request_for(GEMINI, calibration=LEARNT, prompt_caching=True), sent)
    assert (seen.usage.cached_tokens, seen.usage.cache_write_tokens) == (tokens, tokens)
    assert seen.likely == (tokens * (D("0.125") + D("0.375")) + 300 * D(10)) / MILLION


def test_prices_go_by_length_and_hour() -> None:
    night = PriceOverride({"prompt": D(1) / MILLION}, utc_start=time(22), utc_end=time(6))
    long = PriceOverride({"prompt": D(6) / MILLION}, min_prompt_tokens=1000)
    priced = replace(per_million(prompt="3", completion="15"), overrides=(night, long))
    catalogue = Catalogue({CLAUDE: Model(CLAUDE, pricing=priced)})
    request = request_for(calibration=LEARNT, catalogue=catalogue)
    midnight = NOON + timedelta(hours=12)
    assert see(request).likely == (1003 * D(6) + 300 * D(15)) / MILLION
    assert see(request, path("Why?"), now=midnight).likely == (5 * D(1) + 300 * D(15)) / MILLION
    assert see(request, path("Why?")).likely == (5 * D(3) + 300 * D(15)) / MILLION


def test_the_endpoint_that_will_answer_has_its_own_price_and_limit() -> None:
    endpoint = Endpoint(
        "Bedrock",
        "amazon-bedrock",
        max_completion_tokens=8000,
        pricing=per_million(prompt="4", completion="20"),
    )
    seen = see(request_for(calibration=LEARNT), endpoint=endpoint)
    assert seen.likely == (1003 * D(4) + 300 * D(20)) / MILLION
    assert seen.most_completion_tokens == 8000


def test_whoever_may_answer_instead_counts_for_the_worst_case_only() -> None:
    dear = Endpoint("Dear", "dear", pricing=per_million(prompt="30", completion="150"))
    seen = see(request_for(calibration=LEARNT), others=[dear])
    assert seen.likely == (1003 * D(3) + 300 * D(15)) / MILLION
    assert seen.worst == (1103 * D(30) + 64_000 * D(150)) / MILLION


def test_a_fallback_counts_for_the_worst_case() -> None:
    model = {"fallbacks": [CLAUDE], "params": {"max_tokens": 1000}}
    seen = see(request_for(GPT, calibration=LEARNT, model=model))
    assert seen.likely == (1003 * D("1.75") + 300 * D(14)) / MILLION
    assert seen.worst == (1103 * D(3) + 1000 * D(15)) / MILLION


def test_a_fallback_answers_no_longer_than_it_can() -> None:
    seen = see(request_for(LLAMA, calibration=LEARNT, model={"fallbacks": [CLAUDE]}))
    assert seen.most_completion_tokens == 8_000 - 1003
    assert seen.worst == (1103 * D(3) + 64_000 * D(15)) / MILLION


def test_a_provider_that_stands_in_counts_at_its_own_prices() -> None:
    short = {"params": {"max_tokens": 1000}}
    dear = {"*": {"prompt": 30, "completion": 150}}
    gateway = request_for("big", provider="compatible", model=short, prices=dear)
    seen = see(request_for(GPT, calibration=LEARNT, model=short), stand_ins=[gateway])
    assert seen.likely == (1003 * D("1.75") + 300 * D(14)) / MILLION
    # nothing was ever measured there
    assert seen.worst == (round(1003 * 1.5) * D(30) + 1000 * D(150)) / MILLION


def test_a_local_server_standing_in_costs_nothing() -> None:
    local = request_for("llama3", provider="compatible")
    alone, helped = (see(request_for(GPT), stand_ins=others) for others in ([], [local]))
    assert alone.worst == helped.worst


def test_a_local_model_may_cost_something_after_all_when_others_stand_in() -> None:
    paid = request_for(GPT, model={"params": {"max_tokens": 1000}})
    seen = see(request_for("llama3", provider="compatible"), stand_ins=[paid])
    assert (seen.likely, seen.unknown) == (None, LOCAL)
    assert seen.worst == (round(1003 * 1.5) * D("1.75") + 1000 * D(14)) / MILLION
    assert not seen.costs_nothing
    assert seen.words == f"{LOCAL} · $0.01663 at worst"


def test_a_stand_in_of_unknown_price_makes_the_worst_case_unknown() -> None:
    unknown = request_for("nobody/knows")
    assert see(request_for(GPT), stand_ins=[unknown]).worst is None
    local = see(request_for("llama3", provider="compatible"), stand_ins=[unknown])
    assert (local.worst, local.costs_nothing, local.words) == (None, False, LOCAL)


def test_a_fallback_of_unknown_price_makes_the_worst_case_unknown() -> None:
    seen = see(request_for(GPT, calibration=LEARNT, model={"fallbacks": ["nobody/knows"]}))
    assert seen.worst is None
    assert seen.words == "≈ $0.005955 likely"
    assert seen.short == "≈ $0.005955"


@pytest.mark.parametrize(
    ("model_id", "provider", "why"),
    [
        ("openrouter/auto", "openrouter", VARIES),
        ("nobody/knows", "openrouter", NO_PRICE),
        ("llama3", "compatible", LOCAL),
    ],
)
def test_without_a_price_it_says_why(model_id: str, provider: str, why: str) -> None:
    seen = see(request_for(model_id, provider=provider))
    worst = D(0) if why == LOCAL else None
    assert (seen.likely, seen.worst, seen.unknown) == (None, worst, why)
    assert (seen.words, seen.short) == (why, "")
    assert seen.usage.prompt_tokens == 1003
    assert seen.costs_nothing == (why == LOCAL)


def test_a_free_model_costs_nothing() -> None:
    free = Catalogue(
        {"a/b:free": Model("a/b:free", pricing=per_million(prompt="0", completion="0"))}
    )
    seen = see(request_for("a/b:free", catalogue=free, model={"params": {"max_tokens": 10}}))
    assert seen.costs_nothing
    assert seen.words == "≈ $0 likely · $0 at worst"


@given(
    st.lists(st.text(max_size=2000), min_size=1, max_size=6),
    st.sampled_from(sorted(CATALOGUE.models)),
    st.booleans(),
    st.integers(0, 5000),
    st.none() | st.integers(1, 100_000),
)
def test_the_worst_is_never_below_the_likely(
    texts: list[str], model_id: str, caching: bool, held: int, usual: int | None
) -> None:
    sent = path(*texts)
    warm = WarmPrefix((sent[0].id,), held, NOON + timedelta(minutes=1), NOON)
    calibration = Calibration(usual_completion=usual)
    request = request_for(model_id, calibration=calibration, prompt_caching=caching)
    seen = see(request, sent, warm=warm)
    assert seen.likely is None or seen.likely >= 0
    if seen.worst is not None:
        assert seen.likely is not None
        assert seen.worst >= seen.likely
    assert sum((line.amount for line in seen.lines), D(0)) == (seen.likely or 0)
    read, written = seen.usage.cached_tokens or 0, seen.usage.cache_write_tokens or 0
    assert max(read, written) <= (seen.usage.prompt_tokens or 0)


def test_what_is_typed_is_the_last_message_of_the_path() -> None:
    before = path("Why?", "Because.")
    typed = typed_path(before, "And then?")
    assert [message.text for message in typed] == ["Why?", "Because.", "And then?"]
    assert typed[-1].parent_id == before[-1].id
    assert typed_path(before, "") == before
    assert [message.text for message in typed_path([], "First")] == ["First"]


@pytest.mark.parametrize(("params", "expected"), [({}, 300), ({"max_tokens": 40}, 40)])
def test_an_answer_under_way_is_expected_to_be_as_long_as_before_it_was_sent(
    params: dict[str, int], expected: int
) -> None:
    asked = request_for(GPT, calibration=LEARNT, model={"params": params})
    estimate = asked.new_answer(path(WORDS), 0.0).generation(NOON).estimate
    assert estimate is not None
    assert estimate.completion == see(asked).usage.completion_tokens == expected


def test_a_server_on_this_machine_that_names_its_cost_is_not_free() -> None:
    billed = Calibration(billed_by=frozenset({"compatible"}))
    request = request_for("mock-gpt", provider="compatible", calibration=billed)
    seen = see(request)
    assert (seen.likely, seen.worst, seen.words) == (None, None, TOLD_AFTERWARDS)
    assert not seen.costs_nothing
    assert seen.likely_cost.source is CostSource.UNKNOWN
    assert not request.new_answer([], 0.0).local

    elsewhere = replace(billed, billed_by=frozenset({"openrouter"}))
    assert see(request_for("mock-gpt", provider="compatible", calibration=elsewhere)).costs_nothing


def test_prices_of_ones_own_for_a_server_on_this_machine_are_previewed() -> None:
    prices = {"mock-gpt": {"prompt": 2, "completion": 8}}
    seen = see(request_for("mock-gpt", provider="compatible", prices=prices))
    assert seen.likely is not None
    assert seen.likely > 0
    assert seen.words.startswith("≈ $")


def test_at_worst_all_of_the_answer_is_what_is_dearest_in_it() -> None:
    prices = per_million(prompt="1", completion="2", image_output="30")
    model = Model("a/draws", max_completion_tokens=1000, pricing=prices)
    seen = see(request_for("a/draws", catalogue=Catalogue({model.id: model}), calibration=LEARNT))
    assert seen.likely == (1003 * D(1) + 300 * D(2)) / MILLION
    assert seen.worst == (1103 * D(1) + 1000 * D(30)) / MILLION


@pytest.mark.parametrize(
    ("model_id", "params", "is_known"),
    [
        (f"{GPT}:online", {}, False),
        (f"{GPT}:nitro", {}, False),
        (GPT, {"service_tier": "priority"}, False),
        (GPT, {"service_tier": "flex"}, True),
        (GPT, {"web_search_options": {"search_context_size": "low"}}, False),
        (GPT, {"preset": "mine"}, False),
        (GPT, {"plugins": [{"id": "web"}]}, False),
        (GPT, {"plugins": [{"id": "web", "enabled": False}, {"id": "response-healing"}]}, True),
        (GPT, {"tools": [{"type": "openrouter:web_search"}]}, False),
        (GPT, {"tools": [{"type": "function", "function": {"name": "f"}}]}, True),
        (GPT, {"tools": "none", "plugins": [1]}, True),
    ],
)
def test_what_is_billed_at_a_price_that_nobody_names_has_no_worst_case(
    model_id: str, params: dict[str, Any], is_known: bool
) -> None:
    request = request_for(model_id, calibration=LEARNT)
    request = replace(request, settings=replace(request.settings, params=params))
    seen = see(request)
    assert seen.likely is not None
    assert (seen.worst is not None) == is_known
