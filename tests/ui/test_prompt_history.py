from hypothesis import given
from hypothesis import strategies as st

from tui.ui.prompt_history import PromptHistory, matching


def test_older_goes_back_and_newer_returns_to_what_was_being_typed() -> None:
    history = PromptHistory(["second", "first"])

    assert history.older("half a thou") == "second"
    assert history.older("second") == "first"
    assert history.older("first") is None
    assert history.newer() == "second"
    assert history.newer() == "half a thou"
    assert history.newer() is None


def test_a_sent_prompt_comes_first_and_only_once() -> None:
    history = PromptHistory(["b", "a"])

    history.add("a")

    assert [history.older(""), history.older(""), history.older("")] == ["a", "b", None]


def test_prompts_of_earlier_runs_come_after_those_of_this_one() -> None:
    history = PromptHistory()
    history.add("now")

    history.extend_older(["now", "then"])

    assert [history.older(""), history.older(""), history.older("")] == ["now", "then", None]


@given(st.lists(st.text(min_size=1), unique=True), st.text(), st.integers(1, 30))
def test_going_back_and_forth_always_ends_at_the_typed_text(
    prompts: list[str], typed: str, steps: int
) -> None:
    history = PromptHistory(prompts)
    taken = sum(history.older(typed) is not None for _ in range(steps))

    seen = [history.newer() for _ in range(taken)]

    assert (seen[-1] if seen else typed) == typed
    assert history.newer() is None


def test_prompts_are_found_by_every_word_in_them_newest_first_and_once() -> None:
    prompts = ["fix the Parser", "write a parser", "hello", "fix the Parser", "the parser fix"]
    assert matching(prompts, "FIX parser", 9) == ["fix the Parser", "the parser fix"]
    assert matching(prompts, "", 2) == ["fix the Parser", "write a parser"]
    assert matching(prompts, "nowhere", 9) == []
