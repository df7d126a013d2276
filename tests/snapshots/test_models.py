"""How the model screens look, at one moment and over the demo's models."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.frozen import frozen
from tests.snapshots.conftest import AssertSnapshot
from tests.ui.screens.models_support import Hand, browsing
from tui.ui.screens.models import ModelsScreen
from tui.ui.screens.scatter import ScatterScreen
from tui.ui.screens.spec_sheet import SpecSheet

WIDE, NARROW = (120, 30), (80, 24)


@asynccontextmanager
async def still(
    home: Path, size: tuple[int, int] = WIDE, theme: str = "workbench-dark"
) -> AsyncIterator[tuple[Hand, ModelsScreen]]:
    """The browser at a moment that does not pass, with a cursor that does not blink."""
    with frozen(home):
        async with browsing(home, size=size) as (hand, screen):
            hand.app.theme = theme
            screen.filter_line.cursor_blink = False
            yield hand, screen


async def rest(hand: Hand, screen: ModelsScreen) -> None:
    """Wait until the details and the endpoints of the row under the cursor are on screen."""
    found = screen.current
    assert found is not None
    model_id = found.model.id
    await hand.until(lambda: model_id in screen.details.text.text.plain)
    await hand.until(lambda: screen.details.endpoints.count)
    await hand.until(lambda: model_id in screen.browsing.context.endpoints)
    await hand.settle()


@pytest.mark.parametrize("theme", ["workbench-dark", "workbench-light"])
async def test_the_browser_with_a_filter(
    tmp_path: Path, theme: str, assert_snapshot: AssertSnapshot
) -> None:
    async with still(tmp_path, theme=theme) as (hand, screen):
        await hand.type("vision tools ctx>=200k in<=3 -free claude|gemini")
        await rest(hand, screen)
        assert_snapshot(hand.app, f"models-filter-{theme.removeprefix('workbench-')}")


async def test_what_is_not_understood_in_a_narrow_terminal(
    tmp_path: Path, assert_snapshot: AssertSnapshot
) -> None:
    async with still(tmp_path, NARROW) as (hand, _):
        await hand.type("expiring|new ctx>=lots sonnet")
        assert_snapshot(hand.app, "models-narrow")


async def test_the_details_with_their_endpoints(
    tmp_path: Path, assert_snapshot: AssertSnapshot
) -> None:
    async with still(tmp_path) as (hand, screen):
        await hand.type("sonnet-4.5")
        await rest(hand, screen)
        await hand.press("down", "right", "down", "p")
        await hand.until(lambda: "preferred" in screen.details.endpoints.texts[1].plain)
        await hand.until(lambda: screen.query("Toast"))
        hand.app.clear_notifications()
        await hand.until(lambda: not screen.query("Toast"))
        await hand.settle()
        assert_snapshot(hand.app, "models-details")


async def test_the_picture(tmp_path: Path, assert_snapshot: AssertSnapshot) -> None:
    async with still(tmp_path, NARROW) as (hand, _):
        await hand.press("down", "p")
        await hand.until(lambda: isinstance(hand.screen, ScatterScreen))
        await hand.settle()
        await hand.press("right")
        assert_snapshot(hand.app, "models-scatter")


async def test_the_spec_sheet(tmp_path: Path, assert_snapshot: AssertSnapshot) -> None:
    async with still(tmp_path, NARROW) as (hand, screen):
        await hand.type("tools -free")
        await hand.press("down", "space", "space", "space", "c")
        await hand.until(lambda: isinstance(hand.screen, SpecSheet))
        marked = set(screen.browsing.marked)
        await hand.until(lambda: marked <= screen.desk.endpoints.known().keys())
        await hand.until(lambda: not screen.desk.refreshing)
        await hand.settle()
        assert_snapshot(hand.app, "models-sheet")
