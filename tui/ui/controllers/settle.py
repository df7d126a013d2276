"""Asking afterwards what an answer cost that ended before its usage arrived."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.domain.conversation import Message, MessageState
from tui.domain.cost import Cost, CostSource, reported_cost
from tui.domain.errors import WorkbenchError

if TYPE_CHECKING:
    from tui.services.openrouter import OpenRouter

_QUESTIONS_AFTER = (1.0, 3.0, 8.0)
"""Seconds before each question: the record of a generation appears with a delay."""
_WITHOUT_USAGE = (MessageState.STOPPED, MessageState.INTERRUPTED, MessageState.FAILED)


def can_be_settled(message: Message) -> bool:
    """Whether the answer ended without its bill, and the server may know it."""
    generation = message.generation
    return (
        message.state in _WITHOUT_USAGE
        and generation is not None
        and generation.generation_id is not None
        and not generation.cost.is_exact
    )


async def settled(
    message: Message, open_service: Callable[[], Awaitable[OpenRouter]]
) -> Message | None:
    """The answer with its real cost, asked for with patience; None if the server does not say."""
    generation = message.generation
    if generation is None or generation.generation_id is None:
        return None
    for wait in _QUESTIONS_AFTER:
        await asyncio.sleep(wait)
        try:
            service = await open_service()
            usage = await service.generation(generation.generation_id)
        except WorkbenchError:
            return None
        amount = reported_cost(usage) if usage is not None else None
        if amount is not None:
            cost = Cost(amount, CostSource.REPORTED)
            return replace(message, generation=replace(generation, usage=usage, cost=cost))
    return None
