from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest

from tests.fakes.conversations import MODEL, NOON, answer_to, finished, prompt_in, take_turn
from tui.domain.conversation import Message, MessageState, Role
from tui.domain.cost import UNKNOWN_COST, CostTotal
from tui.domain.events import ServedBy
from tui.services.branches import store_leaf, store_removal
from tui.services.history import History
from tui.services.shelf import delete_all, undelete_all

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture(params=["file", "memory"])
async def history(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[History]:
    in_file = request.param == "file"
    opened = await (History.open(tmp_path / "history.db") if in_file else History.in_memory())
    assert opened.problem is None
    yield opened
    assert opened.problem is None
    await opened.aclose()


async def test_an_empty_conversation_leaves_no_trace(history: History) -> None:
    conversation = await history.new_conversation(MODEL)
    await history.rename(conversation.id, "Empty")
    await history.save_draft(conversation.id, "")
    assert await history.conversations() == []
    assert await history.load(conversation.id) is None
    assert await history.latest_id() is None


async def test_a_begun_turn_can_be_read_before_the_answer_has_a_token(history: History) -> None:
    conversation = await history.new_conversation(MODEL)
    prompt = prompt_in(conversation, "# The sky\nWhy is it blue?")
    answer = answer_to(prompt)
    await history.begin_turn(conversation, prompt, answer)
    loaded = await history.load(conversation.id)
    assert loaded is not None
    assert loaded.path() == [prompt, answer]
    assert (loaded.title, loaded.model) == ("The sky", MODEL)
    assert loaded.session_id == conversation.session_id
    assert conversation.title == "The sky"


async def test_what_is_journaled_can_be_read_at_once(history: History) -> None:
    conversation = await history.new_conversation(MODEL)
    prompt = prompt_in(conversation)
    answer = answer_to(prompt, "It ")
    await history.begin_turn(conversation, prompt, answer)
    await history.journal(answer.id, "scat", "Light ", ServedBy(generation_id="gen-7"))
    await history.journal(answer.id, "ters", "is a wave.", ServedBy(provider="Example"))
    loaded = await history.load(conversation.id)
    assert loaded is not None
    streaming = loaded.messages[answer.id]
    assert (streaming.text, streaming.reasoning) == ("It scatters", "Light is a wave.")
    assert streaming.state is MessageState.STREAMING
    assert streaming.generation is not None
    assert streaming.generation.generation_id == "gen-7"
    assert streaming.generation.served_by == "Example"


async def test_the_final_answer_replaces_the_journal(history: History) -> None:
    conversation = await history.new_conversation(MODEL)
    prompt = prompt_in(conversation)
    answer = answer_to(prompt)
    await history.begin_turn(conversation, prompt, answer)
    await history.journal(answer.id, "Ray", "")
    await history.finish_answer(finished(answer))
    await history.journal(answer.id, "late", "")  # a write that was under way
    loaded = await history.load(conversation.id)
    assert loaded is not None
    assert loaded.messages[answer.id] == finished(answer)


async def test_a_finished_answer_can_be_corrected_later(history: History) -> None:
    conversation = await history.new_conversation(MODEL)
    _, answer = await take_turn(history, conversation, cost=None)
    assert (await history.spent_since(LONG_AGO)).unknown == 1
    await history.finish_answer(finished(answer, cost="0.25"))
    assert await history.spent_since(LONG_AGO) == CostTotal(Decimal("0.25"))


async def test_regenerated_answers_are_siblings_and_the_newest_is_active(history: History) -> None:
    conversation = await history.new_conversation(MODEL)
    prompt, first = await take_turn(history, conversation)
    second = answer_to(prompt)
    await history.begin_turn(conversation, prompt, second)
    await history.finish_answer(finished(second, "Scattering."))
    loaded = await history.load(conversation.id)
    assert loaded is not None
    assert loaded.children(prompt.id) == [first, finished(second, "Scattering.")]
    assert loaded.leaf_id == second.id

    loaded.leaf_id = first.id
    await store_leaf(history, loaded)
    loaded = await history.load(conversation.id)
    assert loaded is not None
    assert loaded.path() == [prompt, first]


async def test_a_leaf_that_is_not_there_gives_way_to_the_newest_message(history: History) -> None:
    conversation = await history.new_conversation(MODEL)
    _, answer = await take_turn(history, conversation)
    conversation.leaf_id = "nowhere"
    await store_leaf(history, conversation)
    loaded = await history.load(conversation.id)
    assert loaded is not None
    assert loaded.leaf_id == answer.id


async def test_messages_above_a_prompt_that_were_never_written_are_written_with_it(
    history: History,
) -> None:
    conversation = await history.new_conversation(MODEL)
    system = Message("system", conversation.id, None, Role.SYSTEM, "Be brief.", NOON)
    example = prompt_in(conversation, "An example", parent_id=system.id)
    conversation.put(system)
    conversation.put(example)
    prompt = prompt_in(conversation, parent_id=example.id)
    answer = answer_to(prompt)
    await history.begin_turn(conversation, prompt, answer)
    loaded = await history.load(conversation.id)
    assert loaded is not None
    assert loaded.path() == [system, example, prompt, answer]


async def test_the_order_is_that_of_writing_even_if_the_clock_goes_back(history: History) -> None:
    first, second = [await history.new_conversation(MODEL) for _ in range(2)]
    await take_turn(history, first, "one", at=NOON)
    await take_turn(history, first, "two", at=NOON - timedelta(days=1))
    await take_turn(history, second, "three", at=NOON - timedelta(days=365))
    loaded = await history.load(first.id)
    assert loaded is not None
    texts = [message.text for message in loaded.messages.values() if message.role is Role.USER]
    assert texts == ["one", "two"]
    assert [summary.id for summary in await history.conversations()] == [second.id, first.id]
    assert await history.latest_id() == second.id
    assert await history.recent_prompts() == ["three", "two", "one"]

    await take_turn(history, first, "four", at=NOON - timedelta(days=900))
    assert await history.latest_id() == first.id


async def test_a_summary_counts_all_branches_and_sums_exactly(history: History) -> None:
    conversation = await history.new_conversation(MODEL)
    costs = ["0.1", "0.2", "0.000000000123456789", "100000.7"]
    prompt, _ = await take_turn(history, conversation, "Sums", cost=costs[0])
    for cost in [*costs[1:], None]:
        sibling = answer_to(prompt)
        await history.begin_turn(conversation, prompt, sibling)
        await history.finish_answer(finished(sibling, cost=cost))
    [summary] = await history.conversations()
    assert summary.cost == CostTotal(Decimal("100001.000000000123456789"), unknown=1)
    assert (summary.title, summary.model) == ("Sums", MODEL)
    loaded = await history.load(conversation.id)
    assert loaded is not None
    assert loaded.cost() == summary.cost


async def test_only_the_most_recent_conversations_are_listed_up_to_the_limit(
    history: History,
) -> None:
    conversations = [await history.new_conversation(MODEL) for _ in range(4)]
    for conversation in conversations:
        await take_turn(history, conversation)
    listed = [summary.id for summary in await history.conversations(limit=2)]
    assert listed == [conversations[3].id, conversations[2].id]


async def test_what_is_not_listed_takes_no_cost_from_what_is(history: History) -> None:
    costly = await history.new_conversation(MODEL)
    await take_turn(history, costly)
    emptied = await history.new_conversation(MODEL)
    prompt, answer = await take_turn(history, emptied)
    await store_removal(history, emptied, [prompt.id, answer.id])
    [summary] = await history.conversations(limit=1)
    assert summary.id == costly.id
    assert summary.cost.amount > 0


async def test_a_conversation_follows_a_change_of_model(history: History) -> None:
    conversation = await history.new_conversation(MODEL)
    await take_turn(history, conversation)
    conversation.model = "example/other"
    await take_turn(history, conversation)
    [summary] = await history.conversations()
    assert summary.model == "example/other"


async def test_a_title_given_by_the_user_stays(history: History) -> None:
    conversation = await history.new_conversation(MODEL)
    await history.rename(conversation.id, "Physics")
    await take_turn(history, conversation, "one")
    assert [summary.title for summary in await history.conversations()] == ["Physics"]
    await history.rename(conversation.id, "Optics")
    await take_turn(history, conversation, "two")
    assert [summary.title for summary in await history.conversations()] == ["Optics"]


async def test_a_draft_makes_a_conversation_and_goes_with_its_prompt(history: History) -> None:
    conversation = await history.new_conversation(MODEL)
    await history.save_draft(conversation.id, "Why is the")
    loaded = await history.load(conversation.id)
    assert loaded is not None
    assert (loaded.draft, loaded.messages) == ("Why is the", {})
    await take_turn(history, conversation)
    loaded = await history.load(conversation.id)
    assert loaded is not None
    assert loaded.draft == ""


async def test_a_draft_outlives_the_regeneration_of_an_answer(history: History) -> None:
    conversation = await history.new_conversation(MODEL)
    prompt, _ = await take_turn(history, conversation)
    await history.save_draft(conversation.id, "And the sea?")
    await history.begin_turn(conversation, prompt, answer_to(prompt))
    loaded = await history.load(conversation.id)
    assert loaded is not None
    assert loaded.draft == "And the sea?"


async def test_a_conversation_that_was_only_a_draft_goes_and_comes_with_it(
    history: History,
) -> None:
    conversation = await history.new_conversation(MODEL)
    await history.save_draft(conversation.id, "Hm")
    await history.load(conversation.id)
    await history.save_draft(conversation.id, "")
    assert await history.conversations() == []
    await history.save_draft(conversation.id, "Hm again")
    assert [summary.id for summary in await history.conversations()] == [conversation.id]


async def test_a_deleted_conversation_can_be_brought_back_until_it_is_purged(
    history: History,
) -> None:
    kept, deleted = [await history.new_conversation(MODEL) for _ in range(2)]
    await take_turn(history, kept, "kept")
    await take_turn(history, deleted, "deleted")
    await delete_all(history, [deleted.id])
    assert [summary.id for summary in await history.conversations()] == [kept.id]
    assert await history.load(deleted.id) is None
    assert await history.latest_id() == kept.id
    assert await history.recent_prompts() == ["kept"]

    await undelete_all(history, [deleted.id])
    loaded = await history.load(deleted.id)
    assert loaded is not None
    assert loaded.path() == deleted.path()

    await delete_all(history, [deleted.id])
    await history.purge_deleted()
    await undelete_all(history, [deleted.id])
    assert [summary.id for summary in await history.conversations()] == [kept.id]


async def test_a_deleted_conversation_that_is_continued_is_not_purged(history: History) -> None:
    conversation = await history.new_conversation(MODEL)
    await take_turn(history, conversation)
    await delete_all(history, [conversation.id])
    await take_turn(history, conversation, "And the sea?")
    await history.purge_deleted()
    loaded = await history.load(conversation.id)
    assert loaded is not None
    assert loaded.path() == conversation.path()


async def test_a_purged_conversation_that_is_continued_keeps_its_path_and_its_cost(
    history: History,
) -> None:
    conversation = await history.new_conversation(MODEL)
    await take_turn(history, conversation)
    await delete_all(history, [conversation.id])
    await history.purge_deleted()
    await take_turn(history, conversation, "And the sea?")
    loaded = await history.load(conversation.id)
    assert loaded is not None
    assert loaded.path() == conversation.path()
    assert loaded.cost() == CostTotal(Decimal("0.002"))
    assert await history.spent_since(LONG_AGO) == CostTotal(Decimal("0.002"))


async def test_what_a_deleted_conversation_cost_stays_spent(history: History) -> None:
    conversation = await history.new_conversation(MODEL)
    await take_turn(history, conversation, cost="0.25")
    await delete_all(history, [conversation.id])
    assert await history.spent_since(LONG_AGO) == CostTotal(Decimal("0.25"))
    await history.purge_deleted()
    assert await history.spent_since(LONG_AGO) == CostTotal(Decimal("0.25"))


async def test_a_conversation_deleted_while_it_streams_is_purged_after_the_answer(
    history: History,
) -> None:
    conversation = await history.new_conversation(MODEL)
    prompt = prompt_in(conversation)
    answer = answer_to(prompt)
    await history.begin_turn(conversation, prompt, answer)
    await delete_all(history, [conversation.id])
    await history.purge_deleted()
    await history.finish_answer(finished(answer, cost="0.5"))
    assert await history.spent_since(LONG_AGO) == CostTotal(Decimal("0.5"))
    await history.purge_deleted()
    await history.finish_answer(finished(answer, cost="0.5"))  # too late to matter
    await undelete_all(history, [conversation.id])
    assert await history.load(conversation.id) is None
    assert await history.spent_since(LONG_AGO) == CostTotal(Decimal("0.5"))


async def test_a_conversation_longer_than_sqlite_cascades_can_be_deleted(history: History) -> None:
    conversation = await history.new_conversation(MODEL)
    parent_id: str | None = None
    for number in range(3_000):
        message = prompt_in(conversation, f"prompt {number}", parent_id=parent_id)
        conversation.put(message)
        parent_id = message.id
    prompt = prompt_in(conversation, parent_id=parent_id)
    await history.begin_turn(conversation, prompt, answer := answer_to(prompt))
    await history.finish_answer(finished(answer))
    loaded = await history.load(conversation.id)
    assert loaded is not None
    assert len(loaded.messages) == 3_002
    await delete_all(history, [conversation.id])
    await history.purge_deleted()
    await undelete_all(history, [conversation.id])
    assert await history.conversations() == []


async def test_spending_is_counted_from_a_moment_on_whatever_its_time_zone(
    history: History,
) -> None:
    conversation = await history.new_conversation(MODEL)
    await take_turn(history, conversation, cost="1", at=NOON - timedelta(microseconds=1))
    await take_turn(history, conversation, cost="2", at=NOON)
    await take_turn(history, conversation, cost="4", at=NOON + timedelta(hours=1))
    in_india = NOON.astimezone(timezone(timedelta(hours=5, minutes=30)))
    assert (await history.spent_since(NOON)).amount == 6
    assert (await history.spent_since(in_india)).amount == 6


async def test_an_answer_that_streams_is_not_spent_yet(history: History) -> None:
    conversation = await history.new_conversation(MODEL)
    prompt = prompt_in(conversation)
    await history.begin_turn(conversation, prompt, answer_to(prompt))
    assert await history.spent_since(LONG_AGO) == CostTotal()


async def test_the_cost_of_an_answer_nothing_is_known_of_is_unknown_not_nothing(
    history: History,
) -> None:
    conversation = await history.new_conversation(MODEL)
    prompt = prompt_in(conversation)
    answer = replace(answer_to(prompt), generation=None)
    await history.begin_turn(conversation, prompt, answer)
    loaded = await history.load(conversation.id)
    assert loaded is not None
    generation = loaded.messages[answer.id].generation
    assert generation is not None
    assert (generation.model_asked, generation.cost) == (MODEL, UNKNOWN_COST)
    assert loaded.cost() == CostTotal(unknown=1)


async def test_recent_prompts_are_given_once_each_up_to_the_limit(history: History) -> None:
    conversation = await history.new_conversation(MODEL)
    for text in ["one", "two", "three", "two"]:
        await take_turn(history, conversation, text)
    assert await history.recent_prompts() == ["two", "three", "one"]
    assert await history.recent_prompts(limit=2) == ["two", "three"]


async def test_text_that_utf_8_cannot_carry_is_stored_all_the_same(history: History) -> None:
    conversation = await history.new_conversation(MODEL)
    await history.save_draft(conversation.id, "draft \ud83d end")
    await history.rename(conversation.id, "title \udc00")
    prompt = prompt_in(conversation, "nul \0 and \ud83d")
    await history.begin_turn(conversation, prompt, answer := answer_to(prompt))
    served = ServedBy("model \ud83d", "provider \ud83d", "gen \ud83d")
    await history.journal(answer.id, "answer \ud83d", "thought \udfff", served)
    loaded = await history.load(conversation.id)
    assert loaded is not None
    assert loaded.title == "title \N{REPLACEMENT CHARACTER}"
    assert loaded.messages[prompt.id].text == "nul \0 and \N{REPLACEMENT CHARACTER}"
    assert loaded.messages[answer.id].text == "answer \N{REPLACEMENT CHARACTER}"
    assert loaded.messages[answer.id].reasoning == "thought \N{REPLACEMENT CHARACTER}"


async def test_a_message_of_five_megabytes_comes_back_whole(history: History) -> None:
    conversation = await history.new_conversation(MODEL)
    text = "\0漢字\N{PILE OF POO}" * 500_000
    await take_turn(history, conversation, text, answer_text=text[::-1])
    loaded = await history.load(conversation.id)
    assert loaded is not None
    assert [message.text for message in loaded.path()] == [text, text[::-1]]


async def test_closing_twice_or_writing_after_it_does_nothing(tmp_path: Path) -> None:
    history = await History.open(tmp_path / "history.db")
    conversation = await history.new_conversation(MODEL)
    await history.aclose()
    await history.save_draft(conversation.id, "too late")
    assert await history.latest_id() is None
    await history.aclose()
    reopened = await History.open(tmp_path / "history.db")
    assert await reopened.conversations() == []
    await reopened.aclose()
