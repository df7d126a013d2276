"""From the events of a turn to the widgets of the chat screen, and nothing else."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import cached_property

from textual.content import Content
from textual.screen import Screen
from textual.timer import Timer

from tui.domain.conversation import Conversation, Message, MessageState
from tui.domain.events import (
    Connected,
    FellBack,
    ImageArrived,
    ReasoningDelta,
    Retrying,
    TextDelta,
    TurnEvent,
)
from tui.domain.figures import seconds
from tui.domain.sanitize import single_line
from tui.domain.stand_in import taking_over_words
from tui.ui.chips_presenter import show_chips
from tui.ui.collector import collect_now
from tui.ui.controllers.branching import places_of
from tui.ui.controllers.chat import Chat
from tui.ui.controllers.live_figures import idle_figures, streaming_figures
from tui.ui.controllers.money_desk import MoneyDesk
from tui.ui.controllers.parameter_chips import differences
from tui.ui.controllers.running_turn import RunningTurn
from tui.ui.controllers.session import Session
from tui.ui.controllers.turn import now_utc
from tui.ui.entries import entry_for, headed, note_of, outline_of, system_entry, tone_of
from tui.ui.guard import run_guarded
from tui.ui.header import header_facts, preset_words
from tui.ui.money_presenter import MoneyPresenter
from tui.ui.shows_answer import ShowsAnswer
from tui.ui.tabs_presenter import TabsPresenter
from tui.ui.transcript.document import Entry, Role
from tui.ui.welcome import welcome_text
from tui.ui.widgets.chat_transcript import ChatTranscript
from tui.ui.widgets.cost_bar import CostBar
from tui.ui.widgets.edit_line import EditLine
from tui.ui.widgets.find_bar import FindBar
from tui.ui.widgets.header_bar import HeaderBar
from tui.ui.widgets.prompt import Prompt
from tui.ui.widgets.queue import Queue
from tui.ui.widgets.setting_chips import SettingChips
from tui.ui.widgets.sidebar import Sidebar

_FIGURES_EVERY = 0.2
_COLLECT_AFTER = 3.0
"""Seconds without news after which nobody is kept waiting by a full garbage collection."""
_WELCOME = "welcome"
"""The id of what an empty conversation says; no message has such a one."""
_REMARKS = (Role.NOTICE, Role.SYSTEM)
_NO_SYSTEM_PROMPT = "There is no system prompt: Alt+P writes one, F8 chooses a preset."


@dataclass(frozen=True, slots=True)
class _RetryWait:
    """The next try of a turn, at the monotonic moment ``until``."""

    message_id: str
    event: Retrying
    until: float


class ChatPresenter:
    """Shows what the chat tells; see :class:`tui.ui.controllers.chat_view.ChatView`."""

    def __init__(self, screen: Screen[None], session: Session) -> None:
        self.chat = Chat(session, self)
        self.money = MoneyPresenter(screen, MoneyDesk(session), self.chat)
        self.tabs = TabsPresenter(screen, self.chat)
        self._screen = screen
        self._session = session
        self._retry: _RetryWait | None = None
        self._ticking = screen.set_interval(_FIGURES_EVERY, self._tick, pause=True)
        self._collecting: Timer | None = None

    @cached_property
    def transcript(self) -> ChatTranscript:
        """The transcript of the conversation on screen."""
        return self._screen.query_one(ChatTranscript)

    @property
    def prompt(self) -> Prompt:
        """Where the next message is written."""
        return self._screen.query_one(Prompt)

    def typed(self) -> str:
        """What is in the prompt, large pastes in full, and what an edit has put aside."""
        aside = self._screen.query_one(EditLine).aside
        return "\n\n".join(filter(None, [self.prompt.unfolded, aside]))

    def clear_typed(self) -> None:
        """Empty the prompt, and edit nothing any more."""
        self._screen.query_one(EditLine).end()
        self.prompt.put("")

    def show_conversation(self, conversation: Conversation, running: RunningTurn | None) -> None:
        """Put another conversation on screen, with its draft."""
        self.tabs.leave()
        self.transcript.end_find()
        self._screen.query_one(FindBar).close()
        self._show_path(conversation, running)
        self._welcome()
        self._retry = None
        self._screen.query_one(EditLine).end()
        self.chat.chips.merge_edits()
        self.prompt.put(conversation.draft)
        self.prompt.focus()
        self.tabs.arrive(conversation)

    def show_path(self, message_id: str) -> None:
        """Put another path of the conversation on screen, and point at a message of it."""
        if self.chat.conversation is not None:
            self._show_path(self.chat.conversation, self.chat.running)
            self.transcript.point_at(message_id)
            self.refresh()

    def _show_path(self, conversation: Conversation, running: RunningTurn | None) -> None:
        """Show the active path, with what has arrived of a running answer."""
        messages = conversation.path()
        answer = running.answer if running is not None else None
        if answer is not None and messages and messages[-1].state is MessageState.STREAMING:
            messages[-1] = replace(
                messages[-1],
                text=answer.text,
                reasoning=answer.reasoning,
                images=tuple(answer.images),
            )
        outline = outline_of(messages, self._session.model, self.money.cache_words)
        self.transcript.show(headed(outline, system_entry(conversation)))

    def show_system(self) -> None:
        """Show the system prompt of now above the conversation."""
        if self.chat.conversation is not None and self.chat.conversation.messages:
            self._show_path(self.chat.conversation, self.chat.running)
        self.refresh()

    def _welcome(self) -> None:
        """Say in an empty conversation who will answer, at which price."""
        conversation = self.chat.conversation
        if conversation is None or conversation.messages:
            return
        shown, system = self.transcript.entries, system_entry(conversation)
        text = welcome_text(self._session, self.chat.model_id)
        wanted = [Entry(_WELCOME, Role.NOTICE, text if system else f"{text}\n{_NO_SYSTEM_PROMPT}")]
        wanted = [system, *wanted] if system is not None else wanted
        if all(entry.role in _REMARKS for entry in shown) and (
            [(one.text, one.reasoning) for one in shown]
            != [(one.text, one.reasoning) for one in wanted]
        ):
            self.transcript.show(wanted)

    def turn_began(self, prompt: Message, answer: Message) -> None:
        """Add both messages at the end, or show the new branch that they begin."""
        self.transcript.remove_entry(_WELCOME)
        if self.transcript.ends_with(prompt.parent_id):
            self.transcript.add(entry_for(prompt, None))
            self.transcript.add(entry_for(answer, None))
        elif self.chat.conversation is not None:
            self._show_path(self.chat.conversation, self.chat.running)
        self.transcript.follow()

    def turn_event(self, message_id: str, event: TurnEvent) -> None:
        """Show what arrived; figures follow with the clock, five times a second."""
        match event:
            case TextDelta(text):
                self.transcript.append_text(message_id, text)
            case ReasoningDelta(text):
                self.transcript.append_reasoning(message_id, text)
            case ImageArrived(picture):
                self.transcript.add_image(message_id, picture)
            case Retrying():
                self._retry = _RetryWait(message_id, event, time.monotonic() + event.wait)
                self._show_retry(self._retry)
            case FellBack():
                self._retry = None
                words = single_line(taking_over_words(event))
                self.transcript.set_note(message_id, Content(words))
            case Connected() if self._retry is not None:
                self._retry = None
                self.transcript.set_note(message_id, "")
            case _:
                pass

    def turn_ended(self, message: Message) -> None:
        """Give the answer its final note, over which no wait is counted down any more."""
        if self._retry is not None and self._retry.message_id == message.id:
            self._retry = None
        model = self._session.model(message.generation.model_asked) if message.generation else None
        note = note_of(message, model, self.money.cache_words(message.id))
        self.transcript.finish(message.id, note, tone_of(message))
        for screen in self._screen.app.screen_stack:
            if isinstance(screen, ShowsAnswer):
                screen.answer_changed(message)

    def _show_retry(self, retry: _RetryWait) -> None:
        event, left = retry.event, max(0.0, retry.until - time.monotonic())
        words = f"{event.failure.what} Try {event.retry} of {event.retries}"
        when = f"in {seconds(left)}" if left else "now"
        self.transcript.set_note(retry.message_id, Content(f"{words} {when}. Esc stops."))

    def give_back(self, text: str) -> None:
        """Put the text back into the prompt, before what is being typed."""
        prompt = self.prompt
        prompt.put("\n\n".join(filter(None, [text, prompt.unfolded])))

    def offer_again(self, text: str) -> None:
        """Put the text back into an empty prompt; otherwise it is one key, Up, away."""
        prompt = self.prompt
        prompt.recall.add(text)
        if not prompt.text.strip():
            prompt.put(text)

    def refresh(self) -> None:
        """Show the costs, the queue and the list anew."""
        running = self.chat.running
        unsent = running.unsent if running is not None else ()
        self._screen.query_one(Queue).show([one.words for one in unsent])
        if running is None:
            self._retry = None
        if self.chat.busy:
            self._ticking.resume()
        else:
            self._ticking.pause()
        self.show_figures()
        self.show_header()
        self._screen.query_one(SettingChips).chips = differences(self.chat)
        show_chips(self._screen, self.chat)
        self.transcript.show_places(places_of(self.chat.conversation))
        self.money.changed()
        self.tabs.changed()
        self._welcome()
        self.list_conversations()
        self._collect_later()

    def _collect_later(self) -> None:
        """Clean up behind answers and conversations once nothing streams any more."""
        if self._collecting is not None:
            self._collecting.stop()
            self._collecting = None
        if not self.chat.busy:
            self._collecting = self._screen.set_timer(_COLLECT_AFTER, collect_now)

    def _tick(self) -> None:
        if self._retry is not None:
            self._show_retry(self._retry)
        self.show_figures()
        self.money.show_budgets()

    def show_figures(self) -> None:
        """Bring the cost bar up to date."""
        chat, running = self.chat, self.chat.running
        conversation = chat.conversation
        model = self._session.model(self.chat.model_id)
        bar = self._screen.query_one(CostBar)
        spent, today = self.money.bar_totals()
        if running is None or running.answer is None:
            bar.figures = idle_figures(conversation, model, spent, today)
        else:
            bar.figures = streaming_figures(
                running.answer, model, spent, today, time.monotonic(), now_utc()
            )

    def show_header(self) -> None:
        """Bring the header up to date."""
        facts = header_facts(self._session, self.chat.model_id)
        preset = preset_words(self.chat.conversation, self.chat.model_id)
        self._screen.query_one(HeaderBar).facts = replace(facts, preset=preset)

    def list_conversations(self) -> None:
        """Read the list of conversations anew, as much of it as is looked at."""
        run_guarded(self._screen.app, self._list_conversations(), "sidebar")

    async def _list_conversations(self) -> None:
        history = self._session.history
        if history is None:
            return
        sidebar = self._screen.query_one(Sidebar)
        summaries = await history.conversations(sidebar.wanted)
        current = self.chat.conversation.id if self.chat.conversation is not None else None
        sidebar.show(summaries, current, self.chat.busy)
        self.tabs.listed(summaries)
