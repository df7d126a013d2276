"""What files add to the cost of the next send."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tui.domain.attachments import inspect
from tui.domain.attachments_models import PdfEngine
from tui.domain.bill import BillItem
from tui.domain.connection import Connection
from tui.domain.conversation import Message, Role
from tui.domain.model import Model, Pricing
from tui.domain.preview import CostPreview, preview
from tui.domain.request import TurnSettings
from tui.domain.settings import ProviderKind
from tui.domain.turn import TurnRequest

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
PDF = inspect(b"%PDF-1.4\n" + b"<< /Type /Page >>\n" * 10, "a.pdf")
MODEL = Model(
    "a/b",
    pricing=Pricing(prompt=Decimal("0.000001"), completion=Decimal("0.000002")),
    max_completion_tokens=100,
    input_modalities=("text",),
)
ASKS = Message("p", "c", None, Role.USER, "Read it", NOON, attachments=(PDF,))
ANSWERS = Message("a", "c", "p", Role.ASSISTANT, "Done", NOON)
GOES_ON = Message("q", "c", "a", Role.USER, "And?", NOON)


def cost(
    *path: Message, engine: PdfEngine | None = None, kind: ProviderKind = ProviderKind.OPENROUTER
) -> CostPreview:
    connection = Connection("p", kind, "https://example.org/api/v1", MODEL.id)
    settings = TurnSettings(kind, MODEL.id, pdf_engine=engine)
    return preview(TurnRequest(connection, settings, MODEL), path, now=NOON)


def pages(shown: CostPreview) -> int:
    return sum(line.count for line in shown.lines if line.item is BillItem.PDF_PAGE)


def test_text_recognition_is_billed_by_the_page() -> None:
    free, billed = cost(ASKS, engine=PdfEngine.CLOUDFLARE), cost(ASKS)
    assert (pages(free), pages(billed)) == (0, 10)
    assert free.likely is not None
    assert billed.likely == free.likely + Decimal("0.02")
    assert free.worst is not None
    assert billed.worst == free.worst + Decimal("0.02")


@pytest.mark.parametrize(
    ("annotations", "count"), [((), 10), (({"type": "file", "file": {"hash": "1"}},), 0)]
)
def test_what_came_back_read_is_not_billed_again(
    annotations: tuple[dict[str, object], ...], count: int
) -> None:
    answered = replace(ANSWERS, annotations=annotations)
    assert pages(cost(ASKS, answered, GOES_ON)) == count


def test_other_servers_bill_no_pages() -> None:
    assert pages(cost(ASKS, kind=ProviderKind.COMPATIBLE)) == 0


def test_nothing_is_learnt_about_texts_from_a_prompt_with_files() -> None:
    connection = Connection("p", ProviderKind.OPENROUTER, "https://example.org/api/v1", MODEL.id)
    request = TurnRequest(connection, TurnSettings(ProviderKind.OPENROUTER, MODEL.id), MODEL)
    assert request.new_answer([ASKS], 0.0).prompt_raw == 0
    assert request.new_answer([GOES_ON], 0.0).prompt_raw > 0
