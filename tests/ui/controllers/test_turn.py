import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from decimal import Decimal
from typing import cast

import pytest

from tests.fakes.service import FakeService
from tui.domain.connection import Connection
from tui.domain.conversation import Conversation, Message, MessageState
from tui.domain.cost import CostSource, Usage
from tui.domain.errors import Failure, FailureKind
from tui.domain.events import (
    Connected,
    Failed,
    Finished,
    FinishReason,
    Interrupted,
    ReasoningDelta,
    ReasoningDetailsDelta,
    ServedBy,
    TextDelta,
    TurnEvent,
    UsageReported,
)
from tui.domain.model import Model, Pricing
from tui.domain.request import CLIENT_ID_HEADER, Json, TurnSettings
from tui.domain.settings import ProviderKind
from tui.domain.turn import TurnRequest
from tui.services.history import History
from tui.services.openrouter import OpenRouter
from tui.ui.controllers.turn import Turn

MODEL = Model(
    "anthropic/claude-sonnet-4.5",
    pricing=Pricing(prompt=Decimal("0.000003"), completion=Decimal("0.000015")),
)
USAGE = Usage(prompt_tokens=10, completion_tokens=2, cost=Decimal("0.00006"), is_byok=False)
LOST = Failure(FailureKind.CONNECTION_LOST, "The connection ended.", "Send again.")
WHOLE: list[TurnEvent] = [
    Connected("gen-1"),
    ServedBy("anthropic/claude-4.5-sonnet", "Anthropic", "gen-1"),
    ReasoningDelta("Hm."),
    ReasoningDetailsDelta([{"type": "reasoning.text", "text": "Hm.", "index": 0}]),
    TextDelta("Hel"),
    TextDelta("lo"),
    UsageReported(USAGE),
    Finished(FinishReason.STOP),
]


class FakeView:
    def __init__(self) -> None:
        self.began: list[tuple[Message, Message]] = []
        self.events: list[TurnEvent] = []
        self.ended: list[Message] = []

    def turn_began(self, turn: Turn, prompt: Message, answer: Message) -> None:
        self.began.append((prompt, answer))

    def turn_event(self, turn: Turn, message_id: str, event: TurnEvent) -> None:
        self.events.append(event)

    def turn_ended(self, turn: Turn, message: Message) -> None:
        self.ended.append(message)


@pytest.fixture
async def history() -> AsyncIterator[History]:
    history = await History.in_memory()
    yield history
    await history.aclose()


async def make_turn(history: History, service: FakeService, view: FakeView) -> Turn:
    conversation = await history.new_conversation(MODEL.id)
    connection = Connection("openrouter", ProviderKind.OPENROUTER, "https://host.test", MODEL.id)
    settings = TurnSettings(ProviderKind.OPENROUTER, MODEL.id, conversation.session_id)
    request = TurnRequest(connection, settings, MODEL)
    return Turn(conversation, request, cast("OpenRouter", service), history, view)


def half_an_answer(*rest: TurnEvent | asyncio.Event | Exception) -> FakeService:
    return FakeService([[Connected("gen-1"), TextDelta("half"), *rest]])


async def stored(history: History, conversation: Conversation) -> list[Message]:
    loaded = await history.load(conversation.id)
    assert loaded is not None
    return loaded.path()


async def test_a_whole_turn_is_stored_as_it_was_shown(history: History) -> None:
    view, service = FakeView(), FakeService([WHOLE])
    turn = await make_turn(history, service, view)

    answer = await turn.run("Hi", None)

    assert view.events == WHOLE
    assert view.ended == [answer]
    assert await stored(history, turn.conversation) == turn.conversation.path()
    assert (answer.text, answer.reasoning, answer.state) == ("Hello", "Hm.", MessageState.COMPLETE)
    assert answer.reasoning_details == [{"type": "reasoning.text", "text": "Hm.", "index": 0}]
    assert answer.generation is not None
    assert answer.generation.cost.amount == Decimal("0.00006")
    assert answer.generation.cost.source is CostSource.REPORTED
    assert service.bodies[0]["messages"] == [{"role": "user", "content": "Hi"}]
    assert service.headers[0][CLIENT_ID_HEADER]


