"""Sends are judged and claimed in one step: no two instances pass a limit that holds one."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, aclosing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tests.fakes.conversations import MODEL, answer_to, prompt_in
from tui.domain.budget import Verdict, judge
from tui.domain.cost import Cost, CostSource, Usage
from tui.domain.preview import CostPreview
from tui.domain.settings import BudgetSettings
from tui.domain.under_way import Books, UnderWay, expected
from tui.services.claims import HOLDS_FOR
from tui.services.history import History
from tui.services.ledger import Ledger
from tui.services.shelf import delete_all

LIKELY = Decimal("0.6")
NOW = datetime.now(UTC)
ONE_FITS = BudgetSettings(day_hard=Decimal(1))


@pytest.fixture
async def histories(tmp_path: Path) -> AsyncIterator[list[History]]:
    """Three instances with one file."""
    async with AsyncExitStack() as stack:
        opened = [await History.open(tmp_path / "history.db") for _ in range(3)]
        for history in opened:
            await stack.enter_async_context(aclosing(history))
        yield opened


async def send(
    history: History, conversation_id: str, *, now: datetime = NOW, anyway: bool = False
) -> Verdict:
    """The verdict on a send that would likely cost 0.6 of the dollar of today."""
    cost = CostPreview(Usage(10, 10), likely=LIKELY, worst=LIKELY)

    def judged(books: Books) -> Verdict:
        coming = expected(books.under_way(), None, now, now)
        return judge(ONE_FITS, books.spent, cost, coming)

    claim = UnderWay(conversation_id, conversation_id, now, Cost(LIKELY, CostSource.ESTIMATED))
    return await Ledger(history).claim(claim, judged, now, anyway=anyway)


async def test_of_several_instances_at_once_one_passes(histories: list[History]) -> None:
    verdicts = await asyncio.gather(*(send(one, f"c{at}") for at, one in enumerate(histories)))

    assert sorted(verdict.is_hard for verdict in verdicts) == [False, True, True]
    assert "with the answers under way" in max(verdict.words for verdict in verdicts)


async def test_what_is_sent_all_the_same_stands_in_the_way_of_others(
    histories: list[History],
) -> None:
    first, second, third = histories
    await send(first, "a")
    assert (await send(second, "b", anyway=True)).is_hard

    books = await Ledger(third).books(None, NOW, NOW)
    assert [one.likely.amount for one in books.streaming] == [LIKELY, LIKELY]


async def test_an_instance_knows_itself_what_it_is_about_to_send(histories: list[History]) -> None:
    first, second, _ = histories
    await send(first, "a")
    assert (await Ledger(first).books(None, NOW, NOW)).streaming == ()
    assert len((await Ledger(second).books(None, NOW, NOW)).streaming) == 1


async def test_a_claim_ends_with_the_answer_that_begins(histories: list[History]) -> None:
    first, second, _ = histories
    conversation = await first.new_conversation(MODEL)
    await send(first, conversation.id)
    prompt = prompt_in(conversation, at=NOW)
    answer = answer_to(prompt, at=NOW)

    await first.begin_turn(conversation, prompt, answer)

    (streaming,) = (await Ledger(second).books(None, NOW, NOW)).streaming
    assert streaming.message_id == answer.id


async def test_a_claim_that_is_withdrawn_or_came_to_nothing_is_in_nobodys_way(
    histories: list[History],
) -> None:
    first, second, _ = histories
    await send(first, "a")
    await Ledger(first).withdraw("a")
    assert not (await send(second, "b")).is_hard

    later = NOW + HOLDS_FOR + timedelta(seconds=1)
    assert not (await send(first, "c", now=later)).is_hard
    # and nothing of it is left behind
    count = "SELECT count(*) FROM claims"
    assert await second.read(lambda db: db.execute(count).fetchone()[0], 0) == 1


async def test_a_claim_from_a_wrong_clock_is_in_nobodys_way(histories: list[History]) -> None:
    first, second, third = histories
    await send(first, "a", now=NOW + timedelta(days=1))
    assert (await Ledger(third).books(None, NOW, NOW)).streaming == ()
    assert not (await send(second, "b")).is_hard


async def test_what_a_closed_instance_was_about_to_send_is_forgotten(tmp_path: Path) -> None:
    first = await History.open(tmp_path / "history.db")
    async with aclosing(await History.open(tmp_path / "history.db")) as second:
        await send(first, "a")
        assert (await send(second, "b")).is_hard
        await first.aclose()
        assert not (await send(second, "b")).is_hard


async def test_a_file_that_breaks_in_a_claim_is_judged_as_one_that_cannot_be_read(
    tmp_path: Path,
) -> None:
    async with aclosing(await History.open(tmp_path / "history.db")) as history:
        seen: list[bool] = []

        def judged(books: Books) -> Verdict:
            seen.append(books.is_complete)
            if len(seen) < 3:  # the file, and the copy of it in memory
                raise sqlite3.DatabaseError("database disk image is malformed")
            return Verdict()

        claim = UnderWay("c", "c", NOW, Cost(LIKELY, CostSource.ESTIMATED))
        await Ledger(history).claim(claim, judged, NOW)
        assert seen == [True, True, False]


async def test_nothing_of_a_conversation_that_is_purged_stays_in_a_claim(
    histories: list[History],
) -> None:
    first, second, _ = histories
    conversation = await first.new_conversation(MODEL)
    await first.save_draft(conversation.id, "Why?")
    await send(first, conversation.id)
    await delete_all(first, [conversation.id])
    await first.purge_deleted()
    assert (await Ledger(second).books(None, NOW, NOW)).streaming == ()


async def test_where_the_past_cannot_be_read_the_books_say_so(tmp_path: Path) -> None:
    (tmp_path / "history.db").write_bytes(b"Dear diary, " * 1_000)
    async with aclosing(await History.open(tmp_path / "history.db")) as damaged:
        assert not (await Ledger(damaged).books(None, NOW, NOW)).is_complete
        seen: list[bool] = []

        def judged(books: Books) -> Verdict:
            seen.append(books.is_complete)
            return Verdict()

        claim = UnderWay("c", "c", NOW, Cost(LIKELY, CostSource.ESTIMATED))
        await Ledger(damaged).claim(claim, judged, NOW)
        assert seen == [False]
    async with aclosing(await History.open(tmp_path / "new.db")) as fresh:
        assert (await Ledger(fresh).books(None, NOW, NOW)).is_complete
