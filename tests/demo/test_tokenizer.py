"""Cutting text like tokens, each author's models their own way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.demo.tokenizer import count_message, split_tokens

AUTHORS = ["", "anthropic", "google", "qwen", "openai"]


@given(st.text(), st.sampled_from(AUTHORS))
def test_the_pieces_are_the_whole_text(text: str, author: str) -> None:
    assert "".join(split_tokens(text, author)) == text


@given(st.text(), st.sampled_from(AUTHORS))
def test_pieces_are_short_unless_they_are_white_space(text: str, author: str) -> None:
    for piece in split_tokens(text, author):
        assert piece
        assert len(piece) <= 11 or piece.isspace()


def test_words_keep_the_space_before_them() -> None:
    assert list(split_tokens("One prompt, two")) == ["One", " prompt", ",", " two"]


def test_ideographs_come_in_ones_and_twos() -> None:
    assert list(split_tokens("提示缓存")) == ["提示", "缓存"]


@pytest.mark.parametrize(("author", "tokens"), [("", 2), ("anthropic", 3), ("google", 2)])
def test_authors_cut_long_words_differently(author: str, tokens: int) -> None:
    assert len(list(split_tokens("prompt caching", author))) == tokens + (author == "anthropic")


@given(st.text(), st.text(), st.sampled_from(AUTHORS))
def test_more_text_is_never_fewer_tokens(text: str, more: str, author: str) -> None:
    assert count_message(text + more, author) >= count_message(text, author)
