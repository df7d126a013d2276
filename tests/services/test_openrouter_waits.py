"""How long a turn waits, when it tries again by itself, and that it can be left at any moment."""

import asyncio
import socket
import ssl
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.server import (
    COMMENT,
    FakeServer,
    Hangup,
    Pause,
    Reply,
    Reset,
    Stall,
    chunk,
    error_reply,
    event,
    sse,
)
from tests.services.asking import BODY, HEADERS, api, ask, failure_of, retries_of, text_of
from tui.domain.errors import FailureKind
from tui.domain.events import (
    Connected,
    Finished,
    Interrupted,
    KeepAlive,
    Retrying,
    TextDelta,
    TurnEvent,
)
from tui.services import http
from tui.services.openrouter import OpenRouter
from tui.services.reply import Reply as HttpReply

ANSWER = sse(chunk("Hello", finish="stop"))
AT_ONCE = {"retry-after-ms": "1"}


# Timeouts.
async def test_a_server_that_says_nothing_is_given_up_after_the_first_byte_timeout() -> None:
    async with (
        FakeServer(mute=True) as server,
        api(server.base_url, first_byte_timeout=0.2) as service,
    ):
        events = await ask(service)
        await server.until_closed()
    assert failure_of(events).kind is FailureKind.TIMEOUT
    assert "did not answer within 0.2 s" in failure_of(events).what
    assert (server.connections, len(events)) == (1, 1)


async def test_headers_alone_are_no_first_byte() -> None:
    async with FakeServer() as server, api(server.base_url, first_byte_timeout=1) as service:
        server.on_chat(sse(Stall()))
        events = await ask(service)
        await server.until_closed()
    assert isinstance(events[0], Connected)
    assert "did not answer" in failure_of(events).what


async def test_comments_count_as_life() -> None:
    parts = [part for _ in range(13) for part in (COMMENT, Pause(0.1))]
    async with (
        FakeServer() as server,
        api(server.base_url, first_byte_timeout=1, silence_timeout=1) as service,
    ):
        server.on_chat(sse(*parts, chunk("Hello", finish="stop")))
        events = await ask(service)
    assert isinstance(events[-1], Finished)
    assert len([found for found in events if isinstance(found, KeepAlive)]) >= 2


async def test_silence_within_an_answer_interrupts_it() -> None:
    async with FakeServer() as server, api(server.base_url, silence_timeout=0.2) as service:
        server.on_chat(sse(chunk("Hello"), Stall()))
        events = await ask(service)
        await server.until_closed()
    assert text_of(events) == "Hello"
    assert isinstance(events[-1], Interrupted)
    assert "sent nothing for 0.2 s" in failure_of(events).what


async def test_a_server_that_does_not_take_the_connection_is_given_up() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    async with (
        FakeServer(tls=context, mute=True) as server,
        api(server.base_url, connect_timeout=0.2, retries=0) as service,
    ):
        failure = failure_of(await ask(service))
        await server.until_closed()
    assert failure.kind is FailureKind.UNREACHABLE
    assert "did not take the connection" in failure.what


async def test_a_handshake_is_bounded_by_the_first_byte_timeout_too() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    async with (
        FakeServer(tls=context, mute=True) as server,
        api(server.base_url, first_byte_timeout=0.2, retries=0) as service,
    ):
        assert failure_of(await ask(service)).kind is FailureKind.TIMEOUT
        await server.until_closed()


# Further tries.
@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 504, 529])
async def test_a_passing_failure_is_tried_again_with_the_same_client_id(status: int) -> None:
    failing = error_reply(status, "busy", AT_ONCE)
    async with FakeServer() as server, api(server.base_url) as service:
        server.on_chat(failing, failing, ANSWER)
        events = await ask(service)
    assert text_of(events) == "Hello"
    assert [(found.retry, found.retries, found.wait) for found in retries_of(events)] == [
        (1, 2, 0.001),
        (2, 2, 0.001),
    ]
    assert [found.failure.status for found in retries_of(events)] == [status, status]
    assert len(server.requests) == 3
    assert {request.headers["x-client-request-id"] for request in server.requests} == {"one-send"}
    assert len({request.body for request in server.requests}) == 1


