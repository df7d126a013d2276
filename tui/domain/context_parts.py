"""What would be sent, part by part, against what the model can hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from tui.domain.attachments import Attachment
from tui.domain.conversation import Message, Role
from tui.domain.prompt_size import attached_tokens
from tui.domain.tokens import estimate_message_tokens
from tui.domain.turn import TurnRequest

TYPED = "typed"
"""The id of the message that is still being typed."""


@dataclass(frozen=True, slots=True)
class ContextParts:
    """Tokens of each part of a request; ``limit`` is the model's context, None if unknown.

    ``reserved`` is what the request asks for the answer: servers refuse a prompt that leaves less.
    """

    system: int = 0
    attachments: int = 0
    history: int = 0
    prompt: int = 0
    reserved: int = 0
    limit: int | None = None

    @property
    def used(self) -> int:
        """Everything that goes to the model."""
        return self.system + self.attachments + self.history + self.prompt

    @property
    def overflow(self) -> int:
        """By how many tokens it is too much; 0 if it fits or nobody knows."""
        if self.limit is None:
            return 0
        return max(0, self.used + self.reserved - self.limit)

    @property
    def free(self) -> int | None:
        """How many tokens are left; None if nobody knows."""
        return None if self.limit is None else max(0, self.limit - self.used - self.reserved)

    def shares(self) -> tuple[tuple[str, int], ...]:
        """The parts that are not empty, by name, in the order in which they are sent."""
        parts = {
            "system": self.system,
            "attachments": self.attachments,
            "history": self.history,
            "prompt": self.prompt,
            "reserved for the answer": self.reserved,
        }
        return tuple((name, count) for name, count in parts.items() if count)


def typed_path(
    path: Sequence[Message], text: str, attachments: Sequence[Attachment] = ()
) -> list[Message]:
    """The path as it would be sent with this prompt next; as it is, if there is nothing in it."""
    if not text and not attachments:
        return list(path)
    parent = path[-1] if path else None
    typed = Message(
        id=TYPED,
        conversation_id=parent.conversation_id if parent is not None else "",
        parent_id=parent.id if parent is not None else None,
        role=Role.USER,
        text=text,
        created_at=datetime.min.replace(tzinfo=UTC),
        attachments=attachments,
    )
    return [*path, typed]


def context_parts(request: TurnRequest, path: Sequence[Message]) -> ContextParts:
    """What the next request would send; the last message of the path is its prompt."""
    sizes = request.size(path).messages
    files = [_files(one, size) for one, size in zip(path, sizes, strict=True)]
    words = [size - of_files for size, of_files in zip(sizes, files, strict=True)]
    system = sum(size for one, size in zip(path, words, strict=True) if one.role is Role.SYSTEM)
    prompt = words[-1] if path and path[-1].role is Role.USER else 0
    return ContextParts(
        system=system,
        attachments=sum(files),
        history=sum(words) - system - prompt,
        prompt=prompt,
        reserved=request.asked_completion or 0,
        limit=request.model.context_length if request.model is not None else None,
    )


def _files(message: Message, size: int) -> int:
    """The part of a message's tokens that its files make up, as far as we can tell them apart."""
    if not message.attachments:
        return 0
    files = attached_tokens(message)
    return size * files // (files + estimate_message_tokens(message.text))
