"""An answer is the fold of its events, in whatever order they come."""

from datetime import UTC, datetime
from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.answer import Answer
from tui.domain.conversation import MessageState
from tui.domain.cost import NOT_BILLED, UNKNOWN_COST, Cost, CostSource, Usage
from tui.domain.errors import Failure, FailureKind
from tui.domain.events import (
    Connected,
    Failed,
    Finished,
    FinishReason,
    ImageArrived,
    Interrupted,
    KeepAlive,
    ReasoningDelta,
    ReasoningDetailsDelta,
    Retrying,
    ServedBy,
    TextDelta,
    TurnEvent,
    UsageReported,
)
from tui.domain.model import Pricing
from tui.domain.pictures import Picture

AT = datetime(2026, 3, 2, tzinfo=UTC)
PRICING = Pricing(prompt=Decimal("0.000002"), completion=Decimal("0.000008"))
LOST = Failure(FailureKind.CONNECTION_LOST, "The connection was lost.", "Send again.")
BROKEN = Failure(FailureKind.PROVIDER_ERROR, "The provider failed.", "Send again.")
REPORT = Usage(1000, 500, reasoning_tokens=100, cost=Decimal("0.0061"))


def fold(*events: TurnEvent, pricing: Pricing | None = PRICING, local: bool = False) -> Answer:
    """The answer after these events, one a second from second 1 on."""
    answer = Answer(
        "openai/gpt-5.2",
        "openrouter",
        0.0,
        expected=Usage(prompt_tokens=100),
        pricing=pricing,
        local=local,
    )
    for second, event in enumerate(events, start=1):
        answer.apply(event, float(second))
    return answer


def test_a_whole_turn_becomes_a_generation() -> None:
    answer = fold(
        Connected("gen-1"),
        KeepAlive(),
        ServedBy("openai/gpt-5.2-20251211", "OpenAI", None),
        ReasoningDelta("Hm. "),
        TextDelta("Yes, "),
        TextDelta("indeed."),
        UsageReported(REPORT),
        Finished(FinishReason.STOP, "completed"),
    )
    generation = answer.generation(AT)
    assert (answer.text, answer.reasoning) == ("Yes, indeed.", "Hm. ")
    assert answer.state is MessageState.COMPLETE
    assert generation.model_asked == "openai/gpt-5.2"
    assert generation.model_served == "openai/gpt-5.2-20251211"
    assert generation.served_by == "OpenAI"
    assert generation.generation_id == "gen-1"
    assert generation.finish_reason == "stop"
    assert type(generation.finish_reason) is str
    assert generation.usage == REPORT
    assert generation.cost == Cost(Decimal("0.0061"), CostSource.REPORTED)
    assert (generation.timing.first_token, generation.timing.total) == (4.0, 8.0)
    assert generation.tokens_per_second == 125


@pytest.mark.parametrize(
    ("reason", "native", "state", "kept"),
    [
        (FinishReason.STOP, "end_turn", MessageState.COMPLETE, "stop"),
        (FinishReason.TOOL_CALLS, None, MessageState.COMPLETE, "tool_calls"),
        (FinishReason.LENGTH, "max_tokens", MessageState.CUT, "length"),
        (FinishReason.CONTENT_FILTER, None, MessageState.FILTERED, "content_filter"),
        (FinishReason.ERROR, None, MessageState.FAILED, "error"),
        (FinishReason.UNKNOWN, None, MessageState.COMPLETE, None),
        (FinishReason.UNKNOWN, "eos", MessageState.COMPLETE, "eos"),
    ],
)
def test_the_finish_reason_decides_the_state(
    reason: FinishReason, native: str | None, state: MessageState, kept: str | None
) -> None:
    answer = fold(TextDelta("a"), Finished(reason, native))
    assert answer.state is state
    assert answer.finish_reason == kept


def test_an_answer_that_ends_in_an_error_says_what_to_do() -> None:
    failure = fold(TextDelta("a"), Finished(FinishReason.ERROR)).failure
    assert failure is not None
    assert failure.kind is FailureKind.PROVIDER_ERROR
    assert fold(TextDelta("a"), Finished(FinishReason.STOP)).failure is None


def test_every_finish_reason_has_a_state() -> None:
    assert all(fold(Finished(reason)).ended_at == 1.0 for reason in FinishReason)


