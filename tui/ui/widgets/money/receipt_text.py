"""A receipt in words: every line of the bill, its sum beside what was billed, and the facts."""

from collections.abc import Iterable

from textual.content import Content

from tui.domain.caching_trace import CacheState
from tui.domain.cost import CostSource
from tui.domain.figures import money_exact, price_per_million, tokens
from tui.domain.receipt import cost_words
from tui.domain.receipt_sheet import ReceiptSheet, saving_words
from tui.domain.sanitize import single_line
from tui.ui.transcript.prefix import is_miss
from tui.ui.widgets.money.columns import Row, columns, heading

_LONGEST_FACT = 200
_SOURCES = {
    CostSource.REPORTED: "billed",
    CostSource.LOCAL: "local: what it costs is its own affair",
    CostSource.NOT_BILLED: "not billed",
    CostSource.UNKNOWN: "not known what was billed",
}


def receipt_text(
    sheet: ReceiptSheet, width: int, cache: CacheState | None = None, remark: str = ""
) -> Content:
    """The receipt for a width in cells; ``remark`` is the outcome of asking for the bill."""
    groups = [_bill(sheet, width), _remarks(sheet, cache, remark), _facts(sheet, width)]
    texts = [Content("\n").join(lines) for lines in map(list, groups) if lines]
    return Content("\n\n").join(texts)


def _bill(sheet: ReceiptSheet, width: int) -> Iterable[Content]:
    yield heading("Bill")
    rows = [
        Row(
            line.item.value,
            (tokens(line.count), f"{price_per_million(line.price)} / M", money_exact(line.amount)),
        )
        for line in sheet.lines
    ]
    rows += [Row(charge.name, ("", "", money_exact(charge.amount))) for charge in sheet.charges]
    if sheet.computed is not None:
        rows.append(Row("these lines", ("", "", f"≈ {money_exact(sheet.computed)}"), "$text-muted"))
    billed = _SOURCES.get(sheet.billed.source, "estimated, not billed yet")
    amount = cost_words(sheet.billed) if sheet.billed.amount is not None else ""
    rows.append(Row(billed, ("", "", amount), "bold $money"))
    yield from columns(rows, width)


def _remarks(sheet: ReceiptSheet, cache: CacheState | None, remark: str) -> Iterable[Content]:
    if sheet.remark:
        yield Content.styled(f"  ▲ {single_line(sheet.remark, 400)}", "$text-warning")
    saving = saving_words(sheet.saving)
    if saving:
        style = "$money" if sheet.saving is not None and sheet.saving > 0 else "$text-warning"
        yield Content.styled(f"  {saving[0].upper()}{saving[1:]}.", style)
    if cache is not None and cache.words:
        sign, style = ("✗", "$text-warning") if is_miss(cache) else ("·", "$text-muted")
        yield Content.styled(f"  {sign} Cache: {single_line(cache.words, 300)}.", style)
    if remark:
        yield Content.styled(f"  {remark}", "$text-accent")
    elif sheet.can_be_settled:
        yield Content.styled("  S asks the server what it was billed.", "$text-accent")


def _facts(sheet: ReceiptSheet, width: int) -> Iterable[Content]:
    if not sheet.facts:
        return
    yield heading("Facts")
    longest = max(len(label) for label, _ in sheet.facts)
    for label, words in sheet.facts:
        fact = single_line(words, min(_LONGEST_FACT, max(10, width - longest - 4)))
        yield Content.assemble((f"  {label.ljust(longest)}  ", "$text-muted"), fact)
