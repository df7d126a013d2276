import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import cast

import pytest

from tests.fakes.service import FakeService
from tui.domain.connection import Overrides
from tui.domain.conversation import Conversation, Message, MessageState
from tui.domain.cost import Cost, CostSource, Usage
from tui.domain.errors import Failure, FailureKind, WorkbenchError
from tui.domain.events import (
    Connected,
    Failed,
    Finished,
    FinishReason,
    Interrupted,
    TextDelta,
    TurnEvent,
    UsageReported,
)
from tui.domain.tree import answer_again
from tui.runtime import Runtime
from tui.services.openrouter import ModelsPage, OpenRouter
from tui.ui.controllers import settle
from tui.ui.controllers.budgeting import Passage
from tui.ui.controllers.chat import Chat
from tui.ui.controllers.chips import Unsent
from tui.ui.controllers.current_service import CurrentService
from tui.ui.controllers.reservation import Reservation
from tui.ui.controllers.running_turn import RunningTurn
from tui.ui.controllers.session import Session

REFUSED = Failure(FailureKind.NO_CREDIT, "No credit.", "Buy some.", status=402)
LOST = Failure(FailureKind.CONNECTION_LOST, "The connection ended.", "Send again.")
COST = Decimal("0.25")
ANSWER: list[TurnEvent] = [
    Connected(),
    TextDelta("Yes."),
    UsageReported(Usage(prompt_tokens=1, completion_tokens=1, cost=COST)),
    Finished(FinishReason.STOP),
]


class FakeView:
    def __init__(self) -> None:
        self.shown: list[str] = []
        self.prompts: list[str] = []
        self.events: list[TurnEvent] = []
        self.ended: list[Message] = []
        self.given_back: list[str] = []
        self.offered: list[str] = []
        self.prompt = ""

    def show_conversation(self, conversation: Conversation, running: RunningTurn | None) -> None:
        self.shown.append(conversation.id)
        self.prompt = conversation.draft

    def turn_began(self, prompt: Message, answer: Message) -> None:
        self.prompts.append(prompt.text)

    def turn_event(self, message_id: str, event: TurnEvent) -> None:
        self.events.append(event)

    def turn_ended(self, message: Message) -> None:
        self.ended.append(message)

    def typed(self) -> str:
        return self.prompt

    def clear_typed(self) -> None:
        self.prompt = ""

    def give_back(self, text: str) -> None:
        self.given_back.append(text)
        self.prompt = "\n\n".join(filter(None, [text, self.prompt]))

    def offer_again(self, text: str) -> None:
        self.offered.append(text)
        self.prompt = self.prompt or text

    def refresh(self) -> None:
        pass


class Workplace:
    """A chat over a fake service, with the history in a folder of its own."""

    def __init__(self, folder: Path, scripts: list[list[TurnEvent | asyncio.Event]]) -> None:
        runtime = Runtime.start(
            home=folder, overrides=Overrides(model="a/b"), environ={"OPENROUTER_API_KEY": "k" * 20}
        )
        self.service = FakeService(scripts)
        self.session = Session(runtime)
        self.view = FakeView()
        self.chat = Chat(self.session, self.view)

    async def open(self) -> None:
        self.session._service = CurrentService(lambda: cast("OpenRouter", self.service))
        await self.session.open_history()
        await self.chat.new()

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(5):
            while not condition():
                await asyncio.sleep(0)


Script = list[TurnEvent | asyncio.Event]
Make = Callable[..., Awaitable[Workplace]]


@pytest.fixture
async def make(tmp_path: Path) -> AsyncIterator[Make]:
    made: list[Workplace] = []

    async def factory(*scripts: Script) -> Workplace:
        workplace = Workplace(tmp_path, list(scripts))
        made.append(workplace)
        await workplace.open()
        return workplace

    yield factory
    for workplace in made:
        await workplace.chat.close()
        await workplace.session.aclose()


async def test_an_answer_that_ends_is_never_counted_twice(make: Make) -> None:
    place = await make(ANSWER)
    seen: list[Decimal] = []

    def look() -> None:
        running = place.chat.running
        answer = running.answer if running is not None else None
        total = (
            place.chat.spent
            if answer is None
            else place.chat.spent.plus(answer.cost(datetime.now(UTC)))
        )
        seen.append(total.amount)

    place.view.refresh = look  # type: ignore[method-assign]  # every sum that a screen could show
    await place.chat.send("one")
    assert seen[-1] == COST
    assert max(seen) == COST


