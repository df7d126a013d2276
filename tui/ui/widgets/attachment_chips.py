"""The files that go with the next message, one line each, above the prompt."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.domain.attachments import Attachment, AttachmentKind
from tui.domain.attachments_models import (
    Acceptance,
    PdfEngine,
    acceptance,
    catalogue_filter,
    estimated_price,
    reading_engine,
)
from tui.domain.figures import money, tokens
from tui.domain.model import Model
from tui.domain.settings import ProviderKind

_GAP = " · "


@dataclass(frozen=True, slots=True)
class Chip:
    """A file and what it means for the model that will be asked; ``price`` is in USD.

    ``engine`` is what reads it, if it is a PDF and something of OpenRouter's does.
    """

    attachment: Attachment
    acceptance: Acceptance
    price: Decimal | None = None
    engine: PdfEngine | None = None

    @property
    def text(self) -> Content:
        """The chip in one line; what matters most comes first where the line is cut."""
        file, taken = self.attachment, self.acceptance.taken
        counted = "token" if file.tokens == 1 else "tokens"
        facts = [f"{tokens(file.tokens, estimated=True)} {counted}"] if file.tokens else []
        if self.price is not None:
            facts.append(money(self.price, estimated=True))
        if self.engine is not None:
            native = self.engine is PdfEngine.NATIVE
            facts.append(f"read by {'the model' if native else self.engine}")
        said = self.acceptance.words
        if not taken and catalogue_filter(file.kind):
            said = f"{said} f: which do"
        return Content.assemble(
            ("▣ " if taken else "⚠ ", "$text-accent" if taken else "$text-warning"),
            (file.words, "$foreground"),
            (_GAP + said if said and not taken else "", "$text-warning"),
            (_GAP + _GAP.join(facts) if facts else "", "$text-muted"),
            (_GAP + said if said and taken and self.engine is None else "", "$text-muted"),
        )


def chip_of(
    attachment: Attachment,
    model: Model | None,
    provider: ProviderKind,
    pdf_engine: PdfEngine | None,
) -> Chip:
    """The chip of a file for a model of a provider; ``pdf_engine`` is the chosen one, if any."""
    accepted = acceptance(attachment.kind, model, provider)
    is_read = attachment.kind is AttachmentKind.PDF and accepted.taken
    return Chip(
        attachment,
        accepted,
        estimated_price(attachment, model, pdf_engine) if accepted.taken else None,
        reading_engine(pdf_engine, model) if is_read else None,
    )


@dataclass
class FileChosen(Message):
    """The user wants to do something with an attached file: ``open``, ``remove`` or ``models``."""

    attachment: Attachment
    wish: str


@dataclass
class EngineWanted(Message):
    """The user wants to choose what reads PDFs."""


@dataclass
class FilesLeft(Message):
    """The user is done with the files and goes back to the prompt."""


class AttachmentChips(OptionList):
    """Hidden while nothing is attached; at most four lines are in sight."""

    DEFAULT_CSS = """
    AttachmentChips {
        height: auto;
        max-height: 4;
        padding: 0 1;
        border: none;
        background: $surface;
        text-wrap: nowrap;
        text-overflow: ellipsis;
        scrollbar-size-vertical: 1;
        display: none;
        &.-some { display: block; }
        &:focus { border: none; background-tint: $foreground 0%; }
        & > .option-list--option { padding: 0; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Open", id="chips.open", tooltip="Look at the attached file"),
        Binding(
            "delete,backspace",
            "wish('remove')",
            "Remove",
            id="chips.remove",
            tooltip="Do not send the file",
        ),
        Binding(
            "f",
            "wish('models')",
            "Which models",
            id="chips.models",
            tooltip="Browse the models that take such a file",
        ),
        Binding(
            "e",
            "engine",
            "PDF engine",
            id="chips.engine",
            tooltip="Choose what reads PDFs in this conversation",
        ),
        Binding("escape", "leave", "Back", id="chips.leave", tooltip="Back to the prompt"),
    ]

    def __init__(self) -> None:
        super().__init__(markup=False)
        self.chips: tuple[Chip, ...] = ()

    def show(self, chips: Sequence[Chip]) -> None:
        """Show these; the line under the cursor stays where it is."""
        if tuple(chips) == self.chips:
            return
        at, self.chips = self.highlighted, tuple(chips)
        self.set_class(bool(chips), "-some")
        self.clear_options()
        self.add_options(Option(chip.text) for chip in chips)
        if chips:
            self.highlighted = min(at or 0, len(chips) - 1) if self.has_focus else None
        elif self.has_focus:
            self.post_message(FilesLeft())

    def on_focus(self) -> None:
        """Start at the file that was attached last."""
        if self.highlighted is None and self.chips:
            self.highlighted = len(self.chips) - 1

    def on_blur(self) -> None:
        """No line stands out while keys go elsewhere."""
        self.highlighted = None

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Look at the file."""
        event.stop()
        self.action_wish("open")

    def action_wish(self, wish: str) -> None:
        """Hand on what is to be done with the file under the cursor."""
        if self.highlighted is not None:
            self.post_message(FileChosen(self.chips[self.highlighted].attachment, wish))

    def action_engine(self) -> None:
        """Hand on that another engine is wanted, if there is a PDF to read."""
        if any(chip.attachment.kind is AttachmentKind.PDF for chip in self.chips):
            self.post_message(EngineWanted())

    def action_cursor_down(self) -> None:
        """Below the last file is the prompt."""
        if self.highlighted is None or self.highlighted >= len(self.chips) - 1:
            self.action_leave()
        else:
            super().action_cursor_down()

    def action_leave(self) -> None:
        """Go back to the prompt."""
        self.post_message(FilesLeft())