@pytest.mark.parametrize("retries", [0, 1, 5])
async def test_one_send_makes_at_most_one_request_and_the_further_tries(retries: int) -> None:
    async with FakeServer() as server, api(server.base_url, retries=retries) as service:
        server.on_chat(error_reply(503, "busy", AT_ONCE))
        events = await ask(service)
    assert len(server.requests) == 1 + retries
    assert len(retries_of(events)) == retries
    assert failure_of(events).kind is FailureKind.OVERLOADED


async def test_without_a_wish_of_the_server_the_wait_is_a_backoff() -> None:
    async with FakeServer() as server, api(server.base_url, retries=1) as service:
        server.on_chat(error_reply(500), ANSWER)
        [announced] = retries_of(await ask(service))
    assert 0.375 <= announced.wait <= 0.5


async def test_a_wait_of_more_than_two_minutes_is_told_and_not_waited_for() -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        server.on_chat(error_reply(429, "daily limit", {"Retry-After": "3600"}))
        events = await ask(service)
    assert len(events) == 1
    assert failure_of(events).retry_after == 3600


@pytest.mark.parametrize("step", [Hangup(), Reset()])
async def test_a_request_that_a_server_has_read_is_never_sent_twice(step: Hangup | Reset) -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        server.on_chat(Reply(body=(step,), raw=True), ANSWER)
        events = await ask(service)
    assert failure_of(events).kind is FailureKind.CONNECTION_LOST
    assert "may have taken the request" in failure_of(events).next_step
    assert (len(server.chats), retries_of(events)) == (1, [])


@pytest.mark.parametrize("step", [Hangup(), Reset()])
async def test_a_kept_connection_that_closes_at_once_is_replaced(step: Hangup | Reset) -> None:
    async with FakeServer() as server, api(server.base_url, retries=1) as service:
        await service.warm_up()
        server.on_chat(Reply(body=(step,), raw=True), ANSWER)
        events = await ask(service)
    assert text_of(events) == "Hello"
    assert retries_of(events)[0].failure.kind is FailureKind.CONNECTION_LOST
    assert server.connections == 2


async def test_a_kept_connection_that_closes_after_a_while_may_have_been_at_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(http, "_LONGEST_REFUSAL", 0.0)
    async with FakeServer() as server, api(server.base_url) as service:
        await service.warm_up()
        server.on_chat(Reply(body=(Hangup(),), raw=True), ANSWER)
        events = await ask(service)
    assert failure_of(events).kind is FailureKind.CONNECTION_LOST
    assert (len(server.chats), server.connections) == (1, 1)


async def test_a_server_that_refuses_connections_is_tried_again() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
        async with api(address, retries=1) as service:
            events = await ask(service)
    assert len(retries_of(events)) == 1
    assert failure_of(events).kind is FailureKind.REFUSED


async def test_a_name_that_does_not_exist_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    async with api("http://openrouter.invalid/api/v1", retries=0) as service:
        failure = failure_of(await ask(service))
    assert failure.kind is FailureKind.NAME_NOT_FOUND
    assert "http://openrouter.invalid" in failure.what


async def test_after_the_first_byte_nothing_is_tried_again() -> None:
    error = {"error": {"code": 503, "message": "overloaded"}}
    async with FakeServer() as server, api(server.base_url) as service:
        server.on_chat(sse(error))
        events = await ask(service)
    assert failure_of(events).status == 503
    assert len(server.requests) == 1


# Leaving.
async def listen(service: OpenRouter, seen: list[TurnEvent]) -> None:
    """Note down each event as it comes."""
    async for found in service.stream_chat(dict(BODY), HEADERS):
        seen.append(found)  # noqa: PERF401 - a comprehension would add them at the end


async def wait_for_event(events: AsyncGenerator[TurnEvent, None], kind: type[TurnEvent]) -> None:
    async for found in events:
        if isinstance(found, kind):
            return
    raise AssertionError(f"no {kind.__name__} came")


TRICKLE = [part for byte in event(chunk("Hello")) for part in (bytes([byte]), Pause(0.05))]
Phase = Callable[[FakeServer, Sequence[TurnEvent]], bool]


def stalled(server: FakeServer, _: Sequence[TurnEvent]) -> bool:
    return server.stalled == 1


def stalled_after(kind: type[TurnEvent]) -> Phase:
    """The server says nothing more, and what it said has reached the turn."""
    return lambda server, seen: (
        server.stalled == 1 and any(isinstance(found, kind) for found in seen)
    )


