"""Reasoning of earlier answers: sent back to who can read it, and only to them.

``reasoning_details`` go back unmodified and in order. Their signatures belong to a family of
models; another one would refuse them, so they are left out there, and the user is told.
"""

from collections.abc import Sequence

from tui.domain.conversation import Message, Role
from tui.domain.sanitize import single_line


def family(model_id: str) -> str:
    """Whose reasoning a model can read again: its author, as signatures belong to one."""
    return model_id.removeprefix("~").partition("/")[0]


def can_be_read_again(message: Message, model_id: str) -> bool:
    """Whether an answer's ``reasoning_details`` are sent back to this model."""
    if message.reasoning_details is None or message.generation is None:
        return False
    answered = message.generation.model_served or message.generation.model_asked
    return family(answered) == family(model_id)


def reasoning_dropped(path: Sequence[Message], model_id: str) -> str:
    """A note for a request that leaves reasoning of earlier answers out; empty if it does not."""
    left_out = [
        message
        for message in path
        if message.role is Role.ASSISTANT
        and message.reasoning_details
        and not can_be_read_again(message, model_id)
    ]
    if not left_out:
        return ""
    authors = dict.fromkeys(
        family(one.generation.model_served or one.generation.model_asked)
        for one in left_out
        if one.generation is not None
    )
    whose = " and ".join(single_line(author, 40) for author in authors) or "another model"
    answers = "1 answer" if len(left_out) == 1 else f"{len(left_out)} answers"
    return f"The reasoning of {answers} by {whose} is not sent: {family(model_id)} cannot read it."
