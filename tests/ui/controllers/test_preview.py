"""The plan of the next send."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tests.fakes.conversations import NOON, answer_to, finished, prompt_in
from tui.domain.catalogue import Catalogue
from tui.domain.connection import Connection
from tui.domain.conversation import Conversation, MessageState
from tui.domain.model import Model, Pricing
from tui.domain.request import TurnSettings
from tui.domain.settings import ProviderKind
from tui.domain.turn import TurnRequest
from tui.ui.controllers import preview
from tui.ui.controllers.chips import Unsent
from tui.ui.controllers.preview import NextSend, Planned, frozen, plan, plan_aside

CLAUDE = Model(
    "anthropic/claude-sonnet-4.5",
    context_length=8_192,
    max_completion_tokens=1_000,
    pricing=Pricing(prompt=Decimal("0.000003"), completion=Decimal("0.000015")),
)
LATER = NOON + timedelta(hours=1)


def request(*, caching: bool = False) -> TurnRequest:
    connection = Connection(
        "openrouter", ProviderKind.OPENROUTER, "https://host.test/v1", CLAUDE.id
    )
    settings = TurnSettings(ProviderKind.OPENROUTER, CLAUDE.id, "s", prompt_caching=caching)
    return TurnRequest(connection, settings, CLAUDE, Catalogue({CLAUDE.id: CLAUDE}))


def conversation(*prompts: str) -> Conversation:
    made = Conversation("c", "s", CLAUDE.id, NOON)
    for text in prompts:
        prompt = prompt_in(made, text, parent_id=made.leaf_id)
        answer = finished(answer_to(prompt))
        made.put(prompt)
        made.put(answer)
        made.leaf_id = answer.id
    return made


def planned(made: Conversation, text: str, *, caching: bool = False) -> NextSend:
    return plan(Planned(made, Unsent(text), request(caching=caching)), LATER)


def test_a_plan_ends_with_what_is_typed_and_costs_more_the_longer_that_is() -> None:
    made = conversation("Hello")
    short, long = planned(made, "Go on"), planned(made, "Go on " * 500)

    assert short.path[-1].text == "Go on"
    assert short.cost.likely is not None
    assert long.cost.likely is not None
    assert short.cost.likely < long.cost.likely
    assert short.overflow is None


def test_a_system_prompt_is_part_of_the_plan_and_of_its_cost() -> None:
    made = conversation("Hello")
    without = planned(made, "Go on")
    made.system_prompt = "Be brief. " * 200
    plan_with = planned(made, "Go on")

    assert plan_with.path[0].text == made.system_prompt
    assert plan_with.parts.system > 0
    assert without.cost.likely is not None
    assert plan_with.cost.likely is not None
    assert plan_with.cost.likely > without.cost.likely


def test_the_marks_are_those_that_the_send_would_carry() -> None:
    made = conversation("One", "Two")
    first, second = (one.id for one in made.path() if one.generation is None)

    typed = planned(made, "Three", caching=True)
    assert typed.marks == {second, typed.path[-1].id}
    assert first not in planned(made, "", caching=True).marks
    assert not planned(made, "Three").marks


def test_a_failed_turn_is_not_paid_for_again() -> None:
    made = conversation("Hello")
    prompt = prompt_in(made, "Refused", parent_id=made.leaf_id)
    failed = replace(answer_to(prompt), state=MessageState.FAILED)
    for message in (prompt, failed):
        made.put(message)
    made.leaf_id = failed.id

    assert [one.text for one in planned(made, "Refused").path] == ["Hello", "Rayleigh.", "Refused"]


def test_what_is_too_long_is_not_sent() -> None:
    assert planned(conversation("Hello"), "word " * 8_000).overflow is not None


def test_a_trace_of_before_is_used_again() -> None:
    made = conversation("Hello")
    before = planned(made, "")

    again = plan(Planned(made, Unsent("Go on"), request(), trace=before.trace), LATER)

    assert again.trace is before.trace


def test_a_frozen_conversation_does_not_grow() -> None:
    made = conversation("Hello")
    now = frozen(made)
    made.put(replace(made.path()[0], id="new"))

    assert "new" not in now.messages


@pytest.mark.parametrize("words", [1, preview._SHORT])
async def test_a_long_conversation_is_planned_beside_the_event_loop(
    words: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asides: list[object] = []

    async def aside(function: object, *arguments: object) -> object:
        asides.append(function)
        return plan(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(asyncio, "to_thread", aside)
    planned = Planned(conversation("Hello"), Unsent("a " * words), request())
    found = await plan_aside(planned, lambda: LATER)

    assert found.text == "a " * words
    assert bool(asides) is (words > 1)
