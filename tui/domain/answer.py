"""An answer as it grows: the one place where the events of a turn become a state."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from tui.domain.bill import asked_ttl, generation_cost, prices_at
from tui.domain.calibration import Estimate
from tui.domain.conversation import Generation, MessageState, Timing
from tui.domain.cost import NOT_BILLED, UNKNOWN_COST, Cost, Usage
from tui.domain.errors import Failure, FailureKind, Speaker
from tui.domain.events import (
    AnnotationsArrived,
    Connected,
    Failed,
    FellBack,
    Finished,
    FinishReason,
    ImageArrived,
    Interrupted,
    KeepAlive,
    ReasoningDelta,
    ReasoningDetailsDelta,
    Retrying,
    ServedBy,
    TextDelta,
    TurnEvent,
    UsageReported,
)
from tui.domain.model import Pricing
from tui.domain.pictures import Picture
from tui.domain.reasoning import ReasoningDetails
from tui.domain.tokens import TokenCounter

_STATE_OF = {
    FinishReason.STOP: MessageState.COMPLETE,
    FinishReason.TOOL_CALLS: MessageState.COMPLETE,
    FinishReason.UNKNOWN: MessageState.COMPLETE,
    FinishReason.LENGTH: MessageState.CUT,
    FinishReason.CONTENT_FILTER: MessageState.FILTERED,
    FinishReason.ERROR: MessageState.FAILED,
}
_MAY_HAVE_ARRIVED = frozenset({FailureKind.TIMEOUT, FailureKind.CONNECTION_LOST})
_ENDED_IN_ERROR = Failure(
    FailureKind.PROVIDER_ERROR,
    "The provider ended the answer with an error.",
    "Send again, or choose another model or provider.",
    Speaker.PROVIDER,
)


@dataclass(slots=True)
class Answer:
    """The state of one answer while its events arrive; ``started`` is monotonic, in seconds.

    ``expected`` is what the prompt should come to, cache included, used until the server reports
    its own count; ``prompt_raw`` is the same as we counted it, without any correction, or 0 where
    nothing can be learnt from it, as each model counts files in its own way. ``completion_ratio``
    corrects our count of the answer, and ``usual_completion`` is how long it will likely become, in
    tokens. ``fee`` is what is billed beside the tokens, in USD, as far as it is known before.
    ``pricing`` is that of the model that was asked; when another one answers,
    ``price_list`` has its prices, by the name it is served under.
    """

    model_asked: str
    provider_name: str
    started: float
    expected: Usage = field(default_factory=lambda: Usage(prompt_tokens=0))
    prompt_raw: int = 0
    completion_ratio: float = 1.0
    usual_completion: int = 0
    fee: Decimal = Decimal(0)
    pricing: Pricing | None = None
    price_list: Callable[[str], Pricing | None] = lambda _served: None
    local: bool = False
    request_settings: dict[str, object] = field(default_factory=dict)
    state: MessageState = MessageState.STREAMING
    failure: Failure | None = None
    usage: Usage | None = None
    served_model: str | None = None
    served_by: str | None = None
    service_tier: str | None = None
    generation_id: str | None = None
    finish_reason: str | None = None
    first_token_at: float | None = None
    ended_at: float | None = None
    retries: int = 0
    connected: bool = False
    images: list[Picture] = field(default_factory=list)
    annotations: list[Mapping[str, object]] = field(default_factory=list)
    _text: list[str] = field(default_factory=list)
    _reasoning: list[str] = field(default_factory=list)
    _written: TokenCounter = field(default_factory=TokenCounter)
    _reasoned: TokenCounter = field(default_factory=TokenCounter)
    _details: ReasoningDetails | None = None

    def apply(self, event: TurnEvent, now: float) -> None:
        """Take one event that arrived at the monotonic moment ``now``."""
        match event:
            case TextDelta("") | ReasoningDelta("") | KeepAlive():
                pass
            case TextDelta(text):
                self._first_token(now)
                self._text.append(text)
                self._written.add(text)
            case ReasoningDelta(text):
                self._first_token(now)
                self._reasoning.append(text)
                self._reasoned.add(text)
            case ReasoningDetailsDelta(details):
                if self._details is None:
                    self._details = ReasoningDetails()
                self._details.add(details)
            case ImageArrived(picture):
                self._first_token(now)
                self.images.append(picture)
            case AnnotationsArrived(annotations):
                self.annotations.extend(annotations)
            case Connected(generation_id):
                self.connected = True
                self.generation_id = generation_id or self.generation_id
            case ServedBy(model, provider, generation_id, tier):
                self.served_model = model or self.served_model
                self.served_by = provider or self.served_by
                self.service_tier = tier or self.service_tier
                self.generation_id = generation_id or self.generation_id
                if model:
                    self.pricing = self.price_list(model) or self.pricing
            case UsageReported(usage):
                self.usage = usage if self.usage is None else self.usage.merged(usage)
            case Retrying(retry=retry):
                self.retries = retry
            case FellBack(model=model) if model:
                self._begin_again(event)
            case Finished(reason, native):
                if self.state is MessageState.STREAMING:
                    known = reason is not FinishReason.UNKNOWN
                    self.finish_reason = reason.value if known else native
                error = _ENDED_IN_ERROR if reason is FinishReason.ERROR else None
                self._end(_STATE_OF[reason], now, error)
            case Interrupted(failure):
                self._end(MessageState.INTERRUPTED, now, failure)
            case Failed(failure):
                self._end(MessageState.FAILED, now, failure)

    def _begin_again(self, event: FellBack) -> None:
        """Another provider is asked: nothing of the one before holds any more."""
        self.provider_name, self.model_asked = event.provider, event.model
        self.pricing, self.local = event.pricing, event.local
        self.price_list = event.price_list or self.price_list
        self.request_settings = dict(event.request_settings)
        # The cache that was counted on is that of the provider before.
        self.expected = replace(self.expected, cached_tokens=None, cache_write_tokens=None)
        self.usage = self.served_model = self.served_by = self.generation_id = None
        self.service_tier = None
        self.connected, self.retries = False, 0

    def stop(self, now: float) -> None:
        """The user stopped the answer."""
        self._end(MessageState.STOPPED, now)

    def _first_token(self, now: float) -> None:
        if self.first_token_at is None:
            self.first_token_at = now

    def _end(self, state: MessageState, now: float, failure: Failure | None = None) -> None:
        """An answer ends once; a failure that follows is still told, usage still counts."""
        self.failure = self.failure or failure
        if self.state is MessageState.STREAMING:
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
    def has_begun(self) -> bool:
        """Whether any of the answer, as opposed to reasoning, has arrived."""
        return bool(self._text or self.images)

    @property
    def reasoning_details(self) -> list[dict[str, object]] | None:
        """The merged ``reasoning_details``: None if none came, empty if an empty list came."""
        return None if self._details is None else self._details.merged()

    @property
    def completion_tokens(self) -> int:
        """Completion tokens: as reported, else estimated."""
        reported = self.usage.completion_tokens if self.usage is not None else None
        return self._estimated_completion if reported is None else reported

    @property
    def _estimated_completion(self) -> int:
        return round((self._written.tokens + self._reasoned.tokens) * self.completion_ratio)

    def estimated_usage(self) -> Usage:
        """The usage by our own count, for an answer whose usage has not arrived."""
        return replace(
            self.expected,
            completion_tokens=self._estimated_completion,
            reasoning_tokens=round(self._reasoned.tokens * self.completion_ratio),
        )

    def cost(self, at: datetime) -> Cost:
        """The cost so far: exact once it is reported, an estimate before.

        What the server counted replaces our own count. A turn that the server refused or that did
        not reach it is not billed; of one that vanished on the way nobody can tell.
        """
        if self.state is MessageState.FAILED and not self.connected and self.usage is None:
            vanished = self.failure is not None and self.failure.kind in _MAY_HAVE_ARRIVED
            return UNKNOWN_COST if vanished else NOT_BILLED
        reported = self.usage or Usage()
        counted = None not in (reported.prompt_tokens, reported.completion_tokens)
        cost = generation_cost(
            self._known_usage(),
            self.pricing,
            at,
            local=self.local,
            finished=counted,
            cache_ttl=asked_ttl(self.request_settings),
        )
        if cost.is_exact or cost.amount is None or reported.cost is not None:
            return cost
        return replace(cost, amount=cost.amount + self.fee)

    def begun(self, at: datetime) -> Generation:
        """What is kept while it streams: should it never end, its cost is unknown, not nothing."""
        return replace(self.generation(at), cost=UNKNOWN_COST)

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
            service_tier=self.service_tier,
            prices=self._prices(at),
            estimate=Estimate(
                self.prompt_raw,
                self.expected.prompt_tokens or 0,
                self._written.tokens,
                self.usual_completion,
                self.fee,
                self.expected.cached_tokens or 0,
                self.expected.cache_write_tokens or 0,
                self.expected.audio_tokens or 0,
            ),
        )

    def _prices(self, at: datetime) -> Pricing | None:
        """The prices that were in force for the whole of the answer."""
        if self.pricing is None or self.local:
            return None
        return prices_at(self.pricing, self._known_usage().prompt_tokens or 0, at)

    def _known_usage(self) -> Usage:
        """The usage as reported, with our own figures where the server named none."""
        estimated = self.estimated_usage()
        if self.usage is None:
            return estimated
        if self.usage.prompt_tokens is not None:
            # A prompt that was counted had no cache unless the server says so.
            estimated = replace(estimated, cached_tokens=None, cache_write_tokens=None)
        return estimated.merged(self.usage)

    def _since_start(self, moment: float | None) -> float | None:
        return None if moment is None else moment - self.started
