"""``orw ask``: one answer, streamed to stdout; everything else goes to stderr.

It builds its request and folds its events with the very functions that the app uses, so it answers,
counts and bills as the app does.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Final, TextIO
from uuid import uuid4

from tui.ask_output import Printer, format_verdict
from tui.domain.answer import Answer
from tui.domain.budget import Verdict
from tui.domain.catalogue import Catalogue, model_to_ask
from tui.domain.connection import Connection
from tui.domain.conversation import Conversation, Message, MessageState, Role
from tui.domain.errors import Failure, FailureKind, WorkbenchError
from tui.domain.events import Failed, TurnEvent
from tui.domain.settings import ProviderKind
from tui.domain.turn import turn_request
from tui.runtime import NO_CONNECTION, Runtime
from tui.services.attachments import Attachments
from tui.services.budget_check import budget_verdict
from tui.services.fallback import stream_turn
from tui.services.history import History
from tui.services.image_store import ImageStore
from tui.services.ledger import Ledger
from tui.services.stored_turn import StoredTurn
from tui.services.wire import parse_catalogue

if TYPE_CHECKING:
    from tui.services.openrouter import OpenRouter

_EXIT_CODES: Final = {
    MessageState.COMPLETE: 0,
    MessageState.CUT: 0,
    MessageState.STOPPED: 130,
}
_FAILED: Final = 1
_OVER_BUDGET: Final = 3


def read_prompt(argument: str | None, stdin: TextIO | None) -> str:
    """The prompt: the argument, what is piped in, or both with an empty line between.

    ``-`` reads stdin even from a terminal.
    """
    reads = stdin is not None and (argument == "-" or not stdin.isatty())
    piped = _read_all(stdin).rstrip("\n") if reads and stdin is not None else ""
    given = "" if argument in (None, "-") else str(argument)
    return "\n\n".join(part for part in (given, piped) if part)


def _read_all(stdin: TextIO) -> str:
    """All of stdin as UTF-8, whatever the locale says; other bytes become U+FFFD."""
    buffer = getattr(stdin, "buffer", None)
    return stdin.read() if buffer is None else buffer.read().decode("utf-8", "replace")


@dataclass(frozen=True, slots=True)
class AskOptions:
    """The flags of the command; ``save`` keeps the turn in the history, where sums count it.

    ``attach`` are paths of files that go with the prompt.
    """

    as_json: bool = False
    save: bool = True
    over_budget: bool = False
    attach: tuple[str, ...] = ()


def run_ask(runtime: Runtime, prompt: str, options: AskOptions) -> int:
    """Ask and print; returns the exit code.

    0 for a complete answer and, with a warning, for one that was cut at its greatest length; 1 for
    a failed, interrupted or filtered one, for one that has not the format asked for, and for one
    that stdout did not take, as on a full disk; 3 for one that was not asked for, as it would
    likely have crossed a hard budget; 130 after Ctrl+C. In each case what arrived is printed.
    Raises BrokenPipeError, with the connection closed, when nobody reads stdout any more.
    """
    images = ImageStore(runtime.paths.images / "ask")
    printer = Printer(sys.stdout, sys.stderr, images, as_json=options.as_json)
    answer, unsaved = asyncio.run(ask(runtime, prompt, printer.event, options, printer.say))
    if unsaved is not None:
        printer.say(str(unsaved))
    printer.end(answer, datetime.now(UTC))
    if printer.lost is not None and answer.has_begun:
        place = "; the answer is in the history" if options.save and unsaved is None else ""
        printer.say(f"stdout: {printer.lost}{place}.")
        return _FAILED
    if answer.failure is not None and answer.failure.kind is FailureKind.OVER_BUDGET:
        return _OVER_BUDGET
    if answer.state is MessageState.COMPLETE and format_verdict(answer).ok is False:
        return _FAILED
    return _EXIT_CODES.get(answer.state, _FAILED)


async def ask(
    runtime: Runtime,
    prompt: str,
    take: Callable[[TurnEvent], None],
    options: AskOptions,
    say: Callable[[str], None],
) -> tuple[Answer, Failure | None]:
    """The answer to one prompt in its final state, and why it could not be kept if so.

    ``take`` gets every event as it arrives.

    No failure is raised: it is in the answer. A cancellation, as by Ctrl+C, closes the connection
    and returns what had arrived. ``say`` hears of what the user has to know besides.
    """
    connection = runtime.connection
    if connection is None:
        return _not_sent(runtime, runtime.connection_problem or NO_CONNECTION), None
    try:
        service = runtime.open_service()
    except WorkbenchError as error:
        return _not_sent(runtime, error.failure), None
    # A turn that is not kept is written to memory, so that all that follows is the same.
    opening = History.open(runtime.history_file) if options.save else History.in_memory()
    history = await opening
    try:
        answer = await _ask(runtime, service, history, prompt, take, options, say)
        return answer, history.problem
    finally:
        await service.aclose()
        await history.aclose()


async def _ask(
    runtime: Runtime,
    service: OpenRouter,
    history: History,
    prompt: str,
    take: Callable[[TurnEvent], None],
    options: AskOptions,
    say: Callable[[str], None],
) -> Answer:
    """The answer, unless a budget stands against it; it is stored in every case but that."""
    connection = runtime.connection or service.connection
    catalogue = await _catalogue(runtime, connection, service)
    model_id = model_to_ask(connection, catalogue)
    conversation = await history.new_conversation(model_id)
    store = Attachments.beside(runtime.history_file) if options.save else Attachments(None)
    try:
        attached = [await store.add_path(path) for path in options.attach]
    except WorkbenchError as error:
        return _not_sent(runtime, error.failure)
    for doubt in filter(None, (one.doubt for one in attached)):
        say(doubt)
    request = turn_request(
        runtime.settings,
        connection,
        catalogue,
        model_id=model_id,
        session_id=conversation.session_id,
        calibration=await Ledger(history).calibration(model_id),
    )
    files = tuple(one.attachment for one in attached)
    path = [replace(_message(conversation, prompt), attachments=files)]
    answer = request.new_answer(path, monotonic())
    others = runtime.stand_in_requests
    verdict = await budget_verdict(
        runtime.settings.budget,
        history,
        runtime.history_file,
        request,
        path,
        datetime.now(UTC),
        lambda: others(connection, model_id, conversation.session_id),
        anyway=options.over_budget,
    )
    if verdict.is_hard and not options.over_budget:
        answer.apply(Failed(_over_budget(verdict)), monotonic())
        return answer
    if verdict.crossings:
        say(verdict.words)
    turn = await StoredTurn.begin(history, conversation, path[0], answer)
    stand_ins = runtime.stand_ins(connection, model_id, conversation.session_id)
    try:
        data = await store.files_of(path)
        events = stream_turn(request, path, service, turn.id, stand_ins, data)
        try:
            async for event in events:
                answer.apply(event, monotonic())
                await turn.record(event)
                take(event)
        finally:
            await events.aclose()
    except WorkbenchError as error:
        answer.apply(Failed(error.failure), monotonic())
    except asyncio.CancelledError:
        pass  # what had arrived is the answer
    finally:
        answer.stop(monotonic())
        await turn.end()
    return answer


def _over_budget(verdict: Verdict) -> Failure:
    return Failure(
        FailureKind.OVER_BUDGET,
        f"Nothing was sent. {verdict.words}",
        "Add --over-budget to send it all the same, or raise the limit in [budget] of config.toml.",
    )


def _not_sent(runtime: Runtime, problem: Failure) -> Answer:
    started = monotonic()
    answer = Answer(
        model_asked=runtime.overrides.model or runtime.settings.default.model,
        provider_name=runtime.overrides.provider or runtime.settings.default.provider,
        started=started,
    )
    answer.apply(Failed(problem), started)
    return answer


async def _catalogue(runtime: Runtime, connection: Connection, service: OpenRouter) -> Catalogue:
    """The catalogue of an earlier run, as fetching it would cost a second.

    Without one, a compatible server is asked which models it has, and any other for its prices if
    there is a budget to be kept.
    """
    cache = runtime.catalogue_cache()
    cached = (cache.load() if cache is not None else None) or Catalogue()
    compatible = connection.kind is ProviderKind.COMPATIBLE
    if cached.models or not (compatible or runtime.settings.budget.is_set):
        return cached
    try:
        return parse_catalogue(await service.models())
    except WorkbenchError:
        return cached


def _message(conversation: Conversation, prompt: str) -> Message:
    return Message(
        id=uuid4().hex,
        conversation_id=conversation.id,
        parent_id=None,
        role=Role.USER,
        text=prompt,
        created_at=datetime.now(UTC),
    )
