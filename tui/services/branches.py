"""Branches in the history: removed, brought back, forked; and what a conversation asks with."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from tui.domain.conversation import Conversation, Generation, Message, Role
from tui.services.branch_statements import add_cost, insert_conversation, set_removed
from tui.services.history import History
from tui.services.history_rows import conversation_to_row, moment_to_text
from tui.services.history_statements import put_unsaid
from tui.services.shelf_statements import set_columns

_SETUP = ("system_prompt", "settings", "model")
"""The columns of what a conversation asks with."""


async def store_removal(history: History, conversation: Conversation, ids: Sequence[str]) -> None:
    """Mark a branch as removed, with the path that is shown instead; it can be brought back."""
    job = partial(
        set_removed,
        ids=tuple(ids),
        moment=moment_to_text(datetime.now(UTC)),
        writer=history.writer,
        conversation_id=conversation.id,
        leaf_id=conversation.leaf_id,
    )
    await history.write(job, durable=True)


async def store_return(history: History, conversation: Conversation, ids: Sequence[str]) -> None:
    """Bring a removed branch back, as long as it has not been purged, with the path shown."""
    job = partial(
        set_removed,
        ids=tuple(ids),
        moment=None,
        writer=None,
        conversation_id=conversation.id,
        leaf_id=conversation.leaf_id,
    )
    await history.write(job)


async def store_leaf(history: History, conversation: Conversation) -> None:
    """Keep which path is the active one."""
    columns = {"leaf_id": conversation.leaf_id}
    await history.write(partial(set_columns, ids=(conversation.id,), columns=columns))


async def store_conversation(history: History, conversation: Conversation) -> None:
    """Write a whole conversation that is new, as a fork is."""
    as_it_is = replace(conversation, messages=dict(conversation.messages))
    await history.write(partial(insert_conversation, conversation=as_it_is))


async def store_settings(history: History, conversation: Conversation) -> None:
    """Keep the system prompt of a conversation, its model, and what else it asks with.

    One without a message is written for that; it goes again with the last thing it asks with.
    """
    row = conversation_to_row(conversation)
    job = partial(
        put_unsaid,
        conversation_id=conversation.id,
        columns={name: row[name] for name in _SETUP},
        new=None if conversation.messages else row,
    )
    await history.write(job)


async def store_extra_cost(
    history: History, conversation: Conversation, generation: Generation, message_id: str
) -> None:
    """Count what was spent for a conversation on something that is no turn, as on its title.

    It is kept under the id of a message that there is not.
    """
    at = datetime.now(UTC)
    message = Message(
        message_id, conversation.id, None, Role.ASSISTANT, "", at, generation=generation
    )
    conversation.other_costs = (*conversation.other_costs, generation.cost)
    await history.write(partial(add_cost, message=message))
