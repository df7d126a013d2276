"""What is exported of a conversation, and the figures that stand above it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tui.domain.conversation import Conversation, Message, MessageState, Role, costs_of
from tui.domain.cost import CostTotal, total
from tui.domain.figures import money_exact
from tui.domain.receipt import receipt_parts
from tui.domain.sanitize import single_line
from tui.domain.tree import Tree, TreeRow


class Scope(StrEnum):
    """How much of a conversation is exported."""

    BRANCH = "branch"
    CONVERSATION = "conversation"


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of what is exported; tokens as far as they were reported, the cost in USD."""

    messages: int
    prompt_tokens: int
    completion_tokens: int
    cost: CostTotal
    models: tuple[str, ...]


def selected(conversation: Conversation, scope: Scope) -> list[TreeRow]:
    """The messages to export: the active path, or all branches one after the other."""
    tree = Tree(conversation)
    if scope is Scope.CONVERSATION:
        return list(tree.rows())
    return [TreeRow(one, 0, tree.place(one.id), on_path=True) for one in conversation.path()]


def figures(rows: Sequence[TreeRow]) -> Figures:
    """The figures of these messages."""
    messages = [row.message for row in rows]
    generations = [one.generation for one in messages if one.generation is not None]
    usages = [generation.usage for generation in generations if generation.usage is not None]
    return Figures(
        messages=len(messages),
        prompt_tokens=sum(usage.prompt_tokens or 0 for usage in usages),
        completion_tokens=sum(usage.completion_tokens or 0 for usage in usages),
        cost=total(costs_of(messages)),
        models=tuple(dict.fromkeys(single_line(one.model_asked, 200) for one in generations)),
    )


def heading(row: TreeRow) -> str:
    """Who speaks, and which of several siblings it is: ``anthropic/claude (2/3)``."""
    message = row.message
    name = "You" if message.role is Role.USER else "System"
    if message.role is Role.ASSISTANT:
        name = single_line(message.generation.model_asked, 200) if message.generation else "Answer"
    place = row.place
    return f"{name} ({place.number}/{place.count})" if place.count > 1 else name


def note(message: Message) -> str:
    """The line under an answer: how it ended, who gave it, what it cost."""
    if message.generation is None or message.state is MessageState.STREAMING:
        return ""
    return single_line(" · ".join(receipt_parts(message)))


def files_of(message: Message) -> list[str]:
    """What came with a message besides words, a line each."""
    attached = [f"attached: {one.words}" for one in message.attachments]
    return [*attached, *(f"image: {picture.words}" for picture in message.images)]


def cost_words(cost: CostTotal) -> str:
    """A sum to the last digit: ``≈`` when a part is estimated, ``+ ?`` when one is unknown."""
    words = f"{'≈ ' if cost.estimated else ''}{money_exact(cost.amount)}"
    return f"{words} + ?" if cost.unknown else words
