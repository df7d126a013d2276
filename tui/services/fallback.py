"""One turn from its request to its end: the chosen provider, and those that stand in for it.

Another provider is asked only if the one before certainly did not begin to answer: nothing is paid
for twice. This is the seam that both the app and ``orw ask`` use.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from tui.domain.attachments_request import NO_FILES, Files
from tui.domain.connection import Connection
from tui.domain.conversation import Message
from tui.domain.errors import Failure, FailureKind, WorkbenchError
from tui.domain.events import (
    Failed,
    FellBack,
    ImageArrived,
    Interrupted,
    ReasoningDelta,
    ReasoningDetailsDelta,
    TextDelta,
    TurnEvent,
    UsageReported,
)
from tui.domain.failure_actions import actions_for
from tui.domain.failure_situation import Situation
from tui.domain.request import Json, build_headers
from tui.domain.settings import ProviderKind
from tui.domain.turn import TurnRequest

_KIND_OF_REFUSAL = {
    FailureKind.BAD_REQUEST: 400,
    FailureKind.CONTEXT_OVERFLOW: 400,
    FailureKind.BAD_KEY: 401,
    FailureKind.NO_KEY: 401,
    FailureKind.KEY_WITHHELD: 401,
    FailureKind.NO_CREDIT: 402,
    FailureKind.FORBIDDEN: 403,
    FailureKind.MODERATED: 403,
}
"""Refusals that concern the user; another provider answers only if the settings say so."""
_REFUSALS = frozenset({400, 401, 402, 403})
_NEVER_ARRIVED = frozenset(
    {
        FailureKind.NAME_NOT_FOUND,
        FailureKind.REFUSED,
        FailureKind.UNREACHABLE,
        FailureKind.TLS,
        FailureKind.PROXY,
        FailureKind.REDIRECT,
        FailureKind.NOT_A_STREAM,
    }
)


class ChatService(Protocol):
    """What a turn needs of a service."""

    connection: Connection

    def stream_chat(
        self, body: Json, headers: Mapping[str, str]
    ) -> AsyncGenerator[TurnEvent, None]:
        """Send the request and yield what it brings; see :class:`OpenRouter`."""

    async def aclose(self) -> None:
        """Close every connection."""


@dataclass(frozen=True, slots=True)
class StandIn:
    """A provider ready to take over: its own request, and a service that the turn closes."""

    request: TurnRequest
    service: ChatService


async def _nobody(name: str) -> StandIn:
    raise LookupError(name)


@dataclass(frozen=True, slots=True)
class StandIns:
    """Who may take a turn over, in order, and on which refusals of 400, 401, 402 and 403.

    ``open`` makes one ready and raises WorkbenchError if it cannot. ``others`` are all providers
    that a user could choose instead, for the actions of a failure.
    """

    names: tuple[str, ...] = ()
    on_refusals: frozenset[int] = frozenset()
    open: Callable[[str], Awaitable[StandIn]] = _nobody
    others: tuple[str, ...] = ()


NO_STAND_INS = StandIns()


class _Progress:
    """How far one provider has come with a turn."""

    def __init__(self) -> None:
        self.has_text = False
        self._begun = False

    def take(self, event: TurnEvent) -> None:
        self.has_text = self.has_text or isinstance(event, TextDelta)
        match event:
            case TextDelta() | ReasoningDelta() | ImageArrived():
                self._begun = True
            case ReasoningDetailsDelta(details):
                self._begun = self._begun or bool(details)
            case UsageReported(usage):
                self._begun = self._begun or bool(usage.cost or usage.completion_tokens)
            case _:
                pass

    def lets_another_try(self, failure: Failure, on_refusals: frozenset[int]) -> bool:
        """Whether the failure is a refusal before the first token, of a kind to be passed on."""
        if self._begun:
            return False
        refusals = {failure.status, _KIND_OF_REFUSAL.get(failure.kind)} & _REFUSALS
        if refusals:
            return refusals <= on_refusals
        # Without a status, a request that was sent may be answered, and billed, after all.
        return failure.status is not None or failure.kind in _NEVER_ARRIVED


async def stream_turn(
    request: TurnRequest,
    path: Sequence[Message],
    service: ChatService,
    client_request_id: str,
    stand_ins: StandIns = NO_STAND_INS,
    files: Files = NO_FILES,
) -> AsyncGenerator[TurnEvent, None]:
    """Send a turn and yield what it brings, from whoever answers.

    A provider that takes over is announced by FellBack. The last event is exactly one of Finished,
    Interrupted and Failed; a failure says what can be done. Every try of the send has the same
    ``client_request_id``. ``files`` is the data of what is attached to the path. Closing the
    generator closes the connection of the moment.
    """
    waiting = list(stand_ins.names)
    lent: ChatService | None = None
    try:
        while True:
            progress, failure = _Progress(), _forbidden(request)
            if failure is None:
                headers = build_headers(request.settings, client_request_id)
                # Encoding large files takes a while in which keys must not wait.
                encode = partial(request.body, path, files)
                body = await asyncio.to_thread(encode) if files else encode()
                async with aclosing(service.stream_chat(body, headers)) as events:
                    async for event in events:
                        progress.take(event)
                        if isinstance(event, Failed):
                            failure = event.failure
                        elif isinstance(event, Interrupted):
                            told = _with_actions(event.failure, request, stand_ins, progress)
                            yield Interrupted(told)
                        else:
                            yield event
                if failure is None:
                    return
            if not progress.lets_another_try(failure, stand_ins.on_refusals):
                waiting.clear()
            while waiting:
                name = waiting.pop(0)
                before = request.connection.provider
                try:
                    stand_in = await stand_ins.open(name)
                except WorkbenchError as error:
                    yield FellBack(failure, before, name)
                    failure = error.failure
                    continue
                if lent is not None:
                    await lent.aclose()
                request, service = stand_in.request, stand_in.service
                lent = service
                yield fell_back(failure, before, request)
                break
            else:
                yield Failed(_with_actions(failure, request, stand_ins, progress))
                return
    finally:
        if lent is not None:
            await asyncio.shield(lent.aclose())


def fell_back(failure: Failure, before: str, request: TurnRequest) -> FellBack:
    """The announcement that a request takes over from the provider called ``before``."""
    record = request.settings.as_record() | {
        "fell_back_from": before,
        "fell_back_because": failure.what,
    }
    return FellBack(
        failure,
        before,
        request.connection.provider,
        request.settings.model,
        pricing=request.model.pricing if request.model is not None else None,
        price_list=request.price_served,
        local=request.is_local,
        request_settings=record,
    )


def _forbidden(request: TurnRequest) -> Failure | None:
    """Why nothing may be sent: a limit of the user's own that cannot be read is not ignored."""
    limits = request.settings.limits
    if not limits or request.settings.kind is ProviderKind.COMPATIBLE:
        return None
    return Failure(
        FailureKind.BAD_SETTINGS,
        f"Nothing was sent: the provider routing has a mistake. {limits[0].what}",
        f"{limits[0].next_step} It is set for this model, or in [default], in config.toml.",
    )


def _with_actions(
    failure: Failure, request: TurnRequest, stand_ins: StandIns, progress: _Progress
) -> Failure:
    settings = request.settings
    situation = Situation(
        kind=settings.kind,
        model_id=settings.model,
        model=request.model,
        routing=settings.routing,
        params=settings.params,
        fallbacks=settings.fallbacks,
        compresses=settings.compress_prompts,
        stand_ins=tuple(name for name in stand_ins.others if name != request.connection.provider),
        has_text=progress.has_text,
    )
    return replace(failure, actions=actions_for(failure, situation))
