"""The request behind an answer, and what came back, as rows to look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from tui.domain.conversation import Conversation, Message
from tui.domain.figures import byte_size
from tui.domain.inspector import InspectedRequest, inspect_request
from tui.domain.request import TurnSettings
from tui.domain.sanitize import single_line
from tui.domain.turn import TurnRequest
from tui.services.exchanges import Exchange, Try


class ReplyPart(StrEnum):
    """What a row of the reply tells of."""

    TRY = "try"
    HEADER = "header"
    CHUNK = "chunk"
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class ReplyRow:
    """One row: when it came in seconds after the send, how long after the row before, and what.

    ``text`` is as it came but for the key of the request; showing it is what makes it safe.
    """

    part: ReplyPart
    text: str
    at: float | None = None
    after: float | None = None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Inspected:
    """A request to look at, what the answer was, and what there is to say of both.

    ``reply`` is None where nothing is known of it: nothing was sent yet, or too long ago.
    """

    title: str
    request: InspectedRequest
    reply: Exchange | None = None
    remarks: tuple[str, ...] = ()

    @property
    def notes(self) -> Mapping[str, str]:
        """What is said of parts of the body, by path."""
        return {one.path: one.words for one in self.request.annotations}


def of_next_send(request: TurnRequest, path: Sequence[Message]) -> Inspected:
    """The request that the next send would be."""
    remarks = tuple(f"Not sent: {problem}" for problem in request.settings.left_out)
    return Inspected("The next send", inspect_request(request, path), None, remarks)


def of_answer(
    request: TurnRequest, conversation: Conversation, answer: Message, reply: Exchange | None
) -> Inspected:
    """The request that an answer came to, made again from what was kept with it.

    ``request`` gives what is not kept: the connection, and what the catalogue says of the model.
    """
    generation = answer.generation
    recorded = generation.request_settings if generation is not None else {}
    settings = recorded_settings(recorded, request.settings)
    before = replace(request, settings=settings, model=request.catalogue.find(settings.model))
    path = conversation.as_sent(conversation.path(answer.parent_id) if answer.parent_id else [])
    remarks = ["Made again from the history, with the server and the key of now."]
    if generation is not None and generation.provider_name != request.connection.provider:
        provider = single_line(generation.provider_name, 40)
        remarks.append(f"It went to another provider then: {provider}.")
    if reply is None:
        remarks.append("What came back is kept for the last answers since the start only.")
    return Inspected(
        "The request behind this answer",
        inspect_request(before, path, answer.id),
        reply,
        tuple(remarks),
    )


def recorded_settings(record: Mapping[str, object], now: TurnSettings) -> TurnSettings:
    """The settings of a turn from what was kept of them; what was not kept is as it is now."""
    return replace(
        now,
        model=_of_kind(record.get("model"), now.model),
        fallbacks=tuple(map(str, _of_kind(record.get("fallbacks"), []))),
        compress_prompts=_of_kind(record.get("compress_prompts"), now.compress_prompts),
        prompt_caching=_of_kind(record.get("prompt_caching"), now.prompt_caching),
        cache_ttl=_of_kind(record.get("cache_ttl"), "") or None,
        routing=_of_kind(record.get("provider"), {}),
        params=_of_kind(record.get("params"), {}),
    )


def _of_kind(value: object, otherwise: Any) -> Any:
    return value if isinstance(value, type(otherwise)) else otherwise


def reply_rows(exchange: Exchange) -> Iterator[ReplyRow]:
    """What came back, try by try and chunk by chunk."""
    for number, one in enumerate(exchange.tries, 1):
        yield ReplyRow(ReplyPart.TRY, _try_words(number, one), one.answered_at)
        for header in exchange.masked([f"{name}: {value}\n" for name, value in one.headers]):
            yield ReplyRow(ReplyPart.HEADER, header.rstrip("\n"))
        before = one.answered_at
        chunks = list(one.chunks)
        texts = exchange.masked([chunk.data.decode("utf-8", "replace") for chunk in chunks])
        for chunk, text in zip(chunks, texts, strict=True):
            after = None if before is None else chunk.at - before
            yield ReplyRow(ReplyPart.CHUNK, text, chunk.at, after, len(chunk.data))
            before = chunk.at
        if one.left_out:
            words = f"{byte_size(one.left_out)} between the beginning and the end were not kept"
            yield ReplyRow(ReplyPart.GAP, words)


def _try_words(number: int, one: Try) -> str:
    status = f"HTTP {one.status}" if one.status is not None else "no answer"
    problem = f" · {single_line(one.problem, 200)}" if one.problem else ""
    return f"Try {number} · {status}{problem}"
