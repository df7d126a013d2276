"""The model browser over the demo: what a user does, and what is on screen afterwards."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from textual import events
from textual.widgets import Input, OptionList

from tests.ui.screens.models_support import (
    HOSTILE,
    IN_USE,
    browsing,
    connected,
    hint,
    ids,
    rows_of,
    status,
    workbench,
)
from tests.waiting import until
from tui.domain.errors import Failure, FailureKind, WorkbenchError
from tui.domain.model import Model
from tui.ui.screens.ask_text import AskText
from tui.ui.screens.chat import ChatScreen
from tui.ui.screens.help import HelpScreen
from tui.ui.screens.list_chooser import ListChooser
from tui.ui.screens.models import ModelsScreen
from tui.ui.widgets.catalogue.facet_panel import FacetPanel
from tui.ui.widgets.catalogue.filter_line import FilterLine
from tui.ui.widgets.catalogue.key_line import KeyLine
from tui.ui.widgets.catalogue.table_heading import TableHeading


async def test_f3_browses_and_enter_uses_the_model_for_the_conversation(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=(120, 40)) as pilot:
        app = await connected(pilot)
        chat = app.screen
        assert isinstance(chat, ChatScreen)
        for close in ("escape", "f3"):
            await pilot.press("f3")
            await until(pilot, lambda: isinstance(app.screen, ModelsScreen) and app.screen.focused)
            await pilot.press(close)
            await until(pilot, lambda: app.screen is chat)
            assert chat.chat.model_id == app.session.default_model()

        await pilot.press("f3")
        await until(pilot, lambda: isinstance(app.screen, ModelsScreen) and app.screen.focused)
        screen = app.screen
        assert isinstance(screen, ModelsScreen)
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        page = "\n".join(str(widget.render()) for widget in app.screen.query("Static, KeyTable"))
        for words in ("Models", "Mark up to four models", "Only this provider", "Complete a term"):
            assert words in page
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is screen)

        await pilot.press(*"haiku-4.5")
        chosen = ids(screen)[0]
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is chat)
        await until(pilot, lambda: chat.chat.model_id == chosen)
        await until(pilot, lambda: app.models.lists.recents == (chosen,))

        await pilot.press("f3")
        await until(pilot, lambda: isinstance(app.screen, ModelsScreen) and app.screen.focused)
        again = app.screen
        assert isinstance(again, ModelsScreen)
        assert again.filter_line.value == "haiku-4.5"
        assert ids(again)[0] == chosen


async def test_typing_filters_at_each_key(tmp_path: Path) -> None:
    async with browsing(tmp_path) as (hand, screen):
        everything = screen.table.count
        assert isinstance(screen.focused, FilterLine)
        assert f"{everything} of {everything} models" in status(screen)
        assert screen.current is not None
        assert screen.current.model.id == IN_USE
        assert any("▸" in line for line in rows_of(screen.table))

        await hand.type("author:anthropic")
        assert 0 < screen.table.count < everything
        assert {one.partition("/")[0].removeprefix("~") for one in ids(screen)} == {"anthropic"}
        assert f"{screen.table.count} of {everything} models" in status(screen)

        await hand.press("ctrl+u")
        assert screen.table.count == everything


async def test_what_is_not_understood_is_hinted_at_and_filters_nothing(tmp_path: Path) -> None:
    async with browsing(tmp_path) as (hand, screen):
        everything = screen.table.count

        await hand.type("ctx>=lots")

        assert screen.table.count == everything
        assert "lots is no number" in hint(screen)
        drawn = screen.filter_line.render_line(0)
        underlined = [one.text for one in drawn if one.style is not None and one.style.underline]
        assert "".join(underlined).strip() == "ctx>=lots"


async def test_tab_completes_terms_and_values_and_then_goes_to_the_table(tmp_path: Path) -> None:
    async with browsing(tmp_path) as (hand, screen):
        await hand.type("tools vi")
        ways = []
        for _ in range(3):
            await hand.press("tab")
            ways.append(screen.filter_line.value)
        assert ways == ["tools vision", "tools video", "tools vision"]

        await hand.press("ctrl+u")
        await hand.type("auth")
        assert "author:" in hint(screen)
        await hand.press("tab")
        assert screen.filter_line.value == "author:"
        await hand.type("anth")
        await hand.press("tab")
        assert screen.filter_line.value == "author:anthropic"
        await hand.press("tab")
        assert screen.focused is screen.table


async def test_keys_typed_at_once_reach_what_has_the_focus_by_then(tmp_path: Path) -> None:
    async with browsing(tmp_path) as (hand, screen):
        for key in ("x", "down", "down", "space"):
            hand.app.post_message(events.Key(key, key if len(key) == 1 else None))
        await hand.settle()
        assert screen.filter_line.value == "x"
        assert screen.browsing.marked == [ids(screen)[1]]


async def test_a_long_filter_scrolls_with_its_cursor(tmp_path: Path) -> None:
    async with browsing(tmp_path, size=(80, 24)) as (hand, screen):
        screen.filter_line.put("tools " * 30 + "end")
        await hand.settle()
        assert screen.filter_line.render_line(0).text.rstrip().endswith("end")


async def test_terms_are_chosen_from_a_list(tmp_path: Path) -> None:
    async with browsing(tmp_path) as (hand, screen):
        await hand.type("tools")
        await hand.press("ctrl+t")
        await hand.until(lambda: isinstance(hand.screen, ListChooser))
        terms = hand.screen.query_one(OptionList)
        assert "who made the model" in str(terms.get_option_at_index(0).prompt)
        await hand.press("down", "down", "enter")
        await hand.until(lambda: hand.screen is screen)
        await hand.settle()
        assert screen.filter_line.value == "tools ctx>=200k"
        assert screen.focused is screen.filter_line


async def test_facets_follow_the_filter_and_put_terms_into_it(tmp_path: Path) -> None:
    async with browsing(tmp_path) as (hand, screen):
        await hand.press("down", "left")
        facets = screen.query_one(FacetPanel)
        await hand.until(lambda: screen.focused is facets)

        await hand.press("enter")
        author = screen.browsing.facets.author.values[0]
        assert screen.filter_line.value == author.term
        assert author.count == screen.table.count
        assert any(line.lstrip().startswith("✓") for line in rows_of(facets))

        await hand.press("space")
        assert screen.filter_line.value == ""


async def test_models_are_sorted_by_a_list_by_keys_and_by_the_heading(tmp_path: Path) -> None:
    async with browsing(tmp_path) as (hand, screen):
        await hand.press("down", "s")
        await hand.until(lambda: isinstance(hand.screen, ListChooser))
        await hand.press(*["down"] * 3, "enter")
        await hand.until(lambda: hand.screen is screen)
        assert screen.browsing.sort == "in"
        assert "by prompt price" in status(screen)
        prices = [one.row.prompt for one in screen.browsing.found if one.row.prompt is not None]
        assert prices == sorted(prices)

        await hand.press("i")
        prices = [one.row.prompt for one in screen.browsing.found if one.row.prompt is not None]
        assert prices == sorted(prices, reverse=True)

        await hand.press("greater_than_sign")
        assert screen.browsing.sort == "out"
        heading = screen.query_one(TableHeading)
        await hand.pilot.click(heading, offset=(heading.render().plain.index("ctx"), 0))
        assert screen.browsing.sort == "ctx"
        assert "ctx▲" in heading.render().plain


async def test_favourites_are_kept_found_and_moved(tmp_path: Path) -> None:
    async with browsing(tmp_path) as (hand, screen):
        await hand.press("down", "home", "f")
        first = ids(screen)[0]
        await hand.until(lambda: screen.browsing.context.favourites == (first,))
        assert any("★" in line for line in rows_of(screen.table))
        await hand.press("down", "f")
        second = ids(screen)[1]
        await hand.until(lambda: screen.browsing.context.favourites == (first, second))

        await hand.press("slash")
        await hand.type("fav")
        assert ids(screen) == [first, second]
        await hand.press("down", "alt+down")
        await hand.until(lambda: ids(screen) == [second, first])
        assert screen.current is not None
        assert screen.current.model.id == first

    async with browsing(tmp_path) as (hand, screen):
        assert screen.desk.lists.favourites == (second, first)


async def test_a_favourite_that_is_gone_says_so_and_cannot_be_used(tmp_path: Path) -> None:
    async with browsing(tmp_path, Model("here/model")) as (hand, screen):
        await screen.desk.change_lists(lambda lists: lists.with_favourite("gone/model"))
        hand.app.session.changed()
        await hand.type("fav")
        assert ids(screen) == ["gone/model"]
        assert rows_of(screen.table)[0].split()[:3] == ["★", "gone/model", "gone"]

        await hand.press("enter")
        assert hand.screen is screen


async def test_marks_have_an_order_and_end_at_four(tmp_path: Path) -> None:
    async with browsing(tmp_path) as (hand, screen):
        await hand.press("down", "home", *["space"] * 5)
        assert len(screen.browsing.marked) == 4
        assert "4 of 4 marked" in status(screen)
        assert [line[0] for line in rows_of(screen.table)[:5]] == ["1", "2", "3", "4", " "]


async def test_a_filter_is_saved_recalled_chosen_and_forgotten(tmp_path: Path) -> None:
    async with browsing(tmp_path) as (hand, screen):
        lists = screen.desk
        for text, name in (("vision tools", "mine [/]"), (" free", "other")):
            await hand.type(text)
            await hand.press("down", "S")
            await hand.until(lambda: isinstance(hand.screen, AskText))
            await hand.press("ctrl+u")
            await hand.type(name)
            await hand.press("enter")
            await hand.until(lambda: hand.screen is screen)
            await hand.press("slash")
        saved = {"mine [/]": "vision tools", "other": "vision tools free"}
        await hand.until(lambda: lists.lists.filters == saved)

        await hand.press("ctrl+u", *"x", "up", "up")
        assert screen.filter_line.value == "vision tools"
        assert "mine [/]" in hint(screen)
        await hand.press("down", "down")
        assert screen.filter_line.value == "x"

        await hand.press("ctrl+l")
        await hand.until(lambda: isinstance(hand.screen, ListChooser))
        await hand.press("delete", "enter")
        await hand.until(lambda: hand.screen is screen)
        await hand.until(lambda: list(lists.lists.filters) == ["other"])
        assert screen.filter_line.value == "vision tools free"
        await hand.press("tab", "down", "D")
        await hand.until(lambda: not lists.lists.filters)


async def test_refreshing_says_what_it_does_and_a_failure_keeps_the_models(tmp_path: Path) -> None:
    async with browsing(tmp_path) as (hand, screen):
        before, shown = screen.desk.catalogue.fetched_at, ids(screen)
        await hand.press("f5")
        await hand.until(lambda: screen.desk.catalogue.fetched_at != before)
        await hand.until(lambda: not screen.desk.refreshing)
        assert "refreshing" not in status(screen)
        assert screen.browsing.catalogue is screen.desk.catalogue

        await screen.desk.session.aclose()
        hand.app.runtime.connection = None
        await hand.press("f5")
        await hand.until(lambda: screen.desk.session.catalogue_failure is not None)
        await hand.settle()
        assert "!" in status(screen)
        assert ids(screen) == shown


async def test_what_comes_after_the_browser_was_closed_is_no_failure(tmp_path: Path) -> None:
    async with browsing(tmp_path) as (hand, screen):
        arrived = asyncio.Event()
        refresh = screen.desk.session.refresh_catalogue

        async def late(progress: Callable[[int], None]) -> None:
            await arrived.wait()
            await refresh(progress)

        screen.desk.session.refresh_catalogue = late  # type: ignore[assignment, method-assign]
        await hand.press("f5", "down", "f", "escape")
        await hand.until(lambda: hand.screen is not screen)
        arrived.set()
        await hand.until(lambda: not hand.app.workers)
        assert not [toast.title for toast in hand.app._notifications]


async def test_what_the_key_may_use_is_asked_for_once_it_matters(tmp_path: Path) -> None:
    async with browsing(tmp_path, Model("no/where"), Model("openai/gpt-5.2")) as (hand, screen):
        assert screen.desk.usable is None
        await hand.press("down", "u")
        assert screen.filter_line.value == "mine"
        await hand.until(lambda: ids(screen) == ["openai/gpt-5.2"])
        assert "asking" not in status(screen)
        await hand.press("u")
        assert ids(screen) == ["no/where", "openai/gpt-5.2"]


async def test_not_knowing_what_the_key_may_use_filters_nothing(tmp_path: Path) -> None:
    async with browsing(tmp_path) as (hand, screen):
        failure = Failure(FailureKind.NO_KEY, "There is no key.", "Enter one.")

        def borrowed() -> object:
            raise WorkbenchError(failure)

        screen.desk.session.borrowed = borrowed  # type: ignore[assignment, method-assign]
        everything = screen.table.count
        await hand.type("mine")
        await hand.until(lambda: hand.app._notifications)
        assert [one.title for one in hand.app._notifications] == [failure.what]
        assert screen.table.count == everything


async def test_a_narrow_screen_shows_the_panels_over_the_table(tmp_path: Path) -> None:
    async with browsing(tmp_path, size=(80, 24)) as (hand, screen):
        facets = screen.query_one(FacetPanel)
        assert not facets.display
        assert not screen.details.display
        width = screen.table.size.width

        await hand.press("down", "d")
        await hand.until(lambda: screen.details.display)
        assert screen.table.size.width == width
        await hand.press("escape")
        assert not screen.details.display

        await hand.press("b")
        await hand.until(lambda: facets.display)
        await hand.press("escape")
        assert not facets.display
        assert hand.screen is screen

        await hand.pilot.resize_terminal(160, 40)
        await hand.until(lambda: screen.details.display and facets.display)
        await hand.press("d")
        await hand.until(lambda: not screen.table.has_focus)
        await hand.press("escape")
        assert hand.screen is screen
        assert screen.table.has_focus
        assert screen.details.display
        await hand.pilot.resize_terminal(80, 24)
        await hand.until(lambda: not screen.details.display)


async def test_names_are_shown_literally(tmp_path: Path) -> None:
    model = Model(
        "evil/[/]\x1b[2J",
        HOSTILE,
        description=f"{HOSTILE}\n{HOSTILE}",
        tokenizer=HOSTILE,
        supported_parameters=frozenset({HOSTILE}),
        alias_target=HOSTILE,
    )
    other = Model("plain/model", "Plain")
    async with browsing(tmp_path, model, other, size=(200, 50)) as (hand, screen):
        await hand.until(lambda: "[/]" in screen.details.text.text.plain)
        lines = [*rows_of(screen.table), *rows_of(screen.query_one(FacetPanel))]
        assert any("[/] [@click=app.quit" in line for line in lines)
        assert not any(character in "".join(lines) for character in "\x1b\x9b\u202e")
        await hand.press("down", "space", "space", "c")
        await hand.until(lambda: hand.screen is not screen)
        assert "\x1b" not in hand.app.export_screenshot()


async def test_new_models_appear_while_the_browser_is_open(tmp_path: Path) -> None:
    async with browsing(tmp_path, Model("one/model")) as (hand, screen):
        hand.app.offer(Model("one/model"), Model("two/model"))
        await hand.settle()
        assert ids(screen) == ["one/model", "two/model"]


async def test_the_line_of_keys_follows_the_focus_and_presses_them(tmp_path: Path) -> None:
    async with browsing(tmp_path) as (hand, screen):
        line = screen.query_one(KeyLine)
        assert "Tab Complete" in line.render().plain
        assert "Esc Close" in line.render().plain
        await hand.press("tab")
        words = line.render().plain
        assert "Space Mark" in words
        assert "Complete" not in words
        await hand.pilot.click(line, offset=(1 + words.index("Sort"), 0))
        await hand.until(lambda: isinstance(hand.screen, ListChooser))


async def test_every_binding_of_the_browser_has_an_id_and_a_tooltip(tmp_path: Path) -> None:
    async with browsing(tmp_path) as (_, screen):
        for node in [screen, *screen.walk_children()]:
            if type(node).__module__.startswith("tui.") and not isinstance(node, Input):
                for binding in type(node).__dict__.get("BINDINGS", ()):
                    assert binding.id.startswith("models."), binding
                    assert binding.tooltip, binding
