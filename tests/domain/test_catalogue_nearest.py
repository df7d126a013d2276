"""Which model was meant by an id that does not exist."""

import pytest

from tui.domain.catalogue import Catalogue
from tui.domain.catalogue_nearest import nearest
from tui.domain.model import Model

IDS = (
    "anthropic/claude-sonnet-4.5",
    "anthropic/claude-opus-4.7",
    "openai/gpt-5.2",
    "x/" + "y" * 999,
)
KNOWN = Catalogue({model_id: Model(model_id) for model_id in IDS})


@pytest.mark.parametrize(
    ("written", "first"),
    [
        ("anthropic/claude-sonet-4.5", IDS[0]),
        ("Anthropic/Claude-Sonnet-4.5", IDS[0]),
        ("claude-opus-4-7", IDS[1]),
        ("google/gpt-5.2", IDS[2]),
        ("openrouter/openai/gpt5.2", IDS[2]),
        ("opus", IDS[1]),
    ],
)
def test_the_nearest_is_first(written: str, first: str) -> None:
    assert nearest(KNOWN, written)[0] == first


def test_nothing_is_near_to_nonsense() -> None:
    assert nearest(KNOWN, "zzzzqqqq") == []
    assert nearest(KNOWN, "") == []
    assert nearest(Catalogue(), "gpt") == []


def test_at_most_so_many_and_each_once() -> None:
    found = nearest(KNOWN, "anthropic/claude-sonnet-4", most=2)
    assert len(found) == len(set(found)) == 2
