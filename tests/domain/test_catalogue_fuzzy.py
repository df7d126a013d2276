"""Words found in names: as they stand, abbreviated, or with a character left out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.catalogue_fuzzy import haystack, lowered, needle, places, score

SONNET = "anthropic/claude-sonnet-4.5\nAnthropic: Claude Sonnet 4.5"
TEXTS = st.text(st.sampled_from("abcC1 -./:ß\u0130日"), max_size=30)
WORDS = st.text(st.sampled_from("abcC1-/ß\u0130日"), min_size=1, max_size=8)


def points(word: str, text: str = SONNET, *, exact: bool = False) -> int | None:
    return score(needle(word, exact=exact), haystack(text))


@pytest.mark.parametrize(
    "word", ["claude", "SONNET", "aude-son", "4.5", "cs45", "sonet", "clsonnet", "claudesonnet"]
)
def test_what_finds_a_model(word: str) -> None:
    assert points(word) is not None


@pytest.mark.parametrize(
    "word", ["gpt", "haiku", "45", "tennos", "acs", "zzz", "sonnnet", "cde", "atc"]
)
def test_what_does_not_find_it(word: str) -> None:
    assert points(word) is None


def test_short_words_do_not_match_initials_all_over() -> None:
    assert points("gpt", "google/palm-tiny") is None
    assert points("gp", "google/palm") is None


def test_the_better_match_has_more_points() -> None:
    ranked = ["sonnet", "sonnets", "supersonnet", "son-net", "sonnnet"]
    values = [points("sonnet", text) for text in ranked]
    known = [value for value in values if value is not None]
    assert known == sorted(known, reverse=True)
    assert len(set(known)) == len(known) == len(ranked)


def test_exactly_means_without_liberties() -> None:
    assert points("sonet", exact=True) is None
    assert points("sonnet", exact=True) is not None


@pytest.mark.parametrize(
    ("word", "shown"),
    [("sonnet", "sonnet"), ("cs45", "cs45"), ("sonet", "sonet"), ("GPT5", "")],
)
def test_the_places_spell_the_word(word: str, shown: str) -> None:
    hay = haystack(SONNET)
    assert "".join(hay.text[place] for place in places(needle(word), hay)) == shown


@given(WORDS, TEXTS)
def test_places_and_points_agree(word: str, text: str) -> None:
    found, hay = needle(word), haystack(text)
    marked = places(found, hay)
    assert bool(marked) == (score(found, hay) is not None)
    assert list(marked) == sorted(set(marked))
    if marked:
        assert "".join(hay.text[place] for place in marked) == found.text


@given(WORDS, TEXTS, TEXTS)
def test_a_word_that_is_there_is_found(word: str, before: str, after: str) -> None:
    assert points(word, before + lowered(word) + after) is not None


@given(TEXTS)
def test_lower_case_keeps_every_character_in_its_place(text: str) -> None:
    assert len(lowered(text)) == len(text)
