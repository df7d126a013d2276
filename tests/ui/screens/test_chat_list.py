"""The list of conversations where there are many, and where another instance writes too."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest

from tests.fakes.conversations import answer_to, prompt_in, take_turn
from tests.ui.screens.test_chat import SIZE, bar, ready, workbench
from tests.ui.screens.test_chat_shelf import listed
from tests.waiting import until
from tui.domain.calibration import Estimate
from tui.domain.conversation import Generation, Message, MessageState, Role
from tui.domain.cost import Cost, CostSource, CostTotal
from tui.domain.model import Pricing
from tui.services.branches import store_conversation
from tui.services.history import History
from tui.ui.screens import chat_elsewhere
from tui.ui.widgets.conversation_list import ConversationList
from tui.ui.widgets.filter_line import FilterLine
from tui.ui.widgets.prompt import Prompt

NOW = datetime(2026, 3, 1, tzinfo=UTC)


async def write(history: History, titles: Sequence[str]) -> None:
    """Write conversations of one message, the first of them last used."""
    for number, title in reversed(list(enumerate(titles))):
        conversation = await history.new_conversation("a/b")
        conversation.title = title
        message = Message(
            f"{conversation.id}-m", conversation.id, None, Role.USER, title, NOW - timedelta(number)
        )
        conversation.put(message)
        conversation.leaf_id = message.id
        await store_conversation(history, conversation)


def _lists_more_than(chats: ConversationList, count: int) -> bool:
    return chats.option_count > count


async def test_the_oldest_of_many_is_reached_by_scrolling_and_by_the_filter(tmp_path: Path) -> None:
    app = workbench(tmp_path)
    history = await History.open(app.runtime.history_file)
    await write(history, [f"Chat {number:03}" for number in range(720)])
    await history.aclose()
    async with app.run_test(size=SIZE) as pilot:
        screen = await ready(pilot)
        chats = screen.query_one(ConversationList)
        await until(pilot, lambda: listed(screen))
        assert len(listed(screen)) < 300
        chats.focus()
        for count in (300, 450, 550, 720):
            await pilot.press("end")
            await until(pilot, partial(_lists_more_than, chats, count))
        assert listed(screen)[-1] == "Chat 719"
        assert sum(one.startswith("Chat") for one in listed(screen)) == 720

        await pilot.press("slash", *"719")
        await until(pilot, lambda: listed(screen)[1:] == ["Chat 719"])
        await pilot.press("escape")
        assert isinstance(screen.focused, FilterLine)
        assert not screen.focused.value
        await pilot.press("down")
        screen.query_one(FilterLine).value = "718"
        await until(pilot, lambda: listed(screen)[1:] == ["Chat 718"])
        await pilot.press("escape")
        assert isinstance(screen.focused, ConversationList)
        assert not screen.query_one(FilterLine).value
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(screen.focused, Prompt))


async def test_what_another_instance_writes_appears_and_neither_loses_anything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat_elsewhere, "LOOK_EVERY", 0.02)
    app = workbench(tmp_path)
    async with app.run_test(size=SIZE) as pilot:
        screen = await ready(pilot)
        own = await screen.chat.session.wait_for_history()
        await write(own, ["apples"])
        other = await History.open(app.runtime.history_file)
        await write(other, ["pears"])
        await until(pilot, lambda: listed(screen)[1:] == ["pears", "apples"])
        (theirs, ours) = await other.conversations()
        await other.rename(theirs.id, "plums")
        await own.rename(ours.id, "cherries")
        await until(pilot, lambda: listed(screen)[1:] == ["plums", "cherries"])

        answered = await other.new_conversation("a/b")
        await take_turn(other, answered, cost="0.5", at=datetime.now(UTC))
        await until(pilot, lambda: "$0.50 today" in bar(screen))
        prompt = prompt_in(answered, parent_id=answered.leaf_id, at=datetime.now(UTC))
        price = Decimal("0.001")
        begun = Generation("a/b", "x", prices=Pricing(price, price), estimate=Estimate(9, 10))
        streaming = replace(answer_to(prompt, at=datetime.now(UTC)), generation=begun)
        await other.begin_turn(answered, prompt, streaming)
        await until(pilot, lambda: "≈ $0.51 today" in bar(screen))

        await screen.chat.open(answered.id)
        await until(pilot, lambda: "≈ $0.51 chat" in bar(screen))
        spent = replace(begun, cost=Cost(Decimal("0.25"), CostSource.REPORTED))
        await other.finish_answer(replace(streaming, state=MessageState.COMPLETE, generation=spent))
        await until(pilot, lambda: "$0.75 chat   $0.75 today" in bar(screen))
        await take_turn(other, answered, cost="0.25", at=datetime.now(UTC))
        await until(pilot, lambda: "$1.00 chat   $1.00 today" in bar(screen))
        told = [notice.message for notice in app._notifications]
        assert told == ["Another window went on with this conversation: open it again to see that."]
        await screen.chat.open(answered.id)
        await until(pilot, lambda: "$1.00 chat   $1.00 today" in bar(screen))
        await other.aclose()

        # what was spent yesterday is not what was spent today, though nothing has happened since
        screen.chat.spent_today = CostTotal(Decimal(9))
        tomorrow = chat_elsewhere.today() + timedelta(days=1)
        monkeypatch.setattr(chat_elsewhere, "today", lambda: tomorrow)
        await until(pilot, lambda: screen.chat.spent_today == CostTotal(Decimal(1)))