@pytest.mark.parametrize(
    ("event", "state"),
    [(Interrupted(LOST), MessageState.INTERRUPTED), (Failed(BROKEN), MessageState.FAILED)],
)
def test_what_had_arrived_stays_when_a_turn_breaks(
    event: Interrupted | Failed, state: MessageState
) -> None:
    answer = fold(Connected(), TextDelta("half an ans"), event)
    assert (answer.text, answer.state, answer.failure) == ("half an ans", state, event.failure)


def test_an_image_alone_is_an_answer_that_has_begun() -> None:
    picture = Picture.of(b"GIF89a")
    answer = fold(Connected(), ImageArrived(picture, b"GIF89a"), Finished(FinishReason.STOP))
    assert answer.has_begun
    assert (answer.text, answer.images) == ("", [picture])
    assert answer.first_token_at == 2.0


def test_reasoning_alone_is_an_answer_without_text() -> None:
    answer = fold(Connected(), ReasoningDelta("thinking"), Finished(FinishReason.LENGTH))
    assert not answer.has_begun
    assert answer.text == ""
    assert answer.reasoning == "thinking"
    assert answer.first_token_at == 2.0
    assert answer.completion_tokens == 2
    assert answer.state is MessageState.CUT


def test_empty_deltas_are_no_first_token() -> None:
    answer = fold(TextDelta(""), ReasoningDelta(""), TextDelta("a"))
    assert answer.first_token_at == 3.0
    assert not fold(TextDelta("")).has_begun


def test_reasoning_details_tell_nothing_from_empty() -> None:
    assert fold(TextDelta("a")).reasoning_details is None
    assert fold(ReasoningDetailsDelta([])).reasoning_details == []
    text = {"type": "reasoning.text", "index": 0, "text": "ab"}
    assert fold(
        ReasoningDetailsDelta([{**text, "text": "a"}]),
        ReasoningDetailsDelta([{**text, "text": "b"}]),
    ).reasoning_details == [text]


def test_late_knowledge_does_not_erase_early_knowledge() -> None:
    answer = fold(
        Connected("gen-1"),
        ServedBy("m", "OpenAI", None),
        ServedBy(None, None, None),
        Retrying(LOST, 1, 2, 0.5),
    )
    assert (answer.generation_id, answer.served_model, answer.served_by) == ("gen-1", "m", "OpenAI")
    assert answer.retries == 1


def test_usage_may_come_after_the_end() -> None:
    answer = fold(TextDelta("a"), Finished(FinishReason.STOP), UsageReported(REPORT))
    assert answer.cost(AT) == Cost(Decimal("0.0061"), CostSource.REPORTED)
    assert answer.ended_at == 2.0


def test_usage_beside_an_error_is_the_bill() -> None:
    answer = fold(Connected(), UsageReported(REPORT), Failed(BROKEN))
    assert answer.state is MessageState.FAILED
    assert answer.cost(AT) == Cost(Decimal("0.0061"), CostSource.REPORTED)


ENDS: list[Finished | Interrupted | Failed] = [
    Finished(FinishReason.STOP),
    Interrupted(LOST),
    Failed(BROKEN),
]


@pytest.mark.parametrize("order", [*permutations(ENDS, 2)])
def test_an_answer_ends_once_but_a_failure_is_never_hidden(
    order: tuple[Finished | Interrupted | Failed, ...],
) -> None:
    first, second = order
    answer = fold(TextDelta("a"), first, second)
    assert answer.state is fold(TextDelta("a"), first).state
    assert answer.ended_at == 2.0
    failures = [event.failure for event in order if not isinstance(event, Finished)]
    assert answer.failure == failures[0]


def test_stopping_ends_an_answer_and_nothing_else() -> None:
    running = fold(TextDelta("a"))
    running.stop(5.0)
    assert (running.state, running.ended_at) == (MessageState.STOPPED, 5.0)
    running.apply(Interrupted(LOST), 6.0)
    assert running.state is MessageState.STOPPED

    complete = fold(TextDelta("a"), Finished(FinishReason.STOP))
    complete.stop(5.0)
    assert complete.state is MessageState.COMPLETE


