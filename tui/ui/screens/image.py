"""One image of an answer: looked at where the terminal can, saved, or opened in another program."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Center, Horizontal, Middle, Vertical
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from tui.domain.errors import WorkbenchError
from tui.domain.pictures import Picture
from tui.services.paths import shown
from tui.ui.controllers.image_desk import ImageDesk
from tui.ui.guard import guarded
from tui.ui.screens.ask_text import AskText
from tui.ui.screens.confirm import Confirm
from tui.ui.terminal_images import (
    CannotDrawError,
    Drawing,
    can_draw,
    decoded,
    drawing_for,
    image_widget,
)

_NO_LIBRARY = "To see images here, install the extra “images”, or:\npip install textual-image"


class ImageScreen(ModalScreen[int | None]):
    """Shows one image at a time; nothing leaves it but by S, O and A.

    Dismisses with the index of the image that is to be attached to the next message, if any. What
    is attached already is shown without that choice.
    """

    CSS_PATH = "image.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "dismiss", "Close", id="image.close", tooltip="Back to the chat"),
        Binding("s", "save", "Save", id="image.save", tooltip="Save a copy of it"),
        Binding("o", "open", "Open", id="image.open", tooltip="Open it in the system's viewer"),
        Binding("a", "attach", "Attach", id="image.attach", tooltip="Send it with a message"),
        Binding("left,p", "step(-1)", "Previous", id="image.previous", tooltip="The image before"),
        Binding("right,n", "step(1)", "Next", id="image.next", tooltip="The next image"),
    ]

    def __init__(
        self, desk: ImageDesk, images: Sequence[Picture], index: int, *, attachable: bool = True
    ) -> None:
        super().__init__()
        self._attachable = attachable
        self._desk = desk
        self._pictures = images
        self._at = index

    def compose(self) -> ComposeResult:
        """Lay out the image and what can be done with it."""
        with Vertical(id="dialog"):
            yield Static(id="name", markup=False)
            with Middle(), Center(id="picture"):
                yield Static(id="words", markup=False)
            with Horizontal(id="answers"):
                yield Button("Close  (Esc)", id="close", compact=True)
                if self._attachable:
                    yield Button("Attach  (a)", id="attach", compact=True)
                yield Button("Save  (s)", id="save", compact=True)
                yield Button("Open  (o)", id="open", compact=True)

    def on_mount(self) -> None:
        """Start on the answer that does nothing."""
        self.query_one("#close", Button).focus()
        self._show()

    @property
    def picture(self) -> Picture:
        """The image on screen."""
        return self._pictures[self._at]

    def action_step(self, step: int) -> None:
        """Show the image before (-1) or after (1), if there is one."""
        if 0 <= self._at + step < len(self._pictures):
            self._at += step
            self._show()

    def _show(self) -> None:
        picture, count = self.picture, len(self._pictures)
        place = f"image {self._at + 1} of {count}" if count > 1 else "image"
        self.query_one("#name", Static).update(f"{place} · {picture.words}")
        self.query_one("#open", Button).disabled = not picture.format.is_raster
        self._say("Loading …")
        self._draw(picture)

    def _say(self, words: str) -> None:
        """Show words where the image would be, or no words and the image."""
        holder = self.query_one("#words", Static)
        holder.update(words)
        holder.display = bool(words)
        self.set_class(bool(words), "-words")

    @guarded("draw")
    async def _draw(self, picture: Picture) -> None:
        """Draw the image, or say why it is not drawn."""
        holder = self.query_one("#picture", Center)
        await holder.query("#drawn").remove()
        try:
            data = await self._desk.data(picture)
            if not picture.format.is_raster:
                self._say("Only PNG, JPEG, GIF and WebP can be shown.")
            elif not can_draw():
                self._say(_NO_LIBRARY)
            else:
                ground = holder.background_colors[1]
                image = await asyncio.to_thread(decoded, data, ground)
                widget = image_widget(image, self._drawing())
                widget.id = "drawn"
                await holder.mount(widget)
                self._say("")
        except CannotDrawError as error:
            self._say(str(error))
        except WorkbenchError as error:
            self._say(f"{error.failure.what}\n{error.failure.next_step}")

    def _drawing(self) -> Drawing:
        return Drawing.BLOCKS if self.app.is_headless else drawing_for(self._desk.environ)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Do what the button says."""
        event.stop()
        match event.button.id:
            case "save":
                self.action_save()
            case "open":
                self.action_open()
            case "attach":
                self.action_attach()
            case _:
                self.dismiss()

    def action_attach(self) -> None:
        """Hand the image back, to go with the next message."""
        if self._attachable:
            self.dismiss(self._at)

    def action_open(self) -> None:
        """Open the image in another program."""
        self._open(self.picture)

    @guarded("open")
    async def _open(self, picture: Picture) -> None:
        await self._desk.open(picture)
        self.notify("Handed to the system's viewer.", markup=False)

    def action_save(self) -> None:
        """Ask where to, and save a copy there."""
        self._save(self.picture, self._at + 1)

    @guarded("save")
    async def _save(self, picture: Picture, number: int) -> None:
        path = await self._desk.suggestion(picture, number)
        typed = await self.app.push_screen_wait(AskText("Save the image as", shown(path)))
        if typed is None:
            return
        path = await self._desk.target(typed, picture, number)
        try:
            await self._desk.save(picture, path)
        except FileExistsError:
            if not await self._may_replace(path):
                return
            await self._desk.save(picture, path, replace=True)
        self.notify(f"Saved {shown(path)}.", markup=False)

    async def _may_replace(self, path: Path) -> bool:
        words = "There is a file of that name. Replace it?"
        return await self.app.push_screen_wait(
            Confirm(words, shown(path), "Replace it", "Keep it", asked_by="enter")
        )
