"""One turn: from the prompt to an answer that is stored, whatever happens in between."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol
from uuid import uuid4

from tui.domain.answer import Answer
from tui.domain.answered import answered
from tui.domain.attachments import Attachment
from tui.domain.attachments_request import NO_FILES, Files
from tui.domain.caching_trace import warm_now
from tui.domain.conversation import Conversation, Message, MessageState, Role
from tui.domain.errors import Failure, FailureKind, WorkbenchError
from tui.domain.events import Failed, TurnEvent
from tui.domain.tree import show_branch
from tui.domain.turn import TurnRequest
from tui.services.fallback import NO_STAND_INS, StandIns, stream_turn
from tui.services.recorder import Recorder

if TYPE_CHECKING:
    from tui.services.history import History
    from tui.services.openrouter import OpenRouter


class TurnView(Protocol):
    """What a turn tells; ``turn.answer`` has taken each event before it is told."""

    def turn_began(self, turn: Turn, prompt: Message, answer: Message) -> None:
        """Both messages are stored; the request leaves now."""

    def turn_event(self, turn: Turn, message_id: str, event: TurnEvent) -> None:
        """One event arrived."""

    def turn_ended(self, turn: Turn, message: Message) -> None:
        """The answer has its final state and is stored."""


FilesOf = Callable[[Sequence[Message]], Awaitable[Files]]
"""Reads what is attached to messages; raises WorkbenchError if something of it is gone."""


async def no_files(_path: Sequence[Message]) -> Files:
    """Where nothing can be attached."""
    return NO_FILES


def now_utc() -> datetime:
    """The wall clock; only for what is shown and stored, never for waits."""
    return datetime.now(UTC)


class Turn:
    """Runs one turn and can be stopped at every moment."""

    def __init__(
        self,
        conversation: Conversation,
        request: TurnRequest,
        service: OpenRouter,
        history: History,
        view: TurnView,
        *,
        stand_ins: StandIns = NO_STAND_INS,
        files_of: FilesOf = no_files,
        unsent: Callable[[], str] = str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``unsent`` is asked what stays in the draft when the turn is stored."""
        self.conversation = conversation
        self.answer: Answer | None = None
        self.answer_id: str | None = None
        self._request = request
        self._service = service
        self._stand_ins = stand_ins
        self._files_of = files_of
        self._unsent = unsent
        self._history = history
        self._view = view
        self._clock = clock
        self._streaming: asyncio.Task[None] | None = None
        self._stopped = False

    def stop(self) -> None:
        """Stop the answer: the socket closes, and what has arrived stays."""
        self._stopped = True
        if self._streaming is not None:
            self._streaming.cancel()

    async def run(
        self, text: str, parent_id: str | None, attachments: Sequence[Attachment] = ()
    ) -> Message:
        """Send the text as the child of a message and return the answer in its final state.

        Nothing that goes wrong escapes: it becomes the answer's state. A cancellation of the
        caller stops the answer and stores it before it goes on.
        """
        prompt = self._message(Role.USER, parent_id, text, MessageState.COMPLETE)
        prompt = replace(prompt, attachments=tuple(attachments))
        before = self.conversation.path(parent_id) if parent_id else []
        return await self._run([*before, prompt])

    async def run_again(self, prompt: Message) -> Message:
        """Answer a prompt that is there already once more: the new answer becomes a sibling."""
        return await self._run(self.conversation.path(prompt.id))

    async def _run(self, messages: list[Message]) -> Message:
        """Answer the last of these messages, which are what is sent but for a system prompt."""
        prompt, path = messages[-1], self.conversation.as_sent(messages)
        message = self._message(Role.ASSISTANT, prompt.id, "", MessageState.STREAMING)
        warm = warm_now(self.conversation, path, self._request, now_utc())
        answer = self.answer = self._request.new_answer(path, self._clock(), warm)
        message = replace(message, generation=answer.begun(now_utc()))
        self.answer_id = message.id
        draft = self._unsent()
        await self._history.begin_turn(self.conversation, prompt, message, draft=draft)
        for added in (prompt, message):
            self.conversation.put(added)
        show_branch(self.conversation, message.id)
        self._view.turn_began(self, prompt, message)
        recorder = Recorder(self._history, message)
        self._streaming = asyncio.create_task(self._stream(path, message.id, answer, recorder))
        cancelled = False
        try:
            if self._stopped:
                self._streaming.cancel()
            await asyncio.wait([self._streaming])
        except asyncio.CancelledError:
            cancelled = True
            self._streaming.cancel()
            await asyncio.wait([self._streaming])
        answer.stop(self._clock())
        message = answered(message, answer, now_utc())
        self.conversation.put(message)
        await recorder.finish(message)
        self._view.turn_ended(self, message)
        if cancelled:
            raise asyncio.CancelledError
        return message

    async def _stream(
        self, path: list[Message], message_id: str, answer: Answer, recorder: Recorder
    ) -> None:
        try:
            # The answer's own id, so that what comes over the wire can be looked up by it.
            files = await self._files_of(path)
            events = stream_turn(
                self._request, path, self._service, message_id, self._stand_ins, files
            )
            try:
                async for event in events:
                    answer.apply(event, self._clock())
                    self._view.turn_event(self, message_id, event)
                    await recorder.record(event)
            finally:
                await events.aclose()
        except WorkbenchError as error:
            answer.apply(Failed(error.failure), self._clock())
        except Exception as error:  # noqa: BLE001 - a turn ends in a state, never in a traceback
            answer.apply(Failed(_internal(error)), self._clock())

    def _message(
        self, role: Role, parent_id: str | None, text: str, state: MessageState
    ) -> Message:
        return Message(
            id=uuid4().hex,
            conversation_id=self.conversation.id,
            parent_id=parent_id,
            role=role,
            text=text,
            created_at=now_utc(),
            state=state,
        )


def _internal(error: Exception) -> Failure:
    return Failure(
        FailureKind.INTERNAL,
        f"The workbench failed while it read the answer ({type(error).__name__}).",
        "What had arrived is kept; send again, and report this if it happens twice.",
    )
