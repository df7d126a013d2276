import pytest

from tests.ui.transcript.support import LOOKS, drawn
from tui.ui.transcript.blocks import FITTED_ROWS, Table
from tui.ui.transcript.tables import Columns, TableFitter, fit


def test_columns_are_ruled_and_aligned() -> None:
    assert drawn("| a | b | c |\n|:--|--:|:-:|\n| one | 2 | x |\n| two | 10 | xyz |") == [
        "a   │  b │  c",
        "────┼────┼────",
        "one │  2 │  x",
        "two │ 10 │ xyz",
    ]


def test_missing_cells_are_empty_and_no_cell_is_lost() -> None:
    assert drawn("| a | b |\n|---|---|\n| 1 |\n| 1 | 2 | 3 |")[2:] == ["1 │", "1 │ 2 | 3"]


def test_a_pipe_may_be_escaped() -> None:
    assert drawn(r"""| a |
|---|
| x \| y |""")[2:] == ["x | y"]


def test_cells_wrap_when_the_view_is_narrow() -> None:
    assert drawn("| a | b |\n|---|---|\n| one two three | x |\n| y | z |", 16) == [
        "a          │ b",
        "───────────┼──",
        "one two    │ x",
        "three      │",
        "───────────┼──",
        "y          │ z",
    ]


def test_more_columns_than_fit_are_written_as_records() -> None:
    head = "| a | b | c | d | e | some words |"
    rows = "| 1 | 2 | 3 | 4 | 5 | **six** and some more words |\n| x |"
    assert drawn(f"{head}\n{'|-' * 6}|\n{rows}", 30) == [
        "a │ b │ c │ d │ e │ some",
        "words",
        "─" * 28,
        "a: 1",
        "b: 2",
        "c: 3",
        "d: 4",
        "e: 5",
        "some words: six and some",
        "  more words",
        "─" * 28,
        "a: x",
        "b:",
        "c:",
        "d:",
        "e:",
        "some words:",
    ]


def test_a_table_of_very_many_columns_is_shown_as_it_was_written() -> None:
    row = "|a" * 70 + "|"
    written = "".join(drawn(f"{row}\n{'|-' * 70}|\n{row}", 30))
    assert written == f"{row}{'|-' * 70}|{row}"


def test_a_table_inside_of_a_list_is_a_table() -> None:
    assert drawn("- x\n\n  | a | b |\n  |---|---|\n  | 1 | 2 |")[2:] == [
        "   a │ b",
        "   ──┼──",
        "   1 │ 2",
    ]


@pytest.mark.parametrize(
    ("natural", "width", "widths"),
    [
        ([3, 4], 20, (3, 4)),
        ([30, 4], 20, (13, 4)),
        ([30, 30], 20, (9, 8)),
        ([30, 30, 1], 18, (6, 5, 1)),
    ],
)
def test_the_widest_columns_give_way(
    natural: list[int], width: int, widths: tuple[int, ...]
) -> None:
    columns = fit(natural, ["left"] * len(natural), width)
    assert columns is not None
    assert columns.widths == widths
    assert columns.crowded == (sum(widths) < sum(natural))


def test_widths_hold_after_the_first_rows_until_the_table_ends() -> None:
    fitter, table = TableFitter(), Table("|---|", ["| a |"] + ["| 1 |"] * (FITTED_ROWS - 1))

    def columns() -> Columns | None:
        return fitter.columns(table, 40, LOOKS.assistant)

    before = columns()
    table.rows.append("| much wider |")
    assert columns() == before
    table.closed = True
    assert columns() == Columns((10,), ("left",), crowded=False)
