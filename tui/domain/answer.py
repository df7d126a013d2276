"""An answer as it grows: the one place where the events of a turn become a state."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tui.domain.conversation import Generation, MessageState, Timing
from tui.domain.cost import NOT_BILLED, Cost, Usage, generation_cost
from tui.domain.errors import Failure
from tui.domain.events import (
    Connected,
    Failed,
    Finished,
    FinishReason,
    Interrupted,
    KeepAlive,
    ReasoningDelta,
    ReasoningDetail,
    ReasoningDetailsDelta,
    Retrying,
    ServedBy,
    TextDelta,
    TurnEvent,
    UsageReported,
)
from tui.domain.model import Pricing
from tui.domain.tokens import TokenCounter

_STATE_OF = {
    FinishReason.STOP: MessageState.COMPLETE,
    FinishReason.TOOL_CALLS: MessageState.COMPLETE,
    FinishReason.UNKNOWN: MessageState.COMPLETE,
    FinishReason.LENGTH: MessageState.CUT,
    FinishReason.CONTENT_FILTER: MessageState.FILTERED,
    FinishReason.ERROR: MessageState.FAILED,
}
_JOINED_FIELDS = ("text", "summary", "data", "signature")


def merge_reasoning_details(
    merged: list[dict[str, object]], pieces: Sequence[ReasoningDetail]
) -> None:
    """Merge streamed pieces into ``merged`` by type and index, in the order of their arrival.

    Texts are joined; any other field is kept as last sent, unless it is null. OpenRouter wants the
    result back unmodified; a signature may arrive alone, in a late piece.
    """
    places = {(item.get("type"), item.get("index")): item for item in merged}
    for piece in pieces:
        place = (piece.get("type"), piece.get("index"))
        known = places.get(place)
        if known is None:
            known = places[place] = dict(piece)
            merged.append(known)
            continue
        for name, value in piece.items():
            earlier = known.get(name)
            if name in _JOINED_FIELDS and isinstance(earlier, str) and isinstance(value, str):
                known[name] = earlier + value
            elif value is not None or name not in known:
                known[name] = value


@dataclass(slots=True)
class Answer:
    """The state of one answer while its events arrive; ``started`` is monotonic, in seconds.

    ``prompt_tokens`` is the estimate for what was sent, used until the server reports its own.
    """

    model_asked: str
    provider_name: str
    started: float
    prompt_tokens: int = 0
    pricing: Pricing | None = None
    local: bool = False
    request_settings: dict[str, object] = field(default_factory=dict)
    state: MessageState = MessageState.STREAMING
    failure: Failure | None = None
    usage: Usage | None = None
    served_model: str | None = None
    served_by: str | None = None
    generation_id: str | None = None
    finish_reason: str | None = None
    reasoning_details: list[dict[str, object]] | None = None
    first_token_at: float | None = None
    ended_at: float | None = None
    retries: int = 0
    connected: bool = False
    _text: list[str] = field(default_factory=list)
    _reasoning: list[str] = field(default_factory=list)
    _completion: TokenCounter = field(default_factory=TokenCounter)
    _reasoned: TokenCounter = field(default_factory=TokenCounter)

    def apply(self, event: TurnEvent, now: float) -> None:
        """Take one event that arrived at the monotonic moment ``now``."""
        match event:
            case TextDelta(text):
                self._first_token(now)
                self._text.append(text)
                self._completion.add(text)
            case ReasoningDelta(text):
                self._first_token(now)
                self._reasoning.append(text)
                self._completion.add(text)
                self._reasoned.add(text)
            case ReasoningDetailsDelta(details):
                if self.reasoning_details is None:
                    self.reasoning_details = []
                merge_reasoning_details(self.reasoning_details, details)
            case Connected(generation_id):
                self.connected = True
                self.generation_id = generation_id or self.generation_id
            case ServedBy(model, provider, generation_id):
                self.served_model = model or self.served_model
                self.served_by = provider or self.served_by
                self.generation_id = generation_id or self.generation_id
            case UsageReported(usage):
                self.usage = usage if self.usage is None else self.usage.merged(usage)
            case Retrying(retry=retry):
                self.retries = retry
            case Finished(reason, native):
                self.finish_reason = native if reason is FinishReason.UNKNOWN else reason
                self._end(_STATE_OF[reason], now)
            case Interrupted(failure):
                self.failure = failure
                self._end(MessageState.INTERRUPTED, now)
            case Failed(failure):
                self.failure = failure
                self._end(MessageState.FAILED, now)
            case KeepAlive():
                pass

    def stop(self, now: float) -> None:
        """The user stopped the answer; an answer that has ended stays as it ended."""
        if self.state is MessageState.STREAMING:
            self._end(MessageState.STOPPED, now)

    def _first_token(self, now: float) -> None:
        if self.first_token_at is None:
            self.first_token_at = now

    def _end(self, state: MessageState, now: float) -> None:
        self.state = state
        self.ended_at = now

    @property
    def text(self) -> str:
        """The answer so far; joined anew, so not for every delta."""
        return "".join(self._text)

    @property
    def reasoning(self) -> str:
        """The reasoning so far; joined anew, so not for every delta."""
        return "".join(self._reasoning)

    @property
    def has_text(self) -> bool:
        """Whether any of the answer, as opposed to reasoning, has arrived."""
        return any(self._text)

    @property
    def completion_tokens(self) -> int:
        """Completion tokens: as reported, else estimated."""
        reported = self.usage.completion_tokens if self.usage is not None else None
        return self._completion.tokens if reported is None else reported

    def estimated_usage(self) -> Usage:
        """The usage by our own count, for an answer whose usage has not arrived."""
        return Usage(
            prompt_tokens=self.prompt_tokens,
            completion_tokens=self._completion.tokens,
            reasoning_tokens=self._reasoned.tokens,
        )

    def cost(self, at: datetime) -> Cost:
        """The cost so far: exact once usage is reported, an estimate before.

        A turn that failed before the server took the request is not billed.
        """
        if self.usage is not None:
            return generation_cost(self.usage, self.pricing, at, local=self.local)
        if self.state is MessageState.FAILED and not self.connected:
            return NOT_BILLED
        return generation_cost(
            self.estimated_usage(), self.pricing, at, local=self.local, finished=False
        )

    def generation(self, at: datetime) -> Generation:
        """What is kept of the generation; ``at`` is the moment in UTC whose prices apply."""
        return Generation(
            model_asked=self.model_asked,
            provider_name=self.provider_name,
            model_served=self.served_model,
            served_by=self.served_by,
            generation_id=self.generation_id,
            finish_reason=self.finish_reason,
            usage=self.usage,
            cost=self.cost(at),
            timing=Timing(self._since_start(self.first_token_at), self._since_start(self.ended_at)),
            request_settings=self.request_settings,
        )

    def _since_start(self, moment: float | None) -> float | None:
        return None if moment is None else moment - self.started
