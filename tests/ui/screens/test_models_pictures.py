"""What opens from the browser: the picture, the spec sheet and what changed."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Static

from tests.ui.screens.models_support import (
    HOSTILE,
    SIZE,
    browser,
    connected,
    ids,
    rows_of,
    type_text,
    until,
    workbench,
)
from tui.domain.catalogue_changes import Change, ChangeKind
from tui.domain.model import Model, Pricing
from tui.ui.screens.model_changes import ModelChanges
from tui.ui.screens.scatter import ScatterScreen
from tui.ui.screens.spec_sheet import SpecSheet
from tui.ui.widgets.catalogue.change_list import ChangeList
from tui.ui.widgets.catalogue.scatter_plot import ScatterPlot


def priced(model_id: str, prompt: str, context: int, name: str = "") -> Model:
    amount = Decimal(prompt)
    pricing = Pricing(prompt=amount, completion=amount)
    return Model(model_id, name, context_length=context, pricing=pricing)


MODELS = (
    priced("a/cheap", "0.0000001", 8_000),
    priced("b/free", "0", 32_000),
    priced("c/dear", "0.00001", 1_000_000, HOSTILE),
)


def text(pilot: Pilot[None], selector: str) -> str:
    return str(pilot.app.screen.query_one(selector, Static).render())


async def test_the_cursor_moves_through_the_dots_and_enter_opens_one(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await browser(pilot, *MODELS)
        await pilot.press("down", "p")
        await until(pilot, lambda: isinstance(pilot.app.screen, ScatterScreen))
        await until(pilot, lambda: "b/free" in text(pilot, "#caption"))
        assert "3 models" in text(pilot, "#title")
        plot = pilot.app.screen.query_one(ScatterPlot)
        await until(pilot, lambda: len(set(plot._cells())) == 3)

        await pilot.press("right", "right")
        await until(pilot, lambda: "c/dear" in text(pilot, "#caption"))
        assert "[/] [@click=app.quit]x[/]" in text(pilot, "#caption")
        await pilot.press("left")
        await until(pilot, lambda: "c/dear" not in text(pilot, "#caption"))
        await pilot.press("tab", "shift+tab", "tab", "tab")
        await until(pilot, lambda: "c/dear" in text(pilot, "#caption"))

        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert screen.current is not None
        assert screen.current.model.id == "c/dear"


async def test_a_picture_without_figures_says_why(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        await browser(pilot, *MODELS)
        await pilot.press("down", "p")
        await until(pilot, lambda: isinstance(pilot.app.screen, ScatterScreen))
        await until(pilot, lambda: "3 models" in text(pilot, "#title"))
        await pilot.press("space")
        await until(pilot, lambda: "no benchmarks" in text(pilot, "#nothing"))
        await pilot.press("space", "space")
        await until(pilot, lambda: "context length" in text(pilot, "#caption"))


async def test_the_picture_survives_themes_and_sizes(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        await browser(pilot, *MODELS)
        await pilot.press("down", "p")
        await until(pilot, lambda: isinstance(pilot.app.screen, ScatterScreen))
        pilot.app.theme = "workbench-light"
        await pilot.resize_terminal(60, 16)
        await pilot.press("right", "plus", "minus", "0")
        await until(pilot, lambda: text(pilot, "#caption"))


async def test_the_sheet_marks_the_best_value_of_each_row(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await browser(pilot, *MODELS)
        await pilot.press("down", "c")
        await pilot.pause()
        assert pilot.app.screen is screen

        await pilot.press("space", "space", "space", "c")
        await until(pilot, lambda: isinstance(pilot.app.screen, SpecSheet))
        await pilot.pause()
        lines = str(pilot.app.screen.query_one(Static).render()).splitlines()
        prompt = next(line for line in lines if line.startswith("prompt / M"))
        assert "free ◂ best" in prompt
        assert prompt.count("best") == 1
        context = next(line for line in lines if line.startswith("context"))
        assert context.rstrip().endswith("1,000,000 ◂ best")

        await pilot.press("2")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert screen.current is not None
        assert screen.current.model.id == "b/free"


async def test_changes_are_told_since_the_last_refresh_and_over_30_days(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        app = await connected(pilot)
        screen = await browser(pilot)
        store, at = app.runtime.catalogue_store(), app.session.catalogue.fetched_at
        assert store is not None
        assert at is not None
        known = ids(screen)[0]
        store.journal.add(
            [
                Change(ChangeKind.NEW, known, "", at),
                Change(ChangeKind.PRICE_UP, "evil/[/]\x1b", "", at, "prompt", "$1", "$2"),
                Change(ChangeKind.GONE, "old/model", "", at - timedelta(days=3)),
            ],
            at,
        )
        await pilot.press("down", "w")
        await until(pilot, lambda: isinstance(pilot.app.screen, ModelChanges))
        changes = pilot.app.screen.query_one(ChangeList)
        await until(pilot, lambda: any("Dearer" in line for line in rows_of(changes)))
        shown = "\n".join(rows_of(changes))
        assert "$1 → $2" in shown
        assert "evil/[/]" in shown
        assert "\x1b" not in shown
        assert "old/model" not in shown

        await pilot.press("tab")
        await pilot.pause()
        assert "old/model" in "\n".join(rows_of(changes))
        await pilot.press("enter")
        await until(pilot, lambda: pilot.app.screen is screen)
        assert screen.current is not None
        assert screen.current.model.id == known


async def test_a_model_from_elsewhere_is_found_whatever_the_filter(tmp_path: Path) -> None:
    async with workbench(tmp_path).run_test(size=SIZE) as pilot:
        screen = await browser(pilot, *MODELS)
        await type_text(pilot, "cheap")
        screen._went_to("c/dear")
        await pilot.pause()
        assert ids(screen) == ["c/dear"]
        assert screen.filter_line.value == '"c/dear"'
