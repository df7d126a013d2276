from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.provider_choice import (
    ProviderChoice,
    choice_for,
    chosen_lists,
    routing_words,
)

ONLY, PREFER, NEVER = ProviderChoice.ONLY, ProviderChoice.PREFER, ProviderChoice.NEVER


def after(routing: dict[str, Any], tag: str, choice: ProviderChoice) -> dict[str, Any]:
    """The object as it is written: without the lists that are removed."""
    changed = routing | chosen_lists(routing, tag, choice)
    return {name: value for name, value in changed.items() if value is not None}


@pytest.mark.parametrize(
    ("routing", "choice", "expected"),
    [
        ({}, ONLY, {"only": ("a",)}),
        ({"order": ["b"], "ignore": ["a", "c"]}, ONLY, {"only": ("a",), "ignore": ("c",)}),
        ({"order": ["b", "a"]}, PREFER, {"order": ("a", "b")}),
        ({"only": ["b"]}, PREFER, {"only": ("b", "a"), "order": ("a",)}),
        ({"only": ["a", "b"], "order": ["a"]}, NEVER, {"only": ("b",), "ignore": ("a",)}),
        ({"ignore": ["a"]}, PREFER, {"order": ("a",)}),
        ({"sort": "price"}, NEVER, {"sort": "price", "ignore": ("a",)}),
        ({"only": "a"}, ONLY, {"only": ("a",)}),
    ],
)
def test_a_choice_changes_the_three_lists(
    routing: dict[str, Any], choice: ProviderChoice, expected: dict[str, Any]
) -> None:
    assert after(routing, "a", choice) == expected


TAGS = st.sampled_from(["a", "b", "c"])
ROUTINGS = st.dictionaries(
    st.sampled_from(["only", "order", "ignore"]), st.lists(TAGS, unique=True)
)


@given(ROUTINGS, TAGS, st.sampled_from(ProviderChoice))
def test_what_was_chosen_holds_and_choosing_it_again_takes_it_back(
    routing: dict[str, Any], tag: str, choice: ProviderChoice
) -> None:
    if choice_for(routing, tag) is choice:
        routing = after(routing, tag, choice)
    chosen = after(routing, tag, choice)
    assert choice_for(chosen, tag) is choice

    taken_back = after(chosen, tag, choice)
    assert choice_for(taken_back, tag) is None
    assert all(tag not in names for names in taken_back.values())


def test_routing_is_told_in_words() -> None:
    assert routing_words({}) == ""
    assert routing_words({"only": ["a", "b"]}) == "only a, b"
    words = routing_words({"order": ["a", "b"], "ignore": ["c"]})
    assert words == "a, then b first, without sticky routing; never c"
