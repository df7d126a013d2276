"""The part of the chat screen that attaches files to the next message."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.worker import Worker, WorkerError

from tui.domain.attachments import Attachment, AttachmentKind
from tui.domain.attachments_models import PdfEngine, catalogue_filter
from tui.domain.attachments_paths import at_word
from tui.domain.errors import WorkbenchError
from tui.domain.pictures import Picture
from tui.domain.presets import changed
from tui.services.attachments import Attached
from tui.services.attachments_read import pasted_files
from tui.services.branches import store_settings
from tui.services.paths import working_folder
from tui.ui.chips_presenter import show_chips
from tui.ui.controllers.attached_image import AttachedImage
from tui.ui.controllers.path_offers import PathOffers
from tui.ui.guard import run_guarded
from tui.ui.messages import DraftChanged, OfferTaken, TextPasted
from tui.ui.widgets.attachment_chips import AttachmentChips, FileChosen
from tui.ui.widgets.prompt import Prompt

if TYPE_CHECKING:
    from tui.domain.conversation import Conversation
    from tui.ui.controllers.chat import Chat
    from tui.ui.controllers.chips import Outgoing
    from tui.ui.money_presenter import MoneyPresenter

_BY_ITSELF = ("no choice", "the model if it can, else mistral-ocr")


@dataclass(eq=False, slots=True)
class _Reading:
    """A file that is being read for a conversation; ``message`` is the one that waits for it."""

    conversation: Conversation | None
    message: Outgoing | None = None
    worker: Worker[None] | None = None

    @property
    def is_done(self) -> bool:
        return self.worker is not None and self.worker.is_finished


class ChatAttaching(Screen[None]):
    """Files come by a dialog, by ``@path``, by dropping or pasting a path, or as an image."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "f9,alt+f",
            "attach_file",
            "Attach",
            id="chat.attach",
            tooltip="Attach a file",
            show=False,
        ),
        Binding(
            "alt+v",
            "attach_image",
            "Attach image",
            id="chat.attach_image",
            tooltip="Attach the image that is on the clipboard",
            show=False,
        ),
        Binding(
            "alt+c",
            "attachments",
            "Attached files",
            id="chat.attachments",
            tooltip="Go to the attached files: look at them, remove them",
            show=False,
        ),
    ]

    chat: Chat
    money: MoneyPresenter
    _may_send: asyncio.Event

    def on_mount(self) -> None:
        """Offer files where an ``@`` is typed."""
        prompt = self.query_one(Prompt)
        self._readings: list[_Reading] = []
        self._paths = PathOffers(working_folder(), prompt.look_again)
        prompt.completing.sources.append(self._paths)

    def show_attached(self) -> None:
        """The files have changed: the chips say so, and what the next send costs."""
        show_chips(self, self.chat)
        self.money.changed()
        self.post_message(DraftChanged())

    def attach(self, written: str) -> None:
        """Attach the file at a path as it was typed."""
        self._take_in(lambda: self.chat.session.attachments.add_path(written, self._paths.folder))

    def action_attach_file(self) -> None:
        """Choose a file in a dialog."""
        from tui.ui.screens.attach_file import AttachFile

        def chosen(path: Path | None) -> None:
            if path is not None:
                self._take_in(lambda: self.chat.session.attachments.add_file(path))

        self.app.push_screen(AttachFile(self._paths.folder), chosen)

    def action_attach_image(self) -> None:
        """Attach what is on the clipboard."""
        self._take_in(self._clipboard_image)

    def attach_data(self, data: bytes, name: str) -> None:
        """Attach what is no file of the user's, such as an image of an answer."""

        async def take() -> Attached:
            return Attached(await self.chat.session.attachments.add_data(data, name))

        self._take_in(take)

    async def _clipboard_image(self) -> Attached:
        from tui.services.clipboard_image import clipboard_image

        session = self.chat.session
        data = await clipboard_image(session.runtime.environ, sys.platform)
        return Attached(await session.attachments.add_data(data, "clipboard.png"))

    def _take_in(self, take: Callable[[], Awaitable[Attached]]) -> None:
        reading = _Reading(self.chat.conversation)
        self._begin(reading, self._taken_in(reading, take))

    def _begin(self, reading: _Reading, work: Coroutine[object, object, None]) -> None:
        self._readings = [one for one in self._readings if not one.is_done]
        self._readings.append(reading)
        reading.worker = run_guarded(self.app, work, "attach")

    async def _taken_in(self, reading: _Reading, take: Callable[[], Awaitable[Attached]]) -> None:
        await self._may_send.wait()
        attached = await take()
        self._add(reading, [attached.attachment])
        if attached.note:
            self.notify(attached.note, markup=False)
        self._say_doubts([attached])

    def _say_doubts(self, attached: Sequence[Attached]) -> None:
        for one in attached:
            if one.doubt:
                self.notify(one.doubt, severity="warning", markup=False)

    def _add(self, reading: _Reading, attachments: Sequence[Attachment]) -> None:
        """Attach what was read: to the message that waits for it, else to the draft."""
        conversation = reading.conversation or self.chat.conversation
        if reading.message is not None:
            reading.message.take_along(attachments)
        elif conversation is not None:
            self.chat.chips.add(conversation.id, attachments)
        self.show_attached()

    def claim_files(self, message: Outgoing) -> None:
        """What is still being read when a message is sent goes along with it."""
        for reading in self._readings:
            of_same = reading.conversation in (None, message.conversation)
            if of_same and reading.message is None and not reading.is_done:
                reading.message = message

    async def files_read(self, message: Outgoing) -> None:
        """Wait until all that goes along with a message is read."""
        for reading in self._readings:
            if reading.message is message and reading.worker is not None:
                with suppress(WorkerError):
                    await reading.worker.wait()

    def on_offer_taken(self, message: OfferTaken) -> None:
        """Attach the file whose path was completed; the path stays in the text."""
        path = self._paths.path_of(message.offer)
        if path is not None:
            self._take_in(lambda: self.chat.session.attachments.add_file(path))

    def on_text_pasted(self, message: TextPasted) -> None:
        """Attach what was dropped or pasted, if it is nothing but paths of files."""
        reading = _Reading(self.chat.conversation)
        self._begin(reading, self._pasted(reading, message))

    async def _pasted(self, reading: _Reading, pasted: TextPasted) -> None:
        paths = await asyncio.to_thread(pasted_files, pasted.text, self._paths.folder)
        conversation, prompt = reading.conversation, self.query_one(Prompt)
        before = prompt.document.get_text_range((pasted.start[0], 0), pasted.start)
        if not paths or conversation is None or at_word(before, len(before)) is not None:
            return
        store = self.chat.session.attachments
        try:
            taken = [await store.add_file(path) for path in paths]
        except WorkbenchError as error:
            words = f"{error.failure.what} Its path stays in the text."
            self.notify(words, severity="warning", markup=False)
            return
        is_there = prompt.document.get_text_range(pasted.start, pasted.end) == pasted.text
        if is_there and conversation is self.chat.conversation:
            prompt.delete(pasted.start, pasted.end, maintain_selection_offset=True)
        self._add(reading, [one.attachment for one in taken])
        names = ", ".join(one.attachment.name for one in taken)
        self.notify(f"Attached {names}. Ctrl+Z brings the path back as text.", markup=False)
        self._say_doubts(taken)

    def action_attachments(self) -> None:
        """Go to the attached files."""
        chips = self.query_one(AttachmentChips)
        if chips.chips:
            chips.focus()
        else:
            self.notify("Nothing is attached. F9 attaches a file.", markup=False)

    def on_files_left(self) -> None:
        """Go back to typing."""
        self.query_one(Prompt).focus()

    async def on_file_chosen(self, message: FileChosen) -> None:
        """Do with an attached file what the user wants."""
        attachment, conversation = message.attachment, self.chat.conversation
        match message.wish:
            case "remove" if conversation is not None:
                self.chat.chips.remove(conversation.id, attachment)
                self.show_attached()
            case "models":
                await self._browse_models(attachment.kind)
            case "open":
                run_guarded(self.app, self._open_attached(attachment), "attach")

    async def _browse_models(self, kind: AttachmentKind) -> None:
        wanted = catalogue_filter(kind)
        if wanted:
            await self.run_action(f"app.models({wanted!r})")
        else:
            self.notify("Every model takes text.", markup=False)

    async def _open_attached(self, attachment: Attachment) -> None:
        from tui.ui.controllers.image_desk import ImageDesk
        from tui.ui.screens.attached_file import AttachedFile
        from tui.ui.screens.image import ImageScreen

        session = self.chat.session
        data = await session.attachments.data_of(attachment)
        if data is None:
            self.notify(f"{attachment.name} is gone.", severity="warning", markup=False)
        elif attachment.kind is AttachmentKind.IMAGE:
            desk = ImageDesk(AttachedImage(data), attachment.name, session.runtime.environ)
            await self.app.push_screen(ImageScreen(desk, [Picture.of(data)], 0, attachable=False))
        else:
            await self.app.push_screen(AttachedFile(attachment, data))

    def on_engine_wanted(self) -> None:
        """Choose what reads PDFs in this conversation."""
        from tui.ui.screens.list_chooser import ListChooser

        conversation = self.chat.conversation
        if conversation is None:
            return
        choices: Sequence[PdfEngine | None] = (None, *PdfEngine)
        rows = [_BY_ITSELF, *((str(engine), engine.words) for engine in PdfEngine)]
        at = choices.index(conversation.settings.pdf_engine)

        def choose(place: int | None) -> None:
            if place is not None:
                run_guarded(self.app, self._use_engine(choices[place]), "attach")

        self.app.push_screen(ListChooser("What reads the PDFs", rows, at), choose)

    async def _use_engine(self, engine: PdfEngine | None) -> None:
        conversation = self.chat.conversation
        if conversation is not None:
            conversation.settings = changed(conversation.settings, pdf_engine=engine)
            self.show_attached()
            await store_settings(await self.chat.session.wait_for_history(), conversation)
