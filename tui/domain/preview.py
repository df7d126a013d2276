"""What the next send will cost, before it is sent: the likely case and the worst one.

Likely is what a turn like the last ones would cost: the estimated prompt, read from the cache where
it is warm, and an answer of the usual length. At worst nothing is cached, the estimate is off by
as much as it ever was, the answer is as long as it may be, and the dearest of all who may answer
does: other endpoints, the fallback models, and the providers that stand in.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from tui.domain.attachments import AttachmentKind
from tui.domain.attachments_models import PRICE_PER_PAGE, reading_engine
from tui.domain.bill import BillItem, BillLine, amount_of, bill_lines, prices_at
from tui.domain.caching_entries import WarmPrefix
from tui.domain.calibration import Fit
from tui.domain.conversation import Message
from tui.domain.cost import UNKNOWN_COST, Cost, CostSource, Usage
from tui.domain.figures import money
from tui.domain.model import Endpoint, Model, Pricing
from tui.domain.request import explicit_caching
from tui.domain.settings import ProviderKind
from tui.domain.turn import TurnRequest

_UNMEASURED_ERROR = 0.5
"""How far off the count of a prompt may be for a model that has not answered yet."""

NO_PRICE = "the catalogue names no price"
TOLD_AFTERWARDS = "the server names the cost with its answer"
VARIES = "the price depends on the model that is chosen"
LOCAL = "answered on this machine"


@dataclass(frozen=True, slots=True)
class CostPreview:
    """The cost of the next send in USD, None where it is unknown; ``unknown`` then says why.

    ``usage`` is the likely one, and ``lines`` its bill. ``most_completion_tokens`` is the limit of
    the answer, None if nobody knows one. ``error`` is how far such estimates usually are off, as a
    fraction; None before the first answer.
    """

    usage: Usage
    likely: Decimal | None = None
    worst: Decimal | None = None
    lines: tuple[BillLine, ...] = ()
    most_completion_tokens: int | None = None
    error: float | None = None
    unknown: str = ""

    @property
    def costs_nothing(self) -> bool:
        """Whether nothing will be billed, whatever happens."""
        return self.worst == 0 and (self.likely == 0 or self.unknown == LOCAL)

    @property
    def likely_cost(self) -> Cost:
        """The likely figure, as what the answer counts for until it has ended."""
        if self.unknown == LOCAL:
            return Cost(Decimal(0), CostSource.LOCAL)
        return UNKNOWN_COST if self.likely is None else Cost(self.likely, CostSource.ESTIMATED)

    @property
    def words(self) -> str:
        """Both figures in a sentence's form; why there is none otherwise."""
        if self.likely is None:
            likely = self.unknown
        else:
            likely = f"{money(self.likely, estimated=True)} likely"
        if self.worst is None or (self.likely is None and not self.worst):
            return likely
        return f"{likely} · {money(self.worst)} at worst"

    @property
    def short(self) -> str:
        """Both figures as a span; empty where there is none."""
        if self.likely is None:
            return ""
        likely = money(self.likely, estimated=True)
        return likely if self.worst is None else f"{likely} – {money(self.worst)}"


def preview(
    request: TurnRequest,
    path: Sequence[Message],
    *,
    now: datetime,
    warm: WarmPrefix | None = None,
    endpoint: Endpoint | None = None,
    others: Iterable[Endpoint] = (),
    stand_ins: Iterable[TurnRequest] = (),
) -> CostPreview:
    """What sending this path will cost; its last message is the prompt.

    ``now`` in UTC picks the prices. ``endpoint`` is the one that will answer, if that is known, and
    ``others`` are those that may; ``stand_ins`` are the requests that other providers would get if
    the chosen one failed. With the fallback models, they count for the worst case only.
    """
    if warm is not None and not warm.left(now):
        warm = None
    prompt = request.expected_prompt(path, warm)
    limit = _completion_limit(request, endpoint, prompt.prompt_tokens or 0)
    usual = request.calibration.usual()
    usage = replace(prompt, completion_tokens=usual if limit is None else min(usual, limit))
    known = CostPreview(usage, most_completion_tokens=limit, error=request.calibration.prompt.error)
    elsewhere = [amount for one in stand_ins for amount in _at_worst(one, path, now)]
    if request.is_local:
        return replace(known, worst=_greatest([Decimal(0), *elsewhere]), unknown=LOCAL)
    pricing = _pricing(request, endpoint)
    no_price = TOLD_AFTERWARDS if request.is_billed else NO_PRICE
    if pricing is None:
        return replace(known, unknown=no_price)
    ttl = request.settings.cache_ttl
    prices = prices_at(pricing, usage.prompt_tokens or 0, now)
    lines = bill_lines(usage, prices, cache_ttl=ttl)
    if lines is None:
        return replace(known, unknown=VARIES if prices.varies else no_price)
    worst = _greatest([*_at_worst(request, path, now, endpoint, others), *elsewhere])
    read = _pages_read(request, path)
    worst = None if worst is None or _searches(request) else worst + amount_of(read)
    lines = (*lines, *read)
    return replace(known, likely=amount_of(lines), worst=worst, lines=lines)


