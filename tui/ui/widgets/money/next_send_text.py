"""All about the next send in words: what it costs, what it holds, what is cached, what is left."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from textual.content import Content

from tui.domain.bill import BillItem, BillLine
from tui.domain.budget import Verdict
from tui.domain.caching import CachingEffect
from tui.domain.caching_trace import sticky_warning
from tui.domain.cost import CostTotal
from tui.domain.figures import money, money_exact, price_per_million, tokens
from tui.domain.reasoning_echo import reasoning_dropped
from tui.domain.receipt import total_words
from tui.domain.sanitize import single_line
from tui.domain.settings import BudgetSettings
from tui.domain.totals import Totals
from tui.ui.controllers.preview import NextSend
from tui.ui.widgets.money.columns import Row, bar, columns, heading

_BAR_CELLS = 20
_MINUTE = 60
_OUTPUT = (BillItem.OUTPUT, BillItem.REASONING)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the user stands: sums, limits, and what they mean for the next send."""

    totals: Totals | None
    budgets: BudgetSettings
    verdict: Verdict
    effect: CachingEffect
    minimum: int | None = None
    """Tokens from which on the model caches."""


def clock_words(seconds: float) -> str:
    """A time that is left: ``4:12``, or ``1:04:12`` from an hour on."""
    minutes, rest = divmod(int(seconds), _MINUTE)
    hours, minutes = divmod(minutes, _MINUTE)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def next_send_text(plan: NextSend | None, standing: Standing, now: datetime, width: int) -> Content:
    """The whole sheet for a width in cells; without a plan, what can be said all the same."""
    groups: list[Iterable[Content]] = [_spent(standing, width)]
    if plan is None:
        groups.insert(0, [Content.styled("Nothing is typed, and nothing was said.", "$text-muted")])
    else:
        groups[:0] = [_cost(plan, width), _context(plan, width), _cache(plan, standing, now)]
    texts = [Content("\n").join(lines) for lines in map(list, groups) if lines]
    return Content("\n\n").join(texts)


def _cost(plan: NextSend, width: int) -> Iterable[Content]:
    cost, model = plan.cost, single_line(plan.request.settings.model)
    yield heading(f"Cost with {model}")
    style = "$money" if cost.likely is not None else "$text-muted"
    yield Content.styled(f"  {cost.words}", style)
    rows = [
        Row(
            f"{line.item}{', usual length' if line.item in _OUTPUT else ''}",
            (
                tokens(line.count, estimated=True),
                _price_words(line),
                money_exact(line.amount),
            ),
        )
        for line in cost.lines
    ]
    yield from columns(rows, width)
    calibration = plan.request.calibration
    if cost.most_completion_tokens is not None:
        longest = tokens(cost.most_completion_tokens)
        yield Content(f"  An answer can have {longest} tokens at most.")
        if cost.worst:
            prompt = tokens(cost.most_prompt_tokens)
            yield Content(
                f"  At worst it has them all, and the prompt {prompt}, none from the cache,"
            )
            yield Content("  at the prices of the dearest who may answer.")
    yield Content.styled(f"  Estimates for this model: {calibration.words}.", "$text-muted")


def _price_words(line: BillLine) -> str:
    if line.item is BillItem.PDF_PAGE:
        return f"{money_exact(line.price)} each"
    return f"{price_per_million(line.price)} / M"


def _context(plan: NextSend, width: int) -> Iterable[Content]:
    parts = plan.parts
    limit = "" if parts.limit is None else f" of {tokens(parts.limit)}"
    yield heading(f"Context: {tokens(parts.used + parts.reserved, estimated=True)}{limit} tokens")
    whole = parts.limit or parts.used + parts.reserved or 1
    shares: Sequence[tuple[str, int]] = parts.shares()
    if parts.free:
        shares = (*shares, ("free", parts.free))
    yield from columns(
        [
            Row(name, (tokens(count), bar(count / whole, _BAR_CELLS).ljust(_BAR_CELLS)))
            for name, count in shares
        ],
        width,
        last="$text-accent",
    )
    if parts.overflow:
        over = tokens(parts.overflow, estimated=True)
        yield Content.styled(f"  ▲ {over} tokens more than fit", "$text-warning")
    if plan.overflow is not None:
        yield Content.styled(f"  ✗ It is not sent. {plan.overflow.next_step}", "$text-error")
    dropped = reasoning_dropped(plan.path, plan.request.settings.model)
    if dropped:
        yield Content.styled(f"  {dropped}", "$text-muted")
    if plan.compression is not None:
        yield Content.styled(f"  ▲ Compression: {plan.compression.words}.", "$text-warning")


def _cache(plan: NextSend, standing: Standing, now: datetime) -> Iterable[Content]:
    yield heading("Cache")
    yield Content(f"  {single_line(standing.effect.sentence, 300)}")
    warm = plan.trace.warm
    if (
        standing.minimum is not None
        and standing.effect.active
        and plan.parts.used < standing.minimum
    ):
        have, need = tokens(plan.parts.used, estimated=True), tokens(standing.minimum)
        yield Content.styled(
            f"  Not yet: the conversation has {have} of {need} tokens.", "$text-muted"
        )
    if warm is not None and warm.left(now):
        where = f" at {single_line(warm.provider, 40)}" if warm.provider else ""
        held = tokens(warm.tokens, estimated=True)
        yield Content.styled(
            f"  {held} tokens are cached{where} for {clock_words(warm.left(now))}.", "$money"
        )
    warning = sticky_warning(plan.request)
    if warning:
        yield Content.styled(f"  ▲ {warning}", "$text-warning")


def _spent(standing: Standing, width: int) -> Iterable[Content]:
    totals, budgets = standing.totals, standing.budgets
    if totals is None:
        return
    yield heading("Spent")
    limits = {
        "this conversation": (
            totals.conversation,
            budgets.conversation_soft,
            budgets.conversation_hard,
        ),
        "since the app was opened": (totals.opened, None, None),
        "today": (totals.today, budgets.day_soft, budgets.day_hard),
        "this month": (totals.month, budgets.month_soft, budgets.month_hard),
        "all time": (totals.all_time, None, None),
    }
    yield from columns(
        [
            Row(name, (unknown_words(total), _limits(soft, hard), total_words(total)))
            for name, (total, soft, hard) in limits.items()
        ],
        width,
    )
    for crossing in standing.verdict.crossings:
        style = "$text-error" if crossing.severity > 1 else "$text-warning"
        yield Content.styled(f"  ▲ {crossing.words}", style)


def unknown_words(total: CostTotal) -> str:
    """How many parts of a sum are not known, or only estimated; empty where all are exact."""
    words = [f"{total.unknown:,} unknown"] if total.unknown else []
    words += [f"{total.estimated:,} estimated"] if total.estimated else []
    words += [f"{total.local:,} local"] if total.local else []
    return ", ".join(words)


def _limits(soft: Decimal | None, hard: Decimal | None) -> str:
    limits = {"soft": soft, "hard": hard}
    return " · ".join(f"{name} {money(one)}" for name, one in limits.items() if one is not None)