async def test_a_message_sent_while_an_answer_streams_waits_and_then_follows(make: Make) -> None:
    gate = asyncio.Event()
    place = await make([Connected(), TextDelta("Yes"), gate, Finished(FinishReason.STOP)], ANSWER)
    first = asyncio.create_task(place.chat.send("one"))
    await place.until(lambda: TextDelta("Yes") in place.view.events)

    await place.chat.send("two")
    running = place.chat.running
    assert running is not None
    assert running.waiting == [Unsent("two")]
    gate.set()
    await first

    assert place.view.prompts == ["one", "two"]
    assert [message["content"] for message in place.service.bodies[1]["messages"]] == [
        "one",
        "Yes",
        "two",
    ]
    assert place.chat.running is None


@pytest.mark.parametrize("text_before", ["", "half"])
async def test_after_a_stop_waiting_messages_come_back_instead_of_being_sent(
    make: Make, text_before: str
) -> None:
    place = await make([Connected(), TextDelta(text_before), asyncio.Event()])
    first = asyncio.create_task(place.chat.send("one"))
    await place.until(lambda: TextDelta(text_before) in place.view.events)
    await place.chat.send("two")

    assert place.chat.stop()
    await first

    assert place.view.ended[0].state is MessageState.STOPPED
    assert place.view.given_back == ["two"]
    assert len(place.service.bodies) == 1


async def test_after_a_failure_what_waits_comes_back_and_not_behind_what_failed(
    make: Make,
) -> None:
    gate = asyncio.Event()
    place = await make([Connected(), TextDelta("half"), gate, Failed(REFUSED)])
    first = asyncio.create_task(place.chat.send("one"))
    await place.until(lambda: TextDelta("half") in place.view.events)
    await place.chat.send("two")
    gate.set()
    await first

    assert place.view.given_back == ["two"]
    assert place.view.offered == []
    assert len(place.service.bodies) == 1


async def test_a_failure_without_an_answer_gives_the_draft_back_and_the_next_try_is_its_sibling(
    make: Make,
) -> None:
    place = await make(ANSWER, [Failed(REFUSED)], ANSWER)
    await place.chat.send("one")

    await place.chat.send("two")
    assert place.view.offered == ["two"]
    await place.chat.send("two, again")

    texts = [message["content"] for message in place.service.bodies[2]["messages"]]
    assert texts == ["one", "Yes.", "two, again"]
    conversation = place.chat.conversation
    assert conversation is not None
    assert [message.text for message in conversation.children(conversation.path()[1].id)] == [
        "two",
        "two, again",
    ]


async def test_a_failed_text_that_is_sent_again_replaces_its_half_answer(make: Make) -> None:
    place = await make([Connected(), TextDelta("half"), Failed(REFUSED)], ANSWER, ANSWER)
    await place.chat.send("one")
    assert place.view.offered == ["one"]

    await place.chat.send("one")

    assert [message["content"] for message in place.service.bodies[1]["messages"]] == ["one"]


async def test_another_text_after_a_half_answer_continues_from_it(make: Make) -> None:
    place = await make([Connected(), TextDelta("half"), Failed(REFUSED)], ANSWER)
    await place.chat.send("one")

    await place.chat.send("go on")

    texts = [message["content"] for message in place.service.bodies[1]["messages"]]
    assert texts == ["one", "half", "go on"]


async def test_a_failure_before_the_first_message_can_be_tried_again(make: Make) -> None:
    place = await make([Failed(REFUSED)], ANSWER)
    await place.chat.send("one")

    await place.chat.send("one")

    assert [message["content"] for message in place.service.bodies[1]["messages"]] == ["one"]


async def test_another_conversation_can_be_opened_while_one_is_answered(make: Make) -> None:
    gate = asyncio.Event()
    place = await make([Connected(), gate, TextDelta("Yes."), Finished(FinishReason.STOP)])
    first = asyncio.create_task(place.chat.send("one"))
    await place.until(lambda: Connected() in place.view.events)
    answering = place.chat.conversation
    assert answering is not None

    await place.chat.new()
    assert place.chat.busy == {answering.id}
    assert place.chat.running is None
    gate.set()
    await first

    assert TextDelta("Yes.") not in place.view.events
    assert await place.chat.open(answering.id)
    reopened = place.chat.conversation
    assert reopened is not None
    assert reopened.path()[-1].text == "Yes."


