"""What was not sent yet: typed, attached, or sent and waiting. It is stored at every change.

So is what a conversation asks with, which holds even before anything is said in it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tui.services.branches import store_settings
from tui.services.history import History
from tui.ui.controllers.chips import Chips, Outgoing, Unsent

if TYPE_CHECKING:
    from pathlib import Path

    from tui.domain.attachments import Attachment
    from tui.domain.conversation import Conversation
    from tui.ui.controllers.chat_view import ChatView
    from tui.ui.controllers.running_turn import RunningTurn
    from tui.ui.controllers.session import Session


@dataclass(frozen=True, slots=True)
class _Left:
    """A conversation of the history in ``file``, and what its draft is without what goes along."""

    file: Path
    conversation_id: str
    draft: str


class Drafts:
    """Keeps the texts in the history and the files beside it, and gives back what was not sent.

    ``chips`` are the files of what is being written, ``outbox`` is what was sent and waits for the
    screen. ``running`` are the turns under way by the ids of their conversations, ``shown`` tells
    which conversation is on screen.
    """

    def __init__(
        self,
        session: Session,
        view: ChatView,
        running: Mapping[str, RunningTurn],
        shown: Callable[[], Conversation | None],
    ) -> None:
        self.chips = Chips()
        self.outbox: list[Outgoing] = []
        self._session = session
        self._view = view
        self._running = running
        self._shown = shown
        self._stored: dict[str, str | None] = {}
        self._stored_files: dict[str, tuple[Attachment, ...]] = {}
        self._storing: set[asyncio.Task[None]] = set()
        self._left: list[_Left] = []

    def of(self, conversation: Conversation, *, leaving: bool = True) -> str:
        """The text that was not sent yet, with what is leaving or without."""
        if conversation is self._shown():
            conversation.draft = self._view.typed()
        waiting = self._waiting(conversation, leaving=leaving)
        return joined([*(one.text for one in waiting), conversation.draft])

    def _files_of(self, conversation: Conversation) -> tuple[Attachment, ...]:
        """The files of what was not sent yet, each once."""
        waiting = self._waiting(conversation, leaving=True)
        files = [file for unsent in waiting for file in unsent.attachments]
        files += self.chips.unsent(conversation.id)
        return tuple({one.digest: one for one in files}.values())

    def _waiting(self, conversation: Conversation, *, leaving: bool) -> list[Unsent]:
        """What was sent and is no message yet, in its order."""
        running = self._running.get(conversation.id)
        waiting = list(running.unsent) if running is not None else []
        if leaving and running is not None:
            waiting = [*running.leaving, *waiting]
        return [*waiting, *(one.unsent for one in self.outbox if one.conversation is conversation)]

    async def store(self, conversation: Conversation) -> None:
        """Store what was not sent yet in a conversation."""
        draft, files = self.of(conversation), self._files_of(conversation)
        if draft != self._stored.get(conversation.id, ""):
            self._stored[conversation.id] = draft
            history = await self._session.wait_for_history()
            await history.save_draft(conversation.id, draft)
        await self._hold_for(conversation, files)
        if files != self._stored_files.get(conversation.id, ()):
            self._stored_files[conversation.id] = files
            await self._session.attachments.keep_draft(conversation.id, files)

    async def _hold_for(self, conversation: Conversation, files: Sequence[Attachment]) -> None:
        """Keep a conversation that may hold nothing but these files, and no longer than them."""
        held = bool(files) and not conversation.messages
        if held != conversation.settings.draft_files:
            conversation.settings = replace(conversation.settings, draft_files=held)
            await self._store_setup(conversation)

    def store_soon(self, conversation: Conversation) -> None:
        """Store it without waiting for that; :meth:`written` does."""
        self._soon(self.store(conversation))

    def store_setup_soon(self, conversation: Conversation) -> None:
        """Store what a conversation asks with, its model too, without waiting for that."""
        self._soon(self._store_setup(conversation))

    async def _store_setup(self, conversation: Conversation) -> None:
        await store_settings(await self._session.wait_for_history(), conversation)

    async def keep(self) -> None:
        """Store what is typed and what waits in the conversation on screen."""
        conversation = self._shown()
        if conversation is not None:
            await self.store(conversation)

    async def written(self) -> None:
        """Wait until what is being stored is."""
        await asyncio.gather(*self._storing)

    def opened(self, conversation: Conversation) -> None:
        """A conversation was read from the history, with its draft."""
        self._stored.setdefault(conversation.id, conversation.draft)

    def turn_stored(self, conversation: Conversation) -> None:
        """A prompt became a message, and with it the stored draft another."""
        # Unknown, for a draft with its text may have been written after the turn.
        self._stored[conversation.id] = None
        self.store_soon(conversation)

    async def restore_files(self, conversation_id: str) -> None:
        """Attach again what was attached when the workbench was left."""
        if conversation_id not in self._stored_files:
            files = await self._session.attachments.draft_of(conversation_id)
            self._stored_files[conversation_id] = files
            self.chips.add(conversation_id, files)

    def leave_history(self, left: Conversation | None) -> None:
        """Another history comes, of which nothing is known; ``left``, just stored, was on screen.

        What waits for the screen goes along, and so does what was typed where nothing is said yet
        and nothing set up; any other draft stays where it belongs. What goes along is stored where
        it was until :meth:`arrive`: the process may end before.
        """
        stored = self.of(left) if left is not None else ""
        self._stored.clear()
        self._stored_files.clear()
        for outgoing in self.outbox:
            outgoing.conversation = None
        if left is None:
            return
        stays = bool(left.messages or left.is_set_up or self.chips.of(left.id))
        remains, file = left.draft if stays else "", self._session.history_file
        if remains != stored and file is not None:
            self._left.append(_Left(file, left.id, remains))
        if stays:
            self._view.clear_typed()

    async def arrive(self) -> None:
        """Store what came along with the conversation on screen, and only then take it from there.

        As long as this history takes nothing, what came along stays where it was, too.
        """
        if not self._left:
            return
        for outgoing in self.outbox:
            outgoing.conversation = outgoing.conversation or self._shown()
        await self.keep()
        history = await self._session.wait_for_history()
        while self._left and history.file is not None:
            await _take_along(self._left.pop())

    def take_back(self) -> None:
        """What was sent and could not leave is part of the draft again, as at the end."""
        while self.outbox:
            self.give_back(self.outbox.pop())

    def give_back(self, outgoing: Outgoing) -> None:
        """What was sent and could not leave is typed again."""
        conversation = outgoing.conversation or self._shown()
        if conversation is not None:
            self.return_to(conversation, [outgoing.unsent])
        else:
            self._view.give_back(outgoing.unsent.text)

    def return_to(self, conversation: Conversation, unsent: Sequence[Unsent]) -> None:
        """Put what was not sent before what is being written in its conversation."""
        for one in unsent:
            self.chips.add(conversation.id, one.attachments)
        text = joined(one.text for one in unsent)
        if not text:
            return
        if conversation is self._shown():
            self._view.give_back(text)
        else:
            conversation.draft = joined([text, conversation.draft])

    def offer_again(self, conversation: Conversation, unsent: Sequence[Unsent]) -> None:
        """Offer what was sent, and not answered, to be sent again if nothing else is written."""
        is_shown = conversation is self._shown()
        draft = self._view.typed() if is_shown else conversation.draft
        for one in unsent:
            if not draft.strip() and not self.chips.of(conversation.id):
                self.chips.add(conversation.id, one.attachments)
            if one.text and is_shown:
                self._view.offer_again(one.text)
            elif one.text:
                conversation.draft = conversation.draft or one.text

    def _soon(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._storing.add(task)
        task.add_done_callback(self._storing.discard)


async def _take_along(left: _Left) -> None:
    history = await History.open(left.file)
    try:
        await history.save_draft(left.conversation_id, left.draft)
    finally:
        await history.aclose()


def joined(texts: Iterable[str]) -> str:
    """Texts as one, in their order, without the empty ones."""
    return "\n\n".join(text for text in texts if text)
