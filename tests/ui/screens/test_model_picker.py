"""The quick picker: favourites first, type, Enter."""

from pathlib import Path

from textual.pilot import Pilot

from tests.ui.screens.models_support import (
    HOSTILE,
    SIZE,
    connected,
    offer,
    rows_of,
    type_text,
    until,
    workbench,
)
from tui.domain.model import Model
from tui.ui.screens.chat import ChatScreen
from tui.ui.screens.model_picker import ModelPicker
from tui.ui.screens.models import ModelsScreen
from tui.ui.widgets.catalogue.model_table import ModelTable


async def opened(pilot: Pilot[None]) -> ModelTable:
    await pilot.press("ctrl+k")
    await until(pilot, lambda: isinstance(pilot.app.screen, ModelPicker))
    await pilot.pause()
    return pilot.app.screen.query_one(ModelTable)


def listed(table: ModelTable) -> list[str]:
    return [found.model.id for found in table.content.found]


async def test_favourites_come_first_then_recents(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        app = await connected(pilot)
        models = list(app.session.catalogue.models)
        await app.models.change_lists(
            lambda lists: lists.with_favourite(models[20]).with_favourite(models[10])
        )
        await app.models.used(models[30])

        table = await opened(pilot)
        assert listed(table)[:3] == [models[20], models[10], models[30]]
        assert sorted(listed(table)) == sorted(models)


async def test_a_part_of_a_name_and_enter_use_a_model(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        await connected(pilot)
        table = await opened(pilot)
        await type_text(pilot, "haiku")
        await pilot.press("down")
        chosen = listed(table)[1]
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChatScreen))
        chat = pilot.app.screen
        assert isinstance(chat, ChatScreen)
        await until(pilot, lambda: chat.chat.model_id == chosen)


async def test_escape_keeps_the_model_and_what_was_typed(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        await connected(pilot)
        await type_text(pilot, "hello")
        await opened(pilot)
        await type_text(pilot, "haiku")
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChatScreen))
        chat = pilot.app.screen
        assert isinstance(chat, ChatScreen)
        assert chat.chat.model_id == chat.chat.session.default_model()


async def test_f3_goes_on_in_the_browser(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        await connected(pilot)
        await opened(pilot)
        await pilot.press("f3")
        await until(pilot, lambda: isinstance(pilot.app.screen, ModelsScreen))


async def test_names_are_shown_literally(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        app = await connected(pilot)
        offer(app, Model("evil/model", HOSTILE))
        table = await opened(pilot)
        assert "[/] [@click=app.quit" in rows_of(table)[0]
        assert "\x1b" not in rows_of(table)[0]


async def test_a_favourite_that_is_gone_cannot_be_used(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        app = await connected(pilot)
        await app.models.change_lists(lambda lists: lists.with_favourite("gone/model"))
        table = await opened(pilot)
        assert "gone" in rows_of(table)[0]
        await pilot.press("enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, ModelPicker)
