"""``orw ask``: one answer, streamed to stdout; everything else goes to stderr.

It builds its request and folds its events with the very functions that the app uses, so it answers,
counts and bills as the app does.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Final, TextIO
from uuid import uuid4

from tui.ask_output import VisibleStream, as_object, receipt
from tui.domain.answer import Answer
from tui.domain.catalogue import Catalogue, model_to_ask
from tui.domain.connection import Connection
from tui.domain.conversation import Message, MessageState, Role
from tui.domain.errors import Failure, WorkbenchError
from tui.domain.events import Failed, Retrying, TextDelta, TurnEvent
from tui.domain.figures import seconds
from tui.domain.request import build_headers
from tui.domain.sanitize import visible
from tui.domain.settings import ProviderKind
from tui.domain.turn import turn_request
from tui.runtime import NO_CONNECTION, Runtime
from tui.services.wire import parse_catalogue

if TYPE_CHECKING:
    from tui.services.openrouter import OpenRouter

_EXIT_CODES: Final = {
    MessageState.COMPLETE: 0,
    MessageState.CUT: 0,
    MessageState.STOPPED: 130,
}
_FAILED: Final = 1

_ENDINGS: Final = {
    MessageState.CUT: "The answer is cut: it reached the greatest length that was allowed.",
    MessageState.FILTERED: "The answer was withheld by a content filter.",
}


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


def run_ask(runtime: Runtime, prompt: str, *, as_json: bool) -> int:
    """Ask and print; returns the exit code.

    0 for a complete answer and, with a warning, for one that was cut at its greatest length; 1 for
    a failed, interrupted or filtered one; 130 after Ctrl+C. In each case what arrived is printed.
    Raises BrokenPipeError, with the connection closed, when nobody reads stdout any more.
    """
    printer = _Printer(sys.stdout, sys.stderr, as_json=as_json)
    answer = asyncio.run(ask(runtime, prompt, printer.event))
    printer.end(answer, datetime.now(UTC))
    return _EXIT_CODES.get(answer.state, _FAILED)


async def ask(runtime: Runtime, prompt: str, take: Callable[[TurnEvent], None]) -> Answer:
    """The answer to one prompt in its final state; ``take`` gets every event as it arrives.

    No failure is raised: it is in the answer. A cancellation, as by Ctrl+C, closes the connection
    and returns what had arrived.
    """
    connection = runtime.connection
    if connection is None:
        return _without_connection(runtime, runtime.connection_problem or NO_CONNECTION)
    try:
        service = runtime.open_service()
    except WorkbenchError as error:
        return _without_connection(runtime, error.failure)
    catalogue = await _catalogue(runtime, connection, service)
    request = turn_request(
        runtime.settings,
        connection,
        catalogue,
        model_id=model_to_ask(connection, catalogue),
        session_id=uuid4().hex,
    )
    path = [_message(prompt)]
    answer = request.new_answer(path, monotonic())
    headers = build_headers(request.settings, client_request_id=uuid4().hex)
    try:
        events = service.stream_chat(request.body(path), headers)
        try:
            async for event in events:
                answer.apply(event, monotonic())
                take(event)
        finally:
            await events.aclose()
            await service.aclose()
    except WorkbenchError as error:
        answer.apply(Failed(error.failure), monotonic())
    except asyncio.CancelledError:
        answer.stop(monotonic())
    return answer


def _without_connection(runtime: Runtime, problem: Failure) -> Answer:
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

    Only a compatible server is asked when it is not known which models it has.
    """
    cache = runtime.catalogue_cache()
    cached = (cache.load() if cache is not None else None) or Catalogue()
    if connection.kind is not ProviderKind.COMPATIBLE or cached.models:
        return cached
    try:
        return parse_catalogue(await service.models())
    except WorkbenchError:
        return cached


def _message(prompt: str) -> Message:
    return Message(
        id=uuid4().hex,
        conversation_id="",
        parent_id=None,
        role=Role.USER,
        text=prompt,
        created_at=datetime.now(UTC),
    )


class _Printer:
    """Prints an answer while it streams, or as one JSON object when it has ended."""

    def __init__(self, out: TextIO, err: TextIO, *, as_json: bool) -> None:
        self._out = out
        self._err = err
        self._as_json = as_json
        self._text = VisibleStream()
        self._at_line_start = True

    def event(self, event: TurnEvent) -> None:
        """Print what the event brought; raises BrokenPipeError when nobody reads stdout."""
        match event:
            case TextDelta(text) if not self._as_json:
                self._write(self._text.feed(text))
            case Retrying(failure, retry, retries, wait):
                self._say(f"{failure.what} Try {retry} of {retries} in {seconds(wait)}.")
            case _:
                pass

    def end(self, answer: Answer, at: datetime) -> None:
        """Print the rest, how the answer ended, and the receipt."""
        if self._as_json:
            self._write(json.dumps(as_object(answer, at), indent=2))
        else:
            self._write(self._text.flush())
        if not self._at_line_start:
            self._write("\n")
        if answer.failure is not None:
            self._say(str(answer.failure))
        elif answer.state in _ENDINGS:
            self._say(_ENDINGS[answer.state])
        if answer.connected:
            self._say(receipt(answer, at))

    def _write(self, text: str) -> None:
        if text:
            self._at_line_start = text.endswith("\n")
            self._out.write(text)
            self._out.flush()

    def _say(self, words: str) -> None:
        """A notice on its own line, also when both streams share a terminal."""
        if not self._at_line_start and not self._as_json:
            self._write("\n")
        print(visible(words), file=self._err, flush=True)
