"""The budgets on the settings screen: what may be typed, and what each limit does right now."""

import re
from collections.abc import Mapping
from decimal import Decimal

from tui.domain.cost import CostTotal
from tui.domain.figures import UNKNOWN, money
from tui.domain.settings import BudgetSettings
from tui.domain.totals import Totals

BUDGET_FIELDS = tuple(BudgetSettings.model_fields)
"""Every limit by its name: the scope, and whether it is soft or hard."""
LIMIT_WANTED = "Write an amount in US dollars, such as 2 or 0.50; nothing is no limit."

_AMOUNT = re.compile(r"(?=\.?\d)\d{0,9}(\.\d{0,9})?", re.ASCII)
_WITH_COMMA = re.compile(r"\d{0,9},\d{1,9}", re.ASCII)


def parse_limit(text: str) -> Decimal | None:
    """A limit in USD as typed, None for an empty field; raises ValueError if it is no amount."""
    amount = _amount_in(text)
    if not amount:
        return None
    if _AMOUNT.fullmatch(amount) is None:
        raise ValueError(text)
    return Decimal(amount)


def limit_problem(text: str) -> str:
    """What to write in place of a text that is no amount.

    A comma is never read as a decimal point: 1,500 is a thousand and a half to some.
    """
    amount = _amount_in(text)
    if _WITH_COMMA.fullmatch(amount) is None:
        return LIMIT_WANTED
    return f"Write {amount.replace(',', '.')}, with a point, or leave the comma out of thousands."


def _amount_in(text: str) -> str:
    return text.strip().removeprefix("$").strip()


def limit_text(limit: Decimal | None) -> str:
    """A limit as it is written into its field."""
    return "" if limit is None else f"{limit:f}"


def limit_words(
    field: str, budgets: BudgetSettings, spent: Totals | None
) -> tuple[str, bool] | None:
    """What a limit does right now, and whether that is a warning; None if there is nothing to say.

    ``spent`` is what was spent up to now; None if that is not known.
    """
    scope, _, kind = field.partition("_")
    limit = budgets.limit(scope, hard=kind == "hard")
    hard = budgets.limit(scope, hard=True)
    if limit is not None and kind == "soft" and hard is not None and limit >= hard:
        return f"It never warns: the hard limit, {money(hard)}, comes first.", True
    name, total = _spans(spent).get(scope, ("", None))
    if total is None:
        return None if limit is not None else ("No limit.", False)
    amount = money(total.amount, estimated=total.estimated > 0)
    amount += f" + {UNKNOWN}" if total.unknown else ""
    if limit is None:
        return f"No limit; {name.lower()} came to {amount}.", False
    reached = total.amount >= limit
    return f"{name} {amount} of {money(limit)}{': reached' if reached else ''}.", reached


def _spans(spent: Totals | None) -> Mapping[str, tuple[str, CostTotal]]:
    if spent is None:
        return {}
    return {
        "conversation": ("This conversation", spent.conversation),
        "day": ("Today", spent.today),
        "month": ("This month", spent.month),
    }
