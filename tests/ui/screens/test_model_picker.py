"""The quick picker: favourites first, type, Enter."""

from pathlib import Path

from tests.ui.screens.models_support import (
    HOSTILE,
    connected,
    hint,
    ids,
    picking,
    rows_of,
    workbench,
)
from tests.waiting import until
from tui.domain.model import Model
from tui.ui.screens.chat import ChatScreen
from tui.ui.screens.model_picker import ModelPicker
from tui.ui.screens.models import ModelsScreen


async def test_ctrl_k_picks_a_model_and_keeps_what_was_typed(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=(120, 40)) as pilot:
        app = await connected(pilot)
        chat = app.screen
        assert isinstance(chat, ChatScreen)
        await pilot.press(*"hi", "ctrl+k")
        await until(pilot, lambda: isinstance(app.screen, ModelPicker) and app.screen.focused)
        await pilot.press("x", "escape")
        await until(pilot, lambda: app.screen is chat)
        assert chat.chat.model_id == app.session.default_model()

        await pilot.press("ctrl+k")
        await until(pilot, lambda: isinstance(app.screen, ModelPicker) and app.screen.focused)
        picker = app.screen
        assert isinstance(picker, ModelPicker)
        await pilot.press(*"haiku", "down")
        chosen = ids(picker)[1]
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is chat)
        await until(pilot, lambda: chat.chat.model_id == chosen)

        await pilot.press("ctrl+k")
        await until(pilot, lambda: isinstance(app.screen, ModelPicker) and app.screen.focused)
        await pilot.press("f3")
        await until(pilot, lambda: isinstance(app.screen, ModelsScreen))


async def test_favourites_come_first_in_their_order_then_recents(tmp_path: Path) -> None:
    async with picking(tmp_path) as (hand, screen):
        models = ids(screen)
        await hand.app.desk.change_lists(
            lambda lists: lists.with_favourite(models[20]).with_favourite(models[10])
        )
        await hand.app.desk.used(models[30])
        hand.app.session.changed()
        assert ids(screen)[:3] == [models[20], models[10], models[30]]
        assert sorted(ids(screen)) == sorted(models)

        await hand.press("home", "up", "up", "down", "down")
        await hand.type(models[10].rpartition("/")[2])
        await hand.press("alt+up")
        lists = hand.app.desk
        await hand.until(lambda: lists.lists.favourites == (models[10], models[20]))
        await hand.press("ctrl+f")
        await hand.until(lambda: lists.lists.favourites == (models[20],))


async def test_the_filter_line_hints_as_in_the_browser(tmp_path: Path) -> None:
    async with picking(tmp_path) as (hand, screen):
        assert "Enter uses it" in hint(screen)
        await hand.type("ctx>=lots")
        assert "lots is no number" in hint(screen)
        await hand.press("ctrl+u")
        await hand.type("author:anth")
        await hand.press("tab")
        assert {one.partition("/")[0].strip("~") for one in ids(screen)} == {"anthropic"}


async def test_models_that_come_while_it_is_open_are_offered(tmp_path: Path) -> None:
    async with picking(tmp_path, Model("evil/model", HOSTILE)) as (hand, screen):
        assert "[/] [@click=app.quit" in rows_of(screen.table)[0]
        assert "\x1b" not in rows_of(screen.table)[0]
        hand.app.offer(Model("one/model"), Model("two/model"))
        assert ids(screen) == ["one/model", "two/model"]


async def test_a_favourite_that_is_gone_cannot_be_used(tmp_path: Path) -> None:
    async with picking(tmp_path) as (hand, screen):
        await hand.app.desk.change_lists(lambda lists: lists.with_favourite("gone/model"))
        hand.app.session.changed()
        assert "gone" in rows_of(screen.table)[0]
        await hand.press("home", "up", "pageup", "enter")
        assert hand.screen is screen
        assert not hand.app.chosen
