"""Another provider takes a turn over only where nothing can be billed twice, and says so."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tests.fakes.service import FakeService, Script
from tui.domain.actions import ActionKind
from tui.domain.connection import Connection
from tui.domain.conversation import Message, MessageState, Role
from tui.domain.cost import CostSource, Usage
from tui.domain.errors import Failure, FailureKind, Speaker, WorkbenchError
from tui.domain.events import (
    Connected,
    Failed,
    FellBack,
    Finished,
    FinishReason,
    Interrupted,
    ReasoningDelta,
    ServedBy,
    TextDelta,
    TurnEvent,
    UsageReported,
)
from tui.domain.problems import SettingProblem
from tui.domain.request import TurnSettings
from tui.domain.settings import ProviderKind
from tui.domain.turn import TurnRequest
from tui.services.fallback import NO_STAND_INS, StandIn, StandIns, stream_turn

AT = datetime(2026, 3, 2, tzinfo=UTC)
PATH = [Message("m", "c", None, Role.USER, "Hi", AT)]
HERE = Connection("openrouter", ProviderKind.OPENROUTER, "https://openrouter.test/api/v1", "a/b")
THERE = Connection("local", ProviderKind.COMPATIBLE, "http://127.0.0.1:1/v1", "llama")
ANSWER: Script = [Connected(), TextDelta("Hello"), Finished(FinishReason.STOP)]


def failure(kind: FailureKind, status: int | None = None) -> Failure:
    return Failure(kind, "It failed.", "Send again.", Speaker.SERVER, status)


UNREACHABLE = failure(FailureKind.REFUSED)


def request_to(connection: Connection, model: str = "a/b") -> TurnRequest:
    return TurnRequest(connection, TurnSettings(connection.kind, model, "session"), None)


class Backup:
    """Providers that stand in: a script each, or the failure of making one ready."""

    def __init__(self, **scripts: Script | Failure) -> None:
        self.services = {
            name: FakeService([script], connection=replace(THERE, provider=name))
            for name, script in scripts.items()
            if not isinstance(script, Failure)
        }
        self._scripts = scripts

    async def open(self, name: str) -> StandIn:
        script = self._scripts[name]
        if isinstance(script, Failure):
            raise WorkbenchError(script)
        service = self.services[name]
        return StandIn(request_to(service.connection, "llama"), service)

    def stand_ins(self, *on_refusals: int) -> StandIns:
        names = tuple(self._scripts)
        return StandIns(names, frozenset(on_refusals), self.open, others=names)


async def turn(
    script: Script, stand_ins: StandIns = NO_STAND_INS, request: TurnRequest | None = None
) -> list[TurnEvent]:
    """The events of one turn; checks that it ends once and leaves nothing open."""
    service = FakeService([script], connection=HERE)
    events = [
        event
        async for event in stream_turn(
            request or request_to(HERE), PATH, service, "one-send", stand_ins
        )
    ]
    assert service.open_streams == 0
    assert not service.closed
    ends = [event for event in events if isinstance(event, Finished | Interrupted | Failed)]
    assert ends == [events[-1]]
    return events


def fell_back(events: Sequence[TurnEvent]) -> list[FellBack]:
    return [event for event in events if isinstance(event, FellBack)]


@pytest.mark.parametrize(
    "reason",
    [
        failure(FailureKind.REFUSED),
        failure(FailureKind.NAME_NOT_FOUND),
        failure(FailureKind.UNREACHABLE),
        failure(FailureKind.TLS),
        failure(FailureKind.PROXY),
        failure(FailureKind.NOT_A_STREAM, 200),
        failure(FailureKind.NOT_FOUND, 404),
        failure(FailureKind.TIMEOUT, 408),
        failure(FailureKind.RATE_LIMITED, 429),
        failure(FailureKind.SERVER_ERROR, 500),
        failure(FailureKind.PROVIDER_ERROR, 502),
        failure(FailureKind.OVERLOADED, 503),
    ],
    ids=lambda reason: f"{reason.kind}-{reason.status}",
)
async def test_who_cannot_answer_is_replaced(reason: Failure) -> None:
    backup = Backup(local=ANSWER)
    events = await turn([Failed(reason)], backup.stand_ins())
    change = fell_back(events)
    assert [(one.failure, one.before, one.provider, one.model) for one in change] == [
        (reason, "openrouter", "local", "llama")
    ]
    assert events[1:] == ANSWER
    assert backup.services["local"].bodies[0]["model"] == "llama"
    assert "session_id" not in backup.services["local"].bodies[0]
    assert backup.services["local"].closed


REFUSALS = [
    (FailureKind.BAD_REQUEST, 400),
    (FailureKind.CONTEXT_OVERFLOW, 400),
    (FailureKind.BAD_KEY, 401),
    (FailureKind.NO_CREDIT, 402),
    (FailureKind.MODERATED, 403),
]


@pytest.mark.parametrize(("kind", "status"), REFUSALS)
async def test_a_refusal_that_concerns_the_user_is_told_unless_he_says_so(
    kind: FailureKind, status: int
) -> None:
    reason = failure(kind, status)
    backup = Backup(local=ANSWER)
    events = await turn([Failed(reason)], backup.stand_ins())
    assert not backup.services["local"].bodies
    assert isinstance(events[-1], Failed)
    events = await turn([Failed(reason)], backup.stand_ins(status))
    assert fell_back(events)
    assert events[-1] == ANSWER[-1]


@pytest.mark.parametrize("kind", [FailureKind.NO_KEY, FailureKind.KEY_WITHHELD])
async def test_a_key_that_is_missing_counts_as_refused(kind: FailureKind) -> None:
    backup = Backup(local=ANSWER)
    assert not fell_back(await turn([Failed(failure(kind))], backup.stand_ins()))
    assert fell_back(await turn([Failed(failure(kind))], backup.stand_ins(401)))


@pytest.mark.parametrize(
    "script",
    [
        [Connected(), TextDelta("He"), Failed(failure(FailureKind.PROVIDER_ERROR, 502))],
        [Connected(), ReasoningDelta("Hm"), Failed(failure(FailureKind.OVERLOADED, 503))],
        [
            Connected(),
            UsageReported(Usage(cost=Decimal("0.1"))),
            Failed(failure(FailureKind.PROVIDER_ERROR, 502)),
        ],
        [Failed(failure(FailureKind.TIMEOUT))],
        [Failed(failure(FailureKind.CONNECTION_LOST))],
        [Connected(), Failed(failure(FailureKind.EMPTY_ANSWER))],
        [Connected(), Interrupted(failure(FailureKind.CONNECTION_LOST))],
        ANSWER,
    ],
    ids=str,
)
async def test_what_may_have_been_billed_is_never_asked_again(script: Script) -> None:
    backup = Backup(local=ANSWER)
    events = await turn(script, backup.stand_ins(400, 401, 402, 403))
    assert not fell_back(events)
    assert not backup.services["local"].bodies
    assert len(events) == len(script)


async def test_an_error_in_the_stream_before_the_first_token_is_a_refusal() -> None:
    script: Script = [
        Connected("gen-1"),
        ServedBy("a/b", "Acme"),
        UsageReported(Usage(prompt_tokens=5, completion_tokens=0)),
        Failed(failure(FailureKind.PROVIDER_ERROR, 502)),
    ]
    assert fell_back(await turn(script, Backup(local=ANSWER).stand_ins()))


async def test_each_stand_in_is_tried_once_in_order() -> None:
    no_address = failure(FailureKind.BAD_SETTINGS)
    backup = Backup(unset=no_address, down=[Failed(UNREACHABLE)], local=ANSWER)
    events = await turn([Failed(failure(FailureKind.OVERLOADED, 503))], backup.stand_ins())
    assert [(one.before, one.provider, one.failure.kind) for one in fell_back(events)] == [
        ("openrouter", "unset", FailureKind.OVERLOADED),
        ("openrouter", "down", FailureKind.BAD_SETTINGS),
        ("down", "local", FailureKind.REFUSED),
    ]
    assert all(service.closed for service in backup.services.values())


async def test_when_nobody_answers_the_last_failure_ends_the_turn() -> None:
    backup = Backup(local=[Failed(UNREACHABLE)])
    events = await turn([Failed(failure(FailureKind.OVERLOADED, 503))], backup.stand_ins())
    end = events[-1]
    assert isinstance(end, Failed)
    assert end.failure.kind is FailureKind.REFUSED
    assert ActionKind.RETRY in {action.kind for action in end.failure.actions}


async def test_a_failure_offers_the_other_providers() -> None:
    events = await turn([Failed(failure(FailureKind.NO_CREDIT, 402))], Backup(local=[]).stand_ins())
    end = events[-1]
    assert isinstance(end, Failed)
    offered = [one for one in end.failure.actions if one.kind is ActionKind.USE_PROVIDER]
    assert [one.names for one in offered] == [("local",)]


async def test_a_limit_that_cannot_be_read_stops_the_send() -> None:
    request = request_to(HERE)
    problem = SettingProblem("zdr", "zdr should be true or false.", "Write it without quotes.")
    limited = replace(request, settings=replace(request.settings, limits=(problem,)))
    service = FakeService([ANSWER])
    events = [event async for event in stream_turn(limited, PATH, service, "id")]
    assert service.bodies == []
    assert isinstance(events[0], Failed)
    assert "zdr should be true or false." in events[0].failure.what
    assert "Write it without quotes." in events[0].failure.next_step


async def test_closing_the_turn_closes_whoever_answers() -> None:
    gate = asyncio.Event()
    backup = Backup(local=[Connected(), TextDelta("Hel"), gate])
    service = FakeService([[Failed(UNREACHABLE)]], connection=HERE)
    async with aclosing(
        stream_turn(request_to(HERE), PATH, service, "id", backup.stand_ins())
    ) as events:
        async for event in events:
            if isinstance(event, TextDelta):
                break
    assert backup.services["local"].open_streams == 0
    assert backup.services["local"].closed


async def test_stopping_while_a_stand_in_is_made_ready_asks_nobody() -> None:
    opening, ready = asyncio.Event(), asyncio.Event()
    backup = Backup(local=ANSWER)

    def slowly(open_it: Callable[[str], Awaitable[StandIn]]) -> Callable[[str], Awaitable[StandIn]]:
        async def wait_first(name: str) -> StandIn:
            opening.set()
            await ready.wait()
            return await open_it(name)

        return wait_first

    stand_ins = replace(backup.stand_ins(), open=slowly(backup.open))
    running = asyncio.create_task(turn([Failed(UNREACHABLE)], stand_ins))
    await opening.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert not backup.services["local"].bodies


async def test_a_stand_in_that_could_not_be_asked_changes_nothing_of_the_answer() -> None:
    backup = Backup(unset=failure(FailureKind.BAD_SETTINGS))
    answer = request_to(HERE).new_answer(PATH, 0.0)
    for event in await turn([Failed(UNREACHABLE)], backup.stand_ins()):
        answer.apply(event, 1.0)
    assert (answer.provider_name, answer.model_asked) == ("openrouter", "a/b")
    assert answer.request_settings["model"] == "a/b"
    assert answer.failure is not None
    assert answer.failure.kind is FailureKind.BAD_SETTINGS


async def test_the_answer_becomes_the_stand_ins() -> None:
    script: Script = [
        Connected("gen-1"),
        ServedBy("a/b", "Acme", "gen-1"),
        Failed(failure(FailureKind.OVERLOADED, 503)),
    ]
    answer = request_to(HERE).new_answer(PATH, 0.0)
    for event in await turn(script, Backup(local=ANSWER).stand_ins()):
        answer.apply(event, 1.0)
    assert answer.state is MessageState.COMPLETE
    generation = answer.generation(AT)
    assert (generation.provider_name, generation.model_asked) == ("local", "llama")
    assert (generation.served_by, generation.generation_id) == (None, None)
    assert generation.cost.source is CostSource.LOCAL
    assert generation.request_settings["fell_back_from"] == "openrouter"
    assert generation.request_settings["fell_back_because"] == "It failed."
