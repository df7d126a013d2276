"""The list of conversations: order, marks, tags, and what two instances see of each other."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes.conversations import MODEL, NOON, answer_to, prompt_in, take_turn
from tui.domain.conversation import Conversation
from tui.domain.cost import CostTotal
from tui.domain.tree import remove_branch, restore_branch
from tui.services.branches import store_removal, store_return
from tui.services.history import History
from tui.services.shelf import (
    archive,
    clean_tag,
    delete_all,
    pin,
    retitle,
    tag,
    tags,
    undelete_all,
    untag,
    written_elsewhere,
)


@pytest.fixture
async def history(tmp_path: Path) -> AsyncIterator[History]:
    opened = await History.open(tmp_path / "history.db")
    yield opened
    assert opened.problem is None
    await opened.aclose()


async def chats(history: History, count: int) -> list[Conversation]:
    made = [await history.new_conversation(MODEL) for _ in range(count)]
    for number, conversation in enumerate(made):
        await take_turn(history, conversation, f"chat {number}")
    return made


async def test_many_conversations_are_marked_at_once(history: History) -> None:
    first, second, third = await chats(history, 3)
    await pin(history, [first.id, second.id])
    await archive(history, [second.id, third.id])
    await pin(history, [first.id], on=False)
    marks = {one.id: (one.pinned, one.archived) for one in await history.conversations()}
    assert marks == {
        first.id: (False, False),
        second.id: (True, True),
        third.id: (False, True),
    }
    loaded = await history.load(second.id)
    assert loaded is not None
    assert (loaded.pinned, loaded.archived) == (True, True)


async def test_tags_are_the_same_in_any_case(history: History) -> None:
    first, second = await chats(history, 2)
    assert await tag(history, [first.id, second.id], " #Work ") == "Work"
    await tag(history, [first.id], "work")
    await tag(history, [first.id], "side project")
    assert await tags(history) == [("Work", 2), ("side-project", 1)]
    listed = {one.id: one.tags for one in await history.conversations()}
    assert listed == {first.id: ("Work", "side-project"), second.id: ("Work",)}
    await untag(history, [first.id, second.id], "WORK")
    assert await tags(history) == [("side-project", 1)]


@pytest.mark.parametrize(
    ("written", "kept"), [("#a", "a"), ("a b", "a-b"), ("\x1b[1m", "␛[1m"), ("  ", ""), ("##", "")]
)
def test_a_tag_is_one_word_that_can_be_shown(written: str, kept: str) -> None:
    assert clean_tag(written) == kept


async def test_a_tag_of_nothing_is_none(history: History) -> None:
    [conversation] = await chats(history, 1)
    assert await tag(history, [conversation.id], " # ") == ""
    assert await tags(history) == []


async def test_a_title_of_the_user_is_not_written_over(history: History) -> None:
    [conversation] = await chats(history, 1)
    before = conversation.title
    await history.rename(conversation.id, "Mine")
    assert not await retitle(history, conversation.id, before, "The model's")
    assert await retitle(history, conversation.id, "Mine", "Another")
    assert [one.title for one in await history.conversations()] == ["Another"]


async def test_many_are_deleted_and_brought_back(history: History) -> None:
    first, second, third = await chats(history, 3)
    await delete_all(history, [first.id, third.id])
    assert [one.id for one in await history.conversations()] == [second.id]
    await undelete_all(history, [first.id])
    assert [one.id for one in await history.conversations()] == [second.id, first.id]


async def test_a_conversation_without_anything_in_sight_is_not_listed(history: History) -> None:
    [conversation] = await chats(history, 1)
    ids = remove_branch(conversation, conversation.path()[0].id)
    await store_removal(history, conversation, ids)
    assert await history.conversations() == []
    restore_branch(conversation, ids)
    await store_return(history, conversation, ids)
    assert [one.id for one in await history.conversations()] == [conversation.id]


async def test_the_list_tells_what_all_branches_cost_and_what_is_unknown(
    history: History,
) -> None:
    conversation = await history.new_conversation(MODEL)
    await take_turn(history, conversation, cost="0.1")
    await take_turn(history, conversation, cost="0.02")
    await take_turn(history, conversation, cost=None)
    [summary] = await history.conversations()
    assert summary.cost == conversation.cost() == CostTotal(summary.cost.amount, unknown=1)
    assert str(summary.cost.amount) == "0.12"


async def test_instances_see_what_the_other_writes(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    first, second = await History.open(path), await History.open(path)
    before = await written_elsewhere(first)
    [conversation] = await chats(second, 1)
    assert await written_elsewhere(first) != before
    assert [one.id for one in await first.conversations()] == [conversation.id]
    before = await written_elsewhere(first)
    await chats(first, 1)
    assert await written_elsewhere(first) == before
    await first.aclose()
    await second.aclose()


async def test_neither_of_two_instances_in_one_conversation_loses_a_write(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    first, second = await History.open(path), await History.open(path)
    [here] = await chats(first, 1)
    there = await second.load(here.id)
    assert there is not None
    ids = remove_branch(there, there.path()[0].id)
    await store_removal(second, there, ids)
    await take_turn(first, here, "written meanwhile", at=NOON + timedelta(seconds=1))
    await second.purge_deleted()
    loaded = await second.load(here.id)
    assert loaded is not None
    assert [message.text for message in loaded.path()][2] == "written meanwhile"
    assert len(loaded.path()) == 4
    assert (first.problem, second.problem) == (None, None)
    await first.aclose()
    await second.aclose()


async def test_a_turn_may_begin_in_a_branch_that_another_instance_purged(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    first, second = await History.open(path), await History.open(path)
    [here] = await chats(first, 1)
    there = await second.load(here.id)
    assert there is not None
    await store_removal(second, there, remove_branch(there, there.path()[0].id))
    await second.purge_deleted()
    assert await second.load(here.id) is None
    prompt = prompt_in(here, "still here", parent_id=here.leaf_id)
    await first.begin_turn(here, prompt, answer_to(prompt))
    loaded = await second.load(here.id)
    assert loaded is not None
    assert [message.text for message in loaded.path()][:3] == ["chat 0", "Rayleigh.", "still here"]
    assert first.problem is None
    await first.aclose()
    await second.aclose()
