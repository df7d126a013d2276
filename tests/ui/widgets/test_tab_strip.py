import pytest

from tui.ui.controllers.tabs import News, Tab
from tui.ui.widgets.tab_strip import cells_of


def tabs(count: int, current: int = 0) -> list[Tab]:
    return [
        Tab(str(place), f"Title {place} 汉字 and more", News.NONE, place == current)
        for place in range(count)
    ]


def line(shown: list[Tab], width: int) -> str:
    return "".join(cell.content.plain for cell in cells_of(shown, width))


@pytest.mark.parametrize("width", [20, 40, 80, 120, 200])
@pytest.mark.parametrize("count", [2, 3, 11, 40])
def test_tabs_fill_the_line_without_leaving_it_and_the_current_one_is_in_sight(
    width: int, count: int
) -> None:
    for current in (0, count // 2, count - 1):
        cells = cells_of(tabs(count, current), width)
        assert cells[-1].end <= width
        assert all(cell.content.cell_length == cell.end - cell.start for cell in cells)
        assert [cell.start for cell in cells[1:]] == [cell.end for cell in cells[:-1]]
        assert str(current) in [cell.conversation_id for cell in cells]


def test_tabs_that_do_not_fit_are_counted_and_a_click_there_goes_to_the_nearest() -> None:
    cells = cells_of(tabs(12, 6), 40)
    assert cells[0].content.plain.strip() == "‹5"
    assert cells[0].conversation_id == "4"
    assert cells[-1].content.plain.strip() == "5›"
    assert cells[-1].conversation_id == "7"


def test_a_tab_shows_its_number_and_what_has_come_of_it() -> None:
    shown = [
        Tab("a", "Streams", News.STREAMING, is_current=False),
        Tab("b", "Arrived", News.ARRIVED, is_current=False),
        Tab("c", "\x1b[31mFailed\u202e[/]", News.FAILED, is_current=False),
        Tab("d", "", News.NONE, is_current=True),
    ]
    words = line(shown, 120)
    assert [piece in words for piece in ("1 Streams", "○", "●", "✗", "[/]")] == [True] * 5
    assert "4 New conversation" in words
    assert "\x1b" not in words
    assert "\u202e" not in words
