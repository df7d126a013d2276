"""The line that searches all conversations: what it asks for, and that it never fails."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.search_query import (
    LONGEST_QUERY,
    MOST_PARTS,
    FilterName,
    Has,
    SearchFilter,
    SearchWord,
    parse_search,
)

NOW = datetime(2026, 3, 10, 15, 30, tzinfo=timezone(timedelta(hours=2)))


def day(year: int, month: int = 1, day_of_month: int = 1) -> datetime:
    return datetime(year, month, day_of_month, tzinfo=NOW.tzinfo)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("rust", [SearchWord("rust", prefix=True)]),
        ("rust ", [SearchWord("rust")]),
        ("life* rust ", [SearchWord("life", prefix=True), SearchWord("rust")]),
        ('"borrow checker"', [SearchWord("borrow checker")]),
        ('"borrow check"*', [SearchWord("borrow check", prefix=True)]),
        ('"not closed', [SearchWord("not closed")]),
        ("a", [SearchWord("a")]),
        ("-async rust ", [SearchWord("async", negated=True), SearchWord("rust")]),
        ('-"a b" c ', [SearchWord("a b", negated=True), SearchWord("c")]),
        ("OR NEAR(x ", [SearchWord("OR"), SearchWord("NEAR(x")]),
        ("std::vec", [SearchWord("std::vec", prefix=True)]),
        ("https://x.example", [SearchWord("https://x.example", prefix=True)]),
        ("汉字", [SearchWord("汉字", in_text=True)]),
        ("ภาษา", [SearchWord("ภาษา", in_text=True)]),
        ("=>", [SearchWord("=>", in_text=True)]),
        ("*", [SearchWord("*", in_text=True)]),
        ('""', []),
        ('"', []),
        (" \t\n", []),
        ("a\0b", [SearchWord("a"), SearchWord("b")]),
    ],
)
def test_words_are_found_whole_or_by_their_beginning(text: str, words: list[SearchWord]) -> None:
    query = parse_search(text, NOW)
    assert (list(query.words), query.filters, query.problems) == (words, (), ())
    assert query.is_empty == (not words)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("model:claude", SearchFilter(FilterName.MODEL, "claude")),
        ('model:"gpt 5"', SearchFilter(FilterName.MODEL, "gpt 5")),
        ("-tag:#work", SearchFilter(FilterName.TAG, "work", negated=True)),
        ("has:Code", SearchFilter(FilterName.HAS, Has.CODE)),
        ("cost>0.1", SearchFilter(FilterName.COST, Decimal("0.1"), ">")),
        ("cost<=$.5", SearchFilter(FilterName.COST, Decimal("0.5"), "<=")),
        ("cost:0", SearchFilter(FilterName.COST, Decimal(0))),
        ("before:2026-03-01", SearchFilter(FilterName.BEFORE, day(2026, 3, 1))),
        ("after:2026-02", SearchFilter(FilterName.AFTER, day(2026, 2))),
        ("after:2025", SearchFilter(FilterName.AFTER, day(2025))),
        ("after:7d", SearchFilter(FilterName.AFTER, day(2026, 3, 3))),
        ("before:yesterday", SearchFilter(FilterName.BEFORE, day(2026, 3, 9))),
    ],
)
def test_filters_narrow_the_search(text: str, expected: SearchFilter) -> None:
    query = parse_search(text, NOW)
    assert (query.words, query.filters, query.problems) == ((), (expected,), ())


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("model:", "model:claude"),
        ("tag:", "tag:work"),
        ("tag<x", "tag: and"),
        ("has:video", "has:code, has:image, has:file"),
        ("cost>much", "cost>0.1"),
        ("cost>", "cost>0.1"),
        ("before:soon", "2026-03-01"),
        ("before:2026-02-30", "2026-03-01"),
        ("after:2026-13", "2026-03-01"),
        ("after:99999y", "2026-03-01"),
        ("after:0000", "2026-03-01"),
    ],
)
def test_what_cannot_be_understood_filters_nothing_and_says_what_would(
    text: str, hint: str
) -> None:
    query = parse_search(f"{text} rust ", NOW)
    assert (query.words, query.filters) == ((SearchWord("rust"),), ())
    [problem] = query.problems
    assert (problem.start, problem.end) == (0, len(text))
    assert hint in problem.hint


def test_a_misspelt_filter_is_searched_as_words_with_a_hint() -> None:
    query = parse_search("modle:claude ", NOW)
    assert query.words == (SearchWord("modle:claude"),)
    assert "model:" in query.problems[0].hint


def test_a_line_without_end_is_cut() -> None:
    query = parse_search("word " * 10_000, NOW)
    assert len(query.words) == MOST_PARTS
    assert len(parse_search("x" * (LONGEST_QUERY + 1), NOW).problems) == 1


PIECES = st.sampled_from(
    ["model:", "before:", "has:code", "cost>", "tag:", '"', "*", "-", " ", "rust", "汉", "2026-03"]
)


@given(st.lists(PIECES | st.text(max_size=5), max_size=30).map("".join))
def test_no_line_makes_it_fail(text: str) -> None:
    query = parse_search(text, NOW)
    for problem in query.problems:
        assert 0 <= problem.start < problem.end <= len(text)
    assert all(word.text.strip() for word in query.words)


def test_days_begin_where_the_user_lives() -> None:
    [found] = parse_search("after:2026-03-01", NOW).filters
    assert isinstance(found.value, datetime)
    assert found.value.astimezone(UTC) == datetime(2026, 2, 28, 22, tzinfo=UTC)
