"""The filter over the list of conversations."""

from datetime import UTC, datetime

import pytest

from tui.domain.conversation import ConversationSummary
from tui.domain.cost import CostTotal
from tui.domain.search_titles import matching

AT = datetime(2026, 3, 1, tzinfo=UTC)


def listed(title: str, *tags: str) -> ConversationSummary:
    return ConversationSummary(title, title, "m", AT, CostTotal(), tags=tags)


LIST = [
    listed("Rust lifetimes", "Work"),
    listed("Café in Århus"),
    listed("汉字 wrapping", "work-notes"),
    listed(""),
]


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("", ["Rust lifetimes", "Café in Århus", "汉字 wrapping", ""]),
        ("rust", ["Rust lifetimes"]),
        ("time RUST", ["Rust lifetimes"]),
        ("cafe arhus", ["Café in Århus"]),
        ("字", ["汉字 wrapping"]),
        ("#work", ["Rust lifetimes", "汉字 wrapping"]),
        ("#work wrap", ["汉字 wrapping"]),
        ("#", ["Rust lifetimes", "汉字 wrapping"]),
        ("new conv", [""]),
        ("nothing", []),
    ],
)
def test_titles_are_found_by_their_words(text: str, titles: list[str]) -> None:
    assert [one.title for one in matching(LIST, text)] == titles
