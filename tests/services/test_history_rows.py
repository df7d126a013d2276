from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.conversations import MODEL, NOON, answer_to, finished, prompt_in
from tui.domain.conversation import Conversation, Generation, Message, MessageState, Role, Timing
from tui.domain.cost import Cost, CostSource, Usage
from tui.domain.errors import FailureKind
from tui.services import history_queries as queries
from tui.services import history_statements as statements
from tui.services.history_file import open_memory, transaction
from tui.services.history_rows import conversation_to_row

CONVERSATION = Conversation("conversation", "session", MODEL, NOON)
PROMPT = prompt_in(CONVERSATION)

texts = st.text(st.characters(exclude_categories=["Cs"]))
names = texts | st.none()
counts = st.integers(0, 2**63 - 1) | st.none()
amounts = st.decimals(allow_nan=False, allow_infinity=False) | st.none()
seconds = st.floats(0, allow_nan=False, allow_infinity=False) | st.none()
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
json_objects = st.dictionaries(st.text(), json_values, max_size=4)
usages = st.builds(
    Usage, counts, counts, counts, counts, counts, amounts, amounts, st.booleans() | st.none()
)
generations = st.builds(
    Generation,
    model_asked=texts,
    provider_name=texts,
    model_served=names,
    served_by=names,
    generation_id=names,
    finish_reason=names,
    usage=usages | st.none(),
    cost=st.builds(Cost, amounts, st.sampled_from(CostSource)),
    timing=st.builds(Timing, seconds, seconds),
    request_settings=json_objects,
)
messages = st.builds(
    Message,
    id=st.uuids().map(lambda value: value.hex),
    conversation_id=st.just(CONVERSATION.id),
    parent_id=st.just(PROMPT.id) | st.none(),
    role=st.sampled_from(Role),
    text=texts,
    created_at=st.datetimes(timezones=st.just(UTC)),
    state=st.sampled_from(MessageState),
    reasoning=texts,
    reasoning_details=st.lists(json_objects, max_size=3) | st.none(),
    generation=generations | st.none(),
    failure_kind=st.sampled_from(FailureKind) | st.none(),
    failure_text=texts,
)


def stored(message: Message) -> Message:
    """The message as it is read back after it was written as the final version of another."""
    answer = replace(answer_to(PROMPT), id=message.id)
    with closing(open_memory()) as connection:
        with transaction(connection):
            row = conversation_to_row(CONVERSATION)
            statements.start_turn(connection, row, [], PROMPT, answer, None)
        with transaction(connection):
            statements.put_message(connection, message)
        loaded = queries.load(connection, CONVERSATION.id)
    assert loaded is not None
    return loaded.messages[message.id]


@given(messages)
def test_a_message_is_read_back_as_it_was_written(message: Message) -> None:
    assert stored(message) == message


@given(amounts)
def test_money_keeps_every_digit(amount: Decimal | None) -> None:
    message = finished(answer_to(PROMPT), cost=None if amount is None else str(amount))
    generation = stored(message).generation
    assert generation is not None
    assert str(generation.cost.amount) == str(amount)


NO_MEASURE = [
    *(Usage(count, count, count, count, count) for count in (2**63, -(2**63), 10**5_000)),
    *(
        Usage(cost=Decimal(amount), upstream_inference_cost=Decimal(amount))
        for amount in ("NaN", "sNaN", "Infinity", "-Infinity")
    ),
]


@pytest.mark.parametrize("usage", NO_MEASURE, ids=range(len(NO_MEASURE)))
def test_a_number_that_measures_nothing_is_unknown(usage: Usage) -> None:
    generation = Generation(
        MODEL,
        "openrouter",
        usage=usage,
        cost=Cost(usage.cost, CostSource.REPORTED),
        timing=Timing(float("nan"), float("inf")),
    )
    read = stored(replace(answer_to(PROMPT), generation=generation)).generation
    assert read is not None
    assert (read.usage, read.cost.amount, read.timing) == (Usage(), None, Timing())


def test_lone_surrogates_are_replaced_in_every_text() -> None:
    bad, good = "a\ud83d", "a\N{REPLACEMENT CHARACTER}"
    generation = Generation(bad, bad, bad, bad, bad, bad)
    message = replace(
        answer_to(PROMPT, bad), reasoning=bad, failure_text=bad, generation=generation
    )
    read = stored(message)
    assert (read.text, read.reasoning, read.failure_text) == (good, good, good)
    assert read.generation == Generation(good, good, good, good, good, good)


def test_settings_that_json_does_not_know_are_written_as_text() -> None:
    generation = Generation(MODEL, "openrouter", request_settings={"budget": Decimal("0.5")})
    read = stored(replace(answer_to(PROMPT), generation=generation)).generation
    assert read is not None
    assert read.request_settings == {"budget": "0.5"}


def test_details_nested_too_deep_to_be_written_are_dropped() -> None:
    nested: dict[str, object] = {}
    for _ in range(100_000):
        nested = {"deeper": nested}
    assert stored(replace(answer_to(PROMPT), reasoning_details=[nested])).reasoning_details is None


def test_lone_surrogates_in_details_come_back_as_they_were_sent() -> None:
    details = [{"type": "reasoning.encrypted", "data": "\ud83d \0"}]
    assert (
        stored(replace(answer_to(PROMPT), reasoning_details=details)).reasoning_details == details
    )


def test_a_moment_is_read_back_in_utc() -> None:
    message = replace(
        answer_to(PROMPT), created_at=datetime.fromisoformat("2026-03-01T17:30+05:30")
    )
    read = stored(message)
    assert read.created_at == NOON
    assert read.created_at.tzinfo is UTC
