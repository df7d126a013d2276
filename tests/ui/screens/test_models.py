"""The model browser over the demo: what a user does, and what is on screen afterwards."""

from pathlib import Path

import pytest
from textual.widgets import Input

from tests.ui.screens.models_support import (
    HOSTILE,
    SIZE,
    browser,
    connected,
    hint,
    ids,
    offer,
    rows_of,
    status,
    type_text,
    until,
    workbench,
)
from tui.domain.model import Model
from tui.ui.app import Workbench
from tui.ui.screens.ask_text import AskText
from tui.ui.screens.chat import ChatScreen
from tui.ui.screens.help import HelpScreen
from tui.ui.screens.sort_chooser import SortChooser
from tui.ui.widgets.catalogue.facet_panel import FacetPanel
from tui.ui.widgets.catalogue.filter_line import FilterLine
from tui.ui.widgets.catalogue.table_heading import TableHeading


async def test_typing_filters_at_each_key(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await browser(pilot)
        everything = screen.table.count
        assert isinstance(screen.focused, FilterLine)
        assert f"{everything} of {everything} models" in status(screen)

        await type_text(pilot, "author:anthropic")
        assert 0 < screen.table.count < everything
        assert {one.partition("/")[0].removeprefix("~") for one in ids(screen)} == {"anthropic"}
        assert f"{screen.table.count} of {everything} models" in status(screen)

        await pilot.press("ctrl+u")
        assert screen.table.count == everything


async def test_the_cursor_starts_at_the_model_in_use_and_says_so(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await browser(pilot)
        assert screen.current is not None
        assert screen.current.model.id == screen.in_use
        assert any("▸" in line for line in rows_of(screen.table))


async def test_enter_uses_the_model_for_the_conversation(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await browser(pilot)
        await type_text(pilot, "haiku-4.5")
        chosen = ids(screen)[0]

        await pilot.press("enter")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChatScreen))

        chat = pilot.app.screen
        assert isinstance(chat, ChatScreen)
        await until(pilot, lambda: chat.chat.model_id == chosen)
        app = await connected(pilot)
        assert app.models.lists.recents == (chosen,)


@pytest.mark.parametrize("key", ["escape", "f3"])
async def test_closing_changes_nothing(tmp_path: Path, key: str) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await browser(pilot)
        await pilot.press("down", "down")
        await pilot.press(key)
        await until(pilot, lambda: isinstance(pilot.app.screen, ChatScreen))
        chat = pilot.app.screen
        assert isinstance(chat, ChatScreen)
        assert chat.chat.model_id == screen.in_use


async def test_the_filter_is_there_again_when_the_browser_is(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await browser(pilot)
        await type_text(pilot, "free")
        found = ids(screen)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChatScreen))

        again = await browser(pilot)
        assert again.filter_line.value == "free"
        assert ids(again) == found


