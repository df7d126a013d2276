from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.ui.transcript.heights import Heights

HEIGHTS = st.lists(st.integers(0, 9), max_size=70)


@given(HEIGHTS)
def test_every_row_is_found_in_its_element(heights: list[int]) -> None:
    tree = Heights(heights)
    rows = [(index, offset) for index, height in enumerate(heights) for offset in range(height)]
    assert [tree.find(row) for row in range(tree.total)] == rows


@given(HEIGHTS, st.data())
def test_sums_follow_changes_cuts_and_growth(heights: list[int], data: st.DataObject) -> None:
    tree = Heights(heights)
    if heights:
        index = data.draw(st.integers(0, len(heights) - 1))
        heights[index] = data.draw(st.integers(0, 99))
        tree.set(index, heights[index])
    keep = data.draw(st.integers(0, len(heights)))
    tree.truncate(keep)
    heights = [*heights[:keep], 3, 4]
    tree.append(3)
    tree.append(4)
    sums = [0, *accumulate(heights)]
    assert [tree.before(index) for index in range(len(heights) + 1)] == sums
    assert [tree[index] for index in range(len(tree))] == heights


@pytest.mark.parametrize("row", [-1, 3])
def test_rows_outside_are_refused(row: int) -> None:
    with pytest.raises(IndexError):
        Heights([1, 2]).find(row)
