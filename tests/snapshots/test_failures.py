"""Every refusal and accident that the API knows, played over a real socket: words and actions.

The file beside this test reads like a manual; a change of any word or action shows there.
"""

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, aclosing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import SecretStr

from tests.fakes.server import (
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
from tests.snapshots.text import assert_same_text
from tui.domain.catalogue import Catalogue
from tui.domain.connection import Connection
from tui.domain.conversation import Message, Role
from tui.domain.errors import Failure
from tui.domain.events import Failed, Finished, Interrupted, Retrying
from tui.domain.model import Model, Pricing
from tui.domain.settings import ProviderKind, ReliabilitySettings, Settings
from tui.domain.turn import TurnRequest, turn_request
from tui.services.failure_types import BY_TYPE
from tui.services.failure_words import BY_STATUS
from tui.services.fallback import StandIns, stream_turn
from tui.services.openrouter import OpenRouter

CANARY = "sk-or-v1-test-canary-0000"
MODEL = "anthropic/claude-sonnet-4.5"
FREE = "meta/llama-4:free"
RETRIES = 2
RETRIED = {408, 409, 429, 500, 502, 503, 504, 529}
PATH = [Message("m", "c", None, Role.USER, "Hi", datetime(2026, 3, 2, tzinfo=UTC))]
CATALOGUE = Catalogue(
    {
        MODEL: Model(
            MODEL,
            context_length=200_000,
            pricing=Pricing(Decimal("0.000003"), Decimal("0.000015")),
        )
    }
)
SETTINGS = Settings.model_validate(
    {"models": {MODEL: {"provider": {"only": ["anthropic"]}, "params": {"max_tokens": 4096}}}}
)


@dataclass(frozen=True)
class Case:
    """What the server does, to which model, how often it is asked, and how long it may take."""

    reply: Reply
    requests: int = 1
    model: str = MODEL
    waits: Mapping[str, float] = field(default_factory=dict)


def body_of(
    status: int, error: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> Reply:
    return json_reply({"error": error, "user_id": "user_1"}, status, headers)


def by_type(name: str) -> Reply:
    return body_of(400, {"code": 400, "message": "said", "metadata": {"error_type": name}})


def available(code: str, status: int = 404, **more: Any) -> Reply:
    """The newer shape, which has no ``code`` but a status of its own."""
    return body_of(
        status,
        {
            "message": "said",
            "error_type": "not_found",
            "http_status": status,
            "availability": {"code": code, "retryable": False, "requested_models": [MODEL], **more},
        },
    )


RESET = "1772496000000"  # 2026-03-03 00:00 UTC
CASES: dict[str, Case] = {
    **{
        f"status {status}": Case(
            Reply(status, {"Content-Length": "0"}), 1 + RETRIES if status in RETRIED else 1
        )
        for status in [*BY_STATUS, 418, 599]
    },
    **{f"type {name}": Case(by_type(name)) for name in BY_TYPE},
    "402, what the balance affords": Case(
        body_of(
            402,
            {
                "code": 402,
                "message": "This request requires more credits, or fewer max_tokens. You requested "
                "up to 4096 tokens, but can only afford 2837. To increase, visit "
                "https://openrouter.ai/settings/credits and upgrade to a paid account",
                "metadata": {"error_type": "payment_required", "provider_name": None},
            },
        )
    ),
    "402, the balance affords next to nothing": Case(
        body_of(402, {"message": "You requested up to 4096 tokens, but can only afford 3."})
    ),
    "403, the key's own limit": Case(
        error_reply(403, "Key limit exceeded (daily limit). Manage it in the settings.")
    ),
    "403, moderation with reasons": Case(
        error_reply(
            403,
            "Your input was flagged",
            reasons=["violence", "self-harm"],
            flagged_input="…",
            provider_name="OpenAI",
            model_slug=MODEL,
        )
    ),
    "403, a guardrail": Case(error_reply(403, "Blocked by a guardrail", patterns=["secret"])),
    "404, privacy": Case(
        error_reply(
            404,
            "No endpoints found matching your data policy (Free model publication). "
            "Configure: https://openrouter.ai/settings/privacy",
        )
    ),
    "404, own routing": Case(
        error_reply(
            404,
            "No allowed providers are available for the selected model.",
            available_providers=["google-vertex", "azure"],
            requested_providers=["anthropic"],
        )
    ),
    "404, a parameter nobody takes": Case(
        error_reply(404, "No endpoints found that support the requested parameters.")
    ),
    "404, deprecated with a successor": Case(
        available("model_deprecated", fallback_models=["anthropic/claude-opus-4.5"])
    ),
    "404, filtered by a constraint": Case(
        available(
            "constraint_filtered",
            excluded_by=["max_price"],
            constraint={"field": "max_price.prompt", "detail": "no endpoint below $1"},
        )
    ),
    "404, no longer free": Case(available("free_variant_ended"), model=FREE),
    "503, at capacity with a wait": Case(
        available("capacity_exhausted", 503, retry_after=300), requests=1
    ),
    "400, the prompt does not fit": Case(
        body_of(
            400,
            {
                "code": 400,
                "message": "This endpoint's maximum context length is 200000 tokens. However, you "
                "requested about 214096 tokens (210000 of text input, 4096 in the output). Please "
                "reduce the length of either one.",
                "metadata": {"provider_name": None},
            },
        )
    ),
    "400, the answer does not fit": Case(
        error_reply(
            400,
            "This endpoint's maximum context length is 200000 tokens. However, you requested about "
            "202096 tokens (198000 of text input, 4096 in the output).",
        )
    ),
    "400, as Anthropic says it": Case(
        error_reply(
            400,
            "Provider returned error",
            provider_name="Anthropic",
            raw='{"type":"error","error":{"type":"invalid_request_error",'
            '"message":"prompt is too long: 210000 tokens > 200000 maximum"}}',
        )
    ),
    "429, a provider": Case(
        error_reply(
            429,
            "Provider returned error",
            {"Retry-After": "300"},
            provider_name="Google",
            raw="The model is temporarily rate-limited upstream. Please retry shortly.",
        )
    ),
    "429, free requests of the day": Case(
        body_of(
            429,
            {
                "code": 429,
                "message": "Rate limit exceeded: free-models-per-day. Add 10 credits to unlock "
                "1000 free model requests per day",
                "metadata": {
                    "headers": {
                        "X-RateLimit-Limit": "50",
                        "X-RateLimit-Remaining": "0",
                        "X-RateLimit-Reset": RESET,
                    }
                },
            },
        ),
        1 + RETRIES,
        FREE,
    ),
    "429, free requests of the minute": Case(
        error_reply(
            429,
            "Rate limit exceeded: free-models-per-min.",
            {"X-RateLimit-Limit": "20", "X-RateLimit-Reset": RESET},
        ),
        1 + RETRIES,
        FREE,
    ),
    "502, with what was tried before": Case(
        error_reply(
            502,
            "Provider returned error",
            provider_name="Azure",
            raw="upstream connect error",
            previous_errors=[{"provider": "Anthropic", "code": 529}],
        ),
        1 + RETRIES,
    ),
    "in the stream, before the first token": Case(
        sse(
            event({"error": {"code": 502, "message": "Provider disconnected",
                             "metadata": {"error_type": "provider_unavailable"}},
                   "choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": "error"}]}),
            done=False,
        )
    ),
    "in the stream, after some text": Case(
        sse(
            chunk("Half"),
            event({"error": {"code": "server_error", "message": "Provider disconnected"},
                   "choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": "error"}]}),
        )
    ),
    "in the stream, with a finish reason of null": Case(
        sse(
            chunk("Half", finish="length"),
            event({"error": {"code": 400, "message": "Token limit reached"},
                   "choices": [{"delta": {"content": ""}, "finish_reason": None}]}),
        )
    ),
    "in the stream, as vLLM says it": Case(
        sse(event({"object": "error", "message": "out of memory", "code": 500}))
    ),
    "in the stream, by the finish reason alone": Case(sse(chunk("Half", finish="error"))),
    "200 with an error": Case(body_of(200, {"code": 429, "message": "slow down"})),
    "200 with an error beside half an answer": Case(
        json_reply(
            {
                "choices": [
                    {
                        "index": 0,
                        "message": {"role": "assistant", "content": "Half"},
                        "finish_reason": "error",
                        "error": {"code": 502, "message": "gone"},
                    }
                ]
            }
        )
    ),
    "200 with a web page": Case(text_reply("<html><title>Log in</title>", "text/html")),
    "200 with nothing": Case(sse(done=False)),
    "200 with something else": Case(sse(b"data: x\n\n" * 3)),
    "404 with a web page": Case(text_reply("<!DOCTYPE html><p>No", "text/html", 404)),
    "compressed": Case(Reply(200, {"Content-Encoding": "gzip"}, (b"\x1f\x8b",))),
    "a redirect": Case(
        Reply(307, {"Location": "https://elsewhere.test/api", "Content-Length": "0"})
    ),
    "no HTTP": Case(Reply(body=(b"hello\r\n\r\n",), raw=True)),
    "closed without an answer": Case(Reply(body=(Hangup(),), raw=True)),
    "reset without an answer": Case(Reply(body=(Reset(),), raw=True)),
    "broken off": Case(sse(chunk("Half"), Pause(0.01), Hangup(), done=False)),
    "ended without an end": Case(sse(chunk("Half"), done=False)),
    "silence": Case(
        sse(chunk("Half"), Stall(), done=False), waits={"silence_timeout": 0.3}
    ),
    "no first byte": Case(Reply(body=(Stall(),), raw=True), waits={"first_byte_timeout": 0.3}),
}  # fmt: skip


