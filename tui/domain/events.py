"""What a turn yields: the one language between the service, the recorder, `ask` and the screen.

A stream of events ends with exactly one of :class:`Finished`, :class:`Interrupted` or
:class:`Failed`, unless its consumer stops it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from tui.domain.cost import Usage
from tui.domain.errors import Failure
from tui.domain.model import Pricing
from tui.domain.pictures import Picture

ReasoningDetail = Mapping[str, object]
"""One item of ``reasoning_details``, kept as it came so that it can be sent back unmodified."""


class FinishReason(StrEnum):
    """Why a generation ended, in OpenRouter's normalised words; ``UNKNOWN`` when none was given."""

    STOP = "stop"
    LENGTH = "length"
    TOOL_CALLS = "tool_calls"
    CONTENT_FILTER = "content_filter"
    ERROR = "error"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Connected:
    """The server took the request and the answer has begun (HTTP 200)."""

    generation_id: str | None = None


@dataclass(frozen=True, slots=True)
class KeepAlive:
    """A comment arrived: the server is working, no token yet."""


@dataclass(frozen=True, slots=True)
class ServedBy:
    """Who answers: the model that serves, its provider, its tier and the generation's id."""

    model: str | None = None
    provider: str | None = None
    generation_id: str | None = None
    service_tier: str | None = None


@dataclass(frozen=True, slots=True)
class TextDelta:
    """A piece of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """A piece of the reasoning as text to show."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningDetailsDelta:
    """Pieces of ``reasoning_details`` to be merged by type and index and sent back later."""

    details: Sequence[ReasoningDetail]


@dataclass(frozen=True, slots=True)
class ImageArrived:
    """An image, each once in an answer; its data goes to the history and is not kept in memory."""

    picture: Picture
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class AnnotationsArrived:
    """What was read out of files, or where facts come from; each once in an answer."""

    annotations: Sequence[Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class UsageReported:
    """The server's own account of tokens and cost; it may come more than once, the last counts."""

    usage: Usage


@dataclass(frozen=True, slots=True)
class Retrying:
    """A try failed before the first token; the next starts after ``wait`` seconds."""

    failure: Failure
    retry: int
    retries: int
    wait: float


@dataclass(frozen=True, slots=True)
class FellBack:
    """The provider called ``before`` failed before the first token, and another takes the turn.

    ``provider`` and ``model`` are who is asked now; ``model`` is empty for one that could not be
    asked either. The rest replaces what was expected of the answer: its prices, whether it is
    local, and the settings that were sent.
    """

    failure: Failure
    before: str
    provider: str
    model: str = ""
    pricing: Pricing | None = None
    price_list: Callable[[str], Pricing | None] | None = None
    local: bool = False
    request_settings: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finished:
    """The generation is complete as far as the server is concerned."""

    reason: FinishReason
    native_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Interrupted:
    """The connection ended before the server said that the answer is complete."""

    failure: Failure


@dataclass(frozen=True, slots=True)
class Failed:
    """The turn failed; what had arrived stays."""

    failure: Failure


TurnEvent = (
    Connected
    | KeepAlive
    | ServedBy
    | TextDelta
    | ReasoningDelta
    | ReasoningDetailsDelta
    | ImageArrived
    | AnnotationsArrived
    | UsageReported
    | Retrying
    | FellBack
    | Finished
    | Interrupted
    | Failed
)
