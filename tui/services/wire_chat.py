"""The bytes of a chat answer as turn events; no I/O, so that every split can be tried.

One reader serves one answer. It ends with exactly one of Finished, Interrupted and Failed.
"""

from collections.abc import Mapping

from tui.domain.cost import Usage
from tui.domain.errors import Failure
from tui.domain.events import (
    AnnotationsArrived,
    Failed,
    Finished,
    FinishReason,
    Interrupted,
    KeepAlive,
    ReasoningDelta,
    ReasoningDetail,
    ReasoningDetailsDelta,
    ServedBy,
    TextDelta,
    TurnEvent,
    UsageReported,
)
from tui.domain.sanitize import single_line
from tui.domain.values import JsonObject, as_list, as_object, as_plain, as_text, parse_json
from tui.services.answer_failures import (
    bad_data,
    empty_answer,
    ended_with_error,
    too_much_data,
    unfinished,
)
from tui.services.failures import (
    Complaint,
    Said,
    read_complaint,
    reported_failure,
)
from tui.services.sse import MIB, Comment, EventTooLongError, ServerSentEvent, SseParser
from tui.services.text_joiner import TextJoiner
from tui.services.wire_annotations import AnnotationReader
from tui.services.wire_images import LARGEST_IMAGES, ImageReader, TooManyImagesError
from tui.services.wire_usage import read_usage

LONGEST_REPLY = 16 * MIB
"""Characters of text, reasoning and reasoning details together."""
LONGEST_EVENT = 32 * MIB
"""Bytes of one event of a stream, in which a large image comes whole."""
LONGEST_DOCUMENT = LONGEST_REPLY + LARGEST_IMAGES
"""Bytes of an answer that comes as one document."""

_DONE = "[DONE]"
_BAD_IN_A_ROW = 3
_LONGEST_NAME = 200
_JOINED_DETAILS = ("text", "summary")
_FINISH_REASONS = {str(reason): reason for reason in FinishReason}


