"""The chat screen: it only wires the chat to its widgets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.timer import Timer
from textual.widgets import Static

from tui.services.history import History
from tui.ui.controllers.branching import Branching
from tui.ui.controllers.budgeting import SendGate
from tui.ui.controllers.chips import Outgoing, Unsent
from tui.ui.controllers.session import Session
from tui.ui.guard import run_guarded
from tui.ui.messages import (
    ConversationChosen,
    PromptSubmitted,
    ScrollRequested,
)
from tui.ui.presenter import ChatPresenter
from tui.ui.screens.chat_attaching import ChatAttaching
from tui.ui.screens.chat_copying import ChatCopying
from tui.ui.screens.chat_elsewhere import ChatElsewhere
from tui.ui.screens.chat_images import ChatImages
from tui.ui.screens.chat_keyboard import ChatKeyboard
from tui.ui.screens.chat_leaving import ChatLeaving
from tui.ui.screens.chat_money import ChatMoney
from tui.ui.screens.chat_notices import ChatNotices
from tui.ui.screens.chat_parameters import ChatParameters
from tui.ui.screens.chat_presets import ChatPresets
from tui.ui.screens.chat_reading import ChatReading
from tui.ui.screens.chat_remedies import ChatRemedies
from tui.ui.screens.chat_routing import ChatRouting
from tui.ui.screens.chat_search import ChatSearch
from tui.ui.screens.chat_shelf import ChatShelf
from tui.ui.screens.chat_titling import ChatTitling
from tui.ui.transcript.transcript import Transcript
from tui.ui.widgets.attachment_chips import AttachmentChips
from tui.ui.widgets.chat_transcript import ChatTranscript
from tui.ui.widgets.cost_bar import CostBar
from tui.ui.widgets.edit_line import EditLine
from tui.ui.widgets.find_bar import FindBar
from tui.ui.widgets.header_bar import HeaderBar
from tui.ui.widgets.key_bar import KeyBar
from tui.ui.widgets.offer_list import OfferList
from tui.ui.widgets.preview_line import PreviewLine
from tui.ui.widgets.prompt import Prompt
from tui.ui.widgets.queue import Queue
from tui.ui.widgets.recall_bar import RecallBar
from tui.ui.widgets.setting_chips import SettingChips
from tui.ui.widgets.sidebar import Sidebar
from tui.ui.widgets.tab_strip import TabStrip

_DRAFT_AFTER = 0.4
"""Seconds of typing that kill -9 can cost."""
_LONGEST_OPENING = 6.0
"""Seconds to wait at the end for a history that another instance has locked."""
_WIDE = 100
_READING = "Reading: F1 lists the keys, Esc goes back to typing"
_PLACEHOLDER = "Message …   Enter sends, Ctrl+J starts a new line"


class ChatScreen(
    ChatKeyboard,
    ChatReading,
    ChatRemedies,
    ChatShelf,
    ChatSearch,
    ChatCopying,
    ChatImages,
    ChatAttaching,
    ChatMoney,
    ChatParameters,
    ChatElsewhere,
    ChatLeaving,
    ChatNotices,
    ChatRouting,
    ChatPresets,
    ChatTitling,
):
    """Transcript, prompt, cost bar and the list of conversations."""

    CSS_PATH = "chat.tcss"
    AUTO_FOCUS = "Prompt"
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - an instance variable for Textual's own types
        (0, "-narrow"),
        (_WIDE, "-wide"),
        (160, "-huge"),
    ]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1", "app.help", "Help", id="chat.help", tooltip="Every key on one page"),
        Binding("f2", "app.settings", "Settings", id="chat.settings", tooltip="Open the settings"),
        Binding("f3", "app.models", "Models", id="chat.models", tooltip="Browse the models"),
        Binding(
            "ctrl+k",
            "app.model",
            "Model",
            id="chat.model",
            tooltip="Choose another model for this chat",
            priority=True,
        ),
        Binding("ctrl+n", "new", "New", id="chat.new", tooltip="Start a new conversation"),
        Binding("ctrl+b", "sidebar", "Chats", id="chat.sidebar", tooltip="Show or hide the list"),
        Binding(
            "alt+z",
            "reasoning",
            "Reasoning",
            id="chat.reasoning",
            tooltip="Fold or unfold the reasoning",
            show=False,
        ),
        Binding(
            "escape",
            "stop",
            "Stop",
            id="chat.stop",
            tooltip="Stop the answer; without one, back to the prompt",
            show=False,
        ),
        Binding(
            "ctrl+home",
            "beginning",
            "Beginning",
            id="chat.beginning",
            tooltip="Go to the first message",
            show=False,
        ),
        Binding("ctrl+end", "end", "End", id="chat.end", tooltip="Go to the end", show=False),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._presenter = ChatPresenter(self, session)
        self.chat = self._presenter.chat
        self.money = self._presenter.money
        self.branching = Branching(self.chat)
        self.chat.gate = SendGate(self.money.desk, self)
        self._may_send = asyncio.Event()
        self._has_begun = False
        self._holds = 0
        self._in_order = asyncio.Lock()
        self._draft_timer: Timer | None = None
        self._undoable = []
        self._list_beside = False  # with room for it
        self._is_wide = False

    def compose(self) -> ComposeResult:
        """Lay out the screen."""
        yield HeaderBar()
        yield TabStrip()
        with Horizontal(id="body"):
            yield Sidebar()
            with Vertical(id="conversation"):
                yield ChatTranscript()
                yield FindBar()
        yield Queue()
        yield CostBar()
        yield SettingChips()
        yield EditLine()
        yield AttachmentChips()
        yield OfferList()
        yield RecallBar()
        with Horizontal(id="entry"):
            yield Static("›", id="mark", markup=False)
            yield Prompt(placeholder=_PLACEHOLDER)
            yield PreviewLine()
        yield KeyBar(show_command_palette=False)

    def on_mount(self) -> None:
        """Show the list where there is room for it and the settings want it."""
        self._list_beside = self._session.runtime.settings.interface.show_sidebar
        self._is_wide = self.app.size.width >= _WIDE
        self.set_class(not (self._list_beside and self._is_wide), "-sidebar-hidden")
        self._presenter.show_header()
        self._presenter.show_figures()
        self.read_as(self._session.runtime.settings.interface)

    def on_resize(self, event: events.Resize) -> None:
        """Put the list away where it would lie over the text, and beside it again with room."""
        if (is_wide := event.size.width >= _WIDE) is self._is_wide:
            return
        self._is_wide = is_wide
        if is_wide:
            self.set_class(not self._list_beside and self._list_is_hidden, "-sidebar-hidden")
        else:
            self._list_beside = not self._list_is_hidden
            self.set_class(not self.query_one(Sidebar).has_focus_within, "-sidebar-hidden")

    @property
    def _list_is_hidden(self) -> bool:
        return self.has_class("-sidebar-hidden")

    def session_changed(self) -> None:
        """Something that the header, the list or the bar shows has changed."""
        if self.is_mounted:
            self._presenter.refresh()
            self.read_as(self._session.runtime.settings.interface)

    async def begin(self, resume: str | None, prompt: str | None) -> None:
        """Open what the command line asked for: a stored conversation ("" is the latest) or none.

        A prompt given there is sent at once.
        """
        history = await self._session.wait_for_history()
        await self._open_first(history, resume)
        await self.chat.drafts.arrive()
        self._has_begun = True
        self._send_if_free()
        self.query_one(Prompt).recall.extend_older(await history.recent_prompts())
        await self.chat.count_today()
        if prompt:
            self.post_message(PromptSubmitted(prompt))

    async def _open_first(self, history: History, resume: str | None) -> None:
        if resume is None:
            await self.chat.new()
            return
        conversation_id = resume or await history.latest_id()
        remembered = await self._presenter.tabs.remembered(history)
        if conversation_id is None or not await self.chat.open(conversation_id):
            await self.chat.new()
            words = "There is no such conversation." if resume else "There is none to resume."
            self.notify(words, severity="warning", markup=False)
        run_guarded(self.app, self._presenter.tabs.restore(history, remembered), "tabs")

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Let messages wait while another provider, perhaps with another history, is opened."""
        self._holds += 1
        self._may_send.clear()
        try:
            yield
        finally:
            self._holds -= 1
            self._send_if_free()
            self._presenter.refresh()

    def _send_if_free(self) -> None:
        if self._has_begun and not self._holds:
            self._may_send.set()

    def use_model(self, model_id: str) -> None:
        """Go on with another model in the conversation on screen."""
        before = self.chat.model_id
        self.chat.use_model(model_id)
        self.tell_dropped_reasoning(before)

    async def close(self) -> None:
        """Stop every answer and keep what was not sent, also what was typed too early to begin."""
        self.chat.drafts.take_back()
        if self.chat.conversation is None and self._presenter.typed():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._session.wait_for_history(), _LONGEST_OPENING)
                if self.chat.conversation is None:
                    await self.chat.new()
        await self.chat.close()

    def on_descendant_focus(self) -> None:
        """Say where keys go: to the prompt, or to the conversation that is being read."""
        reading = isinstance(self.focused, Transcript)
        self.set_class(reading, "-reading")
        self.query_one(Prompt).placeholder = _READING if reading else _PLACEHOLDER

    def on_prompt_submitted(self, message: PromptSubmitted) -> None:
        """Send the message, or queue it behind the answer that streams."""
        if self.resend(message.text):
            return
        conversation = self.chat.conversation
        taken = self.chat.chips.take(conversation.id) if conversation is not None else ()
        self.send_soon(Outgoing(conversation, Unsent(message.text, taken)))

    def send_soon(self, outgoing: Outgoing) -> None:
        """Send a message once a history is open and its files are read: typing may be faster."""
        self.chat.outbox.append(outgoing)
        self.claim_files(outgoing)
        self.show_attached()
        run_guarded(self.app, self._send(outgoing), "turn")
        if outgoing.conversation is not None:
            run_guarded(self.app, self.chat.drafts.store(outgoing.conversation), "draft")

    async def _send(self, outgoing: Outgoing) -> None:
        async with self._in_order:
            await self._may_send.wait()
            await self.files_read(outgoing)
        if outgoing not in self.chat.outbox:
            return  # it was taken back meanwhile
        self.chat.outbox.remove(outgoing)
        unsent, within = outgoing.unsent, outgoing.conversation
        if outgoing.replaces is None:
            await self.chat.send(unsent.text, attachments=unsent.attachments, within=within)
        else:
            await self.resend_now(outgoing)

    def on_draft_changed(self) -> None:
        """Keep the draft a moment after the last change of it."""
        if self._draft_timer is None:
            self._draft_timer = self.set_timer(_DRAFT_AFTER, self._draft_due)

    def _draft_due(self) -> None:
        self._draft_timer = None
        run_guarded(self.app, self.chat.drafts.keep(), "draft")

    def on_scroll_requested(self, message: ScrollRequested) -> None:
        """Scroll the transcript while the prompt keeps the focus."""
        transcript = self.query_one(Transcript)
        if message.pages < 0:
            transcript.action_page_up()
        else:
            transcript.action_page_down()

    def action_stop(self) -> None:
        """Take back a selection, else stop the answer, else close what lies over the chat."""
        transcript = self.query_one(Transcript)
        if self.leave_reading() or (self.chat.running is None and self.leave_find()):
            return
        if transcript.clear() or self.leave_editing() or self.chat.stop():
            return
        if self.has_class("-narrow") and not self.has_class("-sidebar-hidden"):
            self.add_class("-sidebar-hidden")
        self.query_one(Prompt).focus()

    def action_beginning(self) -> None:
        """Go to the first message."""
        self.query_one(Transcript).scroll_home(animate=False)

    def action_end(self) -> None:
        """Go to the end and follow the answer."""
        self.query_one(Transcript).follow()

    def action_reasoning(self) -> None:
        """Fold or unfold the latest reasoning."""
        self.query_one(Transcript).toggle_reasoning()

    def action_new(self) -> None:
        """Start a new conversation; the one on screen goes on if it is being answered."""
        run_guarded(self.app, self.chat.new(), "conversation")

    def action_sidebar(self) -> None:
        """Show the list and go to it, or hide it."""
        hidden = self.has_class("-sidebar-hidden")
        self.set_class(not hidden, "-sidebar-hidden")
        if hidden:
            self.query_one(Sidebar).conversations.focus()
        else:
            self.query_one(Prompt).focus()

    def on_conversation_chosen(self, message: ConversationChosen) -> None:
        """Open a conversation from the list."""
        if self.has_class("-narrow"):
            self.add_class("-sidebar-hidden")
        run_guarded(self.app, self._open(message.conversation_id), "conversation")

    async def _open(self, conversation_id: str) -> None:
        if not await self.chat.open(conversation_id):
            self.notify("That conversation is gone.", severity="warning", markup=False)
