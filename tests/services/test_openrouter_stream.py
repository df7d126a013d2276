"""A chat turn over a real socket: what is sent, what comes back, and every way it can end."""

import json

import pytest

from tests.fakes.server import (
    COMMENT,
    DONE,
    FakeServer,
    Hangup,
    Pause,
    Reply,
    Reset,
    Stall,
    chunk,
    error_reply,
    event,
    json_reply,
    sse,
    text_reply,
)
from tests.services.asking import BODY, CANARY, api, ask, failure_of, retries_of, text_of
from tui.domain.connection import Consent
from tui.domain.errors import FailureKind, Speaker
from tui.domain.events import (
    Connected,
    Failed,
    Finished,
    FinishReason,
    Interrupted,
    KeepAlive,
    ServedBy,
    TextDelta,
)
from tui.domain.settings import OPENROUTER_URL, ProviderKind
from tui.services.wire_chat import LONGEST_EVENT

ANSWER = sse(COMMENT, chunk("Hel"), chunk("lo"), chunk(finish="stop"))


@pytest.mark.parametrize("split", [None, 1, 7])
async def test_an_answer_is_streamed_however_it_is_cut(split: int | None) -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        chunks = chunk("Grüße "), chunk("😀"), chunk(finish="stop")
        server.on_chat(sse(COMMENT, *chunks, split=split, headers={"X-Generation-Id": "gen-9"}))
        events = await ask(service)
    assert events == [
        Connected("gen-9"),
        KeepAlive(),
        ServedBy("test/model-20260101", "Test", "gen-1-test"),
        TextDelta("Grüße "),
        TextDelta("😀"),
        Finished(FinishReason.STOP, "stop"),
    ]


async def test_the_request_is_the_body_with_the_key_and_asks_for_no_compression() -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        server.on_chat(ANSWER)
        await ask(service)
    [request] = server.requests
    assert (request.method, request.target) == ("POST", "/api/v1/chat/completions")
    assert request.json == BODY
    assert "Grüße".encode() in request.body
    assert request.headers["authorization"] == f"Bearer {CANARY}"
    assert request.headers["x-client-request-id"] == "one-send"
    assert request.headers["accept-encoding"] == "identity"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["user-agent"].startswith("openrouter-workbench/")


async def test_a_server_without_a_key_is_asked_without_one() -> None:
    connection = {"kind": ProviderKind.COMPATIBLE, "key": None}
    async with FakeServer() as server, api(server.base_url, connection=connection) as service:
        server.on_chat(ANSWER)
        assert text_of(await ask(service)) == "Hello"
    assert "authorization" not in server.requests[0].headers


async def test_turns_share_one_connection() -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        server.on_chat(ANSWER)
        await service.warm_up()
        for _ in range(3):
            assert text_of(await ask(service)) == "Hello"
    assert server.connections == 1


# Bodies that are no stream.
@pytest.mark.parametrize(
    ("media_type", "body", "words", "detail"),
    [
        (
            "text/html",
            "<html><title>Sign in\x1b[2J</title>" + "x" * 999,
            "no OpenAI-compatible server: it answered with a web page.",
            "Sign in",
        ),
        ("text/plain", "it works", "no OpenAI-compatible server: it answered with text/", "it"),
        ("application/json", '{"status": "ok"}', "status 200 and application/json", '{"status'),
        ("application/json", "{", "status 200 and application/json", "{"),
        ("", "data: {}\n\n", "no OpenAI-compatible server: it answered with no content", "data"),
        ("text/event-stream-not", "data: {}\n\n", "answered with text/event-stream-not", "data"),
    ],
)
async def test_a_body_that_is_no_stream_is_shown_as_an_error(
    media_type: str, body: str, words: str, detail: str
) -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        server.on_chat(text_reply(body, media_type))
        events = await ask(service)
    assert len(events) == 1
    failure = failure_of(events)
    assert failure.kind is FailureKind.NOT_A_STREAM
    assert words in failure.what
    assert failure.detail.startswith(detail)
    assert len(failure.detail) <= 200
    assert "\x1b" not in failure.detail


@pytest.mark.parametrize("media_type", ["text/event-stream; charset=utf-8", "Text/Event-Stream"])
async def test_a_content_type_may_have_parameters_and_any_case(media_type: str) -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        server.on_chat(Reply(200, {"Content-Type": media_type}, ANSWER.body))
        assert text_of(await ask(service)) == "Hello"


