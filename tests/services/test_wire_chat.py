"""A chat answer's bytes become turn events: what is shown, what is billed, how it ended."""

import itertools
import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from tests.domain.test_values import HOSTILE
from tests.fakes.server import COMMENT, DONE, chunk, event
from tui.domain.answer import Answer
from tui.domain.cost import Usage
from tui.domain.errors import Failure, FailureKind, Speaker
from tui.domain.events import (
    Failed,
    Finished,
    FinishReason,
    Interrupted,
    KeepAlive,
    ReasoningDelta,
    ReasoningDetailsDelta,
    ServedBy,
    TextDelta,
    TurnEvent,
    UsageReported,
)
from tui.domain.values import as_object, parse_json
from tui.services.failures import Said
from tui.services.wire_chat import LONGEST_EVENT, ChatReader

CANARY = "sk-or-v1-test-canary-0000"
LOST = Failure(FailureKind.CONNECTION_LOST, "lost", "again")


def reader(**limits: int) -> ChatReader:
    return ChatReader(Said(SecretStr(CANARY)), "http://server", **limits)


def read(*parts: bytes | dict[str, Any], **limits: int) -> list[TurnEvent]:
    """Feed the parts and then the end of the stream."""
    chat = reader(**limits)
    events = [
        found
        for part in parts
        for found in chat.feed(part if isinstance(part, bytes) else event(part))
    ]
    return events if chat.ended else events + chat.finish()


def delta(**fields: object) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": fields}]}


def text_of(events: Sequence[TurnEvent]) -> str:
    return "".join(found.text for found in events if isinstance(found, TextDelta))


def reasoning_of(events: Sequence[TurnEvent]) -> str:
    return "".join(found.text for found in events if isinstance(found, ReasoningDelta))


def usages_of(events: Sequence[TurnEvent]) -> list[Usage]:
    return [found.usage for found in events if isinstance(found, UsageReported)]


def failure_of(events: Sequence[TurnEvent]) -> Failure:
    last = events[-1]
    assert isinstance(last, Failed | Interrupted)
    return last.failure


def ends(events: Sequence[TurnEvent]) -> list[TurnEvent]:
    return [found for found in events if isinstance(found, Finished | Interrupted | Failed)]


USAGE = {
    "prompt_tokens": 43,
    "completion_tokens": 36,
    "total_tokens": 79,
    "cost": 0.000669,
    "is_byok": False,
    "prompt_tokens_details": {"cached_tokens": 7, "cache_write_tokens": 3},
    "cost_details": {"upstream_inference_cost": 0.000669},
    "completion_tokens_details": {"reasoning_tokens": 13},
}
READ_USAGE = Usage(43, 36, 13, 7, 3, Decimal("0.000669"), Decimal("0.000669"), False)


def reasoned(text: str | None, *details: dict[str, object]) -> dict[str, Any]:
    return delta(content="", reasoning=text, reasoning_details=list(details))


WHOLE_ANSWER = b"".join(
    [
        COMMENT * 3,
        event(reasoned(None)),
        event(reasoned("Hm …", {"type": "reasoning.text", "text": "Hm …", "index": 0})),
        COMMENT,
        event(reasoned(None, {"type": "reasoning.text", "signature": "c2ln", "index": 0})),
        event(chunk("Grüße \u2028 ")),
        json.dumps(chunk("汉字 😀"), ensure_ascii=False).join(["data: ", "\r\n\r\n"]).encode(),
        event(chunk("", finish="stop")),
        event(chunk("", usage=USAGE)),
        DONE,
    ]
)


def merged(events: Sequence[TurnEvent]) -> list[object]:
    answer = Answer("test/model", "openrouter", 0.0)
    for found in events:
        answer.apply(found, 1.0)
    return [
        answer.text,
        answer.reasoning,
        answer.reasoning_details,
        answer.usage,
        answer.served_model,
        answer.served_by,
        ends(events),
    ]


def test_an_answer_is_read_whole() -> None:
    events = read(WHOLE_ANSWER)
    assert merged(events) == [
        "Grüße \u2028 汉字 😀",
        "Hm …",
        [{"type": "reasoning.text", "text": "Hm …", "index": 0, "signature": "c2ln"}],
        READ_USAGE,
        "test/model-20260101",
        "Test",
        [Finished(FinishReason.STOP, "stop")],
    ]


