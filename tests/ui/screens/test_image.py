"""An image of an answer: looked at, saved and opened, from the chat."""

from pathlib import Path

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Button, Input, Static

from tests.ui.screens.test_chat import SIZE, answered, ready, workbench
from tests.waiting import until
from tui.demo.picture import picture
from tui.ui.controllers import image_desk
from tui.ui.screens import image as image_screen
from tui.ui.screens.ask_text import AskText
from tui.ui.screens.chat import ChatScreen
from tui.ui.screens.confirm import Confirm
from tui.ui.screens.image import ImageScreen
from tui.ui.transcript import Transcript
from tui.ui.widgets.attachment_chips import AttachmentChips


async def looking(pilot: Pilot[None]) -> ImageScreen:
    """The image of the demo's answer."""
    screen = await ready(pilot)
    await answered(pilot, screen, "image")
    await pilot.press("alt+i")
    await until(pilot, lambda: isinstance(pilot.app.screen, ImageScreen))
    shown = pilot.app.screen
    assert isinstance(shown, ImageScreen)
    return shown


def words(screen: ImageScreen, name: str) -> str:
    return str(screen.query_one(name, Static).content)


def told(app: App[None]) -> list[str]:
    return [notification.message for notification in app._notifications]


async def save_as(pilot: Pilot[None], path: Path) -> None:
    await pilot.press("s")
    await until(pilot, lambda: isinstance(pilot.app.screen, AskText))
    pilot.app.screen.query_one(Input).value = str(path)
    await pilot.press("enter")


async def save_over(pilot: Pilot[None], path: Path, *, replace: bool) -> None:
    """Save where a file is already, and answer the question about it."""
    before = pilot.app.screen
    await save_as(pilot, path)
    await until(pilot, lambda: isinstance(pilot.app.screen, Confirm))
    pilot.app.screen.dismiss(replace)
    await until(pilot, lambda: pilot.app.screen is before)
    await until(pilot, lambda: not replace or path.read_bytes() == picture())


async def test_an_image_is_drawn_saved_and_opened(
    orw_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[Path] = []
    monkeypatch.setattr(image_desk, "open_file", lambda path, _environ: opened.append(path))
    app = workbench(orw_home)
    async with app.run_test(size=SIZE) as pilot:
        screen = await looking(pilot)
        await until(pilot, lambda: screen.query("#drawn"))
        assert words(screen, "#name").startswith("image · PNG 240×150")
        target = tmp_path / "sun.png"
        await save_as(pilot, target)
        await until(pilot, target.exists)
        assert target.read_bytes() == picture()
        await until(pilot, lambda: any("Saved" in words for words in told(app)))
        await pilot.press("o")
        await until(pilot, lambda: opened)
        assert opened[0].read_bytes() == picture()
        target.write_text("mine")
        await save_over(pilot, target, replace=False)
        assert target.read_text() == "mine"
        await save_over(pilot, target, replace=True)
        assert target.read_bytes() == picture()
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, ChatScreen))
        files = app.screen.query_one(AttachmentChips)
        await until(pilot, lambda: files.chips)
        assert files.chips[0].text.plain.startswith("▣ image-1.png · 240×150")


async def test_without_the_library_it_can_be_saved_and_opened_only(
    orw_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(image_screen, "can_draw", lambda: False)
    app = workbench(orw_home)
    async with app.run_test(size=(80, 24)) as pilot:
        screen = await looking(pilot)
        await until(pilot, lambda: "textual-image" in words(screen, "#words"))
        assert not screen.query("#drawn")
        assert not any(button.disabled for button in screen.query(Button))


async def test_an_image_is_there_after_a_restart(orw_home: Path) -> None:
    async with workbench(orw_home).run_test(size=SIZE) as pilot:
        await answered(pilot, await ready(pilot), "image")
    again = workbench(orw_home, resume="")
    async with again.run_test(size=SIZE) as pilot:
        screen = await ready(pilot)
        await until(pilot, lambda: len(screen.query_one(Transcript).entries) == 2)
        [kept] = screen.query_one(Transcript).entries[1].images
        assert (kept.width, kept.height) == (240, 150)
        await pilot.press("alt+i")
        await until(pilot, lambda: isinstance(again.screen, ImageScreen))
        await until(pilot, lambda: again.screen.query("#drawn"))


async def test_a_conversation_without_images_says_so(orw_home: Path) -> None:
    app = workbench(orw_home)
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot)
        await pilot.press("alt+i")
        await until(pilot, lambda: any("no image" in words for words in told(app)))
        assert isinstance(app.screen, ChatScreen)
