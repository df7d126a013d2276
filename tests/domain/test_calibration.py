"""A ratio is learnt from what was reported, and a few odd answers change nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.calibration import (
    RECENT,
    UNCALIBRATED,
    Calibration,
    Fit,
    Sample,
    calibrate,
    fit,
    quantile,
)


def test_nothing_is_corrected_before_the_first_answer() -> None:
    assert fit([]) == Fit()
    assert UNCALIBRATED.prompt.tokens(123) == 123
    assert UNCALIBRATED.usual() == 500
    assert UNCALIBRATED.words == "not measured yet"


def test_the_ratio_is_what_most_answers_say() -> None:
    learnt = fit([Sample(100, 120), Sample(200, 240), Sample(50, 60)])
    assert learnt.ratio == pytest.approx(1.2)
    assert learnt.tokens(1000) == 1200
    assert learnt.samples == 3


def test_search_results_in_one_prompt_do_not_spoil_the_ratio() -> None:
    usual = [Sample(100, 110)] * 9
    assert fit([Sample(100, 5000), *usual]).ratio == pytest.approx(1.1)


def test_the_error_is_that_of_the_figures_that_were_shown() -> None:
    shown = [Sample(100, 100, 100 + off) for off in (0, -2, 4, -6, 8, -10, 12, 14, 16, -50)]
    learnt = fit(shown)
    assert learnt.error == pytest.approx(0.09)  # between 8 and 10 of 100
    assert learnt.worst_error == pytest.approx(0.16)  # nine of ten are not further off


def test_only_the_last_answers_count() -> None:
    old = [Sample(100, 300)] * 500
    assert fit([Sample(100, 100)] * RECENT + old).ratio == 1.0


@pytest.mark.parametrize("reported", [0, 1, 10**9])
def test_absurd_figures_stay_within_bounds(reported: int) -> None:
    assert 0.2 <= fit([Sample(100, reported)]).ratio <= 5.0


@given(st.lists(st.builds(Sample, st.integers(0), st.integers(0), st.none() | st.integers(0))))
def test_any_figures_give_a_usable_fit(samples: list[Sample]) -> None:
    learnt = fit(samples)
    assert 0.2 <= learnt.ratio <= 5.0
    assert learnt.error is None or learnt.error >= 0
    assert learnt.tokens(0) == 0


def test_the_usual_answer_is_the_middle_one() -> None:
    assert calibrate([], [], [900, 100, 300]).usual() == 300


@pytest.mark.parametrize(
    ("samples", "words"), [(1, "± 5 % on 1 answer"), (38, "± 5 % on 38 answers")]
)
def test_how_far_to_trust_it_is_said_in_words(samples: int, words: str) -> None:
    assert Calibration(prompt=Fit(1.1, 0.05, 0.2, samples)).words == words


def test_a_quantile_is_one_of_the_values() -> None:
    assert quantile([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0.9) == 9
    assert quantile([7], 0.9) == 7
