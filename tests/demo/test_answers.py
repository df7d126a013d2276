"""What the demo says: true to its prompt, of moderate length, and always the same."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.demo.answers import Ending, Reply, Situation, compose, error_status
from tui.demo.samples import SAMPLES
from tui.demo.topics import TOPICS
from tui.domain.title_request import TITLE_REQUEST

HELLO = Situation(model_name="Claude Sonnet 4.5", question="Hello", turn=1, prompt_tokens=6)
PROMPTS = (
    "Hello",
    "What does prompt caching cost?",
    "Explain monads to a five-year-old, please.",
    "汉字怎么分词？",
    "Fix this:\n```python\nprint('x'\n```",
    "x" * 4_000,
    "How do providers differ, and which one is chosen for me if I say nothing about it at all?",
    *(topic.title for topic in TOPICS),
)


def answer(question: str, **changes: Any) -> Reply:
    return compose(replace(HELLO, question=question, **changes))


def text_of(reply: Reply) -> str:
    return "".join(reply.tokens)


@pytest.mark.parametrize("question", PROMPTS)
@pytest.mark.parametrize("turn", range(1, 8))
def test_an_ordinary_answer_has_eighty_to_two_hundred_and_fifty_tokens(
    question: str, turn: int
) -> None:
    reply = answer(question, turn=turn, prompt_tokens=123_456, cached_tokens=12_345)
    assert 80 <= len(reply.tokens) <= 250
    assert reply.finish_reason == "stop"
    assert reply.ending is Ending.COMPLETE


@pytest.mark.parametrize("question", PROMPTS)
def test_an_ordinary_answer_names_the_model_and_says_that_it_is_simulated(question: str) -> None:
    for turn in (1, 2, 3):
        text = text_of(answer(question, turn=turn))
        assert "Claude Sonnet 4.5" in text
        assert "demo" in text or "simulat" in text


def test_the_prompts_own_words_come_back_as_a_quote() -> None:
    text = text_of(answer("Why is the sky blue?"))
    assert "You asked:\n\n> Why is the sky blue?\n" in text


def test_a_long_prompt_is_quoted_by_its_beginning() -> None:
    text = text_of(answer(" ".join(f"word{n}" for n in range(50))))
    assert "word0" in text
    assert "word13 …\n" in text
    assert "word14" not in text


@given(st.text(max_size=60))
def test_no_prompt_breaks_out_of_its_quote(question: str) -> None:
    text = text_of(compose(replace(HELLO, question=f"see ~~~ ``` <b> {question}")))
    quotes = [line for line in text.split("\n") if line.startswith("> ")]
    assert len(quotes) == 1
    assert not set("*_`[]<#|~\\") & set(quotes[0])


def test_words_of_the_prompt_choose_the_topic() -> None:
    assert "## Prompt caching" in text_of(answer("Tell me about the cache"))
    assert "## What middle-out drops" in text_of(answer("How does middle-out work?"))
    assert "## Where the money goes" in text_of(answer("Is this expensive?"))


def test_the_same_situation_gives_the_same_answer() -> None:
    assert answer("Tell me a story") == answer("Tell me a story")


def test_different_prompts_lead_to_different_topics() -> None:
    headings = {
        next(line for line in text_of(answer(f"Story {n}")).split("\n") if line.startswith("## "))
        for n in range(40)
    }
    assert len(headings) >= 6


def test_topics_use_lists_tables_and_code() -> None:
    bodies = "\n".join(topic.body for topic in TOPICS)
    assert "\n- " in bodies
    assert "1. " in bodies
    assert "|:--|" in bodies
    assert "```" in bodies


def test_a_later_turn_tells_where_the_conversation_stands() -> None:
    text = text_of(answer("And then?", turn=3, prompt_tokens=1_204))
    assert "turn 3" in text
    assert "1,204 tokens" in text


def test_a_warm_cache_is_mentioned() -> None:
    text = text_of(answer("And then?", turn=3, prompt_tokens=2_400, cached_tokens=1_980))
    assert "1,980 of them came from the cache" in text


def test_dropped_messages_are_owned_up_to() -> None:
    text = text_of(answer("And then?", turn=9, dropped_messages=4))
    assert "4 messages from the middle were left out" in text


def test_reasoning_comes_only_when_the_model_reasons() -> None:
    assert not answer("Hello").reasoning
    assert "Hello" in "".join(answer("Hello", reasons=True).reasoning)


def test_the_reasoning_command_makes_any_model_think() -> None:
    assert len(answer("reasoning").reasoning) > 20


@pytest.mark.parametrize("length", [1, 10, 999, 20_000])
def test_long_has_exactly_as_many_tokens_as_asked_for(length: int) -> None:
    reply = answer(f"long {length}")
    assert len(reply.tokens) == length
    assert reply.tokens_per_second == 1000


def test_long_has_an_upper_bound() -> None:
    assert len(answer("long 9999999").tokens) == 200_000


@pytest.mark.parametrize("command", sorted(SAMPLES))
def test_a_sample_is_given_as_it_is_whatever_the_case_and_spaces(command: str) -> None:
    assert text_of(answer(f"  {command.upper()}\n")) == SAMPLES[command]


@pytest.mark.parametrize(
    ("command", "reason", "ending"),
    [
        ("length", "length", Ending.COMPLETE),
        ("filter", "content_filter", Ending.COMPLETE),
        ("error mid-stream", "error", Ending.ERROR),
        ("error cut", "stop", Ending.CUT),
    ],
)
def test_commands_end_answers_in_their_own_ways(command: str, reason: str, ending: Ending) -> None:
    reply = answer(command)
    assert reply.tokens
    assert (reply.finish_reason, reply.ending) == (reason, ending)


def test_empty_says_nothing() -> None:
    assert answer("empty").tokens == ()


def test_slow_is_silent_for_several_seconds() -> None:
    assert answer("slow").silence >= 5


def test_an_empty_prompt_is_answered_without_a_quote() -> None:
    assert "> " not in text_of(answer(" \n "))


def test_a_sentence_that_begins_like_a_command_is_none() -> None:
    assert "## " in text_of(answer("list all the planets"))
    assert answer("long 20 miles").tokens_per_second is None


@pytest.mark.parametrize(
    ("question", "status"),
    [("error 402", 402), ("Error  429 ", 429), ("error", None), ("an error 402", None)],
)
def test_an_error_is_asked_for_by_its_status(question: str, status: int | None) -> None:
    assert error_status(question) == status


def test_a_title_is_the_topic_or_how_the_conversation_begins() -> None:
    topic = TOPICS[0]
    said = f"{TITLE_REQUEST}\n\nUser:\n{' '.join(topic.words)}"
    assert text_of(answer(said)) == topic.title
    assert text_of(answer(f"{TITLE_REQUEST}\n\nUser:\nxyzzy")) == "xyzzy"
