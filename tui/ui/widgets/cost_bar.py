"""The cost bar: what this answer and this conversation cost, always in sight."""

from dataclasses import dataclass, field
from decimal import Decimal

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui.domain.cost import Cost, CostSource, CostTotal, Usage
from tui.domain.figures import money, rate, seconds, tokens, tokens_short
from tui.domain.receipt import cost_words, total_words
from tui.domain.sanitize import single_line
from tui.ui.segments import Segment, fit

_METER_CELLS = 8
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_NEARLY_FULL = 0.8
_CONTEXT_RANK = 4


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


@dataclass(frozen=True, slots=True)
class BarNotes:
    """What the bar says of the next send, beside the figures of the last one.

    ``day_limit`` is the budget of a day in USD. ``warning`` names the budget that is, or would be,
    crossed, and ``crossed`` does so in fewer words. ``cache`` says for how long the beginning of
    the conversation stays cached. ``sent`` and ``overflow`` are tokens: what would be sent, and by
    how much it is too long.
    """

    day_limit: Decimal | None = None
    warning: str = ""
    crossed: str = ""
    is_hard: bool = False
    cache: str = ""
    sent: int | None = None
    overflow: int = 0


class BarClicked(Message):
    """The user clicked the bar, to know more."""


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
    notes: reactive[BarNotes] = reactive(BarNotes())

    def on_click(self, event: events.Click) -> None:
        """Tell all about the next send."""
        event.stop()
        self.post_message(BarClicked())

    def render(self) -> Content:
        """The figures that fit, the most important ones first to stay."""
        return fit(self._segments(), self.content_size.width)

    def _segments(self) -> list[Segment]:
        figures, notes = self.figures, self.notes
        segments = []
        if notes.warning:
            style = "$text-error" if notes.is_hard else "$text-warning"
            said = [notes.warning]
            if notes.crossed:
                said += [notes.crossed, notes.crossed.partition(":")[0]]
            first, *others = [Content.styled(f"▲ {words}", style) for words in said]
            segments.append(Segment(first, 3, tuple(others)))
        if figures.answer is not None:
            nothing = figures.answer.source is CostSource.NOT_BILLED
            amount = money(Decimal(0)) if nothing else cost_words(figures.answer, exact=False)
            segments.append(Segment(_figure(amount, "answer"), 1))
        segments.append(Segment(_figure(total_words(figures.chat), "chat"), 0))
        if figures.today is not None:
            segments.append(self._today(figures.today))
        if figures.phase:
            elapsed = seconds(figures.elapsed)
            long, short = (
                Content.styled(words, "$text-accent")
                for words in (f"{figures.phase} {elapsed}", elapsed)
            )
            segments.append(Segment(long, 5, (short,)))
            segments.append(Segment(Content("Esc stops"), 8))
        if figures.tokens_per_second is not None:
            segments.append(Segment(Content(rate(figures.tokens_per_second)), 7))
        if figures.first_token is not None:
            segments.append(Segment(Content(f"TTFT {seconds(figures.first_token)}"), 10))
        segments.extend(self._token_segments(figures))
        if figures.served_by:
            segments.append(Segment(Content(single_line(figures.served_by, 24)), 11))
        if notes.cache:
            segments.append(Segment(Content(f"cache {notes.cache}"), 6))
        used, overflow = self._context_used()
        if used is not None:
            segments.append(self._context_part(used, overflow))
        return segments

    def _today(self, today: CostTotal) -> Segment:
        """What today cost, against its budget if there is one and room for it."""
        limit = self.notes.day_limit
        words = _figure(total_words(today), "today")
        if limit is None:
            return Segment(words, 2)
        return Segment(Content.assemble(words, f" / {money(limit)}"), 2, (words,))

    def _context_used(self) -> tuple[int | None, int]:
        """Tokens in the context, and too many of them: of the next send, once nothing streams."""
        figures, notes = self.figures, self.notes
        if notes.sent is not None and not figures.phase:
            return notes.sent, notes.overflow
        used, limit = figures.context_used, figures.context_limit
        return used, max(0, used - limit) if used is not None and limit else 0

    def _token_segments(self, figures: CostFigures) -> list[Segment]:
        usage = figures.usage
        if usage is None:
            return []
        estimated = figures.usage_is_estimate
        prompt = tokens(usage.prompt_tokens, estimated=estimated)
        segments = [Segment(Content(f"{prompt} → {tokens(usage.completion_tokens)} tok"), 9)]
        if usage.reasoning_tokens:
            segments.append(Segment(Content(f"{tokens(usage.reasoning_tokens)} reasoning"), 12))
        if usage.cached_tokens:
            segments.append(Segment(Content(f"{tokens(usage.cached_tokens)} cached"), 13))
        return segments

    def _context_part(self, used: int, overflow: int) -> Segment:
        """How much of the context is used: with a meter, in tokens, or in per cent."""
        limit = self.figures.context_limit
        if not limit:
            return Segment(Content(f"ctx {tokens_short(used)}"), _CONTEXT_RANK)
        style = "$text-warning" if overflow or used > limit * _NEARLY_FULL else ""
        over = f" over by {tokens_short(overflow)}" if overflow else ""
        of = f"{tokens_short(used)} / {tokens_short(limit)}{over}"
        share = f"{used / limit:.0%}".replace("%", " %") if used >= limit / 100 else "< 1 %"
        meter_words, tokens_words, share_words = (
            Content.styled(f"ctx {words}", style)
            for words in (f"▕{meter(used, limit)}▏ {of}", of, share)
        )
        return Segment(meter_words, _CONTEXT_RANK, (tokens_words, share_words))


def _figure(amount: str, name: str) -> Content:
    return Content.assemble((amount, "$money"), f" {name}")
