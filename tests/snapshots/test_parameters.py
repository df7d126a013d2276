"""How the editor of parameters looks: a value from each scope, and one that is refused."""

from pathlib import Path

import pytest
from textual.widgets import Input

from tests.frozen import frozen
from tests.snapshots.conftest import AssertSnapshot
from tests.ui.screens.models_support import connected, workbench
from tests.waiting import until
from tui.services.config_file import save_changes
from tui.services.paths import resolve_paths
from tui.ui.screens.parameters import ParametersScreen

_SET: dict[tuple[str, ...], object] = {
    ("default", "params", "max_tokens"): 4_000,
    ("models", "anthropic/claude-sonnet-4.5", "params", "temperature"): 0.3,
}


@pytest.mark.parametrize(
    ("size", "theme", "name"),
    [
        ((120, 40), "workbench-dark", "parameters"),
        ((80, 24), "workbench-light", "parameters-narrow"),
    ],
)
async def test_the_editor(
    tmp_path: Path,
    size: tuple[int, int],
    theme: str,
    name: str,
    assert_snapshot: AssertSnapshot,
) -> None:
    with frozen(tmp_path):
        save_changes(resolve_paths(tmp_path, {}).config_file, _SET)
        async with workbench(tmp_path).run_test(size=size) as pilot:
            app = await connected(pilot)
            app.theme = theme
            await pilot.press("f6")
            await until(pilot, lambda: isinstance(app.screen, ParametersScreen))
            screen = app.screen
            assert isinstance(screen, ParametersScreen)
            await until(pilot, lambda: screen.focused is not None)
            screen.form.put("reasoning", {"max_tokens": 2_000})
            screen.page.show_values()
            screen.query_one("#top_p", Input).value = "7"
            await until(pilot, lambda: screen.form.problem("top_p"))
            await pilot.pause()
            assert_snapshot(app, name)
