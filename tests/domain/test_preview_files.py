"""What files add to the cost of the next send."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from tui.domain.attachments import AttachmentKind, inspect
from tui.domain.attachments_models import PdfEngine
from tui.domain.bill import BillItem
from tui.domain.connection import Connection
from tui.domain.conversation import Message, Role
from tui.domain.cost import Cost, CostSource, Usage
from tui.domain.events import UsageReported
from tui.domain.model import Model, Pricing
from tui.domain.pages_read import pages_read
from tui.domain.preview import CostPreview, preview
from tui.domain.receipt_sheet import Charge, receipt_sheet
from tui.domain.request import TurnSettings
from tui.domain.settings import ProviderKind
from tui.domain.turn import TurnRequest
from tui.domain.under_way import estimated_cost

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


def test_what_reading_costs_is_part_of_every_estimate_of_the_answer() -> None:
    connection = Connection("p", ProviderKind.OPENROUTER, "https://example.org/api/v1", MODEL.id)
    request = TurnRequest(connection, TurnSettings(ProviderKind.OPENROUTER, MODEL.id), MODEL)
    answer = request.new_answer([ASKS], 0.0)
    sent = request.expected_prompt([ASKS]).prompt_tokens or 0
    expected = Cost(sent * Decimal("0.000001") + Decimal("0.02"), CostSource.ESTIMATED)
    assert sent >= PDF.tokens > 0
    assert answer.cost(NOON) == expected

    generation = answer.generation(NOON)
    assert estimated_cost(generation.estimate, generation.prices, 0) == expected
    sheet = receipt_sheet(replace(ANSWERS, generation=generation))
    assert sheet is not None
    assert sheet.charges == (Charge("reading the PDF", Decimal("0.02")),)

    bill = Decimal("0.021")
    answer.apply(UsageReported(Usage(1000, 0, cost=bill)), 1.0)
    assert answer.cost(NOON) == Cost(bill, CostSource.REPORTED)
    sheet = receipt_sheet(replace(ANSWERS, generation=answer.generation(NOON)))
    assert sheet is not None
    assert sheet.charges == ()
    assert "$0.02 more than these lines come to: reading the PDF" in sheet.remark


def test_sound_has_a_price_of_its_own() -> None:
    sound = replace(PDF, kind=AttachmentKind.AUDIO, tokens=1000)
    asks = replace(ASKS, attachments=(sound,))
    connection = Connection("p", ProviderKind.OPENROUTER, "https://example.org/api/v1", MODEL.id)
    settings = TurnSettings(ProviderKind.OPENROUTER, MODEL.id)
    costs = []
    for audio in ("0.000001", "0.000005"):
        model = replace(MODEL, pricing=replace(MODEL.pricing, audio=Decimal(audio)))
        costs.append(preview(TurnRequest(connection, settings, model), [asks], now=NOON))
    plain, dear = costs
    assert dear.usage.audio_tokens == 1000
    assert None not in (plain.likely, dear.likely, plain.worst, dear.worst)
    assert (dear.likely or 0) - (plain.likely or 0) == 1000 * Decimal("0.000004")
    # nothing was measured yet, so there may be half as much again
    assert (dear.worst or 0) - (plain.worst or 0) == 1500 * Decimal("0.000004")


@pytest.mark.parametrize(
    ("plugin", "count"),
    [
        ({"id": "file-parser", "pdf": {"engine": "cloudflare-ai"}}, 0),
        ({"id": "file-parser", "pdf": {"engine": "mistral-ocr"}}, 10),
        ({"id": "file-parser", "pdf": {"engine": ["?"]}}, 0),
        ({"id": "file-parser", "pdf": 1}, 0),
    ],
)
def test_the_parameters_may_choose_what_reads(plugin: dict[str, object], count: int) -> None:
    reads = replace(MODEL, input_modalities=("text", "file"))
    settings = TurnSettings(ProviderKind.OPENROUTER, MODEL.id, params={"plugins": [plugin]})
    assert sum(line.count for line in pages_read(settings, reads, [ASKS])) == count
