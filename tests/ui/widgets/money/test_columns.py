import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.ui.widgets.money.columns import Row, bar, columns


def test_figures_stand_below_each_other_and_empty_columns_take_no_room() -> None:
    rows = [Row("input", ("1,204", "", "$0.0036")), Row("all of them", ("", "", "$1"))]

    assert [line.plain for line in columns(rows, 60)] == [
        "  input         1,204   $0.0036",
        "  all of them                $1",
    ]


def test_a_name_is_cut_where_the_figures_leave_no_room() -> None:
    (line,) = columns([Row("a very long name", ("$0.0036",))], 20)

    assert line.plain == "  a very …   $0.0036"


@pytest.mark.parametrize(("share", "shown"), [(0, ""), (1e-9, "▏"), (0.5, "██"), (3, "████")])
def test_a_bar_is_never_empty_and_never_too_long(share: float, shown: str) -> None:
    assert bar(share, 4) == shown


@given(st.floats(0, 2), st.integers(1, 40))
def test_a_bar_fits(share: float, cells: int) -> None:
    assert len(bar(share, cells)) <= cells
