"""Messages that were sent and cannot leave yet: where they are kept, and where they go."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.ui.screens.money_support import Place, place
from tests.ui.screens.test_chat_attaching import chips, sent
from tui.domain.conversation import Conversation
from tui.services.attachments import Attached
from tui.ui.widgets.prompt import Prompt


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    """A file to attach."""
    path = tmp_path / "notes.py"
    path.write_text("print('hi')\n")
    return path


@pytest.fixture
def may_read(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Files are as slow to read as the test wants."""
    event = asyncio.Event()

    async def add_path(store: Any, written: str, _folder: Path) -> Attached:
        await event.wait()
        attached: Attached = await store.add_file(Path(written))
        return attached

    monkeypatch.setattr("tui.services.attachments.Attachments.add_path", add_path)
    return event


def shown(here: Place) -> Conversation:
    conversation = here.screen.chat.conversation
    assert conversation is not None
    return conversation


async def submit(here: Place, text: str) -> None:
    here.screen.query_one(Prompt).put(text)
    await here.pilot.press("enter")


async def stored_draft(here: Place, conversation: Conversation) -> str:
    history = await here.app.session.wait_for_history()
    loaded = await history.load(conversation.id)
    return loaded.draft if loaded is not None else ""


async def kept(here: Place, conversation: Conversation, draft: str) -> None:
    async with asyncio.timeout(10):
        while await stored_draft(here, conversation) != draft:
            await asyncio.sleep(0.01)


def words(here: Place) -> list[str]:
    """What was sent, by the last message of each request."""
    return [body["messages"][-1]["content"] for body in here.bodies]


async def test_what_waits_for_a_file_is_in_the_draft_meanwhile(
    tmp_path: Path, notes: Path, may_read: asyncio.Event
) -> None:
    async with place(tmp_path) as here:
        here.screen.attach(str(notes))
        await submit(here, "Look")
        await kept(here, shown(here), "Look")
        assert here.screen.query_one(Prompt).text == ""

        may_read.set()
        await sent(here, 1)
        assert "print('hi')" in words(here)[0]
        await kept(here, shown(here), "")


async def test_what_waits_goes_to_its_own_conversation(
    tmp_path: Path, notes: Path, may_read: asyncio.Event
) -> None:
    async with place(tmp_path) as here:
        first = shown(here)
        here.screen.attach(str(notes))
        await submit(here, "Look")
        await here.pilot.press("ctrl+n")
        await here.until(lambda: shown(here) is not first)
        assert first.id in here.screen._presenter.tabs.tabs.ids
        await submit(here, "Another")
        may_read.set()
        await here.until(lambda: len(here.server.chats) == 2 and not here.screen.chat.busy)

        assert first.path()[0].text == "Look"
        assert [one.name for one in first.path()[0].attachments] == ["notes.py"]
        assert shown(here).path()[0].text == "Another"
        assert not shown(here).path()[0].attachments


async def test_a_file_goes_with_the_message_that_waits_for_it(
    tmp_path: Path, notes: Path, may_read: asyncio.Event
) -> None:
    async with place(tmp_path) as here:
        here.screen.attach(str(notes))
        await submit(here, "first")
        await submit(here, "second")
        may_read.set()
        await sent(here, 2)
        assert words(here)[0].startswith("first")
        assert "print('hi')" in words(here)[0]
        assert words(here)[1] == "second"


async def test_an_edit_that_waits_is_in_the_draft_and_takes_its_file_along(
    tmp_path: Path, notes: Path, may_read: asyncio.Event
) -> None:
    async with place(tmp_path) as here:
        await here.send("one")
        conversation = shown(here)
        await here.pilot.press("alt+e")
        here.screen.attach(str(notes))
        await here.pilot.press("end", "!")
        async with here.screen.held():
            await here.pilot.press("enter")
            await kept(here, conversation, "one!")
            await here.pilot.press("ctrl+n")
            await here.until(lambda: shown(here) is not conversation)
        may_read.set()
        await here.until(lambda: len(here.server.chats) == 2 and not here.screen.chat.busy)
        assert "print('hi')" in words(here)[1]
        assert words(here)[1].startswith("one!")
        assert [one.text for one in conversation.children(None)] == ["one", "one!"]
        assert here.screen.query_one(Prompt).text == ""


async def test_a_file_that_is_attached_before_there_is_a_conversation_is_kept(
    tmp_path: Path, notes: Path
) -> None:
    async with place(tmp_path) as here:
        async with here.screen.held():
            here.screen.chat.conversation = None
            here.screen.attach(str(notes))
            await here.pilot.pause()
            await here.screen.chat.new()
        await here.until(lambda: chips(here))


async def test_leaving_keeps_what_waits(
    tmp_path: Path, notes: Path, may_read: asyncio.Event
) -> None:
    async with place(tmp_path) as here:
        first = shown(here)
        here.screen.attach(str(notes))
        await submit(here, "Look")
        await here.pilot.press("ctrl+n")
        await here.until(lambda: shown(here) is not first)
        await here.screen.close()
        may_read.set()
        await here.until(lambda: all(one.is_finished for one in here.app.workers))
        assert await stored_draft(here, first) == "Look"
        assert not here.server.chats
