"""While beginning, no advice names a screen that cannot be opened yet."""

import pytest

from tui.domain.onboarding_words import while_beginning
from tui.services.failure_types import BY_TYPE
from tui.services.failure_words import BY_STATUS, Words


@pytest.mark.parametrize("words", [*BY_STATUS.values(), *BY_TYPE.values()], ids=str)
def test_no_advice_names_a_key_of_the_chat(words: Words) -> None:
    said = while_beginning(words.next_step)
    assert "F2" not in said
    assert "F3" not in said
    assert said.endswith(".")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            "Enter a valid key in the settings (F2) or in OPENROUTER_API_KEY.",
            "Enter a valid key here.",
        ),
        (
            "Check the base URL in the settings (F2): it usually ends in /v1.",
            "Check the address: it usually ends in /v1.",
        ),
        (
            "Check the base URL and the API key in the settings (F2).",
            "Check the base URL and the API key.",
        ),
        (
            "Check the model's id (F3) and the base URL (F2).",
            "Check the model's id and the address.",
        ),
        ("Paste it again.", "Paste it again."),
    ],
)
def test_what_would_be_done_there_is_done_here(words: str, said: str) -> None:
    assert while_beginning(words) == said