def request_for(connection: Connection, model: str) -> TurnRequest:
    return turn_request(SETTINGS, connection, CATALOGUE, model_id=model, session_id="s")


def service_with(connection: Connection, **waits: float) -> AbstractAsyncContextManager[OpenRouter]:
    reliability = ReliabilitySettings.model_validate({"retries": RETRIES, **waits})
    return aclosing(OpenRouter(connection, reliability))


async def played(server: FakeServer, service: OpenRouter, case: Case) -> tuple[Failure, int]:
    """The failure that the case ends with, and how many requests reached the server."""
    server.requests.clear()
    server.on_chat(case.reply)
    request = request_for(service.connection, case.model)
    stand_ins = StandIns(others=("local",))
    events = [each async for each in stream_turn(request, PATH, service, "one-send", stand_ins)]
    assert CANARY not in repr(events)
    ends = [each for each in events if isinstance(each, Finished | Interrupted | Failed)]
    assert ends == events[-1:]
    assert isinstance(ends[0], Interrupted | Failed), ends
    sent = 1 + sum(isinstance(each, Retrying) for each in events)
    # Who gives up early may do so before a busy machine has let the server read the request.
    await server.until(lambda: len(server.chats) >= sent, "the request")
    assert {each.headers["x-client-request-id"] for each in server.chats} == {"one-send"}
    assert len(server.chats) == sent
    return ends[0].failure, len(server.chats)