def test_every_split_of_an_answer_gives_the_same() -> None:
    whole = merged(read(WHOLE_ANSWER))
    assert merged(read(*(WHOLE_ANSWER[i : i + 1] for i in range(len(WHOLE_ANSWER))))) == whole
    for at in range(len(WHOLE_ANSWER) + 1):
        assert merged(read(WHOLE_ANSWER[:at], WHOLE_ANSWER[at:])) == whole, at


@given(st.lists(st.integers(0, len(WHOLE_ANSWER)), max_size=30))
def test_any_number_of_splits_gives_the_same(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(WHOLE_ANSWER)]
    pieces = [WHOLE_ANSWER[a:b] for a, b in itertools.pairwise(places)]
    assert merged(read(*pieces)) == merged(read(WHOLE_ANSWER))


# Usage: three shapes of the last chunk, and beside an error.
@pytest.mark.parametrize(
    "last",
    [
        {"choices": [], "usage": USAGE},
        chunk("", usage=USAGE),
        chunk("", finish="stop", usage=USAGE),
        {"usage": USAGE},
    ],
    ids=["no choices", "finish reason null", "finish reason repeated", "nothing else"],
)
def test_usage_comes_before_the_end_in_every_shape(last: dict[str, Any]) -> None:
    events = read(chunk("Hi"), chunk("", finish="stop"), last, DONE)
    assert events[-2:] == [UsageReported(READ_USAGE), Finished(FinishReason.STOP, "stop")]
    assert len(ends(events)) == 1


def test_usage_beside_an_error_is_reported_before_the_failure() -> None:
    last = chunk("", error={"code": 400, "message": "Token limit reached"}, usage=USAGE)
    events = read(chunk("Hi", finish="length"), last, DONE)
    assert text_of(events) == "Hi"
    assert events[-2] == UsageReported(READ_USAGE)
    assert failure_of(events).detail == "Token limit reached"


@pytest.mark.parametrize(
    "literal", ["NaN", "Infinity", "-Infinity", "1e999", "-1", '"12"', "true", "9" * 5000, "[1]"]
)
def test_figures_that_are_no_sane_numbers_are_unknown(literal: str) -> None:
    usage = f'"cost": {literal}, "prompt_tokens": {literal}, "completion_tokens": 5'
    events = read(chunk("Hi"), f'data: {{"usage": {{{usage}}}}}\n\n'.encode(), DONE)
    assert usages_of(events) == [Usage(completion_tokens=5)]


def test_a_cost_keeps_its_last_digit() -> None:
    events = read(b'data: {"usage": {"cost": 0.10000000000000000555}}\n\n', DONE)
    assert usages_of(events)[0].cost == Decimal("0.10000000000000000555")


def test_the_same_usage_is_reported_once() -> None:
    assert len(usages_of(read(chunk("a", usage=USAGE), chunk("b", usage=USAGE), DONE))) == 1


@pytest.mark.parametrize("usage", [None, [], "x", 7, {}, {"cost_details": None}, {"cost": None}])
def test_a_usage_without_figures_is_not_reported(usage: object) -> None:
    assert usages_of(read(chunk("a", usage=usage), DONE)) == []


# How an answer ends.
def test_done_ends_the_answer_and_what_follows_is_not_read() -> None:
    events = read(chunk("Hi", finish="stop"), DONE + event(chunk("more")) + DONE)
    assert text_of(events) == "Hi"
    assert ends(events) == [Finished(FinishReason.STOP, "stop")]


def test_the_end_of_the_stream_after_a_finish_reason_is_complete() -> None:
    assert ends(read(chunk("Hi", finish="length"))) == [Finished(FinishReason.LENGTH, "length")]


def test_the_end_of_the_stream_without_a_finish_reason_is_an_interruption() -> None:
    events = read(chunk("Hi"))
    assert isinstance(events[-1], Interrupted)
    assert text_of(events) == "Hi"


def test_done_without_a_finish_reason_is_complete_for_an_unknown_reason() -> None:
    assert ends(read(chunk("Hi"), DONE)) == [Finished(FinishReason.UNKNOWN)]


@pytest.mark.parametrize("stream", [b"", COMMENT * 3, DONE, b"data:\n\n", b"event: x\n\n", b"\n\n"])
def test_a_stream_without_any_chunk_is_an_empty_answer(stream: bytes) -> None:
    assert failure_of(read(stream)).kind is FailureKind.EMPTY_ANSWER


def test_a_null_after_a_finish_reason_does_not_clear_it() -> None:
    events = read(chunk("Hi", finish="length"), chunk("", finish=None), chunk(""))
    assert ends(events) == [Finished(FinishReason.LENGTH, "length")]


