"""Favourites in their order, recents, saved filters."""

import pytest

from tui.domain.model_lists import LONGEST_FILTER_NAME, MOST_FILTERS, MOST_RECENTS, ModelLists

THREE = ModelLists(favourites=("a/1", "a/2", "a/3"))


def test_favourites_are_added_at_the_end_once_and_taken_away() -> None:
    lists = ModelLists().with_favourite("a/1").with_favourite("a/2").with_favourite("a/1")
    assert lists.favourites == ("a/1", "a/2")
    assert lists.with_favourite("openrouter/a/1") is lists
    assert lists.toggled_favourite("a/1").favourites == ("a/2",)
    assert lists.toggled_favourite("a/3").favourites == ("a/1", "a/2", "a/3")
    assert lists.without_favourite("a/9") == lists
    assert ModelLists().with_favourite(" ").favourites == ()


@pytest.mark.parametrize(
    ("by", "order"),
    [
        (1, ("a/2", "a/1", "a/3")),
        (2, ("a/2", "a/3", "a/1")),
        (99, ("a/2", "a/3", "a/1")),
        (-1, ("a/1", "a/2", "a/3")),
        (0, ("a/1", "a/2", "a/3")),
    ],
)
def test_a_favourite_is_moved_within_the_list(by: int, order: tuple[str, ...]) -> None:
    assert THREE.moved_favourite("a/1", by).favourites == order


def test_what_is_no_favourite_is_not_moved() -> None:
    assert THREE.moved_favourite("a/9", 1) is THREE


def test_recents_are_newest_first_once_and_bounded() -> None:
    lists = ModelLists()
    for number in range(MOST_RECENTS + 5):
        lists = lists.with_recent(f"a/{number}")
    lists = lists.with_recent("a/10").with_recent("")
    assert lists.recents[:2] == ("a/10", f"a/{MOST_RECENTS + 4}")
    assert len(lists.recents) == len(set(lists.recents)) == MOST_RECENTS


def test_filters_have_names() -> None:
    lists = ModelLists().with_filter(" cheap ", " in<1 ").with_filter("big", "ctx>=1m")
    assert lists.filters == {"cheap": "in<1", "big": "ctx>=1m"}
    assert list(lists.with_filter("cheap", "in<2").filters) == ["cheap", "big"]
    assert lists.without_filter("cheap").filters == {"big": "ctx>=1m"}
    assert lists.without_filter("none") == lists
    assert lists.with_filter("  ", "x") is lists
    long = lists.with_filter("n" * 500, "x")
    assert max(map(len, long.filters)) == LONGEST_FILTER_NAME


def test_filters_are_bounded_but_those_there_can_be_changed() -> None:
    lists = ModelLists(filters={str(number): "x" for number in range(MOST_FILTERS)})
    assert lists.with_filter("one more", "x") is lists
    assert lists.with_filter("7", "y").filters["7"] == "y"