async def test_the_prompt_is_stored_before_the_request_leaves(history: History) -> None:
    seen: list[list[str]] = []

    class LookingService(FakeService):
        async def stream_chat(
            self, body: Json, headers: Mapping[str, str]
        ) -> AsyncGenerator[TurnEvent, None]:
            seen.append([message.text for message in await stored(history, turn.conversation)])
            async for event in super().stream_chat(body, headers):
                yield event

    turn = await make_turn(history, LookingService([WHOLE]), FakeView())

    await turn.run("Hi", None)

    assert seen == [["Hi", ""]]


@pytest.mark.parametrize(
    ("ending", "state"),
    [
        ([Finished(FinishReason.LENGTH)], MessageState.CUT),
        ([Finished(FinishReason.CONTENT_FILTER)], MessageState.FILTERED),
        ([Interrupted(LOST)], MessageState.INTERRUPTED),
        ([Failed(LOST)], MessageState.FAILED),
        ([RuntimeError("a defect")], MessageState.FAILED),
    ],
)
async def test_every_turn_ends_in_one_state_and_keeps_its_text(
    history: History, ending: list[TurnEvent | Exception], state: MessageState
) -> None:
    view = FakeView()
    turn = await make_turn(history, half_an_answer(*ending), view)

    answer = await turn.run("Hi", None)

    assert (answer.text, answer.state) == ("half", state)
    assert (await stored(history, turn.conversation))[-1] == answer
    assert len(view.ended) == 1


async def test_stopping_closes_the_stream_and_keeps_what_had_arrived(history: History) -> None:
    never = asyncio.Event()
    view, service = FakeView(), half_an_answer(never)
    turn = await make_turn(history, service, view)
    running = asyncio.create_task(turn.run("Hi", None))
    while TextDelta("half") not in view.events:
        await asyncio.sleep(0)

    turn.stop()
    answer = await asyncio.wait_for(running, 5)

    assert (answer.text, answer.state) == ("half", MessageState.STOPPED)
    assert service.open_streams == 0
    assert (await stored(history, turn.conversation))[-1] == answer
    assert answer.generation is not None
    assert answer.generation.cost.source is CostSource.ESTIMATED


async def test_stopping_before_anything_happened_sends_nothing_more(history: History) -> None:
    view, service = FakeView(), FakeService([WHOLE])
    turn = await make_turn(history, service, view)
    turn.stop()

    answer = await asyncio.wait_for(turn.run("Hi", None), 5)

    assert answer.state is MessageState.STOPPED
    assert service.bodies == []


async def test_a_cancelled_turn_is_stored_before_the_cancellation_goes_on(history: History) -> None:
    view, service = FakeView(), half_an_answer(asyncio.Event())
    turn = await make_turn(history, service, view)
    running = asyncio.create_task(turn.run("Hi", None))
    while TextDelta("half") not in view.events:
        await asyncio.sleep(0)

    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    last = (await stored(history, turn.conversation))[-1]
    assert (last.text, last.state) == ("half", MessageState.STOPPED)


async def test_a_second_turn_sends_the_path_and_keeps_the_session(history: History) -> None:
    view, service = FakeView(), FakeService([WHOLE])
    turn = await make_turn(history, service, view)
    first = await turn.run("Hi", None)

    await turn.run("And now?", first.id)

    texts = [message["content"] for message in service.bodies[1]["messages"]]
    assert texts == ["Hi", "Hello", "And now?"]
    assert service.bodies[0]["session_id"] == service.bodies[1]["session_id"]
    assert service.bodies[1]["messages"][1]["reasoning_details"] == [
        {"type": "reasoning.text", "text": "Hm.", "index": 0}
    ]


async def test_until_it_ends_the_cost_of_an_answer_is_stored_as_unknown(history: History) -> None:
    view = FakeView()
    turn = await make_turn(history, FakeService([WHOLE]), view)

    await turn.run("Hi", None)

    begun = view.began[0][1].generation
    assert begun is not None
    assert begun.cost.source is CostSource.UNKNOWN
