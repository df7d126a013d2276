"""The tabs on screen: kept in step with the chat, and each where its reader left it."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING

from textual.screen import Screen

from tui.domain.conversation import Conversation, ConversationSummary, Message
from tui.services.open_tabs import OpenTabs
from tui.ui.controllers.tabs import Tabs
from tui.ui.guard import run_guarded
from tui.ui.transcript.reading import Bookmark
from tui.ui.widgets.chat_transcript import ChatTranscript
from tui.ui.widgets.tab_strip import TabStrip

if TYPE_CHECKING:
    from pathlib import Path

    from tui.services.history import History
    from tui.ui.controllers.chat import Chat

_MOST_KEPT = 12
"""Conversations of other tabs that stay in memory, so that going to them needs no reading."""


class TabsPresenter:
    """What is on screen has a tab; one that is left empty, nothing typed or set up, loses it."""

    def __init__(self, screen: Screen[None], chat: Chat) -> None:
        self.tabs = Tabs()
        self._screen = screen
        self._chat = chat
        self._shown: Conversation | None = None
        self._history: History | None = None
        self._file: Path | None = None
        self._left: dict[Path, tuple[str, ...]] = {}
        self._places: dict[str, Bookmark | None] = {}
        self._titles: dict[str, str] = {}
        self._listed: frozenset[str] = frozenset()
        self._saved: list[str] = []
        self._saving = False
        chat.ended.append(self._ended)

    @property
    def _transcript(self) -> ChatTranscript:
        return self._screen.query_one(ChatTranscript)

    def leave(self) -> None:
        """Something else comes on screen: remember where the reader is."""
        if self._shown is not None:
            self._places[self._shown.id] = self._transcript.bookmark()

    def arrive(self, conversation: Conversation) -> None:
        """The conversation is on screen: go to its tab, and to where the reader left it."""
        if self._chat.session.history is not self._history:
            self._change_history()
        before, self._shown = self._shown, conversation
        self.tabs.show(conversation.id)
        self._chat.kept.pop(conversation.id, None)
        if before is not None and before.id != conversation.id:
            self._put_aside(before)
        place = self._places.get(conversation.id)
        if place is not None:
            self._transcript.return_to(place)

    def _change_history(self) -> None:
        """Begin anew, with the tabs that were open when this history was left in this run."""
        if self._file is not None:
            self._left[self._file] = self.tabs.ids
        session = self._chat.session
        self._history, self._file, self._shown = session.history, session.history_file, None
        self.tabs.clear()
        self._chat.kept.clear()
        self._places.clear()
        self._titles.clear()
        self._listed = frozenset()
        self._saved.clear()
        left = self._left.get(self._file) if self._file is not None else None
        if left and self._history is not None:
            run_guarded(self._screen.app, self.restore(self._history, left), "tabs")

    def _put_aside(self, before: Conversation) -> None:
        typed = before.draft or self._chat.chips.of(before.id)
        waits = any(one.conversation is before for one in self._chat.outbox)
        is_empty = not (before.messages or typed or waits or before.is_set_up)
        if is_empty and before.id not in self._chat.busy:
            self.tabs.close([before.id])
        elif before.id in self.tabs.ids:
            kept = self._chat.kept
            kept[before.id] = before
            while len(kept) > _MOST_KEPT:
                del kept[next(iter(kept))]

    def close(self, conversation_ids: Collection[str]) -> str | None:
        """Take tabs away; which conversation to show now, if there is any."""
        for one in conversation_ids:
            self._chat.kept.pop(one, None)
            self._places.pop(one, None)
            if self._shown is not None and self._shown.id == one:
                self._shown = None
        return self.tabs.close(conversation_ids)

    def listed(self, summaries: Iterable[ConversationSummary]) -> None:
        """The list of conversations was read: titles may be others, and more may hold something."""
        titles = {one.id: one.title for one in summaries}
        self._titles.update(titles)
        self._listed = frozenset(titles)
        self.changed()

    def changed(self) -> None:
        """Show the tabs as they are now, and remember which they are."""
        known = [*self._chat.kept.values(), *([self._shown] if self._shown else [])]
        for conversation in known:
            if not self._titles.get(conversation.id):
                self._titles[conversation.id] = conversation.title
        strip = self._screen.query_one(TabStrip)
        strip.tabs = self.tabs.shown(self._titles, self._chat.busy)
        if not self._saving:
            self._saving = True
            run_guarded(self._screen.app, self._save(), "tabs")

    async def _save(self) -> None:
        """Remember the tabs as long as one of them holds something; empty ones do not come back."""
        try:
            while self._history is not None and (file := self._history.file) is not None:
                wanted = list(self.tabs.ids)
                if wanted == self._saved or not any(map(self._holds_something, wanted)):
                    return
                self._saved = wanted
                await asyncio.to_thread(OpenTabs(file).save, wanted)
        finally:
            self._saving = False

    def _holds_something(self, conversation_id: str) -> bool:
        """Whether it is stored: something was said, typed, attached or set up."""
        return bool(self._titles.get(conversation_id)) or conversation_id in self._listed

    async def remembered(self, history: History) -> list[str]:
        """The conversations that were open when the workbench was left."""
        return await asyncio.to_thread(OpenTabs(history.file).load) if history.file else []

    async def restore(self, history: History, ids: Sequence[str]) -> None:
        """Open tabs for these conversations, as far as they still exist."""
        titles = {one.id: one.title for one in await history.conversations(limit=-1)}
        if history is self._history:
            self._titles.update((one, titles[one]) for one in ids if one in titles)
            self.tabs.restore(one for one in ids if one in titles)
            self.changed()

    def reload(self, conversation_ids: Collection[str] | None = None) -> None:
        """What is kept in memory may not be what is stored any more: all of it, or of these."""
        for one in list(self._chat.kept) if conversation_ids is None else conversation_ids:
            self._chat.kept.pop(one, None)

    def _ended(self, conversation: Conversation, message: Message) -> None:
        self.tabs.ended(conversation.id, message.state)
