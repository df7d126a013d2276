"""A rich answer as it is drawn, in a dark and a light theme, on three sizes of the screen."""

from pathlib import Path

import pytest
from textual.app import App, ComposeResult

from tests.snapshots.conftest import AssertSnapshot
from tests.snapshots.rich_answer import rich_entries
from tui.ui.themes import load_themes, theme_variable_defaults
from tui.ui.transcript import Transcript

THEMES = ("dark", "light")
PAGES = {(80, 24): 4, (120, 40): 2, (200, 60): 1}
"""How many screens the answer fills, by columns and rows."""


class Reader(App[None]):
    """The transcript alone, in the colours that the chat gives it."""

    CSS = """
    Transcript > .transcript--user-bar { color: $user-bar; }
    Transcript > .transcript--assistant-bar { color: $answer-bar; }
    """

    def __init__(self, theme: str) -> None:
        super().__init__()
        for shipped in load_themes(Path("no themes of the user's own")).themes:
            self.register_theme(shipped)
        self.theme = f"workbench-{theme}"

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return theme_variable_defaults(self.current_theme)

    def compose(self) -> ComposeResult:
        yield Transcript()


def name_of(theme: str, size: tuple[int, int], page: int) -> str:
    return f"answer-{theme}-{size[0]}x{size[1]}-{page}"


@pytest.mark.parametrize("size", PAGES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("theme", THEMES)
async def test_a_rich_answer_looks_as_committed(
    theme: str, size: tuple[int, int], assert_snapshot: AssertSnapshot
) -> None:
    app = Reader(theme)
    async with app.run_test(size=size) as pilot:
        transcript = app.query_one(Transcript)
        transcript.show(rich_entries())
        transcript.focus()
        await pilot.press("home")
        pages = 1
        assert_snapshot(app, name_of(theme, size, pages))
        while transcript.scroll_offset.y < transcript.max_scroll_y:
            await pilot.press("pagedown")
            pages += 1
            assert_snapshot(app, name_of(theme, size, pages))
        assert pages == PAGES[size]


def test_no_screen_is_kept_that_nothing_looks_at() -> None:
    looked_at = {
        name_of(theme, size, page + 1)
        for theme in THEMES
        for size, pages in PAGES.items()
        for page in range(pages)
    }
    assert {path.stem for path in Path(__file__).parent.glob("answer-*[0-9].svg")} == looked_at
