"""The part of the chat screen that tells what is not in the conversation itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.screen import Screen

from tui.domain.conversation import Conversation, Message
from tui.services.terminal_notice import notice

if TYPE_CHECKING:
    from tui.ui.controllers.chat import Chat


class ChatNotices(Screen[None]):
    """Rings, or sends a message to the desktop, if the window has no focus and the user wants it.

    That is for answers that end while nobody looks; toasts tell of everything else.
    A terminal that does not report its focus counts as looked at.
    """

    chat: Chat

    def on_mount(self) -> None:
        """Hear of every answer."""
        self.chat.ended.append(self._tell_of)

    def on_screen_suspend(self) -> None:
        """Leave toasts to the screen that opens over this one: they would be there twice."""
        self._show_toasts(shown=False)

    def on_screen_resume(self) -> None:
        """Show toasts here again."""
        self._show_toasts(shown=True)

    def _show_toasts(self, *, shown: bool) -> None:
        self.query("#textual-toastrack").set(display=shown)

    def _tell_of(self, conversation: Conversation, message: Message) -> None:
        if self.app.app_focus:
            return
        runtime = self.chat.session.runtime
        told = notice(conversation, message, runtime.settings.interface, runtime.environ)
        driver = self.app._driver  # noqa: SLF001 - Textual has no public way to its terminal
        if told is not None and driver is not None and not self.app.is_headless:
            driver.write(told)
