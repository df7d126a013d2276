"""Asking a model for the title of a conversation: one small request, counted like any other."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from tui.domain.conversation import Conversation
from tui.domain.cost import Cost
from tui.domain.errors import Failure, FailureKind, WorkbenchError
from tui.domain.model import Model, normalise_model_id
from tui.domain.parameters_layers import Layer, LayerSource
from tui.domain.reasoning_options import reasoning_choices
from tui.domain.title_request import title_in, title_prompt
from tui.services import branches, shelf
from tui.services.fallback import stream_turn
from tui.services.ledger import Ledger
from tui.ui.controllers.budgeting import Gate, Passage
from tui.ui.controllers.chips import Unsent
from tui.ui.controllers.reservation import Aside, Reservation
from tui.ui.controllers.turn import now_utc

if TYPE_CHECKING:
    from tui.domain.answer import Answer
    from tui.domain.conversation import Message
    from tui.domain.turn import TurnRequest
    from tui.services.history import History
    from tui.services.openrouter import OpenRouter
    from tui.ui.controllers.session import Session

_MOST_TOKENS = 2_000
"""Of the answer: far more than a title has, for models that must reason before it."""
_NO_TITLE = Failure(
    FailureKind.EMPTY_ANSWER,
    "The model answered without a title.",
    "R in the list renames a conversation; what this cost is counted.",
)


@dataclass(frozen=True, slots=True)
class Titled:
    """The title that a model gave, which model it was, and what that cost.

    It is not taken where the user has given one meanwhile.
    """

    title: str
    model_id: str
    cost: Cost
    is_taken: bool


async def title_by_model(
    session: Session,
    conversation: Conversation,
    model_id: str,
    gate: Gate | None,
    asides: list[Aside],
) -> Titled | None:
    """Rename a conversation in which something was said; None if the gate keeps the request back.

    ``model_id`` is asked unless the settings name another one for titles. What it costs is counted
    for the conversation, also when no title comes of it; until then the request is one of the
    ``asides``. Raises WorkbenchError in words.
    """
    wanted = normalise_model_id(session.runtime.settings.default.title_model)
    if wanted and session.model(wanted) is not None:
        model_id = wanted
    before = conversation.title
    prompt = title_prompt(conversation.path(), now_utc())
    # Neither the parameters nor the system prompt of the conversation are meant for its title.
    aside = Conversation(conversation.id, conversation.session_id, model_id, prompt.created_at)
    once = (_in_brief(session.model(model_id)),)
    counted = Aside(
        conversation.id, uuid4().hex, Reservation(once, name=f"title of {conversation.id}")
    )
    asides.append(counted)
    try:
        if gate is not None:
            passage = await gate.passage(aside, Unsent(prompt.text), counted.reservation)
            if passage is not Passage.GO:
                return None
        history = await session.wait_for_history()
        try:
            async with session.borrowed() as service:
                request = session.request(aside, service.connection, model_id, once=once)
                async with _counted(history, conversation, request, [prompt], counted) as answer:
                    await _ask(request, [prompt], service, answer)
        finally:
            await Ledger(history).withdraw(counted.reservation.name)
    finally:
        asides.remove(counted)
    if answer.failure is not None:
        raise WorkbenchError(answer.failure)
    title = title_in(answer.text)
    if not title:
        raise WorkbenchError(_NO_TITLE)
    is_taken = await shelf.retitle(history, conversation.id, before, title)
    if is_taken:
        conversation.title = title
    return Titled(title, model_id, answer.generation(now_utc()).cost, is_taken)


@asynccontextmanager
async def _counted(
    history: History,
    conversation: Conversation,
    request: TurnRequest,
    path: list[Message],
    counted: Aside,
) -> AsyncIterator[Answer]:
    """An answer that is paid for by the conversation, however it ends."""
    answer = counted.answer = request.new_answer(path, time.monotonic())
    try:
        yield answer
    finally:
        answer.stop(time.monotonic())
        generation = answer.generation(now_utc())
        if generation.cost.amount != 0:
            await branches.store_extra_cost(history, conversation, generation, counted.message_id)


async def _ask(
    request: TurnRequest, path: list[Message], service: OpenRouter, answer: Answer
) -> None:
    async with aclosing(stream_turn(request, path, service, uuid4().hex)) as events:
        async for event in events:
            answer.apply(event, time.monotonic())


def _in_brief(model: Model | None) -> Layer:
    """A short answer with as little reasoning as the model takes: a title needs none."""
    choices = reasoning_choices(model) if model is not None else None
    params: dict[str, object] = {"max_tokens": _MOST_TOKENS}
    if choices is not None and choices.efforts:
        params["reasoning"] = {"effort": choices.efforts[-1]}
    return Layer(LayerSource.CONVERSATION, params)
