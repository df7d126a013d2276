"""Branches in the history: removed for good, forked, and what a conversation asks with."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest

from tests.fakes.conversations import MODEL, NOON, finished, take_turn
from tui.domain.attachments_models import PdfEngine
from tui.domain.chat_settings import ChatSettings
from tui.domain.conversation import Conversation, Generation
from tui.domain.cost import Cost, CostSource, CostTotal
from tui.domain.search_query import parse_search
from tui.domain.tree import fork, remove_branch
from tui.services.branches import (
    store_conversation,
    store_extra_cost,
    store_removal,
    store_settings,
)
from tui.services.history import History
from tui.services.search import Searcher
from tui.services.shelf import archive, delete_all, pin, tag, untag

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@pytest.fixture
async def history(tmp_path: Path) -> AsyncIterator[History]:
    opened = await History.open(tmp_path / "history.db")
    yield opened
    assert opened.problem is None
    await opened.aclose()


async def two_turns(history: History) -> Conversation:
    conversation = await history.new_conversation(MODEL)
    await take_turn(history, conversation, "kept", cost="0.25")
    await take_turn(history, conversation, "secretcanary", answer_text="canaryanswer", cost="0.5")
    return conversation


def files_with(folder: Path, canary: bytes) -> list[str]:
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and canary in path.read_bytes().lower()
    ]


async def test_nothing_of_a_purged_branch_is_left_but_what_it_cost(
    history: History, tmp_path: Path
) -> None:
    conversation = await two_turns(history)
    assert files_with(tmp_path, b"canary")
    await store_removal(
        history, conversation, remove_branch(conversation, conversation.path()[2].id)
    )
    await history.purge_deleted()
    assert files_with(tmp_path, b"canary") == []
    loaded = await history.load(conversation.id)
    assert loaded is not None
    assert [message.text for message in loaded.path()] == ["kept", "Rayleigh."]
    assert loaded.cost().amount == Decimal("0.75")
    assert (await history.spent_since(LONG_AGO)).amount == Decimal("0.75")


async def test_nothing_of_a_purged_conversation_is_left_in_the_index(
    history: History, tmp_path: Path
) -> None:
    for number in range(30):  # so that the index has pieces of several sizes
        await take_turn(history, await history.new_conversation(MODEL), f"other {number}")
    conversation = await two_turns(history)
    await delete_all(history, [conversation.id])
    await history.purge_deleted()
    assert files_with(tmp_path, b"canary") == []
    searcher = Searcher(history)
    for query in ("secretcanary ", "secret*", "canaryanswer "):
        found = await searcher.search(parse_search(query, NOON))
        assert found is not None
        assert found.hits == ()
    await searcher.aclose()


async def test_what_a_reader_kept_from_being_forgotten_is_forgotten_later(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    history, other = await History.open(path), await History.open(path)
    conversation = await two_turns(history)
    await delete_all(history, [conversation.id])
    await other.read(lambda connection: connection.execute("BEGIN").connection, None)
    await other.read(lambda connection: connection.execute("SELECT 1 FROM tags").fetchall(), [])
    await history.purge_deleted()
    await other.read(lambda connection: connection.execute("ROLLBACK").connection, None)
    assert files_with(tmp_path, b"canary")
    await history.purge_deleted()
    assert files_with(tmp_path, b"canary") == []
    await other.aclose()
    await history.aclose()


async def test_another_instance_may_still_bring_its_branch_back(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    history, other = await History.open(path), await History.open(path)
    conversation = await two_turns(history)
    await store_removal(
        history, conversation, remove_branch(conversation, conversation.path()[2].id)
    )
    await other.purge_deleted()
    loaded = await other.load(conversation.id)
    assert loaded is not None
    assert len(loaded.removed) == 2
    await history.aclose()
    await other.purge_deleted()
    loaded = await other.load(conversation.id)
    assert loaded is not None
    assert loaded.removed == set()
    await other.aclose()


async def test_the_bill_of_a_purged_answer_brings_nothing_back(history: History) -> None:
    conversation = await two_turns(history)
    answer = conversation.path()[-1]
    await store_removal(
        history, conversation, remove_branch(conversation, conversation.path()[2].id)
    )
    await history.purge_deleted()
    await history.finish_answer(finished(answer, "late", cost="0.6"))
    loaded = await history.load(conversation.id)
    assert loaded is not None
    assert len(loaded.messages) == 2


async def test_a_bill_that_comes_after_the_purge_counts_and_brings_nothing_back(
    history: History, tmp_path: Path
) -> None:
    """Of one answer alone, whose prompt is still there, and of a whole conversation."""
    conversation, gone = await two_turns(history), await two_turns(history)
    answer = conversation.path()[-1]
    await store_removal(history, conversation, remove_branch(conversation, answer.id))
    await delete_all(history, [gone.id])
    await history.purge_deleted()
    before = await history.spent_since(LONG_AGO)
    for late in (answer, gone.path()[-1]):
        await history.settle_answer(finished(late, "latewords", cost="0.6"))
    assert (await history.spent_since(LONG_AGO)).amount == before.amount + Decimal("0.2")
    loaded = await history.load(conversation.id)
    assert loaded is not None
    assert answer.id not in loaded.messages
    assert await history.load(gone.id) is None
    assert not files_with(tmp_path, b"latewords")


async def test_a_bill_that_comes_late_is_stored_with_its_answer(history: History) -> None:
    conversation = await two_turns(history)
    answer = conversation.path()[-1]
    await history.settle_answer(finished(answer, cost="0.75"))
    loaded = await history.load(conversation.id)
    assert loaded is not None
    assert loaded.path()[-1].text == answer.text
    assert loaded.cost().amount == Decimal(1)


async def test_a_fork_is_a_conversation_of_its_own(history: History) -> None:
    conversation = await two_turns(history)
    forked = fork(conversation, conversation.path()[1].id, lambda: uuid4().hex, NOON)
    await store_conversation(history, forked)
    loaded = await history.load(forked.id)
    assert loaded is not None
    assert [message.text for message in loaded.path()] == ["kept", "Rayleigh."]
    assert loaded.cost().amount == 0
    generation = loaded.path()[1].generation
    assert generation is not None
    assert (generation.copied, generation.cost.amount) == (True, Decimal("0.25"))
    assert (await history.spent_since(LONG_AGO)).amount == Decimal("0.75")
    assert [one.id for one in await history.conversations()] == [forked.id, conversation.id]
    await take_turn(history, loaded, "and on", cost="1")
    assert [one.cost.amount for one in await history.conversations()] == [1, Decimal("0.75")]


async def test_what_a_conversation_asks_with_is_kept(history: History) -> None:
    conversation = await history.new_conversation(MODEL)
    conversation.system_prompt = "Be brief."
    await take_turn(history, conversation)
    conversation.settings = ChatSettings(
        params={"temperature": 0.2},
        routing={"only": ["x"]},
        preset="terse",
        pdf_engine=PdfEngine.NATIVE,
    )
    conversation.model = "example/other"
    await store_settings(history, conversation)
    loaded = await history.load(conversation.id)
    assert loaded is not None
    assert loaded.system_prompt == "Be brief."
    assert loaded.settings == conversation.settings
    assert loaded.model == "example/other"


@pytest.mark.parametrize(
    ("system_prompt", "settings"),
    [
        ("Be brief.", ChatSettings()),
        ("", ChatSettings(params={"temperature": 0.2})),
        ("", ChatSettings(routing={"only": ["x"]}, own_model=True)),
        ("", ChatSettings(preset="terse", preset_model="example/other")),
        ("", ChatSettings(pdf_engine=PdfEngine.NATIVE)),
    ],
)
async def test_a_conversation_that_was_set_up_is_there_after_a_restart_without_a_message(
    tmp_path: Path, system_prompt: str, settings: ChatSettings
) -> None:
    path = tmp_path / "history.db"
    history = await History.open(path)
    conversation = await history.new_conversation(MODEL)
    conversation.system_prompt, conversation.settings = system_prompt, settings
    conversation.model = "example/other"
    await store_settings(history, conversation)
    await history.save_draft(conversation.id, "")
    await history.aclose()

    reopened = await History.open(path)
    assert [one.id for one in await reopened.conversations()] == [conversation.id]
    loaded = await reopened.load(conversation.id)
    assert loaded == replace(conversation, updated_at=conversation.created_at)

    loaded.system_prompt, loaded.settings = "", ChatSettings()
    await store_settings(reopened, loaded)
    assert await reopened.load(conversation.id) is None
    await reopened.aclose()


async def test_a_model_that_was_chosen_holds_no_conversation_but_goes_with_its_draft(
    history: History,
) -> None:
    conversation = await history.new_conversation(MODEL)
    conversation.model, conversation.settings = "example/other", ChatSettings(own_model=True)
    await store_settings(history, conversation)
    assert await history.conversations() == []
    assert await history.load(conversation.id) is None

    await history.save_draft(conversation.id, "Why")
    loaded = await history.load(conversation.id)
    assert loaded is not None
    assert (loaded.model, loaded.settings.own_model) == ("example/other", True)
    await history.save_draft(conversation.id, "")
    assert await history.load(conversation.id) is None


@pytest.mark.parametrize(
    ("mark", "unmark"),
    [
        (lambda h, one: h.rename(one, "Poet"), lambda h, one: h.rename(one, "")),
        (lambda h, one: tag(h, [one], "poems"), lambda h, one: untag(h, [one], "poems")),
    ],
    ids=["name", "tag"],
)
async def test_what_the_user_named_stays_without_a_message_until_the_name_is_gone(
    history: History,
    mark: Callable[[History, str], Awaitable[object]],
    unmark: Callable[[History, str], Awaitable[object]],
) -> None:
    conversation = await history.new_conversation(MODEL)
    conversation.system_prompt = "Be a poet."
    await store_settings(history, conversation)
    await mark(history, conversation.id)

    conversation.system_prompt = ""
    await store_settings(history, conversation)
    assert [one.id for one in await history.conversations()] == [conversation.id]

    await unmark(history, conversation.id)
    assert await history.conversations() == []
    await store_settings(history, conversation)
    assert await history.load(conversation.id) is None


@pytest.mark.parametrize("mark", [pin, archive])
async def test_what_is_emptied_leaves_the_list_and_keeps_its_mark_for_what_is_written_next(
    history: History, mark: Callable[[History, list[str]], Awaitable[None]]
) -> None:
    listed = await history.new_conversation(MODEL)
    await take_turn(history, listed)
    conversation = await history.new_conversation(MODEL)
    await history.save_draft(conversation.id, "half a thought")
    await mark(history, [conversation.id])
    await history.save_draft(conversation.id, "")
    assert [one.id for one in await history.conversations()] == [listed.id]
    assert await history.latest_id() == listed.id

    await history.save_draft(conversation.id, "another")
    loaded = await history.load(conversation.id)
    assert loaded is not None
    assert (loaded.draft, loaded.pinned or loaded.archived) == ("another", True)

    await history.save_draft(conversation.id, "")
    await history.purge_deleted()
    assert await history.load(conversation.id) is None


async def test_what_is_tagged_stays_when_all_messages_are_purged(
    history: History, tmp_path: Path
) -> None:
    conversation = await history.new_conversation(MODEL)
    await take_turn(history, conversation, "secretcanary")
    await tag(history, [conversation.id], "poems")
    first = conversation.path()[0].id
    await store_removal(history, conversation, remove_branch(conversation, first))
    await history.purge_deleted()
    [left] = await history.conversations()
    assert (left.id, left.title) == (conversation.id, "")
    assert files_with(tmp_path, b"canary") == []


async def test_what_was_set_up_stays_when_all_messages_are_purged_but_not_their_title(
    history: History, tmp_path: Path
) -> None:
    conversation = await history.new_conversation(MODEL)
    conversation.system_prompt = "Be brief."
    await take_turn(history, conversation, "secretcanary")
    await store_removal(
        history, conversation, remove_branch(conversation, conversation.path()[0].id)
    )
    await history.purge_deleted()
    loaded = await history.load(conversation.id)
    assert loaded is not None
    assert (loaded.system_prompt, loaded.title) == ("Be brief.", "")
    assert files_with(tmp_path, b"canary") == []


@pytest.mark.parametrize("record", [None, [], "x", {"params": 1, "preset": []}])
def test_settings_of_another_kind_are_none(record: object) -> None:
    assert ChatSettings.of_record(record) == ChatSettings()


async def test_a_message_keeps_its_files_and_annotations(history: History) -> None:
    conversation = await history.new_conversation(MODEL)
    _, answer = await take_turn(history, conversation)
    annotation = {"type": "file", "file": {"hash": "abc", "content": [{"type": "text"}]}}
    await history.finish_answer(replace(answer, annotations=(annotation,)))
    loaded = await history.load(conversation.id)
    assert loaded is not None
    assert loaded.messages[answer.id].annotations == (annotation,)


async def test_what_is_no_turn_costs_too(history: History) -> None:
    conversation = await two_turns(history)
    cost = Cost(Decimal("0.001"), CostSource.REPORTED)
    paid = Generation(MODEL, "openrouter", cost=cost)
    await store_extra_cost(history, conversation, paid, "title")
    loaded = await history.load(conversation.id)
    assert loaded is not None
    assert loaded.cost() == conversation.cost() == CostTotal(Decimal("0.751"))
    assert [one.cost for one in await history.conversations()] == [loaded.cost()]
    assert (await history.spent_since(LONG_AGO)).amount == Decimal("0.751")


async def test_a_cost_for_a_conversation_that_is_gone_hurts_nothing(history: History) -> None:
    conversation = await history.new_conversation(MODEL)
    await store_extra_cost(history, conversation, Generation(MODEL, "openrouter"), "title")
    assert history.problem is None
