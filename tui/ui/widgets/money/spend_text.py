"""What stands around the bars of the spend screen, in words."""

from textual.content import Content

from tui.domain.figures import UNKNOWN, money, tokens_short
from tui.domain.model import KeyInfo
from tui.domain.receipt import total_words
from tui.domain.sanitize import single_line
from tui.domain.settings import BudgetSettings
from tui.domain.spend import SpendBy, SpendGroup
from tui.domain.totals import Totals
from tui.ui.controllers.spending import CLASSES, Measure
from tui.ui.segments import Segment, fit
from tui.ui.widgets.money.next_send_text import unknown_words
from tui.ui.widgets.money.rank_list import saving_words

_CLASS_CELLS = "▇▇"
_CLASS_STYLES = ("$foreground 55%", "$money", "$text-warning", "$text-accent", "$text-secondary")
"""As the bars are drawn."""


def totals_line(totals: Totals | None, budgets: BudgetSettings, width: int) -> Content:
    """What was spent by our own count; the parts that nobody knows are counted beside it."""
    segments = [Segment(Content.styled("Spent", "bold $text-accent"), 0)]
    if totals is None:
        return fit(segments, width)
    limits = {
        "today": (totals.today, budgets.limit("day", hard=True), 1),
        "this month": (totals.month, budgets.limit("month", hard=True), 2),
        "all time": (totals.all_time, None, 3),
        "since the app was opened": (totals.opened, None, 4),
    }
    for name, (total, limit, rank) in limits.items():
        of = f" / {money(limit)}" if limit is not None else ""
        words = Content.assemble(f"{name} ", (total_words(total), "$money"), of)
        segments.append(Segment(words, rank))
    unknown = unknown_words(totals.all_time)
    segments.append(Segment(Content.styled(unknown, "$quiet"), 5))
    return fit(segments, width)


def account_line(account: KeyInfo | None, *, asked: bool, width: int) -> Content:
    """What the provider itself says of the key in use, beside our own count."""
    name = Content.styled("Account", "bold")
    if account is None:
        words = "the provider says nothing of it" if asked else "asking the provider …"
        return Content.assemble(name, (f"   {words}", "$quiet"))
    segments = [Segment(name, 0)]
    spans = {
        "today": account.usage_daily,
        "this week": account.usage_weekly,
        "this month": account.usage_monthly,
        "all time": account.usage,
    }
    for rank, (span, amount) in enumerate(spans.items(), 2):
        if amount is not None:
            spent = Content.assemble(f"{span} ", (money(amount), "$money"))
            segments.append(Segment(spent, rank))
    if account.limit is not None:
        reset = f", {single_line(account.limit_reset, 20)}" if account.limit_reset else ""
        left = Content.assemble(
            (money(account.limit_remaining), "$money"), f" left of {money(account.limit)}{reset}"
        )
        segments.append(Segment(left, 1))
    if account.free_requests_left is not None:
        free = f"{account.free_requests_left:,} free requests left today"
        segments.append(Segment(Content(free), 6))
    segments.append(Segment(Content.styled("days in UTC", "$quiet"), 9))
    return fit(segments, width)


def tabs_line(by: SpendBy, measure: Measure, title: str, width: int) -> Content:
    """What it is grouped by, with the keys that choose, and what the bars show."""
    tabs = Content("  ").join(
        [
            Content.assemble(
                (str(number), "$text-accent"),
                (f" {one.value.capitalize()}", "bold reverse" if one is by else ""),
            )
            for number, one in enumerate(SpendBy, 1)
        ]
    )
    segments = [Segment(tabs, 0), Segment(Content.styled(f"bars: {measure.value}", "$quiet"), 2)]
    if title:
        segments.append(Segment(Content.styled(f"› {single_line(title, 60)}", "bold"), 1))
    return fit(segments, width)


def answers_words(group: SpendGroup) -> str:
    """How many answers there are, and beside them how many requests brought none."""
    answers = "1 answer" if group.answers == 1 else f"{group.answers:,} answers"
    return f"{answers}, {group.failed:,} failed" if group.failed else answers


def group_line(group: SpendGroup | None, width: int) -> Content:
    """One group in figures: what it cost, its tokens by class, and what the cache saved."""
    if group is None:
        return Content("")
    segments = [
        Segment(Content.styled(single_line(group.label, 40), "bold"), 0),
        Segment(Content.styled(total_words(group.cost), "$money"), 1),
    ]
    segments.append(Segment(Content(answers_words(group)), 3))
    classes = zip(CLASSES, group.tokens.by_class, strict=True)
    for place, (name, (count, estimated)) in enumerate(classes):
        if count:
            words = f" {name} {tokens_short(count, estimated=estimated)}"
            shown = Content.assemble((_CLASS_CELLS, _CLASS_STYLES[place]), words)
            segments.append(Segment(shown, 4 + place))
    if group.tokens.unknown:
        segments.append(Segment(Content.styled(f"+ {UNKNOWN} tok", "$quiet"), 9))
    if group.saving:
        style = "$money" if group.saving > 0 else "$text-warning"
        saving = Content.assemble("cache ", (saving_words(group.saving), style))
        segments.append(Segment(saving, 2))
    return fit(segments, width)
