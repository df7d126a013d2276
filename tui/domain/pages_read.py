"""What reading the PDFs of a request costs beside its tokens."""

from collections.abc import Mapping, Sequence

from tui.domain.attachments import AttachmentKind
from tui.domain.attachments_models import PRICE_PER_PAGE, PdfEngine, reading_engine
from tui.domain.bill import BillItem, BillLine
from tui.domain.conversation import Message
from tui.domain.model import Model
from tui.domain.request import FILE_PARSER_PLUGIN, TurnSettings
from tui.domain.settings import ProviderKind


def pages_read(
    settings: TurnSettings, model: Model | None, path: Sequence[Message]
) -> tuple[BillLine, ...]:
    """The line for PDFs that are turned into text; what an answer sent back is not read again.

    There is none where the model reads them itself, or the engine that does costs nothing.
    """
    if settings.kind is ProviderKind.COMPATIBLE:
        return ()
    read_before = max((at for at, one in enumerate(path) if _has_parsed(one)), default=-1)
    pages = sum(
        max(file.pages, 1)
        for message in path[read_before + 1 :]
        for file in message.attachments
        if file.kind is AttachmentKind.PDF
    )
    engine = settings.pdf_engine or _engine_in(settings.params.get("plugins"))
    price = PRICE_PER_PAGE.get(reading_engine(engine, model))
    return (BillLine(BillItem.PDF_PAGE, pages, price),) if pages and price is not None else ()


def _has_parsed(message: Message) -> bool:
    return any(one.get("type") == "file" for one in message.annotations)


def _engine_in(plugins: object) -> PdfEngine | None:
    """The engine that the parameters choose, where the settings choose none."""
    for one in plugins if isinstance(plugins, list) else ():
        if isinstance(one, Mapping) and one.get("id") == FILE_PARSER_PLUGIN:
            pdf = one.get("pdf")
            named = pdf.get("engine") if isinstance(pdf, Mapping) else None
            return PdfEngine(named) if isinstance(named, str) and named in {*PdfEngine} else None
    return None
