"""The gate before a send: what is too long or too dear is asked about before it costs anything."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from tui.domain.budget import Verdict
from tui.domain.caching import caching_kind
from tui.domain.conversation import Conversation
from tui.domain.errors import Failure
from tui.domain.request import TurnSettings
from tui.domain.settings import ProviderKind
from tui.ui.controllers.chips import Unsent
from tui.ui.controllers.money_desk import MoneyDesk, now_utc
from tui.ui.controllers.preview import NextSend
from tui.ui.controllers.reservation import Reservation


class Passage(Enum):
    """What becomes of a message at the gate."""

    GO = auto()
    BACK = auto()
    """It is not sent, and belongs into the prompt again."""
    TAKEN = auto()
    """It is not sent from here: somebody else has it now."""


class Choice(Enum):
    """What the user can answer at the gate."""

    BACK = "back"
    SEND = "send"
    COMPRESS = "compress"
    FRESH = "fresh"
    LARGER = "larger"
    LIMITS = "limits"


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its answers, the first of which changes nothing."""

    words: str
    detail: str
    answers: Sequence[tuple[Choice, str]]


class Gate(Protocol):
    """Decides whether a message may be sent."""

    async def passage(
        self, conversation: Conversation, unsent: Unsent, reservation: Reservation
    ) -> Passage:
        """What becomes of the message; the user may be asked.

        What it will likely cost is reserved before it may go.
        """


class Asked(Protocol):
    """What the gate asks of the screen."""

    async def ask(self, question: Question) -> Choice:
        """Let the user choose."""

    async def compress(self) -> None:
        """Check the box that lets prompts be compressed; raises WorkbenchError."""

    async def start_afresh(self, unsent: Unsent) -> None:
        """Go on in a new conversation with this text in the prompt, and these files."""

    async def choose_larger(self, tokens: int) -> None:
        """Let another model be chosen that holds so many tokens."""

    async def change_limits(self) -> None:
        """Let the budgets be changed."""

    def model_for(self, conversation: Conversation) -> str:
        """The model that the next message of a conversation asks."""


class SendGate:
    """Looks at the plan of a send: too long and nothing would shorten it, or over a hard limit.

    Each send is judged with all in sight that may go already: several at once cannot pass a limit
    that one after the other could not.
    """

    def __init__(self, desk: MoneyDesk, asked: Asked) -> None:
        self._desk = desk
        self._asked = asked
        self._judging = asyncio.Lock()

    async def passage(
        self, conversation: Conversation, unsent: Unsent, reservation: Reservation
    ) -> Passage:
        """What becomes of the message; the user is asked where there is something to decide."""
        plan = await self._plan(conversation, unsent, reservation)
        if plan is not None and plan.overflow is not None:
            passage = await self._too_long(plan, plan.overflow, unsent)
            if passage is not None:
                return passage
            plan = await self._plan(conversation, unsent, reservation)
        if plan is None:
            return Passage.GO  # without a provider, the turn itself says so
        return await self._too_dear(conversation, plan, reservation)

    async def _plan(
        self, conversation: Conversation, unsent: Unsent, reservation: Reservation
    ) -> NextSend | None:
        model_id = self._asked.model_for(conversation)
        return await self._desk.next_send(conversation, model_id, unsent, once=reservation.once)

    async def _too_long(self, plan: NextSend, failure: Failure, unsent: Unsent) -> Passage | None:
        """Ask what to do about a send that is too long; None if it can go on."""
        settings = plan.request.settings
        caches = caching_kind(settings.model, plan.request.model).is_there
        match await self._asked.ask(overflow_question(failure, settings, caches=caches)):
            case Choice.COMPRESS:
                await self._asked.compress()
                return None
            case Choice.FRESH:
                await self._asked.start_afresh(unsent)
                return Passage.TAKEN
            case Choice.LARGER:
                await self._asked.choose_larger(plan.parts.used + plan.parts.reserved)
                return Passage.BACK
            case Choice.SEND:
                return None
            case _:
                return Passage.BACK

    async def _too_dear(
        self, conversation: Conversation, plan: NextSend, reservation: Reservation
    ) -> Passage:
        claim = (plan.cost, conversation.id, reservation.name)
        async with self._judging:
            verdict = await self._desk.admit(*claim)
            if not verdict.is_hard:
                reservation.make(plan.cost.likely_cost, now_utc())
                return Passage.GO
        choice = await self._asked.ask(budget_question(verdict))
        if choice is Choice.SEND:
            async with self._judging:
                await self._desk.admit(*claim, anyway=True)
                reservation.make(plan.cost.likely_cost, now_utc())
            return Passage.GO
        if choice is Choice.LIMITS:
            await self._asked.change_limits()
        return Passage.BACK


def overflow_question(failure: Failure, settings: TurnSettings, *, caches: bool) -> Question:
    """What to do about a send that is too long; ``caches`` if the model reads from a cache."""
    answers = [
        (Choice.BACK, "Do not send it"),
        (Choice.FRESH, "Start from here: a new conversation with this prompt"),
        (Choice.LARGER, "Choose a model with more context"),
        (Choice.SEND, "Send it all the same; the server may refuse it"),
    ]
    if settings.kind is not ProviderKind.COMPATIBLE:
        lost = ", uncached" if caches else ""
        box = f"Check “Compress prompts”: the middle is left out{lost}"
        answers.insert(1, (Choice.COMPRESS, box))
    detail = "Nothing was sent, so nothing was billed."
    return Question(failure.what, detail, answers)


def budget_question(verdict: Verdict) -> Question:
    """Whether to send although a hard limit would be crossed."""
    others = [one.words for one in verdict.crossings[1:] if one.severity is verdict.severity]
    return Question(
        verdict.words,
        "\n".join([*others, "Nothing was sent yet."]),
        (
            (Choice.BACK, "Do not send it"),
            (Choice.SEND, "Send it this once"),
            (Choice.LIMITS, "Change the limits in the settings"),
        ),
    )
