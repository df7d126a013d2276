"""What ``orw ask`` prints: the answer safe for a terminal, its receipt, or one JSON object."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from tui.domain.answer import Answer
from tui.domain.conversation import Message, Role
from tui.domain.pictures import Picture
from tui.domain.receipt import receipt_parts
from tui.domain.sanitize import single_line, storable, visible
from tui.domain.structured import Verdict, asked_format, check_answer

_CONTEXT: Final = 4
"""How many characters shown before matter to the next ones: the longest stack of marks."""


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
