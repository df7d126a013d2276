"""The filter line: what it reads, what it says of mistakes, and that it survives being printed."""

from decimal import Decimal

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tui.domain.catalogue_filter import LONGEST_FILTER, Filter, parse_filter, toggled
from tui.domain.catalogue_terms import (
    ALIASES,
    TERMS,
    Choice,
    Days,
    Flag,
    Number,
    Range,
    TermKind,
    Text,
    Word,
)

NAMES = [*TERMS, *ALIASES]
PIECES = st.one_of(
    st.sampled_from(NAMES),
    st.sampled_from(
        ["<=", ">=", "<", ">", "=", ":", "|", "-", '"', "\\", " ", "..", "..<", "$", "\n", "\t"]
    ),
    st.sampled_from(["200k", "1m", "0.5", "1,000", "30d", "2w", "free", "llama:free", "x-ai", "0"]),
    st.text(max_size=6),
)
LINES = st.lists(PIECES, max_size=20).map("".join)


@given(st.one_of(LINES, st.text(max_size=80)))
@example('-"a\\"b|c" author:"x y|z"|free|"exact"|word')
@example("author:a|ctx>=zz|b -|")
@example("ctx>=999999999999.999999999k in:.5..1")
@example('author:"')
@example('"\\')
def test_any_text_is_read_and_printed_as_the_same_filter(line: str) -> None:
    asked = parse_filter(line)
    again = parse_filter(str(asked))
    assert again == asked
    assert again.problems == ()
    assert str(again) == str(asked)


@given(LINES)
def test_everything_has_its_place_in_the_text(line: str) -> None:
    asked = parse_filter(line)
    terms = [(term.start, term.end) for term in asked.terms]
    for start, end in [*terms, *((wrong.start, wrong.end) for wrong in asked.problems)]:
        assert 0 <= start < end <= len(line)
    for before, after in zip(asked.terms, asked.terms[1:], strict=False):
        assert before.end <= after.start


@given(LINES)
def test_a_term_alone_reads_as_it_does_in_the_line(line: str) -> None:
    for term in parse_filter(line).terms:
        assert parse_filter(line[term.start : term.end]).terms == (term,)


@pytest.mark.parametrize(
    ("line", "choice"),
    [
        ("sonnet", Word("sonnet")),
        ('"claude sonnet"', Word("claude sonnet", exact=True)),
        ('"say \\"hi\\" \\\\"', Word('say "hi" \\', exact=True)),
        ('"not closed', Word("not closed", exact=True)),
        ("deepseek/deepseek-r1:free", Word("deepseek/deepseek-r1:free")),
        ("llama:nitro", Word("llama:nitro")),
        (":free", Word(":free")),
        ("max", Word("max")),
        ("author:anthropic", Text("author", "anthropic")),
        ("AUTHOR=Anthropic", Text("author", "Anthropic", exact=True)),
        ('provider:"Amazon Bedrock"', Text("provider", "Amazon Bedrock")),
        ("tokenizer:Claude", Text("tok", "Claude")),
        ("ctx>=200k", Number("ctx", ">=", Decimal(200_000))),
        ("context>1M", Number("ctx", ">", Decimal(1_000_000))),
        ("ctx:131072", Number("ctx", "=", Decimal(131_072))),
        ("ctx<=1,048,576", Number("ctx", "<=", Decimal(1_048_576))),
        ("maxout>=32_000", Number("maxout", ">=", Decimal(32_000))),
        ("in<$0.25", Number("in", "<", Decimal("0.25"))),
        ("out<.5", Number("out", "<", Decimal("0.5"))),
        ("cache=0", Number("cache", "=", Decimal(0))),
        ("in:0.5..2", Range("in", Decimal("0.5"), Decimal(2))),
        ("ctx:32k..<128k", Range("ctx", Decimal(32_000), Decimal(128_000), half_open=True)),
        ("free", Flag("free")),
        ("image-out", Flag("image-out")),
        ("new", Days("new", 30)),
        ("new:2w", Days("new", 14)),
        ("new<7d", Days("new", 7)),
        ("expiring", Days("expiring", None)),
        ("expiring:90", Days("expiring", 90)),
    ],
)
def test_terms_as_people_type_them(line: str, choice: Choice) -> None:
    asked = parse_filter(line)
    assert asked.problems == ()
    (term,) = asked.terms
    assert (term.choices, term.negated) == ((choice,), False)


def test_the_parts_of_a_line() -> None:
    asked = parse_filter(" vision|audio  -author:x|y -word\tfree|author:a|b ")
    assert [(term.negated, term.choices) for term in asked.terms] == [
        (False, (Flag("vision"), Flag("audio"))),
        (True, (Text("author", "x"), Text("author", "y"))),
        (True, (Word("word"),)),
        (False, (Flag("free"), Text("author", "a"), Text("author", "b"))),
    ]
    assert str(asked) == "vision|audio -author:x|author:y -word free|author:a|author:b"


