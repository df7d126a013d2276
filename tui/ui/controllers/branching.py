"""Branches of the conversation on screen: asked anew, stepped between, removed, forked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import uuid4

from tui.domain.attachments import Attachment
from tui.domain.conversation import Conversation, Message, Role
from tui.domain.tree import (
    CONTINUE_PROMPT,
    Asking,
    Place,
    Tree,
    answer_again,
    continue_answer,
    fork,
    remove_branch,
    restore_branch,
    send_instead,
    show_branch,
)
from tui.services.branches import (
    store_conversation,
    store_leaf,
    store_removal,
    store_return,
)
from tui.ui.controllers.chips import Outgoing
from tui.ui.controllers.turn import now_utc

if TYPE_CHECKING:
    from tui.ui.controllers.chat import Chat


def places_of(conversation: Conversation | None) -> dict[str, Place]:
    """The places of the messages of the active path that have siblings."""
    if conversation is None:
        return {}
    tree = Tree(conversation)
    places = {message.id: tree.place(message.id) for message in conversation.path()}
    return {message_id: place for message_id, place in places.items() if place.count > 1}


class Branching:
    """What a user does with branches. What makes no sense does nothing and gives False or None.

    Nothing new is asked while an answer of the conversation streams.
    """

    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self._removed: dict[str, list[list[str]]] = {}

    @property
    def can_ask(self) -> bool:
        """Whether no answer is streaming into the conversation on screen."""
        return self._chat.running is None

    def prompt_of(self, message_id: str) -> Message | None:
        """The prompt of that id, or the one that the answer of that id answers."""
        conversation = self._chat.conversation
        message = conversation.messages.get(message_id) if conversation is not None else None
        if conversation is not None and message is not None and message.role is Role.ASSISTANT:
            message = conversation.messages.get(message.parent_id or "")
        return message if message is not None and message.role is Role.USER else None

    def number_of(self, message_id: str) -> int:
        """Which message of its path it is, from 1."""
        conversation = self._chat.conversation
        return len(conversation.path(message_id)) if conversation is not None else 0

    async def resend(self, outgoing: Outgoing) -> bool:
        """Send a text, with its files, in the place of a prompt."""
        conversation, unsent = outgoing.conversation, outgoing.unsent
        if conversation is None or conversation.id in self._chat.busy:
            return False
        asking = send_instead(conversation, outgoing.replaces or "")
        if asking is None:
            return False
        await self._chat.send(
            unsent.text, asking, attachments=unsent.attachments, within=conversation
        )
        return True

    async def regenerate(self, message_id: str) -> bool:
        """Answer a prompt once more, named by itself or by its answer."""
        conversation = self._chat.conversation
        asking = answer_again(conversation, message_id) if conversation is not None else None
        prompt = asking.prompt if asking is not None else None
        return prompt is not None and await self._ask(prompt.text, asking, prompt.attachments)

    def can_go_on(self, message_id: str) -> bool:
        """Whether the rest of this answer can be asked for now."""
        conversation = self._chat.conversation
        found = continue_answer(conversation, message_id) if conversation is not None else None
        return found is not None and self.can_ask

    async def go_on(self, message_id: str) -> bool:
        """Ask for the rest of an answer."""
        conversation = self._chat.conversation
        asking = continue_answer(conversation, message_id) if conversation is not None else None
        return await self._ask(CONTINUE_PROMPT, asking)

    async def _ask(
        self, text: str, asking: Asking | None, attachments: Sequence[Attachment] = ()
    ) -> bool:
        if asking is None or not self.can_ask:
            return False
        await self._chat.send(text, asking, attachments=attachments)
        return True

    async def step(self, message_id: str, step: int) -> str | None:
        """Show the sibling ``step`` places to the right; its id."""
        conversation = self._chat.conversation
        if conversation is None:
            return None
        tree = Tree(conversation)
        leaf_id = tree.beside(message_id, step)
        if leaf_id is None:
            return None
        siblings = [sibling.id for sibling in tree.siblings(message_id)]
        await self._show(conversation, leaf_id)
        return siblings[siblings.index(message_id) + step]

    async def jump(self, message_id: str) -> None:
        """Show the path through a message."""
        conversation = self._chat.conversation
        if conversation is not None and message_id in conversation.messages:
            await self._show(conversation, Tree(conversation).leaf_below(message_id))

    async def _show(self, conversation: Conversation, leaf_id: str) -> None:
        show_branch(conversation, leaf_id)
        await store_leaf(await self._chat.session.wait_for_history(), conversation)

    async def remove(self, message_id: str) -> int:
        """Take a message and all below it out of sight; how many messages that were."""
        conversation = self._chat.conversation
        ids = remove_branch(conversation, message_id) if conversation is not None else []
        if conversation is not None and ids:
            self._removed.setdefault(conversation.id, []).append(ids)
            await store_removal(await self._chat.session.wait_for_history(), conversation, ids)
        return len(ids)

    async def restore(self) -> str | None:
        """Bring back what was removed last from this conversation; its first message."""
        conversation = self._chat.conversation
        removed = self._removed.get(conversation.id) if conversation is not None else None
        if conversation is None or not removed:
            return None
        ids = removed.pop()
        restore_branch(conversation, ids)
        await store_return(await self._chat.session.wait_for_history(), conversation, ids)
        return ids[0]

    async def fork(self, message_id: str) -> bool:
        """Open a new conversation with a copy of everything up to a message."""
        conversation = self._chat.conversation
        if conversation is None or message_id not in conversation.messages:
            return False
        forked = fork(conversation, message_id, lambda: uuid4().hex, now_utc())
        await store_conversation(await self._chat.session.wait_for_history(), forked)
        return await self._chat.open(forked.id)
