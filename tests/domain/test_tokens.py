"""The estimator gives the same figure for a text, however it arrives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.tokens import TokenCounter, estimate_message_tokens, estimate_tokens


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("a", 1),
        ("four", 1),
        ("fives", 2),
        ("x" * 4000, 1000),
        ("привет", 3),  # 6 × 0.45
        ("汉字", 2),  # 2 × 0.9
        ("ab汉é", 2),  # 2 × 0.25 + 0.9 + 0.45
        ("ไทย", 3),  # 3 × 0.9
        ("\ud83d", 1),  # half of a pair: 0.9
    ],
)
def test_a_text_is_weighed_by_its_scripts(text: str, count: int) -> None:
    assert estimate_tokens(text) == count


def test_the_ratio_corrects_for_a_tokenizer() -> None:
    assert estimate_tokens("x" * 400, 1.3) == 130
    counter = TokenCounter(1.3)
    counter.add("x" * 400)
    assert counter.tokens == 130


@given(st.lists(st.text()), st.floats(min_value=0.2, max_value=5))
def test_pieces_add_up_to_the_whole(pieces: list[str], ratio: float) -> None:
    counter = TokenCounter(ratio)
    for piece in pieces:
        counter.add(piece)
    assert counter.tokens == estimate_tokens("".join(pieces), ratio)


@given(st.text(), st.text())
def test_more_text_is_never_fewer_tokens(text: str, more: str) -> None:
    assert estimate_tokens(text + more) >= estimate_tokens(text)


def test_each_message_costs_its_separators() -> None:
    assert estimate_message_tokens("x" * 40) == 10 + 4
    assert estimate_message_tokens("") == 4
