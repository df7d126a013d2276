"""The shape of a conversation: siblings, steps between them, branches removed and forked.

Nothing here writes or sends. What a turn sends is the active path, whatever other branches hold.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from tui.domain.conversation import Conversation, Message, MessageState, Role

CONTINUE_PROMPT = "Continue exactly where you stopped, without repeating anything."
"""Asks for the rest of an answer that was cut; every model understands it."""
ASKED_IN_VAIN = (MessageState.FAILED, MessageState.INTERRUPTED)
"""After these, what was asked is asked again rather than gone on from."""


@dataclass(frozen=True, slots=True)
class Place:
    """Which of its siblings a message is, from 1, and how many there are."""

    number: int
    count: int


@dataclass(frozen=True, slots=True)
class Asking:
    """What a turn asks: where its prompt belongs, and what is sent.

    ``prompt`` is one that is there already, to be answered once more; with None, a new one becomes
    the child of ``parent_id``. ``path`` is everything before the new prompt, or up to and with
    the one that is there.
    """

    parent_id: str | None
    prompt: Message | None
    path: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class TreeRow:
    """One message of the drawing of a tree: straight runs share a depth, each fork goes deeper."""

    message: Message
    depth: int
    place: Place
    on_path: bool


class Tree:
    """A conversation's messages by their parents, as they are now; removed ones are left out."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._children: dict[str | None, list[Message]] = {}
        for message in conversation.in_sight():
            self._children.setdefault(message.parent_id, []).append(message)

    def children(self, parent_id: str | None) -> list[Message]:
        """The siblings below a message, oldest first; the roots for None."""
        return self._children.get(parent_id, [])

    def siblings(self, message_id: str) -> list[Message]:
        """The message and what stands in its place in other branches, oldest first."""
        message = self._conversation.messages.get(message_id)
        return self.children(message.parent_id) if message is not None else []

    def place(self, message_id: str) -> Place:
        """Which of its siblings the message is."""
        ids = [sibling.id for sibling in self.siblings(message_id)]
        return Place(ids.index(message_id) + 1, len(ids)) if message_id in ids else Place(0, 0)

    def leaf_below(self, message_id: str) -> str:
        """The leaf to show for a message: where its branch was left, else its newest end."""
        chosen = self._conversation.chosen
        seen = {message_id}
        while children := self.children(message_id):
            ids = [child.id for child in children]
            child_id = chosen.get(message_id, "")
            message_id = child_id if child_id in ids else ids[-1]
            if message_id in seen:  # a damaged file may loop
                break
            seen.add(message_id)
        return message_id

    def beside(self, message_id: str, step: int) -> str | None:
        """The leaf of the branch ``step`` siblings to the right, negative for left, or None."""
        siblings = self.siblings(message_id)
        number = self.place(message_id).number - 1 + step
        return self.leaf_below(siblings[number].id) if 0 <= number < len(siblings) else None

    def branch(self, message_id: str) -> list[Message]:
        """The message and everything below it, parents before children."""
        top = self._conversation.messages.get(message_id)
        if top is None:
            return []
        found, waiting = {top.id: top}, [top]
        while waiting:
            for child in self.children(waiting.pop().id):
                if child.id not in found:
                    found[child.id] = child
                    waiting.append(child)
        return list(found.values())

    def rows(self) -> Iterator[TreeRow]:
        """The whole tree from top to bottom, for a small drawing of its shape."""
        on_path = {message.id for message in self._conversation.path()}
        drawn: set[str] = set()
        waiting = [(message, 0) for message in reversed(self.children(None))]
        while waiting:
            message, depth = waiting.pop()
            if message.id in drawn:  # a damaged file may loop
                continue
            drawn.add(message.id)
            yield TreeRow(message, depth, self.place(message.id), message.id in on_path)
            children = self.children(message.id)
            deeper = depth + (len(children) > 1)
            waiting.extend((child, deeper) for child in reversed(children))


def show_branch(conversation: Conversation, leaf_id: str) -> None:
    """Make another path the active one, and remember which way the one before went."""
    for message in conversation.path():
        conversation.chosen[message.parent_id] = message.id
    conversation.leaf_id = leaf_id
    for message in conversation.path():
        conversation.chosen[message.parent_id] = message.id