class ChatReader:
    """Turns the body of an answer into events, fed as it arrives."""

    def __init__(self, said: Said, origin: str, longest_reply: int = LONGEST_REPLY) -> None:
        self.ended = False
        self.skipped = 0
        self._said = said
        self._origin = origin
        self._longest_reply = longest_reply
        self._sse = SseParser(LONGEST_EVENT)
        self._events: list[TurnEvent] = []
        self._size = 0
        self._bad_in_a_row = 0
        self._anything = False
        self._named: tuple[object, ...] = ()
        self._served = ServedBy()
        self._usage: Usage | None = None
        self._finish: str | None = None
        self._native_finish: str | None = None
        self._text = TextJoiner()
        self._reasoning = TextJoiner()
        self._reasoning_alone = False
        self._details: dict[tuple[object, ...], TextJoiner] = {}
        self._had_details = False
        self._images = ImageReader()
        self._annotations = AnnotationReader()

    def feed(self, chunk: bytes) -> list[TurnEvent]:
        """The events that these bytes of a stream complete; none once it has ended."""
        try:
            for event in self._sse.feed(chunk):
                if self.ended:
                    break
                self._event(event)
        except EventTooLongError:
            self._fail(too_much_data(self._origin))
        return self._taken()

    def finish(self) -> list[TurnEvent]:
        """The events at the end of the stream: it is complete if a finish reason was given."""
        if not self._anything:
            self._fail(empty_answer(self._origin))
        elif self._finish is not None:
            self._complete()
        else:
            self._end(Interrupted(unfinished(self._origin)))
        return self._taken()

    def lose(self, failure: Failure) -> list[TurnEvent]:
        """The events for a stream that broke; one that had its finish reason is complete."""
        if self._finish is not None:
            self._complete()
        else:
            self._end(Interrupted(failure) if self._anything else Failed(failure))
        return self._taken()

    def take_whole(self, document: JsonObject) -> list[TurnEvent]:
        """The events of an answer that came as one JSON document instead of a stream."""
        self._chunk(document)
        if not self.ended:
            self._complete()
        return self._taken()

    def _taken(self) -> list[TurnEvent]:
        events, self._events = self._events, []
        return events

    def _event(self, event: ServerSentEvent | Comment) -> None:
        if isinstance(event, Comment) or not event.data.strip():
            if not (self._events and isinstance(self._events[-1], KeepAlive)):
                self._events.append(KeepAlive())
            return
        if event.data.strip() == _DONE:
            self._done()
            return
        try:
            document = parse_json(event.data)
        except ValueError:
            document = None
        if not isinstance(document, dict):
            self.skipped += 1
            self._bad_in_a_row += 1
            if self._bad_in_a_row >= _BAD_IN_A_ROW:
                self._fail(bad_data(self._origin))
            return
        self._bad_in_a_row = 0
        if event.event == "error" and not document.get("error"):
            document = {"error": document}
        self._chunk(document)

    def _done(self) -> None:
        if self._anything:
            self._complete()
        else:
            self._fail(empty_answer(self._origin))

    def _chunk(self, chunk: JsonObject) -> None:
        self._anything = True
        self._take_served(chunk)
        choice = _first_choice(chunk)
        self._take_delta(as_object(choice.get("delta") or choice.get("message")))
        if self.ended:
            return
        self._finish = as_text(choice.get("finish_reason")) or self._finish
        self._native_finish = as_text(choice.get("native_finish_reason")) or self._native_finish
        self._take_usage(chunk.get("usage"))
        complaint = _complaint(chunk, choice)
        if complaint is not None:
            self._fail(reported_failure(complaint, self._said))

    def _take_served(self, chunk: JsonObject) -> None:
        names = ("model", "provider", "id", "service_tier")
        named = tuple(chunk.get(name) for name in names)
        if named == self._named:
            return
        self._named = named
        served = ServedBy(
            model=_name(chunk.get("model")) or self._served.model,
            provider=_name(chunk.get("provider")) or self._served.provider,
            generation_id=_name(chunk.get("id")) or self._served.generation_id,
            service_tier=_name(chunk.get("service_tier")) or self._served.service_tier,
        )
        if served != self._served:
            self._served = served
            self._events.append(served)

    def _take_usage(self, value: object) -> None:
        usage = read_usage(value) if value else None
        if usage is not None and usage != self._usage:
            self._usage = usage
            self._events.append(UsageReported(usage))

    def _take_delta(self, delta: JsonObject) -> None:
        reasoning = _content(delta.get("reasoning")) or _content(delta.get("reasoning_content"))
        details = delta.get("reasoning_details")
        detailed = "" if details is None else self._take_details(details)
        if reasoning:
            self._reasoning_alone = self._reasoning_alone or not detailed
        elif not self._reasoning_alone:
            # The same text comes twice: here, and as plain reasoning with or before it.
            reasoning = detailed
        self._pass_on(ReasoningDelta, self._reasoning.add(reasoning))
        content = _content(delta.get("content")) or _content(delta.get("refusal"))
        self._pass_on(TextDelta, self._text.add(content))
        self._size += len(reasoning) + len(content)
        annotations = self._annotations.read(delta.get("annotations"))
        if annotations:
            self._events.append(AnnotationsArrived(annotations))
        if not self._take_images(delta) or self._size > self._longest_reply:
            self._fail(too_much_data(self._origin))

    def _take_images(self, delta: JsonObject) -> bool:
        """Pass images on; False if there are more than an answer can hold."""
        try:
            self._events.extend(self._images.read(delta.get("content"), delta.get("images")))
        except TooManyImagesError:
            return False
        return True

    def _pass_on(self, kind: type[TextDelta] | type[ReasoningDelta], text: str) -> None:
        if text:
            self._events.append(kind(text))

    def _take_details(self, value: object) -> str:
        """Pass reasoning details on; the result is what they say in text."""
        pieces: list[ReasoningDetail] = []
        said: list[str] = []
        for item in as_list(value):
            if not isinstance(item, dict):
                continue
            texts = {
                name: item[name] for name in _JOINED_DETAILS if isinstance(item.get(name), str)
            }
            said += texts.values()
            self._size += len(str(item))
            joined = {
                name: self._detail_joiner(item, name).add(text) for name, text in texts.items()
            }
            try:
                pieces.append(as_object(as_plain({**item, **joined})))
            except ValueError:
                continue
        # That there were none has to be remembered too: some models want the empty list back.
        if pieces or (isinstance(value, list) and not self._had_details):
            self._had_details = True
            self._events.append(ReasoningDetailsDelta(tuple(pieces)))
        return "".join(said)

    def _detail_joiner(self, item: Mapping[str, object], name: str) -> TextJoiner:
        key = (str(item.get("type")), str(item.get("index")), name)
        return self._details.setdefault(key, TextJoiner())

    def _complete(self) -> None:
        if self._finish == FinishReason.ERROR:
            self._fail(ended_with_error(self._said(self._native_finish or "")))
            return
        reason = _FINISH_REASONS.get(self._finish or "", FinishReason.UNKNOWN)
        native = self._native_finish
        if reason is FinishReason.UNKNOWN and native is None:
            native = self._finish
        self._end(Finished(reason, native and single_line(native, _LONGEST_NAME)))

    def _fail(self, failure: Failure) -> None:
        self._end(Failed(failure))

    def _end(self, event: Finished | Interrupted | Failed) -> None:
        if not self.ended:
            self._pass_on(ReasoningDelta, self._reasoning.rest())
            self._pass_on(TextDelta, self._text.rest())
            self.ended = True
            self._events.append(event)


def _first_choice(chunk: JsonObject) -> JsonObject:
    for choice in as_list(chunk.get("choices")):
        if isinstance(choice, dict) and choice.get("index") in (None, 0):
            return choice
    return {}


def _complaint(chunk: JsonObject, choice: JsonObject) -> Complaint | None:
    if chunk.get("error") or chunk.get("object") == "error":
        return read_complaint(chunk) or Complaint()
    return read_complaint(choice) or Complaint() if choice.get("error") else None


def _content(value: object) -> str:
    """Text as it came, surrogate halves and all; an array of parts is joined."""
    if isinstance(value, str):
        return value
    parts = (as_object(part).get("text") for part in as_list(value))
    return "".join(part for part in parts if isinstance(part, str))


def _name(value: object) -> str | None:
    return single_line(as_text(value), _LONGEST_NAME) or None
