import pytest

from tui.domain.parameters_layers import Difference, LayerSource
from tui.ui.widgets.setting_chips import chip_at, chip_words, fitting, tooltip_line

CHIPS = [
    Difference("temperature", "temperature 0.2", LayerSource.CONVERSATION, "1"),
    Difference("stop", 'stop sequences "END"', LayerSource.MODEL),
    Difference("top_k", "top k 40", LayerSource.DEFAULT, "0"),
]


@pytest.mark.parametrize(("width", "shown"), [(200, 3), (51, 3), (50, 2), (45, 2), (44, 1), (3, 1)])
def test_as_many_chips_are_shown_as_fit_beside_the_number_of_the_others(
    width: int, shown: int
) -> None:
    assert len(fitting(CHIPS, width)) == shown


def test_a_column_belongs_to_the_chip_that_is_drawn_there() -> None:
    drawn = " ".join(chip_words(chip) for chip in CHIPS)
    for chip in CHIPS:
        assert chip_at(CHIPS, drawn.index(chip.words)) is chip
    assert chip_at(CHIPS, len(chip_words(CHIPS[0]))) is None
    assert chip_at(CHIPS, len(drawn)) is None


def test_a_long_chip_is_cut_and_told_in_full() -> None:
    long = Difference("stop", "stop sequences " + "x" * 40, LayerSource.MODEL)
    assert len(chip_words(long)) == 34
    assert tooltip_line(long) == f"{long.words}, set for this model"
    assert tooltip_line(CHIPS[2]) == "top k 40 (default 0), set for every model"