def saw(kind: type[TurnEvent]) -> Phase:
    return lambda _, seen: any(isinstance(found, kind) for found in seen)


PHASES: dict[str, tuple[Reply, Phase]] = {
    "waiting for headers": (Reply(body=(Stall(),), raw=True), stalled),
    "waiting for the first byte": (sse(Stall()), stalled_after(Connected)),
    "within comments": (sse(COMMENT, Stall()), stalled_after(KeepAlive)),
    "within the answer": (sse(chunk("Hi"), Stall()), stalled_after(TextDelta)),
    "within a trickle": (sse(*TRICKLE), saw(Connected)),
    "within an error's body": (Reply(500, {}, (b"x", Stall())), stalled),
    "waiting for the next try": (error_reply(503, "busy", {"Retry-After": "60"}), saw(Retrying)),
}


@pytest.mark.parametrize(("reply", "reached"), PHASES.values(), ids=PHASES.keys())
async def test_cancelling_closes_the_connection_at_once_in_every_phase(
    reply: Reply, reached: Phase
) -> None:
    seen: list[TurnEvent] = []

    async with FakeServer() as server, api(server.base_url) as service:
        server.on_chat(reply)
        turn = asyncio.create_task(listen(service, seen))
        await server.until(lambda: reached(server, seen), "the phase")
        assert not turn.done()
        turn.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(turn, 0.3)
        await server.until(lambda: server.open_connections == is_idle(reply))
        assert len(server.requests) == 1


def is_idle(reply: Reply) -> int:
    """An answer that had ended leaves its connection open for the next request."""
    return int(reply.status == 503)


async def test_cancelling_within_the_handshake_closes_the_connection() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    async with FakeServer(tls=context, mute=True) as server, api(server.base_url) as service:
        turn = asyncio.create_task(ask(service))
        await server.until(lambda: server.open_connections == 1)
        turn.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(turn, 0.3)
        await server.until_closed()


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (sse(COMMENT, Stall()), Connected),
        (sse(COMMENT, Stall()), KeepAlive),
        (sse(chunk("Hi"), Stall()), TextDelta),
        (error_reply(503, "busy", {"Retry-After": "60", "Connection": "close"}), Retrying),
    ],
)
async def test_closing_the_generator_closes_the_connection(
    reply: Reply, kind: type[TurnEvent]
) -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        server.on_chat(reply)
        async with aclosing(service.stream_chat(dict(BODY), HEADERS)) as events:
            await wait_for_event(events, kind)
        await server.until(lambda: server.open_connections == is_idle(reply))
        assert len(server.requests) == 1


async def test_the_end_of_an_answer_is_told_before_its_connection_is_settled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[TurnEvent] = []
    seen_before_settling: list[TurnEvent] = []

    async def settle(_: HttpReply) -> None:
        seen_before_settling.extend(seen)

    monkeypatch.setattr(HttpReply, "settle", settle)
    async with FakeServer() as server, api(server.base_url) as service:
        server.on_chat(ANSWER)
        await listen(service, seen)
    assert isinstance(seen_before_settling[-1], Finished)
    assert text_of(seen_before_settling) == "Hello"


async def test_a_turn_that_was_left_does_not_harm_the_next() -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        server.on_chat(sse(chunk("Hi"), Stall()), ANSWER)
        async with aclosing(service.stream_chat(dict(BODY), HEADERS)) as events:
            await wait_for_event(events, TextDelta)
        assert text_of(await ask(service)) == "Hello"


async def test_turns_left_in_every_way_leave_no_open_files() -> None:
    async with FakeServer() as server, api(server.base_url) as service:
        server.on_chat(sse(chunk("Hi"), Stall()))
        await leave(service, server)
        await server.until_closed()
        before = open_files()
        for _ in range(10):
            await asyncio.gather(*(leave(service, server) for _ in range(3)))
        await server.until_closed()
        await server.until(lambda: open_files() <= before, "that no socket stays open")
        assert server.connections == 31


def open_files() -> int:
    return len(list(Path("/dev/fd").iterdir()))


async def leave(service: OpenRouter, server: FakeServer) -> None:
    turn: asyncio.Task[Any] = asyncio.create_task(ask(service))
    async with aclosing(service.stream_chat(dict(BODY), HEADERS)) as events:
        turn.cancel()
        await asyncio.gather(turn, return_exceptions=True)
        await wait_for_event(events, TextDelta)