def test_an_empty_line_asks_for_nothing() -> None:
    assert parse_filter("  \n") == Filter()
    assert parse_filter('"" | ""') == Filter()


@pytest.mark.parametrize(
    ("line", "part", "hint"),
    [
        ("a ctxx>=3 b", "ctxx>=3", "did you mean ctx?"),
        ("autor:x", "autor:x", "did you mean author?"),
        ("contxt>1", "contxt>1", "did you mean ctx?"),
        ("qqqq:1", "qqqq:1", "known are author, provider"),
        ("ctx>=abc", "ctx>=abc", "abc is no number: write ctx>=200k"),
        ("ctx>=", "ctx>=", "A number is missing"),
        ("in<-1", "in<-1", "no number"),
        ("in<0,5", "in<0,5", "no number"),
        ("in<nan", "in<nan", "no number"),
        ("ctx<9999999m", "ctx<9999999m", "too large"),
        ("in:3..1", "in:3..1", "3 is more than 1"),
        ("in:1..", "in:1..", "A number is missing"),
        ("ctx", "ctx", 'or "ctx" in quotes'),
        ("author:", "author:", "A value is missing"),
        ("author>x", "author>x", "cannot be compared"),
        ("free:yes", "free:yes", "takes no value"),
        ("new:soon", "new:soon", "number of days"),
        ("new>30d", "new>30d", "number of days"),
        ("new:9999y", "new:9999y", "too long"),
        ("x -", "-", "excludes"),
        ("a|-b", "-b", "in front of all"),
    ],
)
def test_a_mistake_is_told_in_its_place_and_filters_nothing(
    line: str, part: str, hint: str
) -> None:
    asked = parse_filter(line)
    (problem,) = asked.problems
    assert line[problem.start : problem.end] == part
    assert hint in problem.hint
    wrong = {choice for term in asked.terms for choice in term.choices}
    assert wrong <= {Word("a"), Word("b"), Word("x")}


def test_alternatives_beside_a_mistake_still_count() -> None:
    asked = parse_filter("ctx>=zz|free")
    assert asked.terms[0].choices == (Flag("free"),)
    assert len(asked.problems) == 1


def test_a_line_without_end_is_cut_and_says_so() -> None:
    asked = parse_filter("a " * LONGEST_FILTER)
    assert len(asked.terms) == LONGEST_FILTER // 2
    (problem,) = asked.problems
    assert (problem.start, problem.end) == (LONGEST_FILTER, 2 * LONGEST_FILTER)


def test_every_term_has_an_example_that_is_that_term() -> None:
    for name, info in TERMS.items():
        asked = parse_filter(info.example)
        assert asked.problems == ()
        (choice,) = asked.terms[0].choices
        assert not isinstance(choice, Word)
        assert choice.name == name
        assert info.meaning


@pytest.mark.parametrize(
    ("line", "term", "after"),
    [
        ("", "free", "free"),
        ("sonnet ", "author=anthropic", "sonnet author=anthropic"),
        ("a  free   b", "free", "a b"),
        ("in<0.5", "in<0.50", ""),
        ("free tools free", "free", "tools"),
        ("-free", "free", "-free free"),
        ("ctx>=zz", "free", "ctx>=zz free"),
    ],
)
def test_a_facet_is_switched_on_and_off(line: str, term: str, after: str) -> None:
    assert toggled(line, term) == after


@given(LINES, st.sampled_from([info.example for info in TERMS.values()]))
def test_switching_twice_asks_for_the_same_again(line: str, term: str) -> None:
    asked = parse_filter(line)
    wanted = parse_filter(term).terms[0]
    open_quote = parse_filter(f"{line} {term}").terms[-1:] != (wanted,)
    assume(wanted not in asked.terms and not open_quote)
    assert parse_filter(toggled(toggled(line, term), term)) == asked


def test_a_filter_says_what_it_asks_for_and_can_do_without() -> None:
    asked = parse_filter("tools fav|free -provider:groq provider:x|vision -mine")
    assert [flag for flag in ("tools", "fav", "mine", "vision", "json") if asked.asks(flag)] == [
        "tools",
        "fav",
        "mine",
        "vision",
    ]
    assert str(asked.without("provider")) == "tools fav|free -mine"
    assert asked.without("author") == asked


def test_values_are_asked_of_the_terms_that_take_one() -> None:
    assert {info.kind for info in TERMS.values()} == set(TermKind)