def send_next(conversation: Conversation) -> Asking:
    """Send a new message below the active path."""
    path = tuple(conversation.path())
    return Asking(conversation.leaf_id if path else None, None, path)


def parent_of_next(conversation: Conversation, text: str) -> str | None:
    """The message that a new one with this text follows.

    A failed or interrupted turn is left aside when its text is sent again, a failed one also when
    it said nothing: the next try becomes its sibling.
    """
    path = conversation.path()
    last = path[-1] if path else None
    prompt = conversation.messages.get(last.parent_id or "") if last is not None else None
    if last is None or prompt is None or last.state not in ASKED_IN_VAIN:
        return conversation.leaf_id
    said_nothing = last.state is MessageState.FAILED and not last.text
    return prompt.parent_id if said_nothing or prompt.text == text else conversation.leaf_id


def send_instead(conversation: Conversation, message_id: str) -> Asking | None:
    """Send another text in the place of a prompt; None if there is no such prompt."""
    message = conversation.messages.get(message_id)
    if message is None or message.role is not Role.USER:
        return None
    before = tuple(conversation.path(message.parent_id)) if message.parent_id else ()
    return Asking(message.parent_id, None, before)


def answer_again(conversation: Conversation, message_id: str) -> Asking | None:
    """Answer a prompt once more, named by itself or by one of its answers; None without one."""
    message = conversation.messages.get(message_id)
    if message is not None and message.role is Role.ASSISTANT:
        message = conversation.messages.get(message.parent_id or "")
    if message is None or message.role is not Role.USER:
        return None
    return Asking(message.parent_id, message, tuple(conversation.path(message.id)))


def continue_answer(conversation: Conversation, message_id: str) -> Asking | None:
    """Ask for the rest of an answer with :data:`CONTINUE_PROMPT`; None unless it has ended.

    The rest becomes an answer of its own below the one that was cut, whose cost stays its own.
    """
    message = conversation.messages.get(message_id)
    if (
        message is None
        or message.role is not Role.ASSISTANT
        or message.state is MessageState.STREAMING
        or not message.text
    ):
        return None
    return Asking(message.id, None, tuple(conversation.path(message.id)))


def remove_branch(conversation: Conversation, message_id: str) -> list[str]:
    """Take a message and everything below it out of sight; their ids, for bringing them back.

    The nearest sibling's branch becomes the active one if the active path led through the message,
    else its parent. None is removed while an answer among them is still streaming.
    """
    tree = Tree(conversation)
    branch = tree.branch(message_id)
    if any(message.state is MessageState.STREAMING for message in branch):
        return []
    ids = [message.id for message in branch]
    if branch and any(message.id == message_id for message in conversation.path()):
        beside = tree.beside(message_id, -1) or tree.beside(message_id, 1)
        show_branch(conversation, beside or branch[0].parent_id or "")
        conversation.leaf_id = conversation.leaf_id or None
    conversation.removed.update(ids)
    return ids


def restore_branch(conversation: Conversation, ids: list[str]) -> None:
    """Bring a removed branch back, and put it on screen."""
    conversation.removed.difference_update(ids)
    if ids:
        show_branch(conversation, Tree(conversation).leaf_below(ids[0]))


def fork(
    conversation: Conversation, leaf_id: str, new_id: Callable[[], str], at: datetime
) -> Conversation:
    """A new conversation that holds a copy of the path to a leaf, and asks as this one does.

    Its answers cost nothing anew: they were paid for here. An answer that is still streaming is
    left out.
    """
    forked = Conversation(
        id=new_id(),
        session_id=new_id(),
        model=conversation.model,
        created_at=at,
        title=conversation.title,
        system_prompt=conversation.system_prompt,
        settings=conversation.settings,
        updated_at=at,
        tags=conversation.tags,
    )
    for message in conversation.path(leaf_id):
        if message.state is MessageState.STREAMING:
            break
        generation = message.generation
        copy = replace(
            message,
            id=new_id(),
            conversation_id=forked.id,
            parent_id=forked.leaf_id,
            generation=None if generation is None else replace(generation, copied=True),
        )
        forked.put(copy)
        forked.leaf_id = copy.id
    return forked
