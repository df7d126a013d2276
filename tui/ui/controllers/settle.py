"""Asking afterwards what an answer cost that ended before its usage arrived."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from tui.domain.conversation import Conversation, Message
from tui.domain.cost import Cost, CostSource, Usage, reported_cost
from tui.domain.errors import WorkbenchError
from tui.domain.receipt_sheet import can_be_settled
from tui.domain.settings import ProviderKind

if TYPE_CHECKING:
    from tui.services.openrouter import OpenRouter
    from tui.ui.controllers.session import Session

_QUESTIONS_AFTER = (1.0, 3.0, 8.0)
"""Seconds before each question: the record of a generation appears with a delay."""


class Settler:
    """Asks in the background, one answer after the other and each only once at a time."""

    def __init__(
        self, session: Session, found: Callable[[Conversation, Message], Awaitable[None]]
    ) -> None:
        self._session = session
        self._found = found
        self._asking: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def ask(self, conversation: Conversation, messages: Iterable[Message]) -> None:
        """Ask what those of the messages cost that ended without their bill."""
        wanted = [
            message
            for message in messages
            if can_be_settled(message) and message.id not in self._asking
        ]
        if wanted:
            self._asking.update(message.id for message in wanted)
            task = asyncio.create_task(self._ask_all(conversation, wanted))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def stop(self) -> None:
        """Ask no more; the next start may."""
        for task in list(self._tasks):
            task.cancel()

    async def _ask_all(self, conversation: Conversation, messages: list[Message]) -> None:
        try:
            async with self._session.borrowed() as service:
                for message in messages:
                    with_bill = await settled(message, service)
                    if with_bill is not None:
                        await self._found(conversation, with_bill)
        except WorkbenchError:
            # Without a provider nobody can be asked; the estimate stays an estimate.
            return
        finally:
            self._asking.difference_update(message.id for message in messages)


async def settled(message: Message, service: OpenRouter) -> Message | None:
    """The answer with its real cost, asked for with patience; None if the server does not say.

    Only a service of the provider that answered can know, and only OpenRouter keeps such records.
    """
    generation, connection = message.generation, service.connection
    if generation is None or generation.generation_id is None:
        return None
    if (
        connection.kind is ProviderKind.COMPATIBLE
        or connection.provider != generation.provider_name
    ):
        return None
    for wait in _QUESTIONS_AFTER:
        await asyncio.sleep(wait)
        try:
            usage = await service.generation(generation.generation_id)
        except WorkbenchError:
            continue
        if usage is None or usage.cost is None:
            continue
        # The look-up names fewer figures: nothing of what was written to a cache.
        usage = (generation.usage or Usage()).merged(usage)
        amount = reported_cost(usage)
        if amount is not None:
            cost = Cost(amount, CostSource.REPORTED)
            return replace(message, generation=replace(generation, usage=usage, cost=cost))
    return None
