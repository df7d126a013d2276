"""Models as the widgets of the catalogue get them."""

from datetime import UTC, datetime
from decimal import Decimal

from tui.domain.catalogue_context import FilterContext
from tui.domain.catalogue_index import row_of
from tui.domain.catalogue_row import row_facts
from tui.domain.catalogue_search import Found
from tui.domain.model import Model, Pricing
from tui.ui.widgets.catalogue.columns import Shown

NOW = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)
CONTEXT = FilterContext(now=NOW)


def per_million(amount: str) -> Decimal:
    return Decimal(amount) / 1_000_000


def priced(prompt: str, completion: str) -> Pricing:
    """Prices in USD per million tokens."""
    return Pricing(prompt=per_million(prompt), completion=per_million(completion))


def found(model: Model) -> Found:
    return Found(row_of(model, NOW))


def shown(
    model: Model, context: FilterContext = CONTEXT, *, mark: int = 0, is_gone: bool = False
) -> Shown:
    return Shown(found(model), row_facts(model, NOW), context, mark, is_gone)
