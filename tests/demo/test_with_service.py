"""The demo seen through the service: each command becomes the events that the screens rely on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.demo.client import SONNET
from tui.demo.transport import DemoTransport
from tui.domain.answer import Answer
from tui.domain.bill import computed_cost
from tui.domain.connection import DEMO_URL, Connection
from tui.domain.conversation import Message, MessageState, Role
from tui.domain.cost import CostSource
from tui.domain.errors import FailureKind
from tui.domain.events import (
    Failed,
    Finished,
    FinishReason,
    Interrupted,
    KeepAlive,
    ReasoningDelta,
    TextDelta,
    TurnEvent,
)
from tui.domain.request import TurnSettings, build_body, build_headers
from tui.domain.settings import ProviderKind, ReliabilitySettings
from tui.services.openrouter import OpenRouter
from tui.services.wire import parse_catalogue

LONG = " word" * 6_000
MODELS = (
    SONNET,
    "google/gemini-2.5-pro",
    "google/gemini-2.5-flash",
    "openai/gpt-5.2",
    "deepseek/deepseek-r1-0528",
    "qwen/qwen3-max",
    "x-ai/grok-4.3",
    "mistralai/mistral-nemo",
    "meta-llama/llama-3.3-70b-instruct:free",
    "~anthropic/claude-sonnet-latest",
)


@pytest.fixture
async def service() -> AsyncIterator[OpenRouter]:
    connection = Connection("demo", ProviderKind.DEMO, DEMO_URL, SONNET)
    reliability = ReliabilitySettings(retries=0)
    service = OpenRouter(connection, reliability, transport=DemoTransport(speed=0))
    yield service
    await service.aclose()


async def turn(service: OpenRouter, *texts: str, model: str = SONNET) -> list[TurnEvent]:
    """Every event of one turn with caching on; the texts begin with the user's."""
    catalogue = parse_catalogue(await service.models())
    path = path_of(*texts)
    settings = TurnSettings(ProviderKind.DEMO, model, session_id="session", prompt_caching=True)
    body = build_body(path, settings, catalogue.find(model))
    async with aclosing(service.stream_chat(body, build_headers(settings, "id"))) as events:
        return [event async for event in events]


def path_of(*texts: str) -> list[Message]:
    roles = (Role.USER, Role.ASSISTANT)
    now = datetime.now(UTC)
    return [
        Message(str(index), "chat", None, roles[index % 2], text, now)
        for index, text in enumerate(texts)
    ]


def text_of(events: list[TurnEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def answer_of(events: list[TurnEvent], model: str = SONNET) -> Answer:
    answer = Answer(model, "demo", started=0.0)
    for event in events:
        answer.apply(event, 1.0)
    return answer


@pytest.mark.parametrize("model", MODELS)
async def test_an_answer_arrives_whole_and_its_cost_is_price_times_usage(
    service: OpenRouter, model: str
) -> None:
    catalogue = parse_catalogue(await service.models())
    for texts in (["Hello"], [LONG], [LONG, "Yes.", "And then?"]):
        answer = answer_of(await turn(service, *texts, model=model), model)
        found = catalogue.find(model)
        assert found is not None
        assert answer.usage is not None
        assert answer.state is MessageState.COMPLETE
        assert 80 <= answer.completion_tokens - (answer.usage.reasoning_tokens or 0) <= 250
        now = datetime.now(UTC)
        expected = computed_cost(answer.usage, found.pricing, now)
        cost = answer.cost(now)
        assert cost.source is CostSource.REPORTED
        # OpenRouter's numbers are doubles; only prices with 16 digits of their own feel that.
        assert expected is not None
        assert cost.amount == Decimal(repr(float(expected)))


async def test_the_second_turn_reads_what_the_first_one_wrote(service: OpenRouter) -> None:
    first = answer_of(await turn(service, LONG)).usage
    second = answer_of(await turn(service, LONG, "Yes.", "And then?")).usage
    assert first is not None
    assert second is not None
    assert (first.cached_tokens, first.cache_write_tokens) == (0, 6_006)
    assert second.cached_tokens == 6_006


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("table", FinishReason.STOP),
        ("long 300", FinishReason.STOP),
        ("slow", FinishReason.STOP),
        ("empty", FinishReason.STOP),
        ("length", FinishReason.LENGTH),
        ("filter", FinishReason.CONTENT_FILTER),
    ],
)
async def test_commands_finish_for_their_reason(
    service: OpenRouter, command: str, reason: FinishReason
) -> None:
    events = await turn(service, command)
    last = events[-1]
    assert isinstance(last, Finished)
    assert last.reason is reason
    assert bool(text_of(events)) is (command != "empty")
    assert any(isinstance(event, KeepAlive) for event in events)


