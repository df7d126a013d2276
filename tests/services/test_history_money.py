"""What is stored of money comes back to the last digit, and sums say what they do not know."""

import json
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.conversations import MODEL, NOON, answer_to, finished, prompt_in, take_turn
from tui.domain.calibration import UNCALIBRATED, Estimate
from tui.domain.conversation import Conversation, Generation, Message
from tui.domain.cost import NOT_BILLED, UNKNOWN_COST, Cost, CostSource, CostTotal, Usage
from tui.domain.model import Pricing
from tui.domain.spend import TokenClasses
from tui.services.history import History
from tui.services.history_bill import (
    bill_to_row,
    estimate_from_text,
    prices_from_text,
    stored_estimate,
    with_details,
)
from tui.services.ledger import Ledger
from tui.services.shelf import delete_all

D = Decimal
PRICES = Pricing(prompt=D("0.000003"), completion=D("0.000015"), input_cache_read=D("3E-7"))


@pytest.fixture
async def history(tmp_path: Path) -> AsyncIterator[History]:
    opened = await History.open(tmp_path / "history.db")
    yield opened
    await opened.aclose()


@pytest.fixture
def ledger(history: History) -> Ledger:
    return Ledger(history)


async def store(
    history: History,
    conversation: Conversation,
    usage: Usage | None = None,
    *,
    at: datetime = NOON,
    cost: Cost | None = None,
    **facts: Any,
) -> Message:
    """A finished turn with this usage; ``facts`` are of its generation."""
    prompt = prompt_in(conversation, parent_id=conversation.leaf_id, at=at)
    answer = answer_to(prompt, at=at)
    await history.begin_turn(conversation, prompt, answer)
    done = finished(answer)
    assert done.generation is not None
    billed = cost or Cost(D("0.001"), CostSource.REPORTED)
    done = replace(
        done, generation=replace(done.generation, **({"usage": usage, "cost": billed} | facts))
    )
    await history.finish_answer(done)
    conversation.leaf_id = done.id
    return done


# --- what a bill is made of


async def test_a_bill_is_read_as_it_was_written(history: History) -> None:
    conversation = await history.new_conversation(MODEL)
    usage = Usage(
        2649,
        100,
        cached_tokens=2569,
        cost=D("0.0081"),
        upstream_prompt_cost=D("1.000000000000000001"),
        upstream_completion_cost=D("1E-18"),
        server_tool_cost=D("0.007"),
        web_searches=2,
        audio_tokens=3,
        audio_output_tokens=4,
        image_output_tokens=5,
    )
    facts: dict[str, Any] = {
        "service_tier": "flex",
        "prices": PRICES,
        "estimate": Estimate(prompt_raw=2500, prompt=2600, completion_raw=90),
    }
    written = await store(history, conversation, usage, **facts)
    loaded = await history.load(conversation.id)
    assert loaded is not None
    assert loaded.messages[written.id] == written


generations = st.builds(
    Generation,
    st.just(MODEL),
    st.just("openrouter"),
    usage=st.builds(
        Usage,
        upstream_prompt_cost=st.none() | st.decimals(allow_nan=False, allow_infinity=False),
        web_searches=st.none() | st.integers(0, 10**12),
    ),
    prices=st.none() | st.builds(Pricing, prompt=st.decimals(-1, 1, places=20)),
    estimate=st.none()
    | st.builds(
        Estimate,
        *[st.integers(0, 10**12)] * 4,
        fee=st.sampled_from([D(0), D("0.002"), D(40)]),
        cached=st.integers(0, 10**12),
        cache_written=st.integers(0, 10**12),
        heard=st.integers(0, 10**12),
    ),
)


@given(generations)
def test_columns_of_json_lose_nothing(generation: Generation) -> None:
    row = bill_to_row(generation)
    assert with_details(Usage(), row) == generation.usage
    assert prices_from_text(row["prices"]) == generation.prices
    assert estimate_from_text(row["estimate"]) == generation.estimate


@pytest.mark.parametrize(
    "text", [None, "", "nonsense", "[]", '{"prompt": 5}', '{"prompt": "x"}', '{"prompt": "NaN"}']
)
def test_columns_that_cannot_be_read_say_nothing(text: str | None) -> None:
    assert prices_from_text(text) is None
    assert estimate_from_text(text) is None
    assert with_details(Usage(5), {"usage_details": text}) == Usage(5)