async def test_costs_are_summed_for_the_conversation_and_for_today(make: Make) -> None:
    place = await make(ANSWER)

    await place.chat.send("one")
    await place.chat.send("two")
    assert place.chat.spent.amount == 2 * COST
    assert place.chat.spent_today is not None
    assert place.chat.spent_today.amount == 2 * COST

    await place.chat.new()
    assert place.chat.spent.amount == 0
    await place.chat.count_today()
    assert place.chat.spent_today.amount == 2 * COST


async def stored(place: Workplace, conversation: Conversation) -> Conversation:
    history = await place.session.wait_for_history()
    loaded = await history.load(conversation.id)
    assert loaded is not None
    return loaded


async def streaming(place: Workplace, text: str = "one") -> tuple[asyncio.Task[None], Conversation]:
    sending = asyncio.create_task(place.chat.send(text))
    await place.until(lambda: TextDelta("half") in place.view.events)
    conversation = place.chat.conversation
    assert conversation is not None
    return sending, conversation


def never_ending() -> Script:
    return [Connected(), TextDelta("half"), asyncio.Event()]


async def test_closing_stores_what_was_streaming_what_waits_and_what_is_typed(make: Make) -> None:
    place = await make(never_ending())
    first, conversation = await streaming(place)
    await place.chat.send("waiting")
    place.view.prompt = "typed"

    await asyncio.wait_for(place.chat.close(), 5)
    await first

    kept = await stored(place, conversation)
    assert (kept.path()[-1].text, kept.path()[-1].state) == ("half", MessageState.STOPPED)
    assert kept.draft == "waiting\n\ntyped"


async def test_what_waits_is_stored_at_once(make: Make) -> None:
    place = await make(never_ending())
    first, conversation = await streaming(place)

    await place.chat.send("waiting")

    assert (await stored(place, conversation)).draft == "waiting"
    place.chat.stop()
    await first


async def test_what_waits_in_another_conversation_is_in_its_draft_after_a_stop(make: Make) -> None:
    place = await make(never_ending())
    first, conversation = await streaming(place)
    await place.chat.send("waiting")
    running = place.chat.running
    assert running is not None
    await place.chat.new()

    running.stop()
    await first

    assert (await stored(place, conversation)).draft == "waiting"
    assert await place.chat.open(conversation.id)
    assert place.view.prompt == "waiting"


async def test_a_stop_between_two_turns_sends_nothing_more(make: Make) -> None:
    place = await make(ANSWER)
    sent = asyncio.create_task(place.chat.send("one"))
    await place.until(lambda: place.chat.running is not None)
    await place.chat.send("two")
    await place.until(lambda: place.view.ended)

    assert place.chat.stop()
    await asyncio.wait_for(sent, 5)

    assert place.view.given_back == ["two"]
    assert len(place.service.bodies) == 1


async def test_what_is_typed_goes_with_the_conversation_that_it_was_typed_in(make: Make) -> None:
    place = await make(ANSWER)
    await place.chat.send("one")
    first = place.chat.conversation
    assert first is not None
    place.view.prompt = "unfinished"

    await place.chat.new()

    assert place.view.prompt == ""
    await place.chat.open(first.id)
    assert place.view.prompt == "unfinished"


async def test_the_conversation_that_was_opened_last_is_the_one_on_screen(make: Make) -> None:
    place = await make(ANSWER)
    await place.chat.send("one")
    first = place.chat.conversation
    second = await place.chat.new()
    assert first is not None

    await asyncio.gather(place.chat.open(first.id), place.chat.new())

    shown = place.chat.conversation
    assert shown is not None
    assert shown.id not in (first.id, second.id)


async def test_what_waits_behind_an_answer_that_is_begun_elsewhere_comes_back(make: Make) -> None:
    place = await make(ANSWER)
    await place.chat.send("one")
    conversation = place.chat.conversation
    assert conversation is not None

    class Elsewhere:
        async def passage(
            self, conversation: Conversation, unsent: Unsent, reservation: Reservation
        ) -> Passage:
            await place.chat.send("typed meanwhile")
            return Passage.TAKEN

    place.chat.gate = Elsewhere()
    await place.chat.send("one", answer_again(conversation, conversation.path()[0].id))

    assert place.view.given_back == ["typed meanwhile"]
    assert len(place.service.bodies) == 1


