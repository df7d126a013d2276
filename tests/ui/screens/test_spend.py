"""The spend screen: what was spent, down to the conversation, and into a file."""

import csv
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Static

from tests.fakes.conversations import MODEL, take_turn
from tests.ui.screens.models_support import HOSTILE, rows_of
from tests.ui.screens.test_chat import ready, workbench
from tests.waiting import until
from tui.services.history import History
from tui.ui.app import Workbench
from tui.ui.screens.ask_text import AskText
from tui.ui.screens.chat import ChatScreen
from tui.ui.screens.confirm import Confirm
from tui.ui.screens.spend import SpendScreen
from tui.ui.widgets.money.bars import BarsPlot
from tui.ui.widgets.money.rank_list import RankList

TODAY = datetime.now(UTC).replace(hour=0, minute=30)
TITLES = {"First": "0.25", HOSTILE: "1.50"}


async def spent(home: Path) -> None:
    """Yesterday, and the day before it: two conversations, of which the second is dearer."""
    history = await History.open(home / "data" / "demo.db")
    for days, (title, cost) in enumerate(TITLES.items(), 1):
        conversation = await history.new_conversation(MODEL)
        at = TODAY - timedelta(days=3 - days)
        await take_turn(history, conversation, title, cost=cost, at=at)
        await history.rename(conversation.id, title)
    await history.aclose()


@asynccontextmanager
async def spend_screen(
    home: Path, size: tuple[int, int] = (120, 40), *, empty: bool = False
) -> AsyncIterator[tuple[Pilot[None], SpendScreen]]:
    """The screen, opened with F4, over a history with two conversations or none."""
    (home / "data").mkdir(mode=0o700)
    if not empty:
        await spent(home)
    app = workbench(home)
    async with app.run_test(size=size, notifications=True) as pilot:
        await ready(pilot)
        await pilot.press("f4")
        await until(pilot, lambda: isinstance(app.screen, SpendScreen))
        screen = app.screen
        assert isinstance(screen, SpendScreen)
        await until(pilot, lambda: screen.query(BarsPlot))
        await until(pilot, lambda: "left of" in line(screen, "account"))
        yield pilot, screen


def line(screen: SpendScreen, name: str) -> str:
    return str(screen.query_one(f"#{name}", Static).render())


def ranks(screen: SpendScreen) -> list[str]:
    return [row for row in rows_of(screen.query_one(RankList)) if row.strip()]


async def test_days_lead_to_the_conversations_behind_them_and_into_one(tmp_path: Path) -> None:
    async with spend_screen(tmp_path) as (pilot, screen):
        assert "all time $1.75" in line(screen, "totals")
        assert isinstance(screen.focused, BarsPlot)
        assert "$1.50" in line(screen, "group")
        (row,) = ranks(screen)
        assert "[/] [@click=app.quit]x[/]" in row
        assert "\x1b" not in row

        await pilot.press("left")
        await until(pilot, lambda: "$0.25" in line(screen, "group"))
        assert ranks(screen)[0].startswith(" First")
        await pilot.press("m", "m")
        assert "tokens by class" in line(screen, "tabs")
        await pilot.press("home", "end", "left", "down", "enter")

        await until(pilot, lambda: isinstance(pilot.app.screen, ChatScreen))
        chat = pilot.app.screen
        assert isinstance(chat, ChatScreen)
        await until(
            pilot, lambda: chat.chat.conversation and chat.chat.conversation.title == "First"
        )


async def test_models_lead_to_their_conversations_the_dearest_first(tmp_path: Path) -> None:
    async with spend_screen(tmp_path, (80, 24)) as (pilot, screen):
        await pilot.press("4")
        await until(pilot, lambda: MODEL in "".join(ranks(screen)))
        assert not screen.query_one("#chart").display

        await pilot.press("enter")
        await until(pilot, lambda: len(ranks(screen)) == 2)
        assert "[@click" in ranks(screen)[0]
        assert f"› {MODEL}" in line(screen, "tabs")

        await pilot.press("escape", "1")
        await until(pilot, lambda: screen.query_one("#chart").display)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChatScreen))


async def test_an_export_never_replaces_a_file_without_a_question(tmp_path: Path) -> None:
    async with spend_screen(tmp_path) as (pilot, screen):
        target = tmp_path / "spend.json"

        async def export(to: Path) -> None:
            await pilot.press("e")
            await until(pilot, lambda: isinstance(pilot.app.screen, AskText))
            pilot.app.screen.query_one(Input).value = str(to)
            await pilot.press("enter")

        await export(target)
        await until(pilot, lambda: target.exists() and pilot.app.screen is screen)
        assert json.loads(target.read_text())["usd"] == "1.75"

        target.write_text("mine")
        await export(target)
        await until(pilot, lambda: isinstance(pilot.app.screen, Confirm))
        await pilot.click("#no")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert target.read_text() == "mine"

        await export(target.with_suffix(".csv"))
        await until(pilot, lambda: target.with_suffix(".csv").exists())
        rows = list(csv.DictReader(target.with_suffix(".csv").open()))
        assert [row["usd"] for row in rows] == ["0.25", "1.5"]

        await export(target.with_suffix(".doc"))
        app = pilot.app
        assert isinstance(app, Workbench)
        await until(
            pilot, lambda: "ends in .csv or .json" in app.export_screenshot().replace("&#160;", " ")
        )


@pytest.mark.parametrize("name", ["x" * 300 + ".csv", "~nobody-has-this-name/spend.csv"])
async def test_a_path_that_cannot_be_is_told_of(tmp_path: Path, name: str) -> None:
    async with spend_screen(tmp_path) as (pilot, screen):
        await pilot.press("e")
        await until(pilot, lambda: isinstance(pilot.app.screen, AskText))
        pilot.app.screen.query_one(Input).value = name
        await pilot.press("enter")
        told = "could not be written"
        await until(pilot, lambda: any(told in one.message for one in pilot.app._notifications))
        assert pilot.app.screen is screen


async def test_without_any_answer_the_screen_says_so(tmp_path: Path) -> None:
    async with spend_screen(tmp_path, empty=True) as (pilot, screen):
        assert screen.query_one("#nothing").display
        assert not screen.query_one(RankList).display
        await pilot.press("4", "m", "left", "escape")
        await until(pilot, lambda: isinstance(pilot.app.screen, ChatScreen))