def test_a_stored_estimate_knows_how_long_the_cache_was_to_hold() -> None:
    prices = Pricing(D(1), D(1), input_cache_write=D(2), input_cache_write_1h=D(3))
    estimate = Estimate(prompt_raw=10, prompt=10, cache_written=10)
    row = bill_to_row(Generation(MODEL, "openrouter", prices=prices, estimate=estimate))
    for settings, cost in (({}, D(20)), ({"cache_ttl": "1h"}, D(30))):
        kept = row | {"request_settings": json.dumps(settings)}
        assert stored_estimate(kept, 0) == Cost(cost, CostSource.ESTIMATED)


# --- what was learnt


async def test_a_server_that_named_its_cost_last_is_known_to_do_so(
    history: History, ledger: Ledger
) -> None:
    conversation = await history.new_conversation(MODEL)
    named, unnamed = Usage(10, 5, cost=D("0.01")), Usage(10, 5)
    await store(history, conversation, unnamed, provider_name="litellm")
    assert (await ledger.calibration(MODEL)).billed_by == frozenset()

    await store(history, conversation, named, provider_name="litellm")
    await store(history, conversation, unnamed, provider_name="ollama")
    assert (await ledger.calibration("another/model")).billed_by == {"litellm"}

    await store(history, conversation, None, provider_name="litellm")
    assert (await ledger.calibration(MODEL)).billed_by == {"litellm"}
    await store(history, conversation, unnamed, provider_name="litellm")
    assert (await ledger.calibration(MODEL)).billed_by == frozenset()


async def test_nothing_is_learnt_from_nothing(ledger: Ledger) -> None:
    assert await ledger.calibration(MODEL) == UNCALIBRATED