def told(failure: Failure, requests: int, port: str) -> list[str]:
    """The failure as a user meets it, line by line."""
    lines = [
        f"  {failure.what}",
        f"  → {failure.next_step}",
        f"  {failure.kind}, said by the {failure.said_by}, requests: {requests}",
    ]
    if failure.detail:
        lines.insert(1, f"  “{failure.detail}”")
    for action in failure.actions:
        fields = (
            ("max_tokens", action.max_tokens),
            ("seconds", action.seconds),
            ("url", action.url),
            ("filter", action.filter),
            ("names", ", ".join(action.names)),
        )
        data = " ".join(f"{name}={value}" for name, value in fields if value)
        lines.append(f"  [{action.label}] {action.kind} {data}".rstrip())
    return [line.replace(f":{port}", ":PORT") for line in lines]


async def test_every_failure_is_as_in_the_file(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.services.openrouter.wait_before", _no_wait)
    lines = ["What is said after a failure, who said it, and what can be done at once.", ""]
    async with FakeServer() as server, AsyncExitStack() as stack:
        connection = Connection(
            "openrouter", ProviderKind.OPENROUTER, server.base_url, MODEL, key=SecretStr(CANARY)
        )
        patient = await stack.enter_async_context(service_with(connection))
        for name, case in CASES.items():
            if case.waits:
                async with service_with(connection, **case.waits) as hasty:
                    failure, requests = await played(server, hasty, case)
            else:
                failure, requests = await played(server, patient, case)
            assert requests == case.requests, name
            assert failure.actions, name
            lines += [f"# {name}", *told(failure, requests, str(server.port)), ""]
    assert_same_text(request, "failures.txt", "\n".join(lines))


def _no_wait(_retry: int, asked: float | None) -> float | None:
    return None if asked is not None and asked > 120 else 0.0