async def test_saving_settings_leaves_a_streaming_answer_alone(make: Make) -> None:
    gate = asyncio.Event()
    place = await make([Connected(), TextDelta("half"), gate, Finished(FinishReason.STOP)])
    first, conversation = await streaming(place)
    runtime = place.session.runtime

    runtime.paths.config.mkdir(parents=True, exist_ok=True)
    runtime.paths.config_file.write_text("[interface]\nshow_sidebar = false\n")
    await place.session.reload()
    assert not runtime.settings.interface.show_sidebar
    assert not place.service.closed

    runtime.paths.config_file.write_text("[reliability]\nretries = 0\n")
    await place.session.reload()
    assert not place.service.closed
    gate.set()
    await first

    assert conversation.path()[-1].state is MessageState.COMPLETE
    assert place.service.closed


async def test_a_turn_goes_to_the_server_that_its_request_was_made_for(make: Make) -> None:
    place = await make(ANSWER)
    async with place.session.turn(await place.chat.new(), place.chat) as turn:
        other = FakeService([ANSWER])
        place.session._service = CurrentService(lambda: cast("OpenRouter", other))

        await turn.run("Hi", None)

    assert len(place.service.bodies) == 1
    assert other.bodies == []


async def test_a_catalogue_that_comes_after_a_switch_is_dropped(make: Make) -> None:
    place = await make(ANSWER)
    gate = asyncio.Event()

    class SlowService(FakeService):
        async def warm_up(self) -> None:
            return None

        async def models_page(self, version: str | None = None) -> ModelsPage:
            await gate.wait()
            return ModelsPage(b'{"data": [{"id": "model/of-a"}]}')

    place.session._service = CurrentService(lambda: cast("OpenRouter", SlowService([ANSWER])))
    connecting = asyncio.create_task(place.session.connect())
    await asyncio.sleep(0)
    await place.session._service.replace_if(lambda: True)
    gate.set()
    await connecting

    assert "model/of-a" not in place.session.catalogue.models


def _no_service() -> OpenRouter:
    raise WorkbenchError(REFUSED)


async def test_without_a_provider_the_text_comes_back_and_the_reason_is_raised(make: Make) -> None:
    place = await make(ANSWER)
    place.session._service = CurrentService(_no_service)

    with pytest.raises(WorkbenchError):
        await place.chat.send("one")

    assert place.view.given_back == ["one"]
    assert place.service.bodies == []


async def test_a_conversation_that_does_not_exist_is_not_opened(make: Make) -> None:
    place = await make(ANSWER)

    assert not await place.chat.open("nowhere")


async def test_the_cost_of_an_answer_without_usage_is_asked_for_with_patience_and_counted(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settle, "_QUESTIONS_AFTER", (0.0, 0.0, 0.0))
    counted = UsageReported(Usage(prompt_tokens=9, cache_write_tokens=5))
    place = await make([Connected("gen-1"), TextDelta("half"), counted, Interrupted(LOST)])
    place.service.generations = [None, Usage(completion_tokens=40, cost=COST)]

    await place.chat.send("one")
    assert place.chat.spent.estimated or place.chat.spent.unknown
    await place.until(lambda: place.chat.spent.amount == COST)

    assert place.chat.spent_today is not None
    assert place.chat.spent_today.amount == COST
    conversation = place.chat.conversation
    assert conversation is not None
    generation = (await stored(place, conversation)).path()[-1].generation
    assert generation is not None
    assert generation.cost == Cost(COST, CostSource.REPORTED)
    assert generation.usage == Usage(9, 40, cache_write_tokens=5, cost=COST)
    assert place.view.ended[-1].generation == generation


async def test_an_answer_that_a_kill_interrupted_is_settled_when_it_is_opened(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settle, "_QUESTIONS_AFTER", (0.0,))
    place = await make([Connected("gen-1"), TextDelta("half"), Interrupted(LOST)])
    await place.chat.send("one")
    interrupted = place.chat.conversation
    assert interrupted is not None
    await place.chat.new()
    place.service.generations = [Usage(completion_tokens=40, cost=COST)]

    await place.chat.open(interrupted.id)

    await place.until(lambda: place.chat.spent.amount == COST)
