"""The examples of the specifications: the same however they arrive, and nothing is swallowed."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ui.transcript.examples import EXAMPLES
from tests.ui.transcript.support import drawn, pieces, streamed

ALL = [text for section in EXAMPLES.values() for text in section]
TAGS = re.compile(
    r"</?[a-z][a-z0-9-]*|<!--|-->|<\?php|\?>|<!\[CDATA\[|\]\]>|<!DOCTYPE", re.IGNORECASE
)


def test_there_are_examples_of_every_section() -> None:
    assert len(EXAMPLES) >= 25
    assert len(ALL) >= 300


@given(st.sampled_from(ALL), st.lists(st.integers(1, 12), min_size=1, max_size=12))
def test_an_example_is_the_same_whole_and_in_pieces(text: str, sizes: list[int]) -> None:
    assert streamed(pieces(text, sizes)) == streamed([text])


@given(
    st.lists(st.sampled_from(ALL), min_size=2, max_size=5), st.integers(1, 9), st.integers(9, 70)
)
def test_examples_one_after_the_other_are_the_same_in_pieces(
    texts: list[str], size: int, width: int
) -> None:
    text = "\n\n".join(texts)
    assert streamed(pieces(text, [size]), width) == streamed([text], width)


@pytest.mark.parametrize("text", ALL)
def test_every_example_is_the_same_character_by_character(text: str) -> None:
    assert streamed(list(text)) == streamed([text])


@pytest.mark.parametrize("text", EXAMPLES["html"])
def test_no_html_is_swallowed(text: str) -> None:
    shown = "".join(drawn(text))
    for tag in TAGS.findall(text):
        assert tag in shown


@pytest.mark.parametrize("text", ALL)
def test_no_word_is_swallowed(text: str) -> None:
    """Every word of the source is on the screen.

    Targets of links and entities are no words, and definitions inside of lists and quotes are
    Markdown's own; those that stand alone are shown.
    """
    visible = re.sub(
        r"^(?:> | {2})\[\w+\]: .*$|\]\([^)]*\)?\)*|&[#\w]+;?|^(```|~~~).*$|base64,\w+",
        " ",
        text,
        flags=re.MULTILINE,
    )
    visible = visible.translate({ord("\u202e"): " ", 0x2028: " "})
    shown = "".join(drawn(text))
    for word in re.findall(r"[a-z]{3,}", visible, re.IGNORECASE):
        assert word in shown