async def test_an_error_under_status_200_is_an_error() -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        server.on_chat(json_reply({"error": {"code": 402, "message": f"no credit, {CANARY}"}}))
        events = await ask(service)
    failure = failure_of(events)
    assert (failure.kind, failure.detail) == (FailureKind.NO_CREDIT, "no credit, sk-or-…0000")
    assert not [found for found in events if isinstance(found, Connected)]


async def test_a_whole_answer_instead_of_a_stream_is_taken() -> None:
    whole = {"id": "gen-1", "choices": [{"message": {"content": "Hello"}, "finish_reason": "stop"}]}
    async with FakeServer() as server, api(server.base_url) as service:
        server.on_chat(json_reply(whole))
        events = await ask(service)
    assert text_of(events) == "Hello"
    assert isinstance(events[0], Connected)
    assert isinstance(events[-1], Finished)


@pytest.mark.parametrize("coding", ["gzip", "br", "GZIP"])
@pytest.mark.parametrize("media_type", ["text/event-stream", "application/json", "text/html"])
async def test_a_compressed_answer_is_refused_unread(coding: str, media_type: str) -> None:
    headers = {"Content-Type": media_type, "Content-Encoding": coding}
    async with FakeServer() as server, api(server.base_url) as service:
        server.on_chat(Reply(200, headers, (b"\x1f\x8b" * 10, Stall())))
        failure = failure_of(await ask(service))
        await server.until_closed()
    assert failure.kind is FailureKind.BAD_DATA
    assert "compressed" in failure.what


# Ends of a connection.
@pytest.mark.parametrize("end", [Hangup(), Reset()])
async def test_a_connection_lost_within_the_answer_interrupts_it(end: Hangup | Reset) -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        server.on_chat(sse(chunk("Hello"), Pause(0.05), end))
        events = await ask(service)
    assert text_of(events) == "Hello"
    assert isinstance(events[-1], Interrupted)
    assert failure_of(events).kind is FailureKind.CONNECTION_LOST
    assert len(server.requests) == 1


@pytest.mark.parametrize("end", [Hangup(), Reset()])
async def test_a_connection_lost_after_the_finish_reason_is_no_loss(end: Hangup | Reset) -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        server.on_chat(sse(chunk("Hello"), chunk(finish="stop"), Pause(0.05), end))
        assert (await ask(service))[-1] == Finished(FinishReason.STOP, "stop")


@pytest.mark.parametrize("end", [Hangup(), Reset()])
async def test_a_connection_lost_before_the_first_chunk_fails_and_is_not_repeated(
    end: Hangup | Reset,
) -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        server.on_chat(sse(COMMENT, Pause(0.05), end))
        events = await ask(service)
    assert isinstance(events[-1], Failed)
    assert failure_of(events).kind is FailureKind.CONNECTION_LOST
    assert len(server.requests) == 1


async def test_a_body_shorter_than_announced_interrupts_the_answer() -> None:
    headers = {"Content-Type": "text/event-stream", "Content-Length": "9999"}
    async with FakeServer() as server, api(server.base_url) as service:
        server.on_chat(Reply(200, headers, (event(chunk("Hello")), Hangup())))
        events = await ask(service)
    assert text_of(events) == "Hello"
    assert isinstance(events[-1], Interrupted)


async def test_a_body_longer_than_announced_is_cut_there() -> None:
    first = event(chunk("Hello", finish="stop"))
    headers = {"Content-Type": "text/event-stream", "Content-Length": str(len(first))}
    async with FakeServer() as server, api(server.base_url) as service:
        server.on_chat(Reply(200, headers, (first, event(chunk("more")), DONE)))
        events = await ask(service)
        assert text_of(events) == "Hello"
        assert isinstance(events[-1], Finished)
        server.on_chat(ANSWER)
        assert text_of(await ask(service)) == "Hello"


async def test_an_empty_stream_is_an_empty_answer() -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        server.on_chat(sse(done=False))
        assert failure_of(await ask(service)).kind is FailureKind.EMPTY_ANSWER