async def test_what_is_not_understood_is_hinted_at_and_filters_nothing(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await browser(pilot)
        everything = screen.table.count

        await type_text(pilot, "ctx>=lots")

        assert screen.table.count == everything
        assert "lots is no number" in hint(screen)
        drawn = screen.filter_line.render_line(0)
        underlined = [one.text for one in drawn if one.style is not None and one.style.underline]
        assert "".join(underlined).strip() == "ctx>=lots"


async def test_tab_completes_terms_and_values_and_then_goes_to_the_table(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await browser(pilot)
        await type_text(pilot, "auth")
        assert "author:" in hint(screen)

        await pilot.press("tab")
        assert screen.filter_line.value == "author:"
        await type_text(pilot, "anth")
        await pilot.press("tab")
        assert screen.filter_line.value == "author:anthropic"

        await pilot.press("tab")
        await pilot.pause()
        assert screen.focused is screen.table


async def test_tab_goes_through_the_ways_to_complete(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await browser(pilot)
        await type_text(pilot, "tools vi")
        ways = []
        for _ in range(3):
            await pilot.press("tab")
            ways.append(screen.filter_line.value)
        assert ways == ["tools vision", "tools video", "tools vision"]


async def test_a_long_filter_scrolls_with_its_cursor(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=(80, 24)) as pilot:
        screen = await browser(pilot)
        screen.filter_line.put("tools " * 30 + "end")
        await pilot.pause()
        assert screen.filter_line.render_line(0).text.rstrip().endswith("end")


async def test_facets_follow_the_filter_and_put_terms_into_it(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await browser(pilot)
        await pilot.press("down", "left")
        facets = screen.query_one(FacetPanel)
        await until(pilot, lambda: screen.focused is facets)

        await pilot.press("enter")
        await pilot.pause()
        author = screen.browsing.facets.author.values[0]
        assert screen.filter_line.value == author.term
        assert author.count == screen.table.count
        assert any(line.lstrip().startswith("✓") for line in rows_of(facets))

        await pilot.press("space")
        await pilot.pause()
        assert screen.filter_line.value == ""


async def test_models_are_sorted_by_a_list_by_keys_and_by_the_heading(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await browser(pilot)
        await pilot.press("down", "s")
        await until(pilot, lambda: isinstance(pilot.app.screen, SortChooser))
        await pilot.press(*["down"] * 3, "enter")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert screen.browsing.sort == "in"
        assert "by prompt price" in status(screen)
        prices = [one.row.prompt for one in screen.browsing.found if one.row.prompt is not None]
        assert prices == sorted(prices)

        await pilot.press("i")
        prices = [one.row.prompt for one in screen.browsing.found if one.row.prompt is not None]
        assert prices == sorted(prices, reverse=True)

        await pilot.press("greater_than_sign")
        assert screen.browsing.sort == "out"
        heading = screen.query_one(TableHeading)
        await pilot.click(heading, offset=(heading.render().plain.index("ctx"), 0))
        assert screen.browsing.sort == "ctx"
        assert "ctx▲" in heading.render().plain


async def test_favourites_are_kept_and_found(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await browser(pilot)
        await pilot.press("down", "down")
        assert screen.current is not None
        liked = screen.current.model.id
        await pilot.press("f")
        await until(pilot, lambda: liked in screen.browsing.context.favourites)
        assert any("★" in line for line in rows_of(screen.table))

        await pilot.press("slash")
        await type_text(pilot, "fav")
        assert ids(screen) == [liked]

    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        app = await connected(pilot)
        assert app.models.lists.favourites == (liked,)


async def test_a_favourite_that_is_gone_says_so_and_cannot_be_used(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        app = await connected(pilot)
        await app.models.change_lists(lambda lists: lists.with_favourite("gone/model"))
        screen = await browser(pilot, Model("here/model"))
        await type_text(pilot, "fav")
        assert ids(screen) == ["gone/model"]

        await pilot.press("enter")
        await pilot.pause()
        assert pilot.app.screen is screen


async def test_at_most_four_models_are_marked(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await browser(pilot)
        await pilot.press("down", *["space"] * 5)
        await pilot.pause()
        assert len(screen.browsing.marked) == 4
        assert "4 of 4 marked" in status(screen)


async def test_a_filter_is_saved_recalled_and_forgotten(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await browser(pilot)
        await type_text(pilot, "vision tools")
        await pilot.press("down", "S")
        await until(pilot, lambda: isinstance(pilot.app.screen, AskText))
        await type_text(pilot, "mine [/]")
        await pilot.press("enter")
        await until(pilot, lambda: screen.desk.lists.filters == {"mine [/]": "vision tools"})
        await until(pilot, lambda: pilot.app.screen is screen)

        await pilot.press("slash", "ctrl+u", *"x", "up")
        await pilot.pause()
        assert screen.filter_line.value == "vision tools"
        assert "mine [/]" in hint(screen)
        await pilot.press("down")
        assert screen.filter_line.value == "x"

        await pilot.press("up", "down", "up", "tab")
        screen.table.focus()
        await pilot.press("D")
        await until(pilot, lambda: not screen.desk.lists.filters)


async def test_refreshing_says_what_it_does_and_ends(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await browser(pilot)
        before = screen.desk.catalogue.fetched_at
        await pilot.press("f5")
        await until(pilot, lambda: screen.desk.catalogue.fetched_at != before)
        await until(pilot, lambda: not screen.desk.refreshing)
        assert "refreshing" not in status(screen)
        assert screen.browsing.catalogue is screen.desk.catalogue


async def test_a_refresh_that_fails_keeps_the_models_and_says_why(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await browser(pilot)
        shown = ids(screen)
        runtime = screen.desk.session.runtime
        await screen.desk.session.aclose()
        runtime.connection = None
        await pilot.press("f5")
        await until(pilot, lambda: screen.desk.session.catalogue_failure is not None)
        await pilot.pause()
        assert "!" in status(screen)
        assert ids(screen) == shown


async def test_a_narrow_screen_shows_the_panels_over_the_table(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=(80, 24)) as pilot:
        screen = await browser(pilot)
        facets = screen.query_one(FacetPanel)
        assert not facets.display
        assert not screen.details.display
        width = screen.table.size.width

        await pilot.press("down", "d")
        await until(pilot, lambda: screen.details.display)
        await pilot.pause()
        assert screen.table.size.width == width
        await pilot.press("escape")
        await pilot.pause()
        assert not screen.details.display

        await pilot.press("b")
        await until(pilot, lambda: facets.display)
        await pilot.press("escape")
        await pilot.pause()
        assert not facets.display
        assert pilot.app.screen is screen


async def test_the_panels_come_and_go_with_the_width(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await browser(pilot)
        assert screen.details.display
        await pilot.resize_terminal(80, 24)
        await until(pilot, lambda: not screen.details.display)
        await pilot.resize_terminal(160, 40)
        await until(pilot, lambda: screen.details.display)
        assert screen.query_one(FacetPanel).display


async def test_names_are_shown_literally(tmp_path: Path) -> None:
    model = Model(
        "evil/[/]\x1b[2J",
        HOSTILE,
        description=f"{HOSTILE}\n{HOSTILE}",
        tokenizer=HOSTILE,
        supported_parameters=frozenset({HOSTILE}),
        alias_target=HOSTILE,
    )
    async with workbench(tmp_path).run_test(size=(200, 50)) as pilot:
        screen = await browser(pilot, model, Model("plain/model", "Plain"))
        await until(pilot, lambda: "[/]" in str(screen.details.query("Static").first().render()))
        lines = [*rows_of(screen.table), *rows_of(screen.query_one(FacetPanel))]
        assert any("[/] [@click=app.quit" in line for line in lines)
        assert not any(character in "".join(lines) for character in "\x1b\x9b\u202e")
        for key in ("down", "space", "space", "c"):
            await pilot.press(key)
        await until(pilot, lambda: pilot.app.screen is not screen)
        assert "\x1b" not in pilot.app.export_screenshot()


async def test_new_models_appear_while_the_browser_is_open(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await browser(pilot, Model("one/model"))
        app = pilot.app
        assert isinstance(app, Workbench)
        offer(app, Model("one/model"), Model("two/model"))
        await pilot.pause()
        assert ids(screen) == ["one/model", "two/model"]


async def test_help_lists_the_keys_of_the_browser(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        await browser(pilot)
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(pilot.app.screen, HelpScreen))
        page = "\n".join(str(widget.render()) for widget in pilot.app.screen.query("Static"))
        for words in ("Models", "Mark up to four models", "Only this provider", "Complete a term"):
            assert words in page


async def test_every_binding_of_the_browser_has_an_id_and_a_tooltip(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await browser(pilot)
        for node in [screen, *screen.walk_children()]:
            if type(node).__module__.startswith("tui.") and not isinstance(node, Input):
                for binding in type(node).__dict__.get("BINDINGS", ()):
                    assert binding.id.startswith("models."), binding
                    assert binding.tooltip, binding
