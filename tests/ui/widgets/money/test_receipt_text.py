from decimal import Decimal

from tui.domain.bill import BillItem, BillLine
from tui.domain.caching_reasons import MissReason
from tui.domain.caching_trace import CacheState
from tui.domain.cost import Cost, CostSource
from tui.domain.receipt_sheet import Charge, ReceiptSheet
from tui.ui.widgets.money.receipt_text import receipt_text

LINES = (
    BillLine(BillItem.INPUT, 224, Decimal("0.000003")),
    BillLine(BillItem.CACHE_READ, 980, Decimal("0.0000003")),
)
BILLED = Cost(Decimal("0.000966"), CostSource.REPORTED)


def words(sheet: ReceiptSheet, cache: CacheState | None = None, remark: str = "") -> str:
    return receipt_text(sheet, 80, cache, remark).plain


def test_every_class_of_tokens_has_its_price_and_amount_to_the_last_digit() -> None:
    text = words(ReceiptSheet(BILLED, LINES, saving=Decimal("0.0026")))

    assert "input         224      $3 / M     $0.000672" in text
    assert "cache read    980   $0.30 / M     $0.000294" in text
    assert "these lines                     ≈ $0.000966" in text
    assert "billed                            $0.000966" in text
    assert "Caching saved ≈ $0.0026" in text


def test_what_does_not_add_up_and_what_was_charged_apart_is_said() -> None:
    charges = (Charge("the provider bills your key", Decimal("0.01")),)
    text = words(ReceiptSheet(BILLED, LINES, charges, remark="The bill is $1 more."))

    assert "the provider bills your key" in text
    assert "▲ The bill is $1 more." in text


def test_a_missed_cache_says_why() -> None:
    state = CacheState(0, 5, 5, 980, MissReason.EXPIRED, "missed 980 · expired: 7 minutes passed")

    assert "✗ Cache: missed 980 · expired: 7 minutes passed." in words(
        ReceiptSheet(BILLED, LINES), state
    )


def test_without_a_bill_the_key_that_asks_for_it_is_named_until_it_was_asked() -> None:
    sheet = ReceiptSheet(Cost(Decimal("0.1"), CostSource.ESTIMATED), can_be_settled=True)

    assert "≈ $0.10" in words(sheet)
    assert "S asks the server" in words(sheet)
    assert "S asks" not in words(sheet, remark="Asking …")


def test_facts_are_shown_as_text_whatever_they_hold() -> None:
    sheet = ReceiptSheet(BILLED, facts=(("generation", "[/]\x1b[2J" + "x" * 500),))
    text = words(sheet)

    assert "generation  [/]␛[2J" in text
    assert all(len(line) <= 80 for line in text.splitlines())