deltas = st.one_of(
    st.builds(TextDelta, st.text()),
    st.builds(ReasoningDelta, st.text()),
    st.just(KeepAlive()),
    st.just(Connected("gen-1")),
    st.just(ServedBy("m", "p", "gen-1")),
    st.just(UsageReported(REPORT)),
    st.just(ReasoningDetailsDelta([{"type": "reasoning.text", "text": "x"}])),
)


@given(st.lists(deltas, max_size=20), st.sampled_from(ENDS), st.integers(0, 20))
def test_no_token_is_lost_in_any_order(
    events: list[TurnEvent], end: TurnEvent, position: int
) -> None:
    answer = fold(*events[:position], end, *events[position:])
    assert answer.text == "".join(e.text for e in events if isinstance(e, TextDelta))
    assert answer.reasoning == "".join(e.text for e in events if isinstance(e, ReasoningDelta))
    assert answer.state is fold(end).state
    amount = answer.cost(AT).amount
    assert amount is None or amount >= 0


ESTIMATE = Cost(100 * Decimal("0.000002") + 10 * Decimal("0.000008"), CostSource.ESTIMATED)
FORTY = TextDelta("x" * 40)


@pytest.mark.parametrize(
    "end",
    [
        (),
        (Finished(FinishReason.STOP),),
        (Finished(FinishReason.LENGTH),),
        (Finished(FinishReason.ERROR),),
        (Interrupted(LOST),),
        (Failed(BROKEN),),
    ],
    ids=["streaming", "complete", "cut", "error", "interrupted", "failed"],
)
def test_without_usage_the_cost_is_an_estimate(end: tuple[TurnEvent, ...]) -> None:
    assert fold(Connected(), FORTY, *end).cost(AT) == ESTIMATE
    assert fold(Connected(), FORTY, *end, pricing=None).cost(AT) == UNKNOWN_COST
    assert fold(Connected(), FORTY, *end, local=True).cost(AT) == Cost(Decimal(0), CostSource.LOCAL)
    assert fold(Connected(), FORTY, *end, UsageReported(REPORT)).cost(AT).is_exact


def test_a_stopped_answer_is_estimated_until_it_is_settled() -> None:
    answer = fold(Connected(), FORTY)
    answer.stop(9.0)
    assert answer.cost(AT) == ESTIMATE


def test_reasoning_is_paid_for() -> None:
    assert fold(Connected(), ReasoningDelta("x" * 40)).cost(AT) == ESTIMATE


def test_a_turn_that_no_server_took_is_not_billed() -> None:
    assert fold(Failed(BROKEN)).cost(AT) == NOT_BILLED
    assert fold(Retrying(LOST, 1, 2, 0.5), Failed(BROKEN)).cost(AT) == NOT_BILLED


@pytest.mark.parametrize("kind", [FailureKind.TIMEOUT, FailureKind.CONNECTION_LOST])
def test_a_turn_that_may_have_arrived_is_never_called_free(kind: FailureKind) -> None:
    assert fold(Failed(Failure(kind, "It is gone.", "Send again."))).cost(AT) == UNKNOWN_COST


def test_counts_without_a_cost_are_computed() -> None:
    answer = fold(FORTY, UsageReported(Usage(1000, 500)), Finished(FinishReason.STOP))
    assert answer.cost(AT) == Cost(Decimal("0.006"), CostSource.COMPUTED)
    assert answer.completion_tokens == 500


def test_a_count_that_is_missing_is_estimated() -> None:
    answer = fold(FORTY, UsageReported(Usage(prompt_tokens=1000)), Finished(FinishReason.STOP))
    assert answer.cost(AT) == Cost(
        1000 * Decimal("0.000002") + 10 * Decimal("0.000008"), CostSource.ESTIMATED
    )
    assert answer.completion_tokens == 10


def test_writes_for_an_hour_have_their_own_price() -> None:
    answer = fold(UsageReported(Usage(1000, 0, cache_write_tokens=1000)))
    answer.pricing = Pricing(
        prompt=Decimal("0.000003"),
        completion=Decimal(0),
        input_cache_write=Decimal("0.00000375"),
        input_cache_write_1h=Decimal("0.000006"),
    )
    assert answer.cost(AT).amount == Decimal("0.00375")
    answer.request_settings = {"cache_ttl": "1h"}
    assert answer.cost(AT).amount == Decimal("0.006")
