"""What is said of budgets and of the cache around the prompt, in a few words."""

from decimal import Decimal

from tui.domain.budget import Severity, Verdict
from tui.domain.caching_trace import CacheState
from tui.domain.cost import CostTotal
from tui.domain.figures import UNKNOWN, money
from tui.domain.settings import BudgetSettings
from tui.ui.transcript.prefix import is_miss

_COUNT_EVERY = 10.0
_LAST_MINUTE = 60.0
"""The countdown of a warm cache moves every ten seconds, and in its last minute every second."""


def day_limit(budgets: BudgetSettings, today: CostTotal | None) -> Decimal | None:
    """The line of the day to show what was spent against, in USD: the next one; None without any.

    Once the soft line is reached, that is the hard one.
    """
    soft, hard = budgets.limit("day", hard=False), budgets.limit("day", hard=True)
    if soft is None or hard is None:
        return hard if soft is None else soft
    return hard if today is not None and today.amount >= soft else soft


def countdown(left: float) -> tuple[float, float]:
    """What a countdown shows of the seconds that are left, and after how many it moves on."""
    every = _COUNT_EVERY if left > _LAST_MINUTE else 1.0
    rest = left % every
    return left - rest, rest or every


def missed_words(state: CacheState) -> str:
    """What to say under an answer of a cache that was missed; nothing where that is no surprise."""
    return f"cache: {state.words}" if is_miss(state) else ""


def warning_words(verdict: Verdict) -> str:
    """The gravest crossing in a few words: ``soft budget: day $1.90 of $2``."""
    if verdict.severity is Severity.NONE:
        return ""
    worst = verdict.crossings[0]
    amount = money(worst.after, estimated=True)
    if worst.is_blind:
        amount = UNKNOWN
    elif worst.is_over_already:
        amount = worst.before_words
    return f"{_kind(verdict)} budget: {worst.scope} {amount} of {money(worst.limit)}"


def crossed_words(verdict: Verdict) -> str:
    """The same in as few words as possible: ``soft: day``."""
    if verdict.severity is Severity.NONE:
        return ""
    return f"{_kind(verdict)}: {verdict.crossings[0].scope}"


def _kind(verdict: Verdict) -> str:
    return "hard" if verdict.is_hard else "soft"
