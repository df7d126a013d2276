"""Sends that go at the same time are judged together."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from decimal import Decimal
from pathlib import Path

import pytest

from tests.ui.controllers.test_chat import ANSWER, REFUSED, Script, Workplace
from tui.domain.catalogue import Catalogue
from tui.domain.conversation import Conversation
from tui.domain.cost import CostSource, CostTotal
from tui.domain.events import Failed, TextDelta
from tui.domain.model import Model, Pricing
from tui.domain.parameters_layers import Layer, LayerSource
from tui.services.ledger import Ledger
from tui.ui.controllers.budgeting import Choice, Passage, Question, SendGate
from tui.ui.controllers.chips import Unsent
from tui.ui.controllers.money_desk import MoneyDesk
from tui.ui.controllers.running_turn import RunningTurn
from tui.ui.controllers.titling import title_by_model

MODEL = "a/b"
LIKELY = Decimal("0.005")
"""What the usual answer of 500 tokens costs; prompts are free."""
PRICES = Pricing(prompt=Decimal(0), completion=Decimal("0.00001"))


class Asked:
    """Answers every question in the same way, and remembers it."""

    def __init__(self) -> None:
        self.choice = Choice.BACK
        self.questions: list[Question] = []

    async def ask(self, question: Question) -> Choice:
        self.questions.append(question)
        return self.choice

    async def compress(self) -> None:
        raise AssertionError

    async def start_afresh(self, unsent: Unsent) -> None:
        raise AssertionError

    async def choose_larger(self, tokens: int) -> None:
        raise AssertionError

    async def change_limits(self) -> None:
        raise AssertionError

    def model_for(self, conversation: Conversation) -> str:
        return MODEL


class Place(Workplace):
    """A chat with prices, budgets and a gate."""

    def __init__(self, folder: Path, scripts: list[Script]) -> None:
        super().__init__(folder, scripts)
        self.asked = Asked()
        self.desk = MoneyDesk(self.session)
        self.desk.under_way = self.chat.under_way
        self.gate = self.chat.gate = SendGate(self.desk, self.asked)
        self.session.catalogue = Catalogue({MODEL: Model(MODEL, pricing=PRICES)})

    def limit(self, **limits: Decimal) -> None:
        runtime = self.session.runtime
        runtime.settings = runtime.settings.with_values("budget", **limits)


Open = Callable[..., Awaitable[Place]]


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Open]:
    made: list[Place] = []

    async def factory(*scripts: Script) -> Place:
        workplace = Place(tmp_path, list(scripts))
        made.append(workplace)
        await workplace.open()
        return workplace

    yield factory
    for workplace in made:
        await workplace.chat.close()
        await workplace.session.aclose()


async def test_two_sends_at_once_cannot_pass_a_limit_that_holds_one(place: Open) -> None:
    here = await place()
    here.limit(day_hard=LIKELY * 2 - Decimal("0.0001"))
    sends = [RunningTurn(await here.chat.new(), [Unsent("Hi")]) for _ in range(3)]
    here.desk.under_way = lambda: [way for one in sends if (way := one.under_way) is not None]

    passages = await asyncio.gather(*(send.at_gate(here.gate) for send in sends))

    assert sorted(passage.name for passage in passages) == ["BACK", "BACK", "GO"]
    assert [passage is Passage.GO for passage in passages] == [
        send.under_way is not None for send in sends
    ]
    assert len(here.asked.questions) == 2
    assert "with the answers under way" in here.asked.questions[0].words


async def test_an_answer_counts_while_it_streams_and_by_its_bill_afterwards(place: Open) -> None:
    end = asyncio.Event()
    here = await place([*ANSWER[:2], end, *ANSWER[2:]], ANSWER)
    here.limit(day_hard=Decimal("0.2585"))
    first = asyncio.create_task(here.chat.send("one"))
    await here.until(lambda: here.chat.running and here.chat.running.answer)

    # as planned, although next to nothing has arrived
    (way,) = here.chat.under_way()
    assert way.likely.amount == LIKELY
    assert not here.desk.session.runtime.settings.budget.limit("send", hard=True)
    end.set()
    await first

    assert here.chat.under_way() == []
    await here.desk.refresh_totals(None)
    assert here.desk.totals is not None
    assert here.desk.totals.all_time == CostTotal(Decimal("0.25"))
    await here.chat.new()
    await here.chat.send("two")
    assert here.asked.questions == []


async def test_a_send_that_streams_elsewhere_in_the_app_stands_in_the_way(place: Open) -> None:
    end = asyncio.Event()
    here = await place([*ANSWER[:2], end, *ANSWER[2:]])
    here.limit(day_hard=LIKELY * 2 - Decimal("0.0001"))
    first = asyncio.create_task(here.chat.send("one"))
    await here.until(lambda: here.chat.running and here.chat.running.answer)

    await here.chat.new()
    await here.chat.send("two")

    assert len(here.asked.questions) == 1
    assert len(here.service.bodies) == 1
    assert here.view.given_back == ["two"]
    end.set()
    await first


async def test_a_send_that_is_agreed_to_counts_too(place: Open) -> None:
    here = await place()
    here.limit(send_hard=LIKELY / 2)
    here.asked.choice = Choice.SEND
    send = RunningTurn(await here.chat.new(), [Unsent("Hi")])

    assert await send.at_gate(here.gate) is Passage.GO
    assert send.under_way is not None
    assert (send.under_way.likely.amount, send.under_way.likely.source) == (
        LIKELY,
        CostSource.ESTIMATED,
    )


async def test_the_settings_of_this_one_send_decide_what_it_costs(place: Open) -> None:
    here = await place()
    here.limit(send_hard=LIKELY / 2)
    short = (Layer(LayerSource.CONVERSATION, {"max_tokens": 100}),)
    send = RunningTurn(await here.chat.new(), [Unsent("Hi")], once=short)

    assert await send.at_gate(here.gate) is Passage.GO
    assert send.under_way is not None
    assert send.under_way.likely.amount == LIKELY / 5
    assert here.asked.questions == []


async def test_two_instances_at_the_same_moment_cannot_pass_a_limit_that_holds_one(
    place: Open,
) -> None:
    here, there = await place(), await place()
    passages = []
    for one in (here, there):
        one.limit(day_hard=LIKELY * 2 - Decimal("0.0001"))
        passages.append(RunningTurn(await one.chat.new(), [Unsent("Hi")]).at_gate(one.gate))

    assert {*await asyncio.gather(*passages)} == {Passage.GO, Passage.BACK}


async def test_what_another_instance_spent_in_the_same_conversation_counts(place: Open) -> None:
    here, there = await place(ANSWER), await place(ANSWER)
    await here.chat.send("one")
    conversation = here.chat.conversation
    assert conversation is not None
    here.limit(conversation_hard=Decimal("0.4"))
    assert await RunningTurn(conversation, [Unsent("Hi")]).at_gate(here.gate) is Passage.GO

    assert await there.chat.open(conversation.id)
    await there.chat.send("two")

    assert conversation.spent() == CostTotal(Decimal("0.25")), "nobody has told this instance"
    assert await RunningTurn(conversation, [Unsent("Hi")]).at_gate(here.gate) is Passage.BACK
    assert here.asked.questions[0].words == (
        "This conversation came to $0.50: the hard limit of $0.40 is reached."
    )


async def test_the_request_for_a_title_is_under_way_too(place: Open) -> None:
    end = asyncio.Event()
    here = await place(ANSWER, [*ANSWER[:1], TextDelta("A title"), end, *ANSWER[2:]])
    await here.chat.send("one")
    conversation = here.chat.conversation
    assert conversation is not None
    await here.desk.refresh_totals(conversation.id)
    here.limit(day_hard=Decimal(1))
    titling = asyncio.create_task(
        title_by_model(here.session, conversation, MODEL, here.gate, here.chat.asides)
    )
    await here.until(lambda: here.chat.asides and here.chat.asides[0].answer)

    (title,) = here.chat.under_way()
    assert title.conversation_id == conversation.id
    likely = Decimal("0.00001")  # the usual answer has one token now
    assert title.likely.amount == likely
    for limit, questions in ((2, 0), (Decimal("1.9"), 1)):
        here.limit(day_hard=Decimal("0.25") + likely * limit)
        await RunningTurn(await here.chat.new(), [Unsent("Hi")]).at_gate(here.gate)
        assert len(here.asked.questions) == questions
    end.set()
    await titling

    assert here.chat.under_way() == []
    books = await Ledger(await here.session.wait_for_history()).books(
        conversation.id, here.desk.opened_at, here.desk.opened_at, [title.message_id or ""]
    )
    assert books.ended == {title.message_id}
    assert books.spent.conversation == CostTotal(Decimal("0.5"))


async def test_every_tab_shows_the_same_sum_of_today(place: Open) -> None:
    end = asyncio.Event()
    here = await place(ANSWER, [*ANSWER[:2], end, *ANSWER[2:]])
    await here.chat.send("one")
    streaming = await here.chat.new()
    sending = asyncio.create_task(here.chat.send("two"))
    await here.until(lambda: here.view.events[4:] == ANSWER[:2])
    await here.desk.refresh_totals(None)
    spent, today = here.chat.spent, here.chat.spent_today
    assert today == CostTotal(Decimal("0.25"))

    for conversation_id in (streaming.id, "another"):
        chat, sum_of_today = here.desk.bar_totals(conversation_id, spent, today)
        totals = here.desk.totals_so_far(conversation_id)
        assert totals is not None
        assert totals.today == totals.month == totals.all_time == sum_of_today
        assert sum_of_today is not None
        assert (sum_of_today.amount > today.amount, sum_of_today.estimated) == (True, 1)
        assert chat.estimated == (conversation_id == streaming.id)
    end.set()
    await sending
    assert here.desk.bar_totals(streaming.id, here.chat.spent, here.chat.spent_today) == (
        CostTotal(Decimal("0.25")),
        CostTotal(Decimal("0.5")),
    )


async def test_an_answer_that_is_not_billed_leaves_nothing_in_the_sums(place: Open) -> None:
    end = asyncio.Event()
    here = await place([end, Failed(REFUSED)])
    sending = asyncio.create_task(here.chat.send("one"))
    await here.until(lambda: here.chat.running and here.chat.running.answer)
    conversation = here.chat.conversation
    assert conversation is not None
    await here.until(lambda: conversation.messages)
    await here.desk.refresh_totals(conversation.id)
    end.set()
    await sending

    sums = here.desk.bar_totals(conversation.id, here.chat.spent, here.chat.spent_today)
    assert sums == (CostTotal(), CostTotal())
