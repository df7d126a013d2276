"""What was not sent yet is in the file at every moment, whatever the message is waiting for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
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
from tui.domain.connection import Overrides
from tui.domain.conversation import Conversation
from tui.domain.errors import WorkbenchError
from tui.domain.events import Connected, Finished, FinishReason, TextDelta
from tui.services.history import History
from tui.services.openrouter import OpenRouter
from tui.ui.controllers.chat import Chat
from tui.ui.controllers.chips import Outgoing, Unsent

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

    await place.chat.drafts.keep()
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
        keeping = asyncio.create_task(place.chat.drafts.keep())
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


async def change_history(place: Workplace, provider: str) -> list[str]:
    """Let the provider have another history, and show a new conversation; the drafts there."""
    place.session.runtime.overrides = Overrides(provider=provider)
    place.session.runtime.reload()
    await place.chat.leave_history()
    await place.session.open_history()
    await place.chat.new()
    await place.chat.drafts.arrive()
    assert place.session.history_file is not None
    return await drafts_in(place.session.history_file)


async def drafts_in(file: Path) -> list[str]:
    """The drafts that a start would find in a history file."""
    history = await History.open(file)
    stored = [await history.load(one.id) for one in await history.conversations()]
    await history.aclose()
    return [one.draft for one in stored if one is not None]


async def test_what_is_typed_goes_along_to_another_history_and_is_in_none_twice(
    make: Make,
) -> None:
    place = await make(ANSWER)
    place.view.prompt = "Look"
    await place.chat.drafts.keep()
    for provider in ("demo", "openrouter", "demo", "openrouter"):
        assert await change_history(place, provider) == ["Look"]
    assert place.view.prompt == "Look"


async def test_what_goes_along_to_another_history_is_stored_in_one_of_them_at_every_moment(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = await make(ANSWER)
    place.view.prompt = "typed"
    waiting = Outgoing(shown(place), Unsent("sent"))
    place.chat.outbox.append(waiting)
    files = [place.session.runtime.history_file]
    place.session.runtime.overrides = Overrides(provider="demo")
    place.session.runtime.reload()
    files.append(place.session.runtime.history_file)
    kept = ["sent\n\ntyped"]

    await place.chat.leave_history()
    assert await drafts_in(files[0]) == kept
    with monkeypatch.context() as failing:
        failing.setattr(History, "open", refuse)
        with pytest.raises(OSError, match="no thread"):
            await place.session.open_history()
    assert await drafts_in(files[0]) == kept

    await place.session.open_history()
    await place.chat.new()
    assert await drafts_in(files[0]) == kept
    await place.chat.drafts.arrive()
    assert [await drafts_in(file) for file in files] == [[], kept]


async def refuse(_file: Path) -> History:
    raise OSError("no thread")


async def test_what_goes_along_stays_in_the_old_history_when_the_new_one_takes_nothing(
    make: Make,
) -> None:
    place = await make(ANSWER)
    place.view.prompt = "Look"
    old = place.session.runtime.history_file
    place.session.runtime.overrides = Overrides(provider="demo")
    place.session.runtime.reload()
    place.session.runtime.history_file.mkdir()

    await place.chat.leave_history()
    history = await place.session.open_history()
    assert history.problem is not None
    await place.chat.new()
    await place.chat.drafts.arrive()
    assert place.view.prompt == "Look"
    assert await drafts_in(old) == ["Look"]


async def test_what_is_typed_stays_with_a_conversation_that_is_set_up(make: Make) -> None:
    place = await make(ANSWER)
    shown(place).system_prompt = "You are a poet."
    place.chat.drafts.store_setup_soon(shown(place))
    place.view.prompt = "Look"
    assert await change_history(place, "demo") == []
    assert place.view.prompt == ""
    assert await change_history(place, "openrouter") == ["Look"]


async def test_the_draft_of_a_conversation_stays_with_it_when_the_history_is_changed(
    make: Make,
) -> None:
    place = await make(ANSWER)
    await place.chat.send("one")
    place.view.prompt = "and"
    assert await change_history(place, "demo") == []
    assert place.view.prompt == ""
    assert await change_history(place, "openrouter") == ["and"]


async def test_the_model_that_was_chosen_for_a_draft_is_there_after_a_restart(
    make: Make,
) -> None:
    place = await make(ANSWER)
    place.view.prompt = "Look"
    await place.chat.drafts.keep()
    restarted = Chat(place.session, FakeView())
    assert await restarted.open(shown(place).id)
    assert restarted.model_id == place.session.default_model() == "a/b"

    place.chat.use_model("c/d")
    await place.chat.drafts.written()
    restarted = Chat(place.session, FakeView())
    assert await restarted.open(shown(place).id)
    assert restarted.model_id == "c/d"


async def test_another_model_of_a_conversation_is_kept_before_it_is_asked(make: Make) -> None:
    place = await make(ANSWER)
    await place.chat.send("one")
    place.chat.use_model("c/d")
    await place.chat.drafts.written()
    assert (await stored(place, shown(place))).model == "c/d"


async def test_files_of_a_draft_are_attached_again_after_a_restart(make: Make) -> None:
    place = await make(ANSWER)
    conversation, other = shown(place), FakeView()
    file = await place.session.attachments.add_data(b"print('hi')\n", "notes.py")
    place.chat.chips.add(conversation.id, [file])
    place.view.prompt = "Look"
    await place.chat.drafts.keep()

    restarted = Chat(place.session, other)
    assert await restarted.open(conversation.id)
    assert restarted.chips.of(conversation.id) == (file,)
    assert (await stored(place, conversation)).draft == "Look"

    place.view.prompt = ""
    await place.chat.send("Look", attachments=place.chat.chips.take(conversation.id))
    restarted = Chat(place.session, other)
    assert await restarted.open(conversation.id)
    assert restarted.chips.of(conversation.id) == ()


async def test_files_alone_are_a_draft_that_is_there_after_a_restart(make: Make) -> None:
    place = await make(ANSWER)
    conversation, session = shown(place), place.session
    file = await session.attachments.add_data(b"print('hi')\n", "notes.py")
    place.chat.chips.add(conversation.id, [file])
    await place.chat.close()
    assert not conversation.is_set_up

    history = await session.open_history()
    await session.attachments.purge(history)
    assert [one.id for one in await history.conversations()] == [conversation.id]
    restarted = Chat(session, FakeView())
    assert await restarted.open(conversation.id)
    assert restarted.chips.of(conversation.id) == (file,)

    restarted.chips.remove(conversation.id, file)
    await restarted.drafts.keep()
    assert await history.load(conversation.id) is None


async def test_a_conversation_is_kept_for_its_files_until_something_is_said(make: Make) -> None:
    place = await make(ANSWER)
    file = await place.session.attachments.add_data(b"more", "more.txt")
    place.chat.chips.add(shown(place).id, [file])
    await place.chat.drafts.keep()
    assert (await stored(place, shown(place))).settings.draft_files
    await place.chat.send("one", attachments=place.chat.chips.take(shown(place).id))
    await place.chat.drafts.written()
    assert not (await stored(place, shown(place))).settings.draft_files


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
