from dataclasses import replace
from decimal import Decimal

import pytest
from textual.app import App, ComposeResult

from tui.domain.cost import Cost, CostSource, CostTotal, Usage
from tui.domain.receipt import total_words
from tui.ui.widgets.cost_bar import BarNotes, CostBar, CostFigures, meter


class BarApp(App[None]):
    def get_theme_variable_defaults(self) -> dict[str, str]:
        return {"money": "#88aa66"}

    def compose(self) -> ComposeResult:
        yield CostBar()


FIGURES = CostFigures(
    answer=Cost(Decimal("0.0021"), CostSource.ESTIMATED),
    chat=CostTotal(Decimal("0.031")),
    today=CostTotal(Decimal("0.84")),
    usage=Usage(prompt_tokens=1204, completion_tokens=561, reasoning_tokens=20, cached_tokens=980),
    usage_is_estimate=True,
    first_token=0.6,
    tokens_per_second=84.2,
    served_by="Anthropic",
    context_used=12_000,
    context_limit=200_000,
)


async def shown(figures: CostFigures, width: int, notes: BarNotes | None = None) -> str:
    app = BarApp()
    async with app.run_test(size=(width, 5)) as pilot:
        bar = app.query_one(CostBar)
        bar.figures, bar.notes = figures, notes or BarNotes()
        await pilot.pause()
        return bar.render().plain


async def test_a_wide_bar_shows_every_figure_and_marks_estimates() -> None:
    line = await shown(FIGURES, 200)

    for words in (
        "≈ $0.0021 answer",
        "$0.031 chat",
        "$0.84 today",
        "84 tok/s",
        "TTFT 0.6 s",
        "≈ 1,204 → 561 tok",
        "20 reasoning",
        "980 cached",
        "Anthropic",
        "12k / 200k",
    ):
        assert words in line


async def test_a_narrow_bar_keeps_the_money_and_the_context() -> None:
    line = await shown(FIGURES, 80)

    assert "≈ $0.0021 answer" in line
    assert "$0.031 chat" in line
    assert "ctx" in line
    assert "$0.84 today" in line
    assert "tok/s" not in line


@pytest.mark.parametrize(
    ("notes", "phase", "line"),
    [
        (
            BarNotes(day_limit=Decimal(2)),
            "",
            "≈ $0.0021 answer   $0.031 chat   $0.84 today / $2.00   ctx 12k / 200k",
        ),
        (
            BarNotes(day_limit=Decimal(2), warning="soft budget: day …", crossed="soft: day"),
            "",
            "▲ soft: day   ≈ $0.0021 answer   $0.031 chat   $0.84 today / $2.00   ctx 6 %",
        ),
        (
            BarNotes(day_limit=Decimal(2)),
            "streaming",
            "≈ $0.0021 answer   $0.031 chat   $0.84 today / $2.00   4.2 s   ctx 12k / 200k",
        ),
    ],
)
async def test_eighty_columns_have_room_for_what_matters_most(
    notes: BarNotes, phase: str, line: str
) -> None:
    figures = replace(FIGURES, phase=phase, elapsed=4.2)
    assert await shown(figures, 80, notes) == line


@pytest.mark.parametrize(
    ("answer", "limit", "line"),
    [
        (
            "0.0021",
            None,
            "▲ soft   ≈ $0.0021 answer   ≈ $0.03105 chat   $0.84 today   ctx 12k / 200k",
        ),
        (
            "0.002184",
            Decimal(2),
            "▲ soft   ≈ $0.002184 answer   ≈ $0.03105 chat   $0.84 today / $2.00   ctx 6 %",
        ),
        (
            "0.002184",
            Decimal("123.45"),
            "▲ soft   ≈ $0.002184 answer   ≈ $0.03105 chat   $0.84 today   ctx 12k / 200k",
        ),
    ],
)
async def test_a_warning_of_a_budget_grows_short_before_the_context_goes(
    answer: str, limit: Decimal | None, line: str
) -> None:
    notes = BarNotes(
        day_limit=limit,
        warning="soft budget: conversation ≈ $0.0332 of $0.0300",
        crossed="soft: conversation",
    )
    figures = replace(
        FIGURES,
        answer=Cost(Decimal(answer), CostSource.ESTIMATED),
        chat=CostTotal(Decimal("0.03105"), estimated=1),
    )

    assert await shown(figures, 80, notes) == line


async def test_an_overflow_says_by_how_much() -> None:
    line = await shown(CostFigures(context_used=9_000, context_limit=8_192), 120)

    assert "over by 808" in line


@pytest.mark.parametrize(
    ("total", "words"),
    [
        (CostTotal(), "$0"),
        (CostTotal(Decimal("0.5"), estimated=1), "≈ $0.50"),
        (CostTotal(Decimal("0.5"), unknown=2), "$0.50 + ?"),
        (CostTotal(unknown=1), "$0 + ?"),
        (CostTotal(local=2), "local"),
        (CostTotal(Decimal("0.5"), local=2), "$0.50"),
    ],
)
def test_a_total_says_when_parts_of_it_are_estimated_or_unknown(
    total: CostTotal, words: str
) -> None:
    assert total_words(total) == words


@pytest.mark.parametrize(
    ("used", "bar"), [(0, "        "), (1, "▏       "), (100, "████    "), (300, "████████")]
)
def test_the_meter_is_never_empty_once_something_is_used_and_never_overflows(
    used: int, bar: str
) -> None:
    assert meter(used, 200) == bar
