"""Importing a file with the keys that users press: looked at first, then taken or left."""

import asyncio
from pathlib import Path
from typing import NoReturn

import pytest
from textual.pilot import Pilot
from textual.widgets import Button, Input, Static

from tests.fakes.rich_conversation import FILES, rich_conversation
from tests.ui.screens.test_chat import SIZE, ready, workbench
from tests.ui.screens.test_chat_shelf import listed
from tests.waiting import until
from tui.services.exporter_json import as_json
from tui.services.importer import ImportStoppedError, Reading
from tui.ui.controllers.importing import Importing
from tui.ui.screens.chat import ChatScreen
from tui.ui.screens.import_file import ImportScreen
from tui.ui.widgets.conversation_list import ConversationList


def words(screen: ImportScreen) -> str:
    return str(screen.query_one("#words", Static).content)


def exported(folder: Path, count: int = 2) -> Path:
    path = folder / "export.json"
    chats = [rich_conversation(f"c{number}", f"Chat {number}") for number in range(count)]
    path.write_text("".join(as_json(chats, sorted(FILES.items()))), encoding="utf-8")
    return path


async def opened(pilot: Pilot[None]) -> tuple[ChatScreen, ImportScreen]:
    """The dialog, opened from the list of conversations."""
    screen = await ready(pilot)
    screen.query_one(ConversationList).focus()
    await pilot.press("i")
    await until(pilot, lambda: isinstance(pilot.app.screen, ImportScreen))
    dialog = pilot.app.screen
    assert isinstance(dialog, ImportScreen)
    await until(pilot, lambda: isinstance(dialog.focused, Input))
    return screen, dialog


async def _fails(_importing: Importing) -> NoReturn:
    raise RuntimeError("an error of our own")


async def test_a_file_is_counted_first_and_then_listed_and_holds_nothing_new_after_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, failures = Importing.write, [RuntimeError("an error of our own")]

    async def fails_once(*arguments: object) -> object:
        while failures:
            raise failures.pop()
        return await write(*arguments)  # type: ignore[arg-type]  # what it was given

    monkeypatch.setattr(Importing, "write", fails_once)
    app = workbench(tmp_path / "home")
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        screen, dialog = await opened(pilot)
        dialog.query_one(Input).value = f'"{exported(tmp_path)}"'
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(dialog.focused, Button))
        assert "2 conversations, 10 messages, 2 files" in words(dialog)
        history = await screen.chat.session.wait_for_history()
        assert await history.conversations() == []
        await pilot.press("enter")
        await until(pilot, lambda: "Nothing was imported" in words(dialog))
        button = dialog.query_one("#import", Button)
        await until(pilot, lambda: dialog.focused is button and not button.has_class("-active"))
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is screen)
        await until(pilot, lambda: sum(one.startswith("Chat") for one in listed(screen)) == 2)
        assert any(note.message == "2 conversations, 10 messages." for note in app._notifications)

        _, dialog = await opened(pilot)
        dialog.query_one(Input).value = str(exported(tmp_path))
        await pilot.press("enter")
        await until(pilot, lambda: "All of it is here already" in words(dialog))
        assert not dialog.query_one("#import", Button).is_on_screen


async def test_a_file_that_is_still_being_read_is_not_offered_for_another_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_read, read = asyncio.Event(), Importing.read

    async def slowly(importing: Importing, written: str) -> Reading:
        await may_read.wait()
        return await read(importing, written)

    monkeypatch.setattr(Importing, "read", slowly)
    async with workbench(tmp_path / "home").run_test(size=SIZE) as pilot:
        _, dialog = await opened(pilot)
        dialog.query_one(Input).value = str(exported(tmp_path))
        await pilot.press("enter")
        await until(pilot, lambda: "Reading" in words(dialog))
        dialog.query_one(Input).value = "another"
        await pilot.pause()
        may_read.set()
        await until(pilot, lambda: all(one.is_finished for one in dialog.workers))
        assert not dialog.query_one("#dialog").has_class("-read")
        assert "Reading" not in words(dialog)


async def test_what_cannot_be_read_is_told_in_words_and_another_path_may_follow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bad.json").write_text("[[")
    async with workbench(tmp_path / "home").run_test(size=SIZE) as pilot:
        screen, dialog = await opened(pilot)
        dialog.query_one(Input).value = str(tmp_path / "bad.json")
        await pilot.press("enter")
        await until(pilot, lambda: "is no JSON" in words(dialog))
        dialog.query_one(Input).value = str(tmp_path / "none.json")
        await pilot.press("enter")
        await until(pilot, lambda: "none.json" in words(dialog))
        assert not dialog.query_one("#import", Button).is_on_screen
        monkeypatch.setattr(Importing, "_importer", _fails)
        await pilot.press("enter")
        await until(pilot, lambda: words(dialog) == "It could not be read.")
        await pilot.press("escape")
        await until(pilot, lambda: pilot.app.screen is screen)


async def test_escape_while_it_writes_takes_everything_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = workbench(tmp_path / "home")
    async with app.run_test(size=SIZE) as pilot:
        screen, dialog = await opened(pilot)
        dialog.query_one(Input).value = str(exported(tmp_path))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(dialog.focused, Button))
        may_write, write = asyncio.Event(), Importing.write
        ended: list[BaseException] = []

        async def slowly(*arguments: object) -> object:
            await may_write.wait()
            try:
                return await write(*arguments)  # type: ignore[arg-type]  # what it was given
            except ImportStoppedError as error:
                ended.append(error)
                raise

        monkeypatch.setattr(Importing, "write", slowly)
        await pilot.press("enter")
        await until(pilot, lambda: dialog.query_one("#dialog").has_class("-writing"))
        await pilot.press("escape")
        may_write.set()
        await until(pilot, lambda: app.screen is screen)
        assert len(ended) == 1
        history = await screen.chat.session.wait_for_history()
        assert await history.conversations() == []