def test_an_unknown_finish_reason_is_kept_as_the_native_one() -> None:
    choice = {"delta": {"content": "Hi"}, "finish_reason": "eos"}
    assert ends(read({"choices": [choice]}, DONE)) == [Finished(FinishReason.UNKNOWN, "eos")]


def test_a_lost_connection_is_an_interruption_unless_the_answer_was_complete() -> None:
    chat = reader()
    chat.feed(event(chunk("Hi")))
    assert chat.lose(LOST) == [Interrupted(LOST)]
    chat = reader()
    chat.feed(event(chunk("Hi", finish="stop")))
    assert chat.lose(LOST) == [Finished(FinishReason.STOP, "stop")]
    assert reader().lose(LOST) == [Failed(LOST)]


# Errors inside a stream, in the shapes of several servers.
ERRORS: dict[str, tuple[dict[str, Any], FailureKind, str]] = {
    "OpenRouter": (
        {"error": {"code": 429, "message": "slow down"}, **chunk("", finish="error")},
        FailureKind.RATE_LIMITED,
        "slow down",
    ),
    "OpenRouter, code as a word": (
        {"error": {"code": "server_error", "message": "broke"}, "choices": []},
        FailureKind.PROVIDER_ERROR,
        "broke",
    ),
    "OpenRouter, error type": (
        {"error": {"code": 502, "message": "x", "metadata": {"error_type": "provider_overloaded"}}},
        FailureKind.OVERLOADED,
        "x",
    ),
    "OpenAI": (
        {"error": {"message": "too long", "type": "invalid_request_error", "param": None,
                   "code": "context_length_exceeded"}},
        FailureKind.CONTEXT_OVERFLOW,
        "too long",
    ),
    "vLLM": (
        {"object": "error", "message": "engine died", "type": "InternalServerError", "code": 500},
        FailureKind.SERVER_ERROR,
        "engine died",
    ),
    "within a choice": (
        {"choices": [{"delta": {"content": ""}, "error": {"code": 502, "message": "gone"},
                      "finish_reason": "error"}]},
        FailureKind.PROVIDER_ERROR,
        "gone",
    ),
    "a string": ({"error": "out of memory"}, FailureKind.PROVIDER_ERROR, "out of memory"),
    "an empty object": ({"error": {"code": None}}, FailureKind.PROVIDER_ERROR, ""),
}  # fmt: skip


@pytest.mark.parametrize(("error", "kind", "detail"), ERRORS.values(), ids=ERRORS.keys())
def test_an_error_ends_the_answer_as_failed_and_keeps_its_text(
    error: dict[str, Any], kind: FailureKind, detail: str
) -> None:
    events = read(chunk("Hi"), error, event(chunk("more")), DONE)
    assert text_of(events) == "Hi"
    assert len(ends(events)) == 1
    assert (failure_of(events).kind, failure_of(events).detail) == (kind, detail)


@pytest.mark.parametrize("end", [DONE, b""])
def test_finish_reason_error_alone_is_a_failure_that_waits_for_the_usage(end: bytes) -> None:
    events = read(chunk("Hi", finish="error"), chunk("", usage=USAGE), end)
    assert events[-2] == UsageReported(READ_USAGE)
    assert failure_of(events).kind is FailureKind.PROVIDER_ERROR
    assert failure_of(events).said_by is Speaker.PROVIDER


@pytest.mark.parametrize("error", [None, {}, "", False, 0])
def test_an_error_field_without_an_error_is_none(error: object) -> None:
    assert isinstance(read(chunk("Hi", finish="stop", error=error), DONE)[-1], Finished)


def test_an_event_named_error_is_one() -> None:
    events = read(chunk("Hi"), b'event: error\ndata: {"message": "broke", "code": 500}\n\n')
    assert failure_of(events).detail == "broke"


def test_a_reflected_key_is_masked() -> None:
    failure = failure_of(read(event({"error": {"code": 401, "message": f"bad key {CANARY}!"}})))
    assert failure.detail == "bad key sk-or-…0000!"


# Data that is not what it should be.
def test_three_events_in_a_row_that_are_no_object_end_the_answer() -> None:
    events = read(chunk("Hi"), b"data: <p>\n\ndata: 7\n\ndata: [1]\n\n", event(chunk("more")))
    assert text_of(events) == "Hi"
    assert failure_of(events).kind is FailureKind.BAD_DATA


def test_fewer_than_three_in_a_row_are_skipped_and_counted() -> None:
    chat = reader()
    bad = b"data: {\n\ndata: nope\n\n"
    events = [*chat.feed(bad + event(chunk("a")) + bad), *chat.feed(event(chunk("b")) + DONE)]
    assert text_of(events) == "ab"
    assert isinstance(events[-1], Finished)
    assert chat.skipped == 4


