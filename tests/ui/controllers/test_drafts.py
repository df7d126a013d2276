"""What was not sent yet is in the file at every moment, whatever the message is waiting for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import pytest

from tests.ui.controllers.test_chat import (
    ANSWER,
    REFUSED,
    FakeView,
    Make,
    Script,
    Workplace,
    make,
    stored,
    streaming,
)
from tui.domain.conversation import Conversation
from tui.domain.errors import WorkbenchError
from tui.domain.events import Connected, Finished, FinishReason, TextDelta
from tui.services.openrouter import OpenRouter
from tui.ui.controllers.chat import Chat

__all__ = ["make"]


def shown(place: Workplace) -> Conversation:
    assert place.chat.conversation is not None
    return place.chat.conversation


class Door:
    """Lends the service out once it is open, or fails."""

    def __init__(self, place: Workplace) -> None:
        self.open = asyncio.Event()
        self.failure: WorkbenchError | None = None
        self.waiting = False
        self._place = place
        place.session.borrowed = self.borrowed  # type: ignore[method-assign]  # stands before the service

    @asynccontextmanager
    async def borrowed(self) -> AsyncIterator[OpenRouter]:
        self.waiting = True
        await self.open.wait()
        if self.failure is not None:
            raise self.failure
        yield cast("OpenRouter", self._place.service)


async def test_a_message_is_in_the_draft_until_its_turn_is_stored(make: Make) -> None:
    place = await make(ANSWER)
    door = Door(place)
    sending = asyncio.create_task(place.chat.send("one"))
    await place.until(lambda: door.waiting)

    await place.chat.keep_draft()
    assert (await stored(place, shown(place))).draft == "one"

    door.open.set()
    await sending
    assert (await stored(place, shown(place))).draft == ""


async def test_a_draft_that_is_stored_while_the_turn_is_does_not_bring_its_text_back(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = await make(ANSWER)
    history = await place.session.wait_for_history()
    begin = history.begin_turn

    async def begun(*args: object, **kwargs: object) -> None:
        keeping = asyncio.create_task(place.chat.keep_draft())
        await begin(*args, **kwargs)  # type: ignore[arg-type]  # as they came
        await keeping

    monkeypatch.setattr(history, "begin_turn", begun)
    await place.chat.send("one")
    assert (await stored(place, shown(place))).draft == ""


async def test_what_waits_is_stored_with_the_turn_that_begins(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = asyncio.Event()
    half: Script = [Connected(), TextDelta("half"), gate, Finished(FinishReason.STOP)]
    place = await make(half, ANSWER)
    first, conversation = await streaming(place)
    await place.chat.send("two")
    await place.chat.send("three")
    history = await place.session.wait_for_history()
    drafts: list[str] = []
    begin = history.begin_turn

    async def begun(*args: object, **kwargs: object) -> None:
        await begin(*args, **kwargs)  # type: ignore[arg-type]  # as they came
        drafts.append((await stored(place, conversation)).draft)

    monkeypatch.setattr(history, "begin_turn", begun)
    place.view.prompt = "typed"
    gate.set()
    await first
    assert drafts == ["three\n\ntyped", "typed"]


async def test_texts_come_back_in_their_order(make: Make) -> None:
    place = await make(ANSWER)
    door = Door(place)
    door.failure = WorkbenchError(REFUSED)
    sending = asyncio.create_task(place.chat.send("one"))
    await place.until(lambda: door.waiting)
    await place.chat.send("two")
    place.view.prompt = "typed"
    door.open.set()
    with pytest.raises(WorkbenchError):
        await sending
    assert place.view.prompt == "one\n\ntwo\n\ntyped"
    assert (await stored(place, shown(place))).draft == "one\n\ntwo\n\ntyped"


async def test_files_of_a_draft_are_attached_again_after_a_restart(make: Make) -> None:
    place = await make(ANSWER)
    conversation, other = shown(place), FakeView()
    file = await place.session.attachments.add_data(b"print('hi')\n", "notes.py")
    place.chat.chips.add(conversation.id, [file])
    place.view.prompt = "Look"
    await place.chat.keep_draft()

    restarted = Chat(place.session, other)
    assert await restarted.open(conversation.id)
    assert restarted.chips.of(conversation.id) == (file,)
    assert (await stored(place, conversation)).draft == "Look"

    place.view.prompt = ""
    await place.chat.send("Look", attachments=place.chat.chips.take(conversation.id))
    restarted = Chat(place.session, other)
    assert await restarted.open(conversation.id)
    assert restarted.chips.of(conversation.id) == ()


async def test_files_of_a_message_that_waits_are_kept_too(make: Make) -> None:
    place = await make(ANSWER, ANSWER)
    conversation = shown(place)
    file = await place.session.attachments.add_data(b"more", "more.txt")
    door = Door(place)
    sending = asyncio.create_task(place.chat.send("one"))
    await place.until(lambda: door.waiting)
    await place.chat.send("two", attachments=[file])

    assert await place.session.attachments.draft_of(conversation.id) == (file,)

    door.open.set()
    await sending
    assert await place.session.attachments.draft_of(conversation.id) == ()
