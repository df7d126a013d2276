"""Every price of a model, and what each comes to for many of the user's turns."""

from textual.content import Content

from tui.domain.catalogue_context import FilterContext
from tui.domain.catalogue_facts import TURNS, price_conditions, price_rows
from tui.domain.catalogue_search import Found
from tui.domain.catalogue_sort import turn_price
from tui.domain.figures import money, tokens

_LABEL = 13
_PRICE = 9


def prices_text(found: Found, context: FilterContext) -> Content:
    """The prices of now, and below them what else can hold."""
    turn = context.turn
    rows = price_rows(found.row.pricing, turn)
    if not rows:
        return Content.styled("The catalogue names no prices.", "$quiet")
    lines = [
        Content.assemble(
            (f"{'Prices':<{_LABEL}}", "bold $text-accent"),
            (f"{'per M':>{_PRICE}}  {TURNS:,} turns", "$quiet"),
        )
    ]
    for row in rows:
        label, price = (f"{row.label:<{_LABEL}}", "$quiet"), (f"{row.price:>{_PRICE}}", "$money")
        lines.append(Content.assemble(label, price, f"  {row.amount}"))
    total = turn_price(found.row, turn, context.now)
    if total is not None:
        blank = f"{'sum, no cache':<{_LABEL}}{'':>{_PRICE}}  "
        sum_of_turns = (money(total * TURNS, estimated=True), "bold $money")
        lines.append(Content.assemble((blank, "$quiet"), sum_of_turns))
    size = f"{tokens(turn.prompt_tokens)} → {tokens(turn.completion_tokens)} tokens"
    learnt = "as yours usually are" if turn.measured else "as long as none of yours is known"
    lines.append(Content.styled(f"Turns of {size}, {learnt}.", "$quiet"))
    lines += map(Content, price_conditions(found.model.pricing, context.now))
    return Content("\n").join(lines)
