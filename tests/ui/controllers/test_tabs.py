import pytest

from tui.domain.conversation import MessageState
from tui.ui.controllers.tabs import MOST_TABS, News, Tab, Tabs


def opened(*ids: str) -> Tabs:
    tabs = Tabs()
    for one in ids:
        tabs.show(one)
    return tabs


def test_a_new_tab_stands_beside_the_current_one_and_an_open_one_is_gone_to() -> None:
    tabs = opened("a", "b", "c")
    tabs.show("a")
    tabs.show("d")
    assert tabs.ids == ("a", "d", "b", "c")
    tabs.show("c")
    assert tabs.ids == ("a", "d", "b", "c")
    assert tabs.current == "c"


def test_steps_go_round_and_numbers_begin_at_one() -> None:
    tabs = opened("a", "b", "c")
    assert (tabs.beside(1), tabs.beside(-1)) == ("a", "b")
    assert (tabs.at(1), tabs.at(3), tabs.at(4), tabs.at(0)) == ("a", "c", None, None)
    assert Tabs().beside(1) is None


@pytest.mark.parametrize(
    ("current", "closed", "shown"),
    [("b", "b", "c"), ("c", "c", "b"), ("a", "b", "a"), ("a", "elsewhere", "a")],
)
def test_closing_the_current_tab_shows_its_neighbour(current: str, closed: str, shown: str) -> None:
    tabs = opened("a", "b", "c")
    tabs.show(current)
    assert tabs.close([closed]) == shown
    assert closed not in tabs.ids


def test_closing_the_last_tab_leaves_none() -> None:
    tabs = opened("a")
    assert tabs.close(["a"]) is None
    assert tabs.ids == ()


def test_several_are_closed_at_once() -> None:
    tabs = opened("a", "b", "c", "d")
    tabs.show("b")
    assert tabs.close(["a", "b", "elsewhere"]) == "c"
    assert tabs.ids == ("c", "d")


def test_an_answer_that_ended_elsewhere_is_news_until_it_is_looked_at() -> None:
    tabs = opened("a", "b")
    for state in (MessageState.COMPLETE, MessageState.STOPPED):
        tabs.ended("a", state)
    tabs.ended("b", MessageState.COMPLETE)
    tabs.ended("closed", MessageState.COMPLETE)
    assert tabs.shown({"a": "Apples"}, busy=()) == (
        Tab("a", "Apples", News.ARRIVED, is_current=False),
        Tab("b", "", News.NONE, is_current=True),
    )
    assert [tab.news for tab in tabs.shown({}, busy={"a"})] == [News.STREAMING, News.NONE]
    tabs.ended("a", MessageState.INTERRUPTED)
    assert tabs.shown({}, ())[0].news is News.FAILED
    tabs.show("a")
    assert tabs.shown({}, ())[0].news is News.NONE


def test_what_was_open_comes_back_around_what_is_open_now() -> None:
    tabs = opened("b")
    tabs.restore(["a", "b", "c", "a"])
    assert tabs.ids == ("a", "b", "c")
    assert tabs.current == "b"
    tabs.clear()
    assert not tabs.ids
    assert tabs.at(1) is None


def test_tabs_do_not_become_too_many() -> None:
    tabs = opened(*map(str, range(MOST_TABS + 1)))
    assert len(tabs.ids) == MOST_TABS
    assert "0" not in tabs.ids
    assert tabs.current == str(MOST_TABS)
