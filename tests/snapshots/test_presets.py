"""How the library of presets looks: a broken file, a mistake, names of every length."""

from pathlib import Path

import pytest

from tests.frozen import frozen
from tests.snapshots.conftest import AssertSnapshot
from tests.ui.screens.test_chat import ready, workbench
from tests.waiting import until
from tui.ui.screens.presets import PresetsScreen
from tui.ui.widgets.catalogue.content_view import ContentView

BROKEN = 'description = "Not closed\n'
REVIEW = '''
description = "コードをレビューする"
model = "anthropic/claude-sonnet-4.5"
sistem = "a mistake"
system = """
You review {{language}} code of the folder {{cwd}} on {{date}}.
"""

[variables]
language = "Python"

[params]
temperature = 0.2
stop = ["END"]

[provider]
only = ["anthropic"]
'''


@pytest.mark.parametrize(
    ("theme", "size"), [("workbench-dark", (120, 30)), ("workbench-light", (80, 24))]
)
async def test_the_library_of_presets(
    tmp_path: Path, theme: str, size: tuple[int, int], assert_snapshot: AssertSnapshot
) -> None:
    folder = tmp_path / "config" / "presets"
    folder.mkdir(parents=True, mode=0o700)
    names = {
        "broken": BROKEN,
        "review": REVIEW,
        "翻译": "",
        "a-name-that-is-too-long-for-the-list": "",
    }
    for name, text in names.items():
        (folder / f"{name}.toml").write_text(text)
    with frozen(tmp_path):
        app = workbench(tmp_path)
        async with app.run_test(size=size) as pilot:
            screen = await ready(pilot)
            app.theme = theme
            await until(pilot, lambda: app.session.catalogue.models and not app.workers)
            await screen.run_action("presets")
            await until(pilot, lambda: isinstance(app.screen, PresetsScreen))
            library = app.screen
            assert isinstance(library, PresetsScreen)
            await until(pilot, lambda: library.names.count)
            at = [one.preset.name for one in library.names.presets].index("review")
            library.names.move_to(at)
            details = library.query_one(ContentView)
            await until(pilot, lambda: "sistem is unknown" in details.text.plain)
            await pilot.pause()
            assert_snapshot(app, f"presets-{theme.removeprefix('workbench-')}")
