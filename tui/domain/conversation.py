"""Conversations as trees: every edit or regeneration is a sibling, nothing is overwritten."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from itertools import chain

from tui.domain.attachments import Attachment
from tui.domain.calibration import Estimate
from tui.domain.chat_settings import ChatSettings
from tui.domain.cost import UNKNOWN_COST, Cost, CostTotal, Usage, total
from tui.domain.errors import FailureKind
from tui.domain.events import ReasoningDetail
from tui.domain.model import Pricing
from tui.domain.pictures import Picture
from tui.domain.sanitize import single_line

_LONGEST_TITLE = 60
_TITLE_IS_WITHIN = 10_000
"""Characters that are searched for a title, so that a huge paste costs nothing."""
UNTITLED = "New conversation"

Annotation = Mapping[str, object]
"""One item of ``annotations``, kept as it came so that a parsed file can be sent back."""


class Role(StrEnum):
    """Who speaks."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


class MessageState(StrEnum):
    """How a message ended; a turn ends in exactly one of them."""

    STREAMING = "streaming"
    COMPLETE = "complete"
    CUT = "cut"
    FILTERED = "filtered"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds from the send: to the first token, and to the end of the answer."""

    first_token: float | None = None
    total: float | None = None


@dataclass(frozen=True, slots=True)
class Generation:
    """What is known of the generation behind an answer: who, what it used, what it cost.

    ``prices`` are those of the catalogue that were in force for it, ``estimate`` is what we had
    counted before the server did. ``copied`` is True in a fork: the answer was paid for in the
    conversation it came from.
    """

    model_asked: str
    provider_name: str
    model_served: str | None = None
    served_by: str | None = None
    generation_id: str | None = None
    finish_reason: str | None = None
    usage: Usage | None = None
    cost: Cost = UNKNOWN_COST
    timing: Timing = field(default_factory=Timing)
    request_settings: Mapping[str, object] = field(default_factory=dict)
    service_tier: str | None = None
    prices: Pricing | None = None
    estimate: Estimate | None = None
    copied: bool = False

    @property
    def tokens_per_second(self) -> float | None:
        """Completion tokens per second between the first token and the end."""
        if self.usage is None or not self.usage.completion_tokens:
            return None
        if self.timing.first_token is None or self.timing.total is None:
            return None
        streaming = self.timing.total - self.timing.first_token
        return self.usage.completion_tokens / streaming if streaming > 0 else None


@dataclass(frozen=True, slots=True)
class Message:
    """One node of the tree. Texts are as they came; showing them is what makes them safe."""

    id: str
    conversation_id: str
    parent_id: str | None
    role: Role
    text: str
    created_at: datetime
    state: MessageState = MessageState.COMPLETE
    reasoning: str = ""
    reasoning_details: Sequence[ReasoningDetail] | None = None
    generation: Generation | None = None
    failure_kind: FailureKind | None = None
    failure_text: str = ""
    images: Sequence[Picture] = ()
    attachments: Sequence[Attachment] = ()
    annotations: Sequence[Annotation] = ()


@dataclass(frozen=True, slots=True)
class ConversationSummary:
    """A conversation as the sidebar lists it."""

    id: str
    title: str
    model: str
    updated_at: datetime
    cost: CostTotal
    pinned: bool = False
    archived: bool = False
    tags: tuple[str, ...] = ()


@dataclass(slots=True)
class Conversation:
    """A tree of messages and the leaf whose path is on screen.

    ``session_id`` goes with every request, so that the provider with a warm cache is used again.
    ``removed`` are the messages of branches that were taken out of sight and can be brought back;
    what they cost still counts, as do ``other_costs``: of answers that are gone for good, and of
    requests that were no turn. ``chosen`` is the child last looked at below each message, by which
    a step to another branch and back leads to the same place.
    """

    id: str
    session_id: str
    model: str
    created_at: datetime
    title: str = ""
    draft: str = ""
    leaf_id: str | None = None
    messages: dict[str, Message] = field(default_factory=dict)
    system_prompt: str = ""
    settings: ChatSettings = field(default_factory=ChatSettings)
    updated_at: datetime | None = None
    pinned: bool = False
    archived: bool = False
    tags: tuple[str, ...] = ()
    removed: set[str] = field(default_factory=set)
    other_costs: tuple[Cost, ...] = ()
    chosen: dict[str | None, str] = field(default_factory=dict)

    def put(self, message: Message) -> None:
        """Add a message or replace it by its newer version."""
        self.messages[message.id] = message

    def path(self, leaf_id: str | None = None) -> list[Message]:
        """The messages from the root to a leaf; without an argument, the active path."""
        path: list[Message] = []
        current = self.messages.get(leaf_id or self.leaf_id or "")
        while current is not None and len(path) < len(self.messages):  # a damaged file may loop
            path.append(current)
            current = self.messages.get(current.parent_id or "")
        path.reverse()
        return path

    @property
    def system_id(self) -> str:
        """The id of the system prompt among the messages that are sent; it is not stored as one."""
        return f"{self.id}-system"

    @property
    def is_set_up(self) -> bool:
        """Whether it asks with something of its own; a model alone, soon chosen again, is none."""
        settings = replace(self.settings, own_model=False, draft_files=False)
        return bool(self.system_prompt) or settings != ChatSettings()

    @property
    def has_model(self) -> bool:
        """Whether its model holds, and not that of the settings."""
        return bool(self.messages) or self.settings.own_model

    def as_sent(self, path: Sequence[Message]) -> list[Message]:
        """What a request sends of a path: the system prompt, if there is one, and the messages."""
        if not self.system_prompt.strip():
            return list(path)
        system = Message(
            id=self.system_id,
            conversation_id=self.id,
            parent_id=None,
            role=Role.SYSTEM,
            text=self.system_prompt,
            created_at=self.created_at,
        )
        return [system, *path]

    def in_sight(self) -> Iterator[Message]:
        """All messages but those of removed branches, in the order they were written."""
        return (message for message in self.messages.values() if message.id not in self.removed)

    def children(self, parent_id: str | None) -> list[Message]:
        """The siblings below a message, oldest first; the roots for None."""
        return [message for message in self.in_sight() if message.parent_id == parent_id]

    def cost(self) -> CostTotal:
        """What all answers of the conversation cost, those of other branches too."""
        return total(chain(costs_of(self.messages.values()), self.other_costs))

    def spent(self) -> CostTotal:
        """What it cost so far: the same, without answers that are still streaming."""
        ended = (m for m in self.messages.values() if m.state is not MessageState.STREAMING)
        return total(chain(costs_of(ended), self.other_costs))


def costs_of(messages: Iterable[Message]) -> Iterable[Cost]:
    """The cost of every message whose generation was paid for in its own conversation."""
    return (
        message.generation.cost
        for message in messages
        if message.generation is not None and not message.generation.copied
    )


def title_from(text: str) -> str:
    """A conversation's title from its first message: its first line with words in it."""
    beginning = text.lstrip()[:_TITLE_IS_WITHIN].splitlines()
    lines = (single_line(line.lstrip("#>*-` \t"), _LONGEST_TITLE) for line in beginning)
    return next((line for line in lines if line), UNTITLED)
