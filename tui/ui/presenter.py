"""From the events of a turn to the widgets of the chat screen, and nothing else."""

import time

from textual.content import Content
from textual.screen import Screen

from tui.domain.answer import Answer
from tui.domain.conversation import Conversation, Message
from tui.domain.events import ReasoningDelta, Retrying, TextDelta, TurnEvent
from tui.domain.figures import seconds
from tui.ui.controllers.chat import Chat, RunningTurn
from tui.ui.controllers.live_figures import idle_figures, streaming_figures
from tui.ui.controllers.session import Session
from tui.ui.controllers.turn import now_utc
from tui.ui.entries import entry_for, note_of, tone_of
from tui.ui.guard import run_guarded
from tui.ui.header import header_facts
from tui.ui.transcript.document import Entry, Role
from tui.ui.transcript.transcript import Transcript
from tui.ui.welcome import welcome_text
from tui.ui.widgets.cost_bar import CostBar
from tui.ui.widgets.header_bar import HeaderBar
from tui.ui.widgets.prompt import Prompt
from tui.ui.widgets.queue import Queue
from tui.ui.widgets.sidebar import Sidebar

_FIGURES_EVERY = 0.2
_WELCOME = "welcome"
"""The id of what an empty conversation says; no message has such a one."""


class ChatPresenter:
    """Shows what the chat tells; see :class:`tui.ui.controllers.chat.ChatView`."""

    def __init__(self, screen: Screen[None], session: Session) -> None:
        self.chat = Chat(session, self)
        self._screen = screen
        self._session = session
        self._keeps_typed = False
        self._ticking = screen.set_interval(_FIGURES_EVERY, self.show_figures, pause=True)

    @property
    def transcript(self) -> Transcript:
        """The transcript of the conversation on screen."""
        return self._screen.query_one(Transcript)

    @property
    def prompt(self) -> Prompt:
        """Where the next message is written."""
        return self._screen.query_one(Prompt)

    def keep_what_is_typed(self) -> None:
        """Make what is typed already a part of the draft of the next conversation."""
        self._keeps_typed = True

    def show_conversation(self, conversation: Conversation, running: RunningTurn | None) -> None:
        """Put the active path on screen, with what has arrived of a running answer."""
        model = self._session.model(conversation.model)
        entries = [entry_for(message, model) for message in conversation.path()]
        answer = running.answer if running is not None else None
        if answer is not None and entries and entries[-1].open:
            entries[-1].text, entries[-1].reasoning = answer.text, answer.reasoning
        self.transcript.show(entries)
        self._welcome()
        typed = self.prompt.unfolded if self._keeps_typed else ""
        self._keeps_typed = False
        self.prompt.put("\n\n".join(filter(None, [conversation.draft, typed])))
        self.prompt.focus()

    def _welcome(self) -> None:
        """Say in an empty conversation who will answer, at which price."""
        shown = self.transcript.entries
        conversation = self.chat.conversation
        if conversation is None or any(entry.id != _WELCOME for entry in shown):
            return
        text = welcome_text(self._session, self.chat.model_id)
        if not conversation.messages and [entry.text for entry in shown] != [text]:
            self.transcript.show([Entry(_WELCOME, Role.NOTICE, text)])

    def turn_began(self, prompt: Message, answer: Message) -> None:
        """Add both messages at the end."""
        self.transcript.remove_entry(_WELCOME)
        self.transcript.add(entry_for(prompt, None))
        self.transcript.add(entry_for(answer, None))
        self.transcript.follow()
        self._ticking.resume()

    def turn_event(self, message_id: str, event: TurnEvent, answer: Answer) -> None:
        """Show what arrived; figures follow with the clock, five times a second."""
        match event:
            case TextDelta(text):
                self.transcript.append_text(message_id, text)
            case ReasoningDelta(text):
                self.transcript.append_reasoning(message_id, text)
            case Retrying(failure, retry, retries, wait):
                words = f"{failure.what} Try {retry} of {retries} in {seconds(wait)}. Esc stops."
                self.transcript.set_note(message_id, Content(words))
            case _:
                pass

    def turn_ended(self, message: Message) -> None:
        """Give the answer its final note."""
        model = self._session.model(message.generation.model_asked) if message.generation else None
        self.transcript.finish(message.id, note_of(message, model), tone_of(message))

    def give_back(self, text: str) -> None:
        """Put the text back into the prompt, or one key away from it."""
        prompt = self.prompt
        prompt.recall.add(text)
        if not prompt.text.strip():
            prompt.put(text)

    def refresh(self) -> None:
        """Show the costs, the queue and the list anew."""
        running = self.chat.running
        self._screen.query_one(Queue).show(running.waiting if running is not None else ())
        if running is None:
            self._ticking.pause()
        self.show_figures()
        self.show_header()
        self._welcome()
        run_guarded(self._screen.app, self._list_conversations(), "sidebar")

    def show_figures(self) -> None:
        """Bring the cost bar up to date."""
        chat, running = self.chat, self.chat.running
        conversation = chat.conversation
        model = self._session.model(self.chat.model_id)
        bar = self._screen.query_one(CostBar)
        if running is None or running.answer is None:
            bar.figures = idle_figures(conversation, model, chat.spent, chat.spent_today)
        else:
            bar.figures = streaming_figures(
                running.answer, model, chat.spent, chat.spent_today, time.monotonic(), now_utc()
            )

    def show_header(self) -> None:
        """Bring the header up to date."""
        facts = header_facts(self._session, self.chat.model_id)
        self._screen.query_one(HeaderBar).facts = facts

    async def _list_conversations(self) -> None:
        history = self._session.history
        if history is None:
            return
        summaries = await history.conversations()
        current = self.chat.conversation.id if self.chat.conversation is not None else None
        self._screen.query_one(Sidebar).show(summaries, current, self.chat.busy)
