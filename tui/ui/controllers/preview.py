"""What the next send would be: its cost, its context, its cache, worked out before it is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tui.domain.caching_trace import CacheTrace, cache_trace
from tui.domain.compression import CompressionPreview, compression_preview, overflow_failure
from tui.domain.context_parts import ContextParts, context_parts, typed_path
from tui.domain.conversation import Conversation, Message
from tui.domain.errors import Failure
from tui.domain.model import Endpoint
from tui.domain.preview import CostPreview, preview
from tui.domain.request import marked_messages
from tui.domain.tree import parent_of_next
from tui.domain.turn import TurnRequest
from tui.ui.controllers.chips import Unsent

_SHORT = 100_000
"""Characters that are looked at in less time than a thread takes to begin and to be heard of."""

_ANY_TEXT = "…"
"""Stands for a prompt that is still to be typed: it will carry a mark of its own."""


@dataclass(frozen=True, slots=True)
class NextSend:
    """Everything there is to say of the next send of a conversation.

    ``path`` is what would be sent: it ends with the prompt, unless nothing is typed or attached.
    ``marks`` are the ids of the messages that would carry a cache mark. ``overflow`` is why it
    would not be sent at all.
    """

    conversation_id: str
    text: str
    request: TurnRequest
    path: Sequence[Message]
    cost: CostPreview
    parts: ContextParts
    trace: CacheTrace
    marks: frozenset[str] = frozenset()
    compression: CompressionPreview | None = None
    overflow: Failure | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """What a plan is made from; nothing in it changes meanwhile.

    ``endpoint`` is the one that will answer, if that is known, ``others`` are those that may, and
    ``stand_ins`` the requests that other providers would get if the chosen one failed.
    ``trace`` is the one of an earlier plan, if nothing but the text is another one.
    """

    conversation: Conversation
    unsent: Unsent
    request: TurnRequest
    endpoint: Endpoint | None = None
    others: Sequence[Endpoint] = ()
    trace: CacheTrace | None = None
    stand_ins: Sequence[TurnRequest] = ()


def frozen(conversation: Conversation) -> Conversation:
    """The conversation as it is now, for a thread that reads it while answers come in."""
    return replace(conversation, messages=dict(conversation.messages))


def plan(planned: Planned, now: datetime) -> NextSend:
    """Work out the next send; ``now`` in UTC decides about prices and what is still warm."""
    request, conversation, unsent = planned.request, planned.conversation, planned.unsent
    path = typed_path(_before(conversation, unsent), unsent.text, unsent.attachments)
    trace = planned.trace or cache_trace(conversation, request, now)
    parts = context_parts(request, path)
    return NextSend(
        conversation_id=conversation.id,
        text=unsent.text,
        request=request,
        path=path,
        cost=preview(
            request,
            path,
            now=now,
            warm=trace.warm,
            endpoint=planned.endpoint,
            others=planned.others,
            stand_ins=planned.stand_ins,
        ),
        parts=parts,
        trace=trace,
        marks=_marks(request, path if unsent.text else typed_path(path, _ANY_TEXT)),
        compression=compression_preview(request, path, trace.warm),
        overflow=overflow_failure(request, parts),
    )


def _before(conversation: Conversation, unsent: Unsent) -> list[Message]:
    """What would be sent before this, the system prompt too; without any, all of it."""
    is_next = unsent.text or unsent.attachments
    parent_id = parent_of_next(conversation, unsent.text) if is_next else conversation.leaf_id
    return conversation.as_sent(conversation.path(parent_id) if parent_id else [])


def _marks(request: TurnRequest, path: Sequence[Message]) -> frozenset[str]:
    marked = marked_messages(path, request.settings, request.model)
    return frozenset(path[index].id for index in marked)


async def plan_aside(planned: Planned, clock: Callable[[], datetime]) -> NextSend:
    """The plan, made beside the event loop if there is much to look at, so that keys go on."""
    conversation = planned.conversation
    size = len(planned.unsent.text) + sum(len(one.text) for one in conversation.messages.values())
    if size <= _SHORT:
        return plan(planned, clock())
    return await asyncio.to_thread(
        plan, replace(planned, conversation=frozen(conversation)), clock()
    )
