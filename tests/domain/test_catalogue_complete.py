"""What Tab offers: names of terms, and the values that the catalogue has."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.catalogue import Catalogue
from tui.domain.catalogue_complete import MOST_COMPLETIONS, complete
from tui.domain.catalogue_context import FilterContext
from tui.domain.catalogue_filter import parse_filter
from tui.domain.catalogue_terms import TERMS
from tui.domain.model import Endpoint, Model

MODELS = (
    Model("anthropic/a", tokenizer="Claude", supported_parameters=frozenset({"seed", "top_p"})),
    Model("openai/b:free", tokenizer="GPT", supported_parameters=frozenset({"seed"})),
    Model("openai/c", tokenizer="GPT"),
    Model("odd name/d"),
)
CATALOGUE = Catalogue({model.id: model for model in MODELS})
CONTEXT = FilterContext(endpoints={"openai/b": (Endpoint("Azure", "azure"), Endpoint("X", ""))})


def offered(text: str, cursor: int | None = None) -> list[str]:
    """The whole lines that Tab would make."""
    at = len(text) if cursor is None else cursor
    found = complete(text, at, CATALOGUE, CONTEXT)
    return [text[: one.start] + one.text + text[one.end :] for one in found]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("au", ["author:", "audio", "audio-out"]),
        ("free -vis", ["free -vision"]),
        ("free|TO", ["free|tools", "free|tok:"]),
        ("ct", ["ctx>="]),
        ("author:", ["author:openai", "author:anthropic", 'author:"odd name"']),
        ("author:AN", ["author:anthropic"]),
        ("x|-author=o", ["x|-author:openai", 'x|-author:"odd name"']),
        ("tok:c", ["tok:Claude"]),
        ("tokenizer:c", ["tok:Claude"]),
        ("param:", ["param:seed", "param:top_p"]),
        ("param:topp", ["param:top_p"]),
        ("variant:", ["variant:free"]),
        ("provider:", ["provider:azure", "provider:X"]),
        ("ctx>=1", ["ctx>=128k", "ctx>=1m"]),
        ("in<", ["in<0.5", "in<1", "in<3", "in<10"]),
        ("new:9", ["new:90d"]),
        ("free:", []),
        ("nothing:x", []),
    ],
)
def test_what_is_offered(text: str, lines: list[str]) -> None:
    assert offered(text) == lines


def test_only_the_part_before_the_cursor_is_completed() -> None:
    assert offered("vis tools", 3) == ["vision tools"]
    assert len(offered("tools ", 6)) == len(TERMS)


def test_values_come_with_their_count() -> None:
    counts = {one.text: one.count for one in complete("author:", 7, CATALOGUE)}
    assert counts == {"author:openai": 2, "author:anthropic": 1, 'author:"odd name"': 1}


def test_a_long_list_is_cut() -> None:
    many = Catalogue({f"a{n}/m": Model(f"a{n}/m") for n in range(200)})
    assert len(complete("author:", 7, many)) == MOST_COMPLETIONS


@given(st.text(max_size=20), st.integers(-3, 30))
def test_any_line_and_cursor_is_answered(text: str, cursor: int) -> None:
    for one in complete(text, cursor, CATALOGUE, CONTEXT):
        assert 0 <= one.start <= one.end <= len(text)


@pytest.mark.parametrize("text", ["author:", "tok:", "param:", "variant:", "ctx>=", "new:"])
def test_what_is_offered_is_understood(text: str) -> None:
    for line in offered(text):
        assert parse_filter(line).problems == ()
