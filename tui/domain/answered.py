"""A message of the tree once its answer has ended."""

from dataclasses import replace
from datetime import datetime

from tui.domain.answer import Answer
from tui.domain.conversation import Message


def answered(message: Message, answer: Answer, at: datetime) -> Message:
    """The message with everything the answer brought; ``at`` in UTC picks the prices."""
    failure = answer.failure
    return replace(
        message,
        text=answer.text,
        reasoning=answer.reasoning,
        reasoning_details=answer.reasoning_details,
        images=tuple(answer.images),
        annotations=tuple(answer.annotations),
        state=answer.state,
        generation=answer.generation(at),
        failure_kind=failure.kind if failure is not None else None,
        failure_text=f"{failure.what_was_said}\n{failure.next_step}" if failure is not None else "",
    )