async def test_an_answer_that_goes_on_after_done_is_let_go() -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        server.on_chat(sse(chunk("Hello", finish="stop"), DONE, Stall(), done=False))
        assert isinstance((await ask(service))[-1], Finished)
        await server.until_closed()


@pytest.mark.parametrize(
    "raw",
    [b"SSH-2.0-OpenSSH_9.6\r\n\r\n", b"\x15\x03\x01\x00\x02\x02\x46", b"HTTP/1.1 abc\r\n\r\n"],
)
async def test_a_server_that_does_not_speak_http_is_named_as_such(raw: bytes) -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        server.on_chat(Reply(body=(raw, Hangup()), raw=True))
        failure = failure_of(await ask(service))
    assert failure.kind is FailureKind.BAD_DATA
    assert "HTTP" in failure.what


# Bounds.
async def test_an_endless_line_ends_the_answer_and_keeps_what_came() -> None:
    flood = [b"x" * 1024 * 1024] * (LONGEST_EVENT // 1024 // 1024 + 1)
    async with FakeServer() as server, api(server.base_url) as service:
        server.on_chat(sse(chunk("Hello"), b"data: ", *flood, Stall()))
        events = await ask(service)
        await server.until_closed()
    assert text_of(events) == "Hello"
    assert failure_of(events).kind is FailureKind.TOO_MUCH_DATA


@pytest.mark.parametrize("status", [200, 401])
async def test_of_an_error_or_a_page_only_the_beginning_is_read(status: int) -> None:
    flood = [b"x" * 65536] * 4
    async with FakeServer() as server, api(server.base_url) as service:
        server.on_chat(Reply(status, {"Content-Type": "text/html"}, (*flood, Stall())))
        failure = failure_of(await ask(service))
        await server.until_closed()
    assert 0 < len(failure.detail) <= 500


# What is not sent.
@pytest.mark.parametrize(
    ("consent", "word"), [(Consent.NEW_ORIGIN, "settings"), (Consent.PLAIN_HTTP, "encryption")]
)
async def test_nothing_is_sent_without_consent_for_the_key(consent: Consent, word: str) -> None:
    fields = {"key": None, "consent": consent}
    async with FakeServer() as server, api(server.base_url, connection=fields) as service:
        await service.warm_up()
        events = await ask(service)
        failure = failure_of(events)
        assert len(events) == 1
        assert failure.kind is FailureKind.KEY_WITHHELD
        assert failure.said_by is Speaker.WORKBENCH
        assert server.origin in failure.what
        assert word in failure.next_step
        assert server.connections == 0


async def test_nothing_is_sent_to_openrouter_without_a_key() -> None:
    async with api(OPENROUTER_URL, connection={"key": None}) as service:
        await service.warm_up()
        events = await ask(service)
    failure = failure_of(events)
    assert len(events) == 1
    assert failure.kind is FailureKind.NO_KEY
    assert "OPENROUTER_API_KEY" in failure.next_step


@pytest.mark.parametrize("value", [float("nan"), {1, 2}, "\ud83d"])
async def test_a_body_that_is_no_json_is_not_sent(value: object) -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        events = await ask(service, {**BODY, "top_p": value})
        assert failure_of(events).kind is FailureKind.BAD_SETTINGS
        assert server.connections == 0


# Errors by status, end to end.
@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 413, 422, 451])
async def test_a_refusal_is_told_once_and_not_repeated(status: int) -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        server.on_chat(error_reply(status, f"said {CANARY}"))
        events = await ask(service)
    failure = failure_of(events)
    assert (failure.status, failure.detail) == (status, "said sk-or-…0000")
    assert not retries_of(events)
    assert len(server.requests) == 1


async def test_an_error_body_that_does_not_come_leaves_the_status() -> None:
    async with FakeServer() as server, api(server.base_url, first_byte_timeout=1) as service:
        server.on_chat(Reply(401, {"Content-Type": "application/json"}, (Stall(),)))
        assert failure_of(await ask(service)).kind is FailureKind.BAD_KEY


async def test_a_deeply_nested_error_is_quoted_as_text() -> None:
    body = json.dumps({"error": "x"}).encode() + b"[" * 60_000
    async with FakeServer() as server, api(server.base_url) as service:
        server.on_chat(Reply(400, {"Content-Type": "application/json"}, (body,)))
        assert failure_of(await ask(service)).detail.startswith('{"error": "x"}[[[')
