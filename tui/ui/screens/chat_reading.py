"""The part of the chat screen that is about reading: find, jumps, links."""

import asyncio
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widget import Widget

from tui.domain.settings import InterfaceSettings
from tui.services.browser import CannotOpenError, open_link
from tui.ui.guard import run_guarded
from tui.ui.screens.open_link import LinkAction, OpenLink
from tui.ui.transcript.finding import FindProgressed
from tui.ui.transcript.linking import LinkChosen
from tui.ui.transcript.options import Options
from tui.ui.transcript.transcript import Transcript
from tui.ui.widgets.find_bar import FindBar, FindChanged, FindClosed, FindStepped
from tui.ui.widgets.prompt import Prompt


class ChatReading(Screen[None]):
    """Joins the transcript to the find bar, and asks before a link is opened."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+f",
            "find",
            "Find",
            id="chat.find",
            tooltip="Find text in this chat",
            priority=True,  # in the order of the keys: what is typed next is for the bar
        ),
        Binding(
            "ctrl+up",
            "prompt(-1)",
            "Previous message",
            id="chat.previous_prompt",
            tooltip="Go to your message before",
            show=False,
        ),
        Binding(
            "ctrl+down",
            "prompt(1)",
            "Next message",
            id="chat.next_prompt",
            tooltip="Go to your next message, at last to the end",
            show=False,
        ),
    ]

    _before_find: Widget | None = None
    _settings: InterfaceSettings | None = None

    def read_as(self, settings: InterfaceSettings) -> None:
        """Show code, tables and formulas as the settings say; only a change of them counts."""
        if settings != self._settings:
            self._settings = settings
            self.query_one(Transcript).options = Options(
                wrap_code=settings.wrap_code,
                fit_tables=settings.fit_tables,
                readable_formulas=settings.readable_formulas,
            )

    def action_find(self) -> None:
        """Open the find bar, or go back to it."""
        bar = self.query_one(FindBar)
        if not bar.is_open:
            self._before_find = self.focused
        bar.open()
        self.query_one(Transcript).find(bar.text)

    def action_prompt(self, step: int) -> None:
        """Go to another message of the user."""
        self.query_one(Transcript).action_prompt(step)

    def on_find_changed(self, message: FindChanged) -> None:
        """Look for another text."""
        self.query_one(Transcript).find(message.text)

    def on_find_stepped(self, message: FindStepped) -> None:
        """Show another hit."""
        self.query_one(Transcript).find_step(message.step)

    def on_find_progressed(self, message: FindProgressed) -> None:
        """Say how many hits there are."""
        bar = self.query_one(FindBar)
        if bar.is_open:
            bar.show_count(
                message.number, message.total, complete=message.complete, capped=message.capped
            )

    def on_find_closed(self, message: FindClosed) -> None:
        """End the search."""
        self._close_find()

    def _close_find(self) -> None:
        self.query_one(Transcript).end_find()
        self.query_one(FindBar).close()
        before, self._before_find = self._before_find, None
        # What is hidden by now must not get the keys: a letter means much in the list.
        back = before if before in self.focus_chain else self.query_one(Prompt)
        back.focus()

    def leave_find(self) -> bool:
        """Close the find bar, wherever the focus is; whether it was open."""
        is_open = self.query_one(FindBar).is_open
        if is_open:
            self._close_find()
        return is_open

    def leave_reading(self) -> bool:
        """End what reading has begun, if the transcript has the focus; whether there was any."""
        transcript = self.query_one(Transcript)
        if self.focused is not transcript:
            return False
        if transcript.leave_link():
            return True
        if self.query_one(FindBar).is_open:
            self._close_find()
            return True
        return False

    def on_link_chosen(self, message: LinkChosen) -> None:
        """Show the whole target and ask what to do with it."""

        def act(action: LinkAction | None) -> None:
            if action is LinkAction.COPY:
                self.app.copy_to_clipboard(message.target)
            elif action is LinkAction.OPEN:
                run_guarded(self.app, self._open_link(message.target), "link")

        self.app.push_screen(OpenLink(message.target), act)

    async def _open_link(self, target: str) -> None:
        try:
            await asyncio.to_thread(open_link, target)
        except CannotOpenError as error:
            words = f"{error} C in the question about a link copies it."
            self.notify(words, severity="warning", markup=False)