async def test_thoughts_come_before_the_answer_and_can_be_sent_back(service: OpenRouter) -> None:
    events = await turn(service, "reasoning")
    kinds = [type(e) for e in events if isinstance(e, ReasoningDelta | TextDelta)]
    assert kinds.index(TextDelta) > 10
    assert ReasoningDelta not in kinds[kinds.index(TextDelta) :]
    answer = answer_of(events)
    assert answer.reasoning_details is not None
    (detail,) = answer.reasoning_details
    assert detail["text"] == answer.reasoning
    assert detail["signature"]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, FailureKind.BAD_KEY),
        (402, FailureKind.NO_CREDIT),
        (403, FailureKind.MODERATED),
        (404, FailureKind.NOT_FOUND),
        (429, FailureKind.RATE_LIMITED),
        (500, FailureKind.SERVER_ERROR),
        (502, FailureKind.PROVIDER_ERROR),
        (503, FailureKind.OVERLOADED),
    ],
)
async def test_an_error_fails_the_turn_before_it_begins(
    service: OpenRouter, status: int, kind: FailureKind
) -> None:
    (last,) = await turn(service, f"error {status}")
    assert isinstance(last, Failed)
    assert (last.failure.kind, last.failure.status) == (kind, status)
    assert last.failure.retry_after == {429: 2, 503: 1}.get(status)


async def test_a_failure_in_the_middle_keeps_what_had_arrived(service: OpenRouter) -> None:
    events = await turn(service, "error mid-stream")
    assert isinstance(events[-1], Failed)
    assert events[-1].failure.kind is FailureKind.PROVIDER_ERROR
    assert text_of(events)


async def test_a_cut_interrupts_the_answer(service: OpenRouter) -> None:
    events = await turn(service, "error cut")
    assert isinstance(events[-1], Interrupted)
    assert text_of(events)


@pytest.mark.parametrize("command", ["error cut", "error mid-stream", "error 404"])
async def test_no_failure_names_the_demos_own_address(service: OpenRouter, command: str) -> None:
    last = (await turn(service, command))[-1]
    assert isinstance(last, Failed | Interrupted)
    assert "demo.invalid" not in str(last.failure)


async def test_a_prompt_that_is_too_long_is_an_overflow(service: OpenRouter) -> None:
    (last,) = await turn(service, LONG * 2, model="meta-llama/llama-3-70b-instruct")
    assert isinstance(last, Failed)
    assert last.failure.kind is FailureKind.CONTEXT_OVERFLOW


async def test_the_bill_of_an_answer_that_was_stopped_can_be_looked_up(
    service: OpenRouter,
) -> None:
    settings = TurnSettings(ProviderKind.DEMO, SONNET)
    body = build_body(path_of("long 5000"), settings)
    answer = Answer(SONNET, "demo", started=0.0)
    async with aclosing(service.stream_chat(body, {})) as events:
        async for event in events:
            answer.apply(event, 1.0)
            if isinstance(event, TextDelta):
                break
    assert answer.generation_id is not None
    async with asyncio.timeout(10):
        usage = await service.generation(answer.generation_id)
    assert usage is not None
    assert usage.cost is not None
    assert usage.completion_tokens is not None
    assert 0 < usage.completion_tokens < 5_000
    prompt = (usage.prompt_tokens or 0) * Decimal("0.000003")
    assert usage.cost == prompt + usage.completion_tokens * Decimal("0.000015")


async def test_the_key_is_known(service: OpenRouter) -> None:
    key = await service.key_info()
    assert key is not None
    assert (key.label, key.limit, key.usage) == ("demo", Decimal(10), Decimal(0))


async def test_endpoints_are_listed(service: OpenRouter) -> None:
    rows = await service.endpoints(SONNET)
    assert [row.tag for row in rows] == ["anthropic", "amazon-bedrock", "google-vertex"]


async def test_a_turn_that_is_cancelled_while_it_waits_is_noticed() -> None:
    connection = Connection("demo", ProviderKind.DEMO, DEMO_URL, SONNET)
    service = OpenRouter(connection, ReliabilitySettings(), transport=DemoTransport())
    settings = TurnSettings(ProviderKind.DEMO, SONNET)
    answer = Answer(SONNET, "demo", started=0.0)
    is_waiting = asyncio.Event()

    async def listen() -> None:
        body = build_body(path_of("slow"), settings)
        async with aclosing(service.stream_chat(body, {})) as events:
            async for event in events:
                answer.apply(event, 1.0)
                if isinstance(event, KeepAlive):
                    is_waiting.set()

    async with asyncio.timeout(10):
        task = asyncio.create_task(listen())
        await is_waiting.wait()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        assert answer.generation_id is not None
        usage = await service.generation(answer.generation_id)
    await service.aclose()
    assert usage is not None
    assert usage.completion_tokens == 0
    assert usage.cost == (usage.prompt_tokens or 0) * Decimal("0.000003")
