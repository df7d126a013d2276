"""Leaving asks before something is lost that could not be saved."""

from pathlib import Path

from tests.services.test_history_failures import a_folder, no_folder
from tests.ui.screens.test_chat import SIZE, ready, workbench
from tests.waiting import until
from tui.services.history import History
from tui.ui.screens.chat import ChatScreen
from tui.ui.screens.confirm import Confirm


async def test_what_is_only_in_memory_is_asked_about_until_it_could_be_saved(
    tmp_path: Path,
) -> None:
    app = workbench(tmp_path)
    file = app.runtime.history_file
    file.parent.mkdir(parents=True)
    a_folder(file)
    async with app.run_test(size=SIZE) as pilot:
        await ready(pilot)
        await pilot.press(*"half a", "ctrl+q")
        await until(pilot, lambda: isinstance(app.screen, Confirm))
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, ChatScreen))
        no_folder(file)
        await pilot.press("ctrl+q")
        await until(pilot, lambda: app._exit)
    history = await History.open(file)
    [kept] = await history.conversations()
    loaded = await history.load(kept.id)
    assert loaded is not None
    assert loaded.draft == "half a"
    await history.aclose()
