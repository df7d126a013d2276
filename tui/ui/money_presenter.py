"""What the next send costs and holds, shown around the prompt and kept up to date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.screen import Screen
from textual.timer import Timer

from tui.domain.budget import Verdict
from tui.domain.caching import COMPATIBLE_EFFECT, CachingEffect, caching_effect, minimum_tokens
from tui.domain.caching_trace import CacheState, CacheTrace, sticky_warning
from tui.domain.conversation import Conversation, MessageState
from tui.domain.cost import CostTotal
from tui.domain.settings import BudgetSettings, ProviderKind
from tui.domain.slash import message_in
from tui.domain.totals import Totals
from tui.domain.tree import send_instead
from tui.ui.controllers.chips import Unsent
from tui.ui.controllers.money_desk import MoneyDesk, now_utc
from tui.ui.controllers.preview import NextSend, frozen
from tui.ui.entries import note_of
from tui.ui.guard import run_guarded
from tui.ui.money_words import countdown, crossed_words, day_limit, missed_words, warning_words
from tui.ui.transcript.prefix import Prefix
from tui.ui.widgets.chat_transcript import ChatTranscript
from tui.ui.widgets.cost_bar import BarNotes, CostBar
from tui.ui.widgets.edit_line import EditLine
from tui.ui.widgets.money.next_send_text import Standing, clock_words
from tui.ui.widgets.preview_line import PreviewLine
from tui.ui.widgets.prompt import Prompt

if TYPE_CHECKING:
    from tui.ui.controllers.chat import Chat

_PREVIEW_AFTER = 0.15
"""Seconds after a change until the preview follows: keys never wait for it."""


class MoneyPresenter:
    """Plans the next send a moment after anything that matters has changed, and shows the plan.

    ``plan`` is None as long as there is nothing to say: nothing is typed and nothing has been said,
    or nobody can be asked.
    """

    def __init__(self, screen: Screen[None], desk: MoneyDesk, chat: Chat) -> None:
        self.plan: NextSend | None = None
        self._screen = screen
        self.desk = desk
        self._chat = chat
        desk.under_way = chat.under_way
        self._due: Timer | None = None
        self._counting: Timer | None = None
        self._working = False
        self._stale = False
        self._keeps_trace = False
        self._summed_for: object = None
        self._planned_behind: str | None = None

    def changed(self) -> None:
        """What is said or set is something else now."""
        self._keeps_trace = False
        self.typed()

    def spent_elsewhere(self) -> None:
        """Another instance may have been answered, or is: the sums are read again."""
        self._summed_for = None

    def typed(self) -> None:
        """What is typed is something else now, and nothing else is."""
        if self._due is None:
            self._due = self._screen.set_timer(_PREVIEW_AFTER, self._begin)

    def _begin(self) -> None:
        self._due = None
        self._stale = True
        if not self._working and self._screen.is_running:
            run_guarded(self._screen.app, self._follow(), "preview")

    async def _follow(self) -> None:
        """Plan until nothing has changed meanwhile: one plan at a time."""
        self._working = True
        try:
            while self._stale and self._screen.is_attached:
                self._stale = False
                trace = self.plan.trace if self.plan is not None and self._keeps_trace else None
                self._keeps_trace = True
                await self._sum_up()
                self.plan = await self._planned(trace)
                if self._screen.is_mounted:
                    self._show()
        finally:
            self._working = False

    async def _sum_up(self) -> None:
        """Read the sums again if an answer has been paid for since."""
        chat = self._chat
        conversation_id = chat.conversation.id if chat.conversation is not None else None
        state = (self.desk.session.history, conversation_id, chat.spent, chat.spent_today)
        if state != self._summed_for:
            await self.desk.refresh_totals(conversation_id)
            self._summed_for = state

    async def _planned(self, trace: CacheTrace | None) -> NextSend | None:
        conversation = self._chat.conversation
        text = message_in(self._screen.query_one(Prompt).unfolded)
        if conversation is None:
            return None
        unsent = Unsent(text, self._chat.chips.of(conversation.id))
        if not (text or unsent.attachments or conversation.messages):
            return None
        conversation = self._where_it_goes(self._as_of_now(conversation))
        if conversation.leaf_id != self._planned_behind:
            trace = None
        self._planned_behind = conversation.leaf_id
        return await self.desk.next_send(conversation, self._chat.model_id, unsent, trace)

    def _where_it_goes(self, conversation: Conversation) -> Conversation:
        """The conversation up to where the text will be sent: a message that is edited branches."""
        edited = self._screen.query_one(EditLine).message_id
        asking = send_instead(conversation, edited) if edited is not None else None
        return replace(conversation, leaf_id=asking.parent_id) if asking else conversation

    def _as_of_now(self, conversation: Conversation) -> Conversation:
        """The conversation with what has arrived of the answer that streams."""
        running = self._chat.running
        answer = running.answer if running is not None else None
        leaf = conversation.messages.get(conversation.leaf_id or "")
        if answer is None or leaf is None or leaf.state is not MessageState.STREAMING:
            return conversation
        now = frozen(conversation)
        now.put(replace(leaf, text=answer.text))
        return now

    def _show(self) -> None:
        plan = self.plan
        self._screen.query_one(PreviewLine).cost = plan.cost if plan is not None else None
        self._show_prefix(plan)
        self.show_bar()
        bar, (chat, today) = self._screen.query_one(CostBar), self.bar_totals()
        bar.figures = replace(bar.figures, chat=chat, today=today)

    def _show_prefix(self, plan: NextSend | None) -> None:
        """Show in the transcript what is cached and what would be left out."""
        transcript = self._screen.query_one(ChatTranscript)
        if plan is None:
            transcript.show_prefix(Prefix())
            return
        trace, compression = plan.trace, plan.compression
        left_out = compression.left_out if compression is not None else ()
        before = transcript.prefix.answers
        transcript.show_prefix(
            Prefix(
                warm=frozenset(trace.warm.messages if trace.warm is not None else ()),
                marked=plan.marks,
                answers=trace.states,
                left_out={one.message_id: one for one in left_out},
            )
        )
        self._show_misses(transcript, before, trace.states)

    def _show_misses(
        self,
        transcript: ChatTranscript,
        before: Mapping[str, CacheState],
        states: Mapping[str, CacheState],
    ) -> None:
        """Say under answers that are on screen already why the cache was missed."""
        conversation = self._chat.conversation
        if conversation is None or states is before:
            return
        for message_id, state in states.items():
            message = conversation.messages.get(message_id)
            if message is None or message.generation is None or before.get(message_id) == state:
                continue
            if missed_words(state) and transcript.shows(message_id):
                model = self.desk.session.model(message.generation.model_asked)
                transcript.set_note(message_id, note_of(message, model, missed_words(state)))

    def cache_words(self, message_id: str) -> str:
        """Why the prompt of an answer was not read from the cache; empty if there is no why."""
        state = self.cache_state(message_id)
        return missed_words(state) if state is not None else ""

    def cache_state(self, message_id: str) -> CacheState | None:
        """What the cache did for an answer, as far as that is known."""
        return self.plan.trace.states.get(message_id) if self.plan is not None else None

    def show_bar(self) -> None:
        """Bring the budgets, the countdown and the context in the bar up to date."""
        plan, budgets, verdict = self.plan, self._budgets, self.verdict
        self._screen.query_one(CostBar).notes = BarNotes(
            day_limit=day_limit(budgets, self._chat.spent_today),
            warning=warning_words(verdict),
            crossed=crossed_words(verdict),
            is_hard=verdict.is_hard,
            cache=self._count_down(plan),
            sent=plan.parts.used if plan is not None else None,
            overflow=plan.parts.overflow if plan is not None else 0,
        )

    def show_budgets(self) -> None:
        """Let the warning follow what the answer that streams has cost so far."""
        bar, verdict = self._screen.query_one(CostBar), self.verdict
        bar.notes = replace(
            bar.notes,
            warning=warning_words(verdict),
            crossed=crossed_words(verdict),
            is_hard=verdict.is_hard,
        )

    @property
    def _budgets(self) -> BudgetSettings:
        return self.desk.session.runtime.settings.budget

    @property
    def verdict(self) -> Verdict:
        """What the budgets say of the next send, with every answer under way counted in."""
        cost = self.plan.cost if self.plan is not None else None
        return self.desk.verdict(self._conversation_id, cost)

    @property
    def _conversation_id(self) -> str | None:
        conversation = self._chat.conversation
        return conversation.id if conversation is not None else None

    def _count_down(self, plan: NextSend | None) -> str:
        """For how long the beginning stays cached; the next step of the clock is set with it."""
        if self._counting is not None:
            self._counting.stop()
            self._counting = None
        warm = plan.trace.warm if plan is not None else None
        if warm is None:
            return ""
        left = warm.left(now_utc())
        if not left:
            self.changed()  # a send is dearer now
            return "cold"
        shown, step = countdown(left)
        if self._screen.is_current:
            self._counting = self._screen.set_timer(step, self.show_bar)
        sticky = "" if plan is None or not sticky_warning(plan.request) else ", not sticky"
        return f"warm {clock_words(shown)}{sticky}"

    def standing(self) -> Standing:
        """Sums, limits and what the cache does, for the sheet of the next send."""
        effect, minimum = self._caching()
        return Standing(self.totals_so_far, self._budgets, self.verdict, effect, minimum)

    @property
    def totals_so_far(self) -> Totals | None:
        """What was spent over every span, with all that is under way; None if it is not known."""
        return self.desk.totals_so_far(self._conversation_id)

    def bar_totals(self) -> tuple[CostTotal, CostTotal | None]:
        """What the conversation and today came to, with all that is under way."""
        chat = self._chat
        return self.desk.bar_totals(self._conversation_id, chat.spent, chat.spent_today)

    def _caching(self) -> tuple[CachingEffect, int | None]:
        session, model_id = self.desk.session, self._chat.model_id
        connection = session.runtime.connection
        if connection is not None and connection.kind is ProviderKind.COMPATIBLE:
            return COMPATIBLE_EFFECT, None
        settings = self.plan.request.settings if self.plan is not None else None
        effect = caching_effect(
            model_id,
            session.model(model_id),
            enabled=settings is not None and settings.prompt_caching,
            ttl=settings.cache_ttl if settings is not None else None,
        )
        return effect, minimum_tokens(model_id)
