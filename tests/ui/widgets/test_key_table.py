"""Keys beside what they do: each column wraps for itself, names stand where there is room."""

import pytest
from textual.app import App, ComposeResult

from tui.ui.widgets.key_table import KeyRow, KeyTable

ROWS = [
    KeyRow("F1", "Every key on one page", "chat.help"),
    KeyRow("Shift+Enter Alt+Enter Ctrl+J", "Insert [b]a[/b] line break", "prompt.newline"),
]


class Page(App[None]):
    def compose(self) -> ComposeResult:
        yield KeyTable(ROWS)


@pytest.mark.parametrize(
    ("width", "lines"),
    [
        (
            90,
            [
                f"{'F1':<24}{'Every key on one page':<50}  chat.help",
                f"{'Shift+Enter Alt+Enter':<24}{'Insert [b]a[/b] line break':<50}  prompt.newline",
                "Ctrl+J",
            ],
        ),
        (
            42,
            [
                f"{'F1':<24}Every key on one",
                f"{'':<24}page",
                f"{'Shift+Enter Alt+Enter':<24}Insert [b]a[/b]",
                f"{'Ctrl+J':<24}line break",
            ],
        ),
    ],
)
async def test_columns_wrap_and_nothing_is_markup(width: int, lines: list[str]) -> None:
    async with Page().run_test(size=(width, 10)) as pilot:
        table = pilot.app.query_one(KeyTable)
        assert [line.rstrip() for line in table.render().plain.splitlines()] == lines
        assert table.size.height == len(lines)
