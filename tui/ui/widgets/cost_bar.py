"""The cost bar: what this answer and this conversation cost, always in sight."""

from dataclasses import dataclass, field
from decimal import Decimal

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tui.domain.cost import Cost, CostSource, CostTotal, Usage
from tui.domain.figures import UNKNOWN, money, rate, seconds, tokens, tokens_short
from tui.domain.receipt import cost_words
from tui.domain.sanitize import single_line
from tui.ui.segments import Segment, fit

_METER_CELLS = 8
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_NEARLY_FULL = 0.8


@dataclass(frozen=True, slots=True)
class CostFigures:
    """Everything that the bar can show; absent figures take no room.

    ``phase`` says what a turn is waiting for; ``elapsed`` counts seconds since the send.
    ``context_used`` and ``context_limit`` are tokens.
    """

    answer: Cost | None = None
    chat: CostTotal = field(default_factory=CostTotal)
    today: CostTotal | None = None
    usage: Usage | None = None
    usage_is_estimate: bool = False
    first_token: float | None = None
    tokens_per_second: float | None = None
    served_by: str = ""
    phase: str = ""
    elapsed: float | None = None
    context_used: int | None = None
    context_limit: int | None = None


def total_words(total: CostTotal) -> str:
    """A sum for the bar: ``≈`` when a part is estimated, ``+ ?`` when a part is unknown."""
    if total.local and not (total.amount or total.unknown):
        return "local"
    words = money(total.amount, estimated=total.estimated > 0)
    return f"{words} + {UNKNOWN}" if total.unknown else words


def meter(used: int, limit: int) -> str:
    """A bar of eight cells that shows which part of the context is used."""
    eighths = min(_METER_CELLS * 8, round(used / limit * _METER_CELLS * 8)) if limit > 0 else 0
    if used > 0:
        eighths = max(1, eighths)
    full, rest = divmod(eighths, 8)
    return ("█" * full + (_EIGHTHS[rest] if rest else "")).ljust(_METER_CELLS)


class CostBar(Widget):
    """One line of figures; estimates carry ``≈``, what is billed does not."""

    DEFAULT_CSS = """
    CostBar { height: 1; padding: 0 1; background: $surface; color: $text-muted; }
    """

    figures: reactive[CostFigures] = reactive(CostFigures())

    def render(self) -> Content:
        """The figures that fit, the most important ones first to stay."""
        return fit(self._segments(), self.content_size.width)

    def _segments(self) -> list[Segment]:
        figures = self.figures
        segments = []
        if figures.answer is not None:
            nothing = figures.answer.source is CostSource.NOT_BILLED
            amount = money(Decimal(0)) if nothing else cost_words(figures.answer, exact=False)
            segments.append(Segment(_figure(amount, "answer"), 1))
        segments.append(Segment(_figure(total_words(figures.chat), "chat"), 0))
        if figures.today is not None:
            segments.append(Segment(_figure(total_words(figures.today), "today"), 8))
        if figures.phase:
            words = f"{figures.phase} {seconds(figures.elapsed)}"
            segments.append(Segment(Content.styled(words, "$text-accent"), 2))
            segments.append(Segment(Content("Esc stops"), 5))
        if figures.tokens_per_second is not None:
            segments.append(Segment(Content(rate(figures.tokens_per_second)), 4))
        if figures.first_token is not None:
            segments.append(Segment(Content(f"TTFT {seconds(figures.first_token)}"), 7))
        segments.extend(self._token_segments(figures))
        if figures.served_by:
            segments.append(Segment(Content(single_line(figures.served_by, 24)), 9))
        if figures.context_used is not None:
            segments.append(Segment(self._context_meter(figures.context_used), 3))
        return segments

    def _token_segments(self, figures: CostFigures) -> list[Segment]:
        usage = figures.usage
        if usage is None:
            return []
        estimated = figures.usage_is_estimate
        prompt = tokens(usage.prompt_tokens, estimated=estimated)
        segments = [Segment(Content(f"{prompt} → {tokens(usage.completion_tokens)} tok"), 6)]
        if usage.reasoning_tokens:
            segments.append(Segment(Content(f"{tokens(usage.reasoning_tokens)} reasoning"), 10))
        if usage.cached_tokens:
            segments.append(Segment(Content(f"{tokens(usage.cached_tokens)} cached"), 11))
        return segments

    def _context_meter(self, used: int) -> Content:
        limit = self.figures.context_limit
        if not limit:
            return Content(f"ctx {tokens_short(used)}")
        style = "$text-warning" if used > limit * _NEARLY_FULL else ""
        overflow = f" over by {tokens_short(used - limit)}" if used > limit else ""
        words = f"ctx ▕{meter(used, limit)}▏ {tokens_short(used)} / {tokens_short(limit)}{overflow}"
        return Content.styled(words, style)


def _figure(amount: str, name: str) -> Content:
    return Content.assemble((amount, "$money"), f" {name}")
