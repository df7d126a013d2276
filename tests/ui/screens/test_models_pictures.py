"""What opens from the browser: the picture, the spec sheet and what changed."""

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from textual.widgets import Static

from tests.ui.screens.models_support import HOSTILE, Hand, browsing, ids, rows_of
from tui.domain.catalogue_changes import Change, ChangeKind
from tui.domain.model import Model, Pricing
from tui.ui.screens.model_changes import ModelChanges
from tui.ui.screens.scatter import ScatterScreen
from tui.ui.screens.spec_sheet import SpecSheet
from tui.ui.widgets.catalogue.change_list import ChangeList
from tui.ui.widgets.catalogue.content_view import ContentView
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


def text(hand: Hand, selector: str) -> str:
    return str(hand.screen.query_one(selector, Static).render())


async def test_the_cursor_moves_through_the_dots_and_enter_opens_one(tmp_path: Path) -> None:
    async with browsing(tmp_path, *MODELS) as (hand, screen):
        await hand.press("down", "p")
        await hand.until(lambda: isinstance(hand.screen, ScatterScreen))
        await hand.until(lambda: "b/free" in text(hand, "#caption"))
        assert "3 models" in text(hand, "#title")
        plot = hand.screen.query_one(ScatterPlot)
        await hand.until(lambda: len(set(plot._cells())) == 3)

        await hand.press("right", "right")
        await hand.until(lambda: "c/dear" in text(hand, "#caption"))
        assert "[/] [@click=app.quit]x[/]" in text(hand, "#caption")
        await hand.press("left")
        await hand.until(lambda: "c/dear" not in text(hand, "#caption"))
        await hand.press("tab", "shift+tab", "tab", "tab")
        await hand.until(lambda: "c/dear" in text(hand, "#caption"))

        await hand.press("enter")
        await hand.until(lambda: hand.screen is screen)
        assert screen.current is not None
        assert screen.current.model.id == "c/dear"


async def test_a_picture_without_figures_says_why_in_every_theme_and_size(tmp_path: Path) -> None:
    async with browsing(tmp_path, *MODELS) as (hand, _):
        await hand.press("down", "p")
        await hand.until(lambda: isinstance(hand.screen, ScatterScreen))
        await hand.until(lambda: "3 models" in text(hand, "#title"))
        await hand.press("space")
        await hand.until(lambda: "no benchmarks" in text(hand, "#nothing"))
        await hand.press("space", "space")
        await hand.until(lambda: "context length" in text(hand, "#caption"))

        hand.app.theme = "workbench-light"
        await hand.pilot.resize_terminal(60, 16)
        await hand.press("right", "plus", "minus", "0")
        await hand.until(lambda: text(hand, "#caption"))


async def test_the_sheet_marks_the_best_value_of_each_row(tmp_path: Path) -> None:
    async with browsing(tmp_path, *MODELS) as (hand, screen):
        await hand.press("down", "c")
        assert hand.screen is screen

        await hand.press("space", "space", "space", "c")
        await hand.until(lambda: isinstance(hand.screen, SpecSheet))
        await hand.settle()
        lines = hand.screen.query_one(ContentView).text.plain.splitlines()
        prompt = next(line for line in lines if line.startswith("prompt / M"))
        assert "free ◂ best" in prompt
        assert prompt.count("best") == 1
        context = next(line for line in lines if line.startswith("context"))
        assert context.rstrip().endswith("1,000,000 ◂ best")

        await hand.press("2")
        await hand.until(lambda: hand.screen is screen)
        assert screen.current is not None
        assert screen.current.model.id == "b/free"


async def test_changes_are_told_since_the_last_refresh_and_over_30_days(tmp_path: Path) -> None:
    async with browsing(tmp_path, *MODELS) as (hand, screen):
        store, at = hand.app.runtime.catalogue_store(), screen.desk.catalogue.fetched_at
        assert store is not None
        assert at is not None
        store.folder.mkdir(parents=True)
        known = ids(screen)[0]
        store.journal.add(
            [
                Change(ChangeKind.NEW, known, "", at),
                Change(ChangeKind.PRICE_UP, "evil/[/]\x1b", "", at, "prompt", "$1", "$2"),
                Change(ChangeKind.GONE, "old/model", "", at - timedelta(days=3)),
            ],
            at,
        )
        await hand.press("down", "w")
        await hand.until(lambda: isinstance(hand.screen, ModelChanges))
        changes = hand.screen.query_one(ChangeList)
        await hand.until(lambda: any("Dearer" in line for line in rows_of(changes)))
        shown = "\n".join(rows_of(changes))
        assert "$1 → $2" in shown
        assert "evil/[/]" in shown
        assert "\x1b" not in shown
        assert "old/model" not in shown

        await hand.press("tab")
        assert "old/model" in "\n".join(rows_of(changes))
        await hand.press("enter")
        await hand.until(lambda: hand.screen is screen)
        assert screen.current is not None
        assert screen.current.model.id == known


async def test_a_model_from_elsewhere_is_found_whatever_the_filter(tmp_path: Path) -> None:
    async with browsing(tmp_path, *MODELS) as (hand, screen):
        await hand.type("cheap")
        screen._went_to("c/dear")
        await hand.settle()
        assert ids(screen) == ["c/dear"]
        assert screen.filter_line.value == '"c/dear"'
