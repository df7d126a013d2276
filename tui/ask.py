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
from typing import Final, TextIO
from uuid import uuid4

from tui.ask_output import VisibleStream, as_object, receipt
from tui.domain.answer import Answer
from tui.domain.connection import Connection, is_loopback
from tui.domain.conversation import Message, MessageState, Role
from tui.domain.errors import Failure, WorkbenchError
from tui.domain.events import Failed, Retrying, TextDelta, TurnEvent
from tui.domain.figures import seconds
from tui.domain.model import Model
from tui.domain.request import build_body, build_headers, turn_settings
from tui.domain.sanitize import visible
from tui.domain.settings import ProviderKind
from tui.domain.tokens import estimate_prompt_tokens
from tui.runtime import NO_CONNECTION, Runtime

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
    model = _cached_model(runtime, connection)
    settings = turn_settings(runtime.settings, connection, connection.model, session_id=uuid4().hex)
    answer = Answer(
        model_asked=settings.model,
        provider_name=connection.provider,
        started=monotonic(),
        prompt_tokens=estimate_prompt_tokens([prompt]),
        pricing=None if model is None else model.pricing,
        local=connection.kind is ProviderKind.COMPATIBLE and is_loopback(connection.base_url),
        request_settings=settings.as_record(),
    )
    body = build_body([_message(prompt)], settings, model)
    headers = build_headers(settings, client_request_id=uuid4().hex)
    try:
        service = runtime.open_service()
        events = service.stream_chat(body, headers)
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


def _cached_model(runtime: Runtime, connection: Connection) -> Model | None:
    """The model's row in the catalogue of an earlier run; asking for it now would cost a second."""
    cache = runtime.catalogue_cache()
    catalogue = None if cache is None else cache.load()
    return None if catalogue is None else catalogue.find(connection.model)


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