@pytest.mark.parametrize("document", HOSTILE)
def test_hostile_data_never_raises(document: bytes) -> None:
    line = document.replace(b"\n", b" ").replace(b"\r", b" ")
    wrapped = (
        b'{"choices":[{"delta":{"content":' + line + b',"reasoning_details":[' + line + b"]}}]}"
    )
    events = read(b"data: " + line + b"\n\ndata: " + wrapped + b"\n\n", event(chunk("Hi")), DONE)
    assert text_of(events).endswith("Hi")
    assert len(ends(events)) == 1


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
FIELDS = [
    "choices",
    "delta",
    "message",
    "content",
    "reasoning",
    "reasoning_content",
    "reasoning_details",
    "text",
    "summary",
    "usage",
    "error",
    "code",
    "metadata",
    "raw",
    "finish_reason",
    "index",
    "type",
    "id",
    "model",
    "detail",
]
chunk_like = st.recursive(
    json_values,
    lambda inner: st.dictionaries(st.sampled_from(FIELDS), inner) | st.lists(inner, max_size=2),
    max_leaves=20,
)


@given(st.lists(chunk_like, max_size=4))
def test_chunks_of_any_shape_never_raise_and_end_once(values: list[Any]) -> None:
    events = read(*(event(value) for value in values), DONE)
    assert len(ends(events)) == 1
    assert ends(events) == events[-1:]
    for found in events:
        if isinstance(found, TextDelta | ReasoningDelta):
            assert found.text
            found.text.encode()
        if isinstance(found, ReasoningDetailsDelta):
            json.dumps(found.details, allow_nan=False).encode()


def test_an_answer_past_its_bound_ends_and_keeps_what_came() -> None:
    events = read(chunk("x" * 60), chunk("y" * 60), chunk("z"), DONE, longest_reply=100)
    assert text_of(events) == "x" * 60 + "y" * 60
    assert failure_of(events).kind is FailureKind.TOO_MUCH_DATA


def test_reasoning_details_count_toward_the_bound() -> None:
    details = {"reasoning_details": [{"type": "reasoning.encrypted", "data": "x" * 200}]}
    events = read(delta(**details), chunk("Hi"), DONE, longest_reply=100)
    assert failure_of(events).kind is FailureKind.TOO_MUCH_DATA


def test_a_line_past_its_bound_ends_the_answer_and_keeps_what_came() -> None:
    events = read(event(chunk("Hi")) + b"data: " + b"x" * LONGEST_EVENT)
    assert text_of(events) == "Hi"
    assert failure_of(events).kind is FailureKind.TOO_MUCH_DATA


# Text.
def test_surrogate_halves_in_two_chunks_join() -> None:
    halves = [
        b'data: {"choices":[{"delta":{"content":"a\\ud83d"}}]}\n\n',
        b'data: {"choices":[{"delta":{"content":"\\ude00b"}}]}\n\n',
    ]
    assert text_of(read(*halves, DONE)) == "a😀b"


def test_surrogate_halves_of_reasoning_and_details_join() -> None:
    first = b'{"reasoning":"\\ud83d","reasoning_details":[{"type":"t","index":0,"text":"\\ud83d"}]}'
    second = first.replace(b"ud83d", b"ude00")
    parts = [b'data: {"choices":[{"delta":' + part + b"}]}\n\n" for part in (first, second)]
    answer = Answer("test/model", "openrouter", 0.0)
    for found in read(*parts, DONE):
        answer.apply(found, 1.0)
    assert answer.reasoning == "😀"
    assert answer.reasoning_details == [{"type": "t", "index": 0, "text": "😀"}]


@pytest.mark.parametrize("half", ["\\ud83d", "\\ude00"])
def test_a_half_that_stays_alone_is_replaced(half: str) -> None:
    alone = f'data: {{"choices":[{{"delta":{{"content":"a{half}"}}}}]}}\n\n'.encode()
    assert text_of(read(alone, DONE)) == "a\ufffd"
    assert text_of(read(alone, event(chunk("b")), DONE)) == "a\ufffdb"
    assert text_of(read(alone)) == "a\ufffd"


@pytest.mark.parametrize("content", ["\x1b[31m", "[/]", "\u202e", "\0", "a\r\nb"])
def test_text_passes_as_it_came(content: str) -> None:
    assert text_of(read(chunk(content), DONE)) == content