async def test_answers_teach_how_to_estimate_the_next_one(history: History, ledger: Ledger) -> None:
    conversation = await history.new_conversation(MODEL)
    for completion in (100, 300, 500):
        usage = Usage(1200, completion, reasoning_tokens=50)
        estimate = Estimate(1000, 1150, (completion - 50) // 2)
        await store(history, conversation, usage, estimate=estimate)
    learnt = await ledger.calibration(MODEL)
    assert learnt.prompt.ratio == pytest.approx(1.2)
    assert learnt.prompt.error == pytest.approx(50 / 1200)
    assert learnt.completion.ratio == pytest.approx(2.0)
    assert learnt.usual() == 300


async def test_a_new_model_learns_from_its_author_but_not_how_long_it_talks(
    history: History, ledger: Ledger
) -> None:
    conversation = await history.new_conversation(MODEL)
    await store(history, conversation, Usage(1200, 900), estimate=Estimate(1000, 1000, 900))
    learnt = await ledger.calibration("example/newer")
    assert learnt.prompt.ratio == pytest.approx(1.2)
    assert learnt.usual() == 500
    assert await ledger.calibration("examples/other") == UNCALIBRATED
    assert await ledger.calibration("exam") == UNCALIBRATED


async def test_an_answer_without_usage_or_estimate_teaches_nothing(
    history: History, ledger: Ledger
) -> None:
    conversation = await history.new_conversation(MODEL)
    await store(history, conversation, None, estimate=Estimate(10, 10, 10))
    await store(history, conversation, Usage(10, 10))
    assert (await ledger.calibration(MODEL)).prompt.samples == 0


# --- sums


async def test_each_span_has_its_sum(history: History, ledger: Ledger) -> None:
    first, second = [await history.new_conversation(MODEL) for _ in range(2)]
    await take_turn(history, first, cost="0.1", at=NOON - timedelta(days=40))
    await take_turn(history, first, cost="0.02", at=NOON - timedelta(hours=13))
    await take_turn(history, second, cost="0.003", at=NOON - timedelta(hours=2))
    await take_turn(history, second, cost=None, at=NOON - timedelta(minutes=5))
    totals = (await ledger.books(second.id, NOON - timedelta(hours=1), NOON)).spent
    assert totals.conversation == CostTotal(D("0.003"), unknown=1)
    assert totals.opened == CostTotal(unknown=1)
    assert totals.today == CostTotal(D("0.003"), unknown=1)
    # the turn of yesterday was in the month before
    assert totals.month == totals.today
    assert totals.all_time == CostTotal(D("0.123"), unknown=1)
    assert (await ledger.books(None, NOON, NOON)).spent.conversation == CostTotal()


async def test_estimates_and_local_answers_are_counted_apart(
    history: History, ledger: Ledger
) -> None:
    conversation = await history.new_conversation(MODEL)
    for cost in (
        Cost(D("0.1"), CostSource.ESTIMATED),
        Cost(D("0.2"), CostSource.COMPUTED),
        Cost(D(0), CostSource.LOCAL),
        Cost(D(0), CostSource.NOT_BILLED),
        Cost(D("1E-18"), CostSource.REPORTED),
    ):
        await store(history, conversation, cost=cost)
    totals = (await ledger.books(conversation.id, NOON, NOON)).spent
    assert totals.conversation == CostTotal(D("0.300000000000000001"), estimated=2, local=1)
    assert totals.all_time == totals.conversation


async def test_what_is_still_streaming_does_not_count(history: History, ledger: Ledger) -> None:
    conversation = await history.new_conversation(MODEL)
    prompt = prompt_in(conversation)
    await history.begin_turn(conversation, prompt, answer_to(prompt))
    assert (await ledger.books(conversation.id, NOON, NOON)).spent.all_time == CostTotal()
    assert await ledger.rows() == []


async def stream(
    history: History, conversation: Conversation, text: str = "", **facts: Any
) -> Message:
    """An answer that has begun to stream."""
    prompt = prompt_in(conversation)
    answer = answer_to(prompt)
    assert answer.generation is not None
    answer = replace(answer, generation=replace(answer.generation, cost=UNKNOWN_COST, **facts))
    await history.begin_turn(conversation, prompt, answer)
    if text:
        await history.journal(answer.id, text, "")
    return answer


async def test_an_answer_under_way_elsewhere_counts_by_what_is_stored_of_it(
    history: History, tmp_path: Path
) -> None:
    elsewhere = await History.open(tmp_path / "history.db")
    conversation = await elsewhere.new_conversation(MODEL)
    estimate = Estimate(prompt_raw=900, prompt=1000, completion=200)
    short = await stream(elsewhere, conversation, "word", prices=PRICES, estimate=estimate)
    long = await stream(elsewhere, conversation, "word" * 1000, prices=PRICES, estimate=estimate)
    unpriced = await stream(elsewhere, conversation, "word")
    reading = replace(estimate, fee=D("0.02"))
    with_pdf = await stream(elsewhere, conversation, "word", prices=PRICES, estimate=reading)

    books = await Ledger(history).books(conversation.id, NOON, NOON)

    likely = {one.message_id: one.likely for one in books.under_way()}
    assert likely == {
        short.id: Cost(D("0.006"), CostSource.ESTIMATED),
        long.id: Cost(D("0.018"), CostSource.ESTIMATED),
        unpriced.id: UNKNOWN_COST,
        with_pdf.id: Cost(D("0.026"), CostSource.ESTIMATED),
    }
    assert books.spent.all_time == CostTotal()
    await elsewhere.aclose()


async def test_the_books_hold_an_answer_as_streaming_or_as_spent(
    history: History, tmp_path: Path
) -> None:
    elsewhere = await History.open(tmp_path / "history.db")
    ledger = Ledger(elsewhere)
    conversation = await history.new_conversation(MODEL)
    answer = await stream(history, conversation)
    before = await ledger.books(conversation.id, NOON, NOON, [answer.id])
    own = await Ledger(history).books(conversation.id, NOON, NOON, [answer.id])
    await history.finish_answer(finished(answer))
    after = await ledger.books(conversation.id, NOON, NOON, [answer.id, "never stored"])
    assert [one.message_id for one in before.streaming] == [answer.id]
    assert not before.ended
    # the instance that streams it knows more of it than the file does
    assert not own.streaming
    assert not after.streaming
    assert after.ended == {answer.id}
    assert after.spent.conversation == CostTotal(D("0.001"))
    await elsewhere.aclose()


async def test_an_answer_whose_process_was_killed_costs_what_we_estimate(
    history: History, tmp_path: Path
) -> None:
    killed = await History.open(tmp_path / "history.db")
    conversation = await killed.new_conversation(MODEL)
    estimate = Estimate(prompt_raw=900, prompt=1000, completion=200)
    answer = await stream(killed, conversation, "word" * 100, prices=PRICES, estimate=estimate)
    unpriced = await stream(killed, conversation, "word", estimate=estimate)
    await killed.aclose()

    loaded = await history.load(conversation.id)

    assert loaded is not None
    costs = [
        generation.cost
        for one in (answer, unpriced)
        if (generation := loaded.messages[one.id].generation) is not None
    ]
    assert costs == [Cost(D("0.0045"), CostSource.ESTIMATED), UNKNOWN_COST]
    rows = await Ledger(history).rows()
    assert [row.tokens for row in rows] == [
        TokenClasses(plain=1000, answer=100, estimated=1),
        TokenClasses(plain=1000, answer=1, estimated=1),
    ]


@pytest.mark.parametrize(
    ("usage", "facts", "tokens"),
    [
        (None, {}, TokenClasses(unknown=1)),
        (None, {"estimate": Estimate(9, 10, 70, 500)}, TokenClasses(10, answer=70, estimated=1)),
        (Usage(cost=D(1)), {"estimate": Estimate(9, 10)}, TokenClasses(10, answer=3, estimated=1)),
        (Usage(8, 2), {"estimate": Estimate(9, 10, 70)}, TokenClasses(8, answer=2)),
        (None, {"cost": NOT_BILLED, "estimate": Estimate(9, 10)}, TokenClasses()),
    ],
)
async def test_tokens_that_nobody_reported_are_our_own_count(
    history: History, usage: Usage | None, facts: dict[str, Any], tokens: TokenClasses
) -> None:
    await store(history, await history.new_conversation(MODEL), usage, **facts)
    (row,) = await Ledger(history).rows()
    assert row.tokens == tokens


async def test_rows_tell_where_the_money_went(history: History, ledger: Ledger) -> None:
    conversation = await history.new_conversation(MODEL)
    usage = Usage(1000, 100, reasoning_tokens=40, cached_tokens=900)
    await store(history, conversation, usage, prices=PRICES, served_by="Acme")
    await take_turn(history, conversation, cost=None, at=NOON + timedelta(days=1))
    first, second = await ledger.rows()
    assert (first.at, first.model, first.provider) == (NOON, MODEL, "Acme")
    assert (first.conversation_id, first.title) == (conversation.id, "Why is the sky blue?")
    assert first.tokens == TokenClasses(plain=100, read=900, answer=60, reasoning=40)
    assert first.saving == 900 * D("0.0000027")
    assert (second.cost, second.saving) == (Cost(None, CostSource.UNKNOWN), None)
    assert await ledger.rows(NOON + timedelta(hours=1)) == [second]


async def test_rows_come_in_parts_and_none_is_missing(
    history: History, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.services.history_money._ROWS_AT_ONCE", 2)
    conversation = await history.new_conversation(MODEL)
    for number in range(5):
        await take_turn(history, conversation, cost=str(number), at=NOON - timedelta(hours=number))
    assert [row.cost.amount for row in await ledger.rows()] == [4, 3, 2, 1, 0]
    assert len(await ledger.rows(NOON - timedelta(hours=1))) == 2


async def test_a_deleted_conversation_still_cost_something(
    history: History, ledger: Ledger
) -> None:
    conversation = await history.new_conversation(MODEL)
    await take_turn(history, conversation, cost="0.5")
    await delete_all(history, [conversation.id])
    (row,) = await ledger.rows()
    assert (row.conversation_id, row.title, row.cost.amount) == (None, "", D("0.5"))
    await history.purge_deleted()
    (row,) = await ledger.rows()
    assert (row.conversation_id, row.title, row.cost.amount) == (None, "", D("0.5"))


async def test_copies_of_a_fork_were_paid_for_once(
    history: History, ledger: Ledger, tmp_path: Path
) -> None:
    conversation = await history.new_conversation(MODEL)
    await take_turn(history, conversation, cost="0.5")
    with sqlite3.connect(tmp_path / "history.db") as connection:
        connection.execute("UPDATE generations SET copied = 1")
    assert await ledger.rows() == []
    assert (await ledger.books(conversation.id, NOON, NOON)).spent.all_time == CostTotal()
