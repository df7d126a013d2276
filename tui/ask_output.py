"""What ``orw ask`` prints: the answer safe for a terminal, its receipt, or one JSON object."""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, TextIO

from tui.domain.answer import Answer
from tui.domain.conversation import Message, MessageState, Role
from tui.domain.events import FellBack, ImageArrived, Retrying, TextDelta, TurnEvent
from tui.domain.figures import seconds
from tui.domain.pictures import Picture
from tui.domain.receipt import receipt_parts
from tui.domain.sanitize import single_line, storable, visible
from tui.domain.structured import Verdict, asked_format, check_answer
from tui.services.image_store import ImageStore
from tui.services.paths import shown

_CONTEXT: Final = 4
"""How many characters shown before matter to the next ones: the longest stack of marks."""

_ENDINGS: Final = {
    MessageState.CUT: "The answer is cut: it reached the greatest length that was allowed.",
    MessageState.FILTERED: "The answer was withheld by a content filter.",
}


class VisibleStream:
    """Makes a streamed text safe to print, piece by piece, exactly as if it had come whole."""

    def __init__(self) -> None:
        self._held = ""
        self._shown = ""

    def feed(self, piece: str) -> str:
        """What can be printed of the text with this piece; CR waits for a possible LF."""
        text = self._held + piece
        self._held = "\r" if text.endswith("\r") else ""
        return self._show(text.removesuffix("\r"))

    def flush(self) -> str:
        """What was still waiting when the text ended."""
        text, self._held = self._held, ""
        return self._show(text)

    def _show(self, text: str) -> str:
        before = self._shown
        shown = visible(before + text)
        self._shown = shown[-_CONTEXT:]
        return shown[len(before) :]


def receipt(answer: Answer, at: datetime) -> str:
    """The line that the app shows under an answer: how it ended, who gave it, what it cost."""
    message = Message(
        id="",
        conversation_id="",
        parent_id=None,
        role=Role.ASSISTANT,
        text=answer.text,
        created_at=at,
        state=answer.state,
        generation=answer.generation(at),
    )
    return " · ".join(single_line(part) for part in receipt_parts(message))


def as_object(
    answer: Answer, at: datetime, file_of: Callable[[Picture], Path | None] = lambda _: None
) -> dict[str, Any]:
    """The answer as plain data for JSON: texts as they came, amounts of USD as decimal strings.

    ``cost`` is null when it is unknown; ``cost_source`` says how far to trust it. ``file_of`` tells
    where an image is. ``format`` says whether the answer is JSON of the form asked for: its ``ok``
    is null if nothing was asked for.
    """
    generation = answer.generation(at)
    failure = answer.failure
    duration = generation.timing.total
    return {
        "text": storable(answer.text),
        "reasoning": storable(answer.reasoning),
        "images": [_image(picture, file_of(picture)) for picture in answer.images],
        "model_asked": generation.model_asked,
        "model_served": generation.model_served,
        "provider": generation.served_by,
        "usage": None if answer.usage is None else _plain(asdict(answer.usage)),
        "cost": _plain(generation.cost.amount),
        "cost_source": str(generation.cost.source),
        "finish_reason": generation.finish_reason,
        "state": str(answer.state),
        "generation_id": generation.generation_id,
        "seconds": None if duration is None else round(duration, 3),
        "failure": None if failure is None else _plain(asdict(failure)),
        "format": _plain(asdict(format_verdict(answer))),
    }


def format_verdict(answer: Answer) -> Verdict:
    """Whether the answer has the ``response_format`` that its request asked for."""
    return check_answer(answer.text, asked_format(answer.request_settings))


def _image(picture: Picture, file: Path | None) -> dict[str, Any]:
    return {
        "format": str(picture.format),
        "width": picture.width,
        "height": picture.height,
        "bytes": picture.size,
        "file": None if file is None else storable(str(file)),
    }


def _plain(value: Any) -> Any:
    match value:
        case dict():
            return {name: _plain(item) for name, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case Decimal():
            return f"{value:f}"
        case datetime():
            return value.isoformat()
        case _:
            return value


def _let_go(stream: TextIO) -> None:
    """Send what a stream still holds nowhere; Python would try to write it again at its end."""
    with suppress(OSError), Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), stream.fileno())


class Printer:
    """Prints an answer while it streams, or as one JSON object when it has ended.

    ``lost`` says why stdout did not take all of it, as on a full disk; None while it does. The
    answer is paid for, so that it goes on all the same. A stream that was closed is None.
    """

    def __init__(
        self, out: TextIO | None, err: TextIO | None, images: ImageStore, *, as_json: bool
    ) -> None:
        self.lost: str | None = None if out is not None else "it is closed"
        self._out = out
        self._err = err
        self._images = images
        self._as_json = as_json
        self._text = VisibleStream()
        self._at_line_start = True

    def event(self, event: TurnEvent) -> None:
        """Print what the event brought; raises BrokenPipeError when nobody reads stdout."""
        match event:
            case TextDelta(text) if not self._as_json:
                self._write(self._text.feed(text))
            case FellBack(failure, before, provider, model):
                who = f"{provider}, with {model}," if model else f"{provider}"
                self.say(f"{before}: {failure.what} {who} is asked instead.")
            case ImageArrived(picture, data):
                self._images.keep(picture, data)
            case Retrying(failure, retry, retries, wait):
                self.say(f"{failure.what} Try {retry} of {retries} in {seconds(wait)}.")
            case _:
                pass

    def end(self, answer: Answer, at: datetime) -> None:
        """Print the rest, how the answer ended, and the receipt."""
        if self._as_json:
            self._write(json.dumps(as_object(answer, at, self._images.file_of), indent=2))
        else:
            self._write(self._text.flush())
        if not self._at_line_start:
            self._write("\n")
        for number, picture in enumerate(answer.images, 1):
            self.say(f"Image {number}, {picture.words}: {self._place_of(picture)}")
        if answer.failure is not None:
            self.say(str(answer.failure))
        elif answer.state in _ENDINGS:
            self.say(_ENDINGS[answer.state])
        for problem in format_verdict(answer).problems if answer.has_begun else ():
            self.say(problem)
        if answer.connected:
            self.say(receipt(answer, at))

    def _place_of(self, picture: Picture) -> str:
        file, problem = self._images.file_of(picture), self._images.problem
        return shown(file) if file is not None else str(problem)

    def _write(self, text: str) -> None:
        if text and self._out is not None and self.lost is None:
            self._at_line_start = text.endswith("\n")
            try:
                self._out.write(text)
                self._out.flush()
            except BrokenPipeError:
                raise
            except OSError as error:
                self.lost = error.strerror or str(error)
                self._at_line_start = True
                _let_go(self._out)

    def say(self, words: str) -> None:
        """A notice on its own line, also when both streams share a terminal."""
        if not self._at_line_start and not self._as_json:
            self._write("\n")
        if self._err is not None:
            try:
                print(visible(words), file=self._err, flush=True)
            except OSError:  # as on the same full disk: nobody is left to be told
                _let_go(self._err)