def test_content_may_be_null_or_parts() -> None:
    parts = [{"type": "text", "text": "a"}, {"type": "image_url"}, {"type": "text", "text": "b"}]
    assert text_of(read(chunk(None), delta(content=parts), delta(refusal="No."), DONE)) == "abNo."


def test_only_the_first_of_several_answers_is_read() -> None:
    choices = [{"index": 1, "delta": {"content": "b"}}, {"index": 0, "delta": {"content": "a"}}]
    assert text_of(read({"choices": choices}, {"choices": choices[:1]}, DONE)) == "a"


# Reasoning.
def test_the_same_text_in_both_reasoning_fields_is_shown_once() -> None:
    detail = {"type": "reasoning.text", "text": "Hm", "index": 0}
    events = read(reasoned("Hm", detail), reasoned("Hm", detail), DONE)
    assert reasoning_of(events) == "HmHm"


def test_details_that_repeat_earlier_reasoning_are_not_shown_again() -> None:
    late = delta(reasoning_details=[{"type": "reasoning.text", "text": "Hm", "index": 0}])
    assert reasoning_of(read(delta(reasoning="Hm"), late, DONE)) == "Hm"


@pytest.mark.parametrize("field", ["text", "summary"])
def test_details_alone_are_shown(field: str) -> None:
    events = read(delta(reasoning_details=[{"type": "x", field: "Hm", "index": 0}]), DONE)
    assert reasoning_of(events) == "Hm"


def test_reasoning_content_is_shown() -> None:
    assert reasoning_of(read(delta(reasoning_content="Hm"), DONE)) == "Hm"


def test_details_are_passed_on_as_they_came() -> None:
    details = [
        {"type": "reasoning.encrypted", "data": "x==", "id": None, "format": "a-v1", "index": 0},
        {"type": "reasoning.text", "text": "Hm", "signature": "s", "index": 1, "more": {"x": 0.5}},
    ]
    [passed] = [
        found.details
        for found in read(delta(reasoning_details=details), DONE)
        if isinstance(found, ReasoningDetailsDelta)
    ]
    assert list(passed) == details


def test_an_empty_list_of_details_is_passed_on_once() -> None:
    events = read(reasoned(None), reasoned(None), chunk("Hi"), DONE)
    assert [f for f in events if isinstance(f, ReasoningDetailsDelta)] == [
        ReasoningDetailsDelta(())
    ]


def test_absent_details_are_not_passed_on() -> None:
    events = read(chunk("Hi"), delta(reasoning_details=None), DONE)
    assert not [found for found in events if isinstance(found, ReasoningDetailsDelta)]


# Who answers.
def test_who_serves_is_told_once_and_again_when_it_changes() -> None:
    events = read(chunk("a"), chunk("b"), {**chunk("c"), "provider": "Other"}, DONE)
    assert [found for found in events if isinstance(found, ServedBy)] == [
        ServedBy("test/model-20260101", "Test", "gen-1-test"),
        ServedBy("test/model-20260101", "Other", "gen-1-test"),
    ]


def test_names_are_one_line_of_bounded_length() -> None:
    [served] = [f for f in read({"provider": "a\n\x1b" + "x" * 999}) if isinstance(f, ServedBy)]
    assert served.provider is not None
    assert served.provider.startswith("a ␛x")
    assert len(served.provider) == 200


def test_comments_are_signs_of_life_and_a_flood_of_them_is_one() -> None:
    assert reader().feed(COMMENT) == [KeepAlive()]
    assert reader().feed(COMMENT * 1000) == [KeepAlive()]


# A whole answer instead of a stream.
def test_a_whole_answer_is_read_like_a_stream() -> None:
    message = {"role": "assistant", "content": "Hi", "reasoning": "Hm"}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    document = parse_json(json.dumps({"choices": [choice], "usage": USAGE}))
    events = reader().take_whole(as_object(document))
    assert (text_of(events), reasoning_of(events)) == ("Hi", "Hm")
    assert events[-2:] == [UsageReported(READ_USAGE), Finished(FinishReason.STOP)]


def test_an_error_in_a_whole_answer_is_a_failure_that_keeps_the_text() -> None:
    choice = {
        "message": {"content": "Hi"},
        "finish_reason": "error",
        "error": {"code": 502, "message": "gone", "metadata": {"provider_name": "Acme"}},
    }
    events = reader().take_whole({"choices": [choice]})
    assert text_of(events) == "Hi"
    assert failure_of(events).detail == "Acme: gone"
    assert failure_of(events).said_by is Speaker.PROVIDER
