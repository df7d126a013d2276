from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from tui.domain.conversation import ConversationSummary
from tui.domain.cost import CostTotal
from tui.ui.widgets.sidebar_rows import ARCHIVED, PINNED, RowState, grouped, row, wanted

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def summary(
    title: str,
    *,
    days: int = 0,
    pinned: bool = False,
    archived: bool = False,
    tags: Sequence[str] = (),
) -> ConversationSummary:
    return ConversationSummary(
        title,
        title,
        "a/model",
        NOW - timedelta(days=days),
        CostTotal(),
        pinned=pinned,
        archived=archived,
        tags=tuple(tags),
    )


ROWS = [
    summary("Rust lifetimes"),
    summary("Old pinned", days=40, pinned=True),
    summary("Rust archived", archived=True),
    summary("Gemini", days=1, tags=["work", "Cache"]),
]


def test_archived_ones_are_seen_only_through_the_filter() -> None:
    assert [one.title for one in wanted(ROWS, " ")] == ["Rust lifetimes", "Old pinned", "Gemini"]
    assert [one.title for one in wanted(ROWS, "rUST")] == ["Rust lifetimes", "Rust archived"]


def test_pinned_ones_stand_first_whenever_they_were_used() -> None:
    found = [(heading, one.title) for heading, one in grouped(ROWS, NOW.astimezone().date())]
    assert found == [
        (PINNED, "Old pinned"),
        ("Today", "Rust lifetimes"),
        ("Yesterday", "Gemini"),
        (ARCHIVED, "Rust archived"),
    ]


def test_a_row_keeps_its_width_and_says_what_is_marked_and_tagged() -> None:
    words = row(ROWS[3], 24, RowState(is_marked=True)).plain.split("\n")
    assert words[0].startswith("✓ Gemini")
    assert words[1] == "  model  #work #Cache"
    assert all(len(line) <= 24 for line in words)
