"""The part of the chat screen that leads to the images of answers."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.screen import Screen

from tui.domain.pictures import Picture
from tui.ui.controllers.image_desk import ImageDesk
from tui.ui.guard import guarded
from tui.ui.transcript.pictures import ImageChosen

if TYPE_CHECKING:
    from tui.ui.controllers.chat import Chat


class ChatImages(Screen[None]):
    """Shows an image that was chosen in the transcript, or the last one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "alt+i",
            "image",
            "Image",
            id="chat.image",
            tooltip="Look at the last image, save it, open it or attach it",
            show=False,
        ),
    ]

    if TYPE_CHECKING:
        chat: Chat
        attach_data: Callable[[bytes, str], None]

    def on_image_chosen(self, message: ImageChosen) -> None:
        """Show the image that was chosen."""
        self._show_image(message.images, message.index)

    def action_image(self) -> None:
        """Show the last image of the conversation."""
        images = self._last_images()
        if images:
            self._show_image(images, len(images) - 1)
        else:
            self.notify("There is no image in this conversation.", markup=False)

    def _last_images(self) -> Sequence[Picture]:
        """The images of the answer that streams, or else of the last answer that has any."""
        running, conversation = self.chat.running, self.chat.conversation
        if running is not None and running.answer is not None and running.answer.images:
            return tuple(running.answer.images)
        messages = reversed(conversation.path()) if conversation is not None else ()
        return next((message.images for message in messages if message.images), ())

    @guarded("image")
    async def _show_image(self, images: Sequence[Picture], index: int) -> None:
        from tui.ui.screens.image import ImageScreen

        history = await self.chat.session.wait_for_history()
        title = self.chat.conversation.title if self.chat.conversation is not None else ""
        desk = ImageDesk(history, title, self.chat.session.runtime.environ)
        chosen = await self.app.push_screen_wait(ImageScreen(desk, images, index))
        if chosen is not None:
            picture = images[chosen]
            self.attach_data(await desk.data(picture), desk.name(picture, chosen + 1))
