"""Which models take a file, how a PDF is read for those that do not, and what that costs."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from tui.domain.attachments import Attachment, AttachmentKind
from tui.domain.model import Model
from tui.domain.settings import ProviderKind

_MODALITY = {
    AttachmentKind.IMAGE: "image",
    AttachmentKind.PDF: "file",
    AttachmentKind.AUDIO: "audio",
    AttachmentKind.TEXT: "text",
}
_NAME = {
    AttachmentKind.IMAGE: "images",
    AttachmentKind.PDF: "PDFs",
    AttachmentKind.AUDIO: "audio",
    AttachmentKind.TEXT: "text files",
}
_FILTER = {
    AttachmentKind.IMAGE: "vision",
    AttachmentKind.PDF: "files",
    AttachmentKind.AUDIO: "audio",
    AttachmentKind.TEXT: "",
}


class PdfEngine(StrEnum):
    """What reads a PDF, by OpenRouter's names.

    Without a choice OpenRouter lets the model read it where it can, and takes ``mistral-ocr``
    where it cannot. Source: OpenRouter's guide to PDF inputs.
    """

    NATIVE = "native"
    CLOUDFLARE = "cloudflare-ai"
    MISTRAL = "mistral-ocr"

    @property
    def words(self) -> str:
        """What it does and what it costs, for a list of choices."""
        return _ENGINE_WORDS[self]


_ENGINE_WORDS = {
    PdfEngine.NATIVE: "the model itself; costs input tokens",
    PdfEngine.CLOUDFLARE: "turns it into text, free; no scans",
    PdfEngine.MISTRAL: "reads scans too; $2 per 1,000 pages",
}
PRICE_PER_PAGE = {PdfEngine.MISTRAL: Decimal("0.002")}
"""USD for reading one page of a PDF, beside the tokens; an engine that is missing is free."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Whether a model takes a file, and in words why not or by which way."""

    taken: bool
    words: str = ""


def acceptance(kind: AttachmentKind, model: Model | None, provider: ProviderKind) -> Acceptance:
    """Whether a model of a provider takes files of this kind.

    What nobody knows of a model is not held against it. OpenRouter reads a PDF for every model.
    """
    if kind is AttachmentKind.TEXT:
        return Acceptance(taken=True)
    if kind is AttachmentKind.PDF and provider is ProviderKind.COMPATIBLE:
        return Acceptance(taken=False, words="Only OpenRouter reads PDFs.")
    if model is None:
        return Acceptance(taken=True, words=f"Whether it takes {_NAME[kind]} is not known.")
    if _MODALITY[kind] in model.input_modalities:
        return Acceptance(taken=True)
    if provider is ProviderKind.COMPATIBLE:
        words = f"The server does not say that it takes {_NAME[kind]}."
        return Acceptance(taken=True, words=words)
    if kind is AttachmentKind.PDF:
        return Acceptance(taken=True, words="OpenRouter turns it into text for this model.")
    return Acceptance(taken=False, words=f"{model.name or model.id} takes no {_NAME[kind]}.")


def catalogue_filter(kind: AttachmentKind) -> str:
    """The term of the catalogue's filter for the models that take files of this kind."""
    return _FILTER[kind]


def reading_engine(choice: PdfEngine | None, model: Model | None) -> PdfEngine:
    """The engine that will read a PDF: the chosen one, else the one OpenRouter takes by itself."""
    if choice is not None:
        return choice
    native = model is not None and _MODALITY[AttachmentKind.PDF] in model.input_modalities
    return PdfEngine.NATIVE if native else PdfEngine.MISTRAL


def estimated_price(
    attachment: Attachment, model: Model | None, pdf_engine: PdfEngine | None = None
) -> Decimal | None:
    """About what the file adds to a request in USD, or None if the model's price is not known."""
    if model is None or model.pricing.varies or model.pricing.prompt is None:
        return None
    price = attachment.tokens * model.pricing.prompt
    if attachment.kind is AttachmentKind.PDF:
        engine = reading_engine(pdf_engine, model)
        price += max(attachment.pages, 1) * PRICE_PER_PAGE.get(engine, Decimal(0))
    return price
