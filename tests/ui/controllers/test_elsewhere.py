"""Noticing what other running instances write."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.fakes.conversations import MODEL, answer_to, finished, prompt_in, take_turn
from tests.services.test_history_failures import a_folder, no_folder
from tests.ui.screens.test_chat_list import write
from tui.domain.conversation import Generation
from tui.domain.cost import Cost, CostSource, CostTotal
from tui.services.branches import store_extra_cost
from tui.services.history import History
from tui.ui.controllers.elsewhere import Elsewhere, count_in


async def test_only_what_others_write_is_news(tmp_path: Path) -> None:
    own = await History.open(tmp_path / "history.db")
    other = await History.open(tmp_path / "history.db")
    elsewhere = Elsewhere()
    await elsewhere.has_written(own)
    assert not await elsewhere.has_written(own)
    await write(own, ["apples"])
    assert elsewhere.may_have_written(own)
    assert not await elsewhere.has_written(own), "it was oneself"
    assert not elsewhere.may_have_written(own)
    await write(other, ["pears"])
    assert elsewhere.may_have_written(own)
    assert await elsewhere.has_written(own)
    await own.aclose()
    await other.aclose()


async def test_a_history_that_is_not_saved_is_looked_at_so_that_it_goes_back_to_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.services.history_storage._AGAIN_EVERY", 0.0)
    path = tmp_path / "history.db"
    a_folder(path)
    history = await History.open(path)
    elsewhere = Elsewhere()
    assert elsewhere.may_have_written(history)
    no_folder(path)
    await elsewhere.has_written(history)
    assert (history.problem, history.file) == (None, path)
    await history.aclose()


async def test_everything_paid_for_in_a_conversation_counts_once(tmp_path: Path) -> None:
    own = await History.open(tmp_path / "history.db")
    other = await History.open(tmp_path / "history.db")
    here = await own.new_conversation(MODEL)
    await take_turn(own, here, cost="0.1")
    assert not await count_in(own, here, None)
    assert here.spent() == CostTotal(Decimal("0.1"))
    there = await other.load(here.id)
    assert there is not None

    await take_turn(other, there, cost="0.02")
    title = Generation(MODEL, "openrouter", cost=Cost(Decimal("0.003"), CostSource.REPORTED))
    await store_extra_cost(other, there, title, "title")
    await store_extra_cost(own, here, title, "another title")
    prompt = prompt_in(here, parent_id=here.leaf_id)
    streaming = answer_to(prompt)
    await own.begin_turn(here, prompt, streaming)
    here.put(prompt)
    here.put(streaming)
    leaf_id, messages = here.leaf_id, len(here.messages)
    for _ in range(2):
        assert await count_in(own, here, streaming.id)
        assert here.spent() == CostTotal(Decimal("0.126"))
    assert (here.leaf_id, len(here.messages)) == (leaf_id, messages)

    # stored as ended, and not yet told of: whoever streams it counts it himself
    await own.finish_answer(finished(streaming, cost="0.5"))
    await count_in(own, here, streaming.id)
    assert here.spent() == CostTotal(Decimal("0.126"))
    await count_in(own, here, None)
    assert here.spent() == CostTotal(Decimal("0.626"))
    loaded = await own.load(here.id)
    assert loaded is not None
    assert not await count_in(own, loaded, None)
    assert loaded.spent() == here.spent()
    await own.aclose()
    assert not await count_in(own, replace(here), None), "it cannot be read any more"
    await other.aclose()


def test_a_new_day_is_noticed_once() -> None:
    elsewhere, monday, tuesday = Elsewhere(), date(2026, 3, 2), date(2026, 3, 3)
    days = [monday, monday, tuesday, tuesday]
    assert [elsewhere.is_new_day(day) for day in days] == [False, False, True, False]