def _searches(request: TurnRequest) -> bool:
    """Whether the web is searched with it, which is billed apart, at a price that is not named."""
    return request.settings.model.endswith(":online")


def _pages_read(request: TurnRequest, path: Sequence[Message]) -> tuple[BillLine, ...]:
    """The line for PDFs that are turned into text; what an answer sent back is not read again."""
    if request.settings.kind is ProviderKind.COMPATIBLE:
        return ()
    read_before = max((at for at, one in enumerate(path) if _has_parsed(one)), default=-1)
    pages = sum(
        max(file.pages, 1)
        for message in path[read_before + 1 :]
        for file in message.attachments
        if file.kind is AttachmentKind.PDF
    )
    price = PRICE_PER_PAGE.get(reading_engine(request.settings.pdf_engine, request.model))
    return (BillLine(BillItem.PDF_PAGE, pages, price),) if pages and price is not None else ()


def _has_parsed(message: Message) -> bool:
    return any(one.get("type") == "file" for one in message.annotations)


def _pricing(request: TurnRequest, endpoint: Endpoint | None) -> Pricing | None:
    if endpoint is not None and endpoint.pricing.prompt is not None:
        return endpoint.pricing
    return request.model.pricing if request.model is not None else None


def _completion_limit(
    request: TurnRequest, endpoint: Endpoint | None, prompt_tokens: int
) -> int | None:
    """How long the answer can become: as asked, as the model allows, and as the context leaves."""
    return _limit(request, prompt_tokens, (endpoint, request.model))


def _limit(
    request: TurnRequest, prompt_tokens: int, offers: Iterable[Endpoint | Model | None]
) -> int | None:
    limits = [request.asked_completion]
    for offer in offers:
        if offer is not None:
            limits.append(offer.max_completion_tokens)
            if offer.context_length is not None:
                limits.append(max(0, offer.context_length - prompt_tokens))
    return min((limit for limit in limits if limit is not None), default=None)


def _at_worst(
    request: TurnRequest,
    path: Sequence[Message],
    now: datetime,
    endpoint: Endpoint | None = None,
    others: Iterable[Endpoint] = (),
) -> Iterator[Decimal | None]:
    """What a request costs at worst in USD, by each who may answer it; None where nobody knows."""
    if request.is_local:
        return
    prompt = request.expected_prompt(path, None).prompt_tokens or 0
    longest = _longest(prompt, request.calibration.prompt)
    writes = explicit_caching(request.settings, request.model) is not None
    ttl = request.settings.cache_ttl
    for one in (endpoint, *others):
        pricing, limit = _pricing(request, one), _completion_limit(request, one, prompt)
        yield _dearest(longest, limit, pricing, now, ttl, writes=writes)
    for model in map(request.catalogue.find, request.settings.fallbacks):
        pricing = model.pricing if model is not None else None
        limit = _limit(request, prompt, (model,))
        yield _dearest(longest, limit, pricing, now, ttl, writes=writes)


def _longest(tokens: int, fit: Fit) -> int:
    """A longer prompt than thought."""
    off = _UNMEASURED_ERROR if fit.worst_error is None else fit.worst_error
    return round(tokens * (1 + off))


def _dearest(
    prompt: int,
    completion: int | None,
    pricing: Pricing | None,
    now: datetime,
    ttl: str | None,
    *,
    writes: bool,
) -> Decimal | None:
    """The most that somebody would ask for so many tokens, with a cache to write to or without.

    Nothing is read from the cache, and all of the answer is what is dearest in it: text, reasoning,
    images or sound. None if the price or the longest answer is not known.
    """
    if pricing is None or completion is None:
        return None
    prices = prices_at(pricing, prompt, now)
    outputs = (
        prices.completion,
        prices.internal_reasoning,
        prices.image_output,
        prices.audio_output,
    )
    if prices.completion is not None:
        prices = replace(prices, completion=max(one for one in outputs if one is not None))
    amounts = []
    for written in {0, prompt if writes else 0}:
        usage = Usage(prompt, completion, cache_write_tokens=written)
        lines = bill_lines(usage, prices, cache_ttl=ttl)
        if lines is None:
            return None
        amounts.append(amount_of(lines))
    return max(amounts)


def _greatest(amounts: Sequence[Decimal | None]) -> Decimal | None:
    """The greatest amount; None if there is none, or if one of them is not known."""
    known = [amount for amount in amounts if amount is not None]
    return max(known) if known and len(known) == len(amounts) else None
