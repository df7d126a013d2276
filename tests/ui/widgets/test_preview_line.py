"""What the next send would cost, in as much room as there is."""

from decimal import Decimal

import pytest
from textual.app import App, ComposeResult

from tui.domain.cost import Usage
from tui.domain.preview import LOCAL, CostPreview
from tui.ui.widgets.preview_line import PreviewLine

D = Decimal


class Host(App[None]):
    """A line of its own width; one cell of it is the gap to the prompt."""

    def __init__(self, cells: int) -> None:
        super().__init__()
        self._cells = cells

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return {"money": "#88aa66"}

    def compose(self) -> ComposeResult:
        line = PreviewLine()
        line.styles.width = self._cells
        yield line


@pytest.mark.parametrize(
    ("cells", "worst", "words"),
    [
        (32, "0.9651", "next send ≈ $0.006894 – $0.9651"),
        (22, "0.9651", "≈ $0.006894 – $0.9651"),
        # with fewer digits, the worst one not made smaller by that
        (22, "0.09651", "≈ $0.0069 – $0.097"),
        (21, "0.0961", "≈ $0.0069 – $0.097"),
        (22, "1234.5601", "≈ $0.0069 – $1,234.57"),
        # no figure is ever cut off: it would be another one
        (16, "0.09651", "≈ $0.006894"),
        (8, "0.09651", "?"),
    ],
)
async def test_figures_are_whole_or_left_out(cells: int, worst: str, words: str) -> None:
    app = Host(cells)
    async with app.run_test(size=(80, 5)) as pilot:
        line = app.query_one(PreviewLine)
        line.cost = CostPreview(Usage(10, 10), likely=D("0.006894"), worst=D(worst))
        await pilot.pause()
        assert line.render().plain == words


async def test_a_local_answer_is_called_so() -> None:
    app = Host(22)
    async with app.run_test(size=(80, 5)) as pilot:
        line = app.query_one(PreviewLine)
        line.cost = CostPreview(Usage(10, 10), unknown=LOCAL)
        await pilot.pause()
        assert line.render().plain == "next send local"
