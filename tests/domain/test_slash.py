"""Commands in the prompt: what is one, what is a message, and what is said of a mistake."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.offers import Offer
from tui.domain.slash import (
    COMMANDS,
    Argument,
    PlainText,
    SlashCommand,
    SlashOffers,
    SlashProblem,
    help_pairs,
    message_in,
    parse_slash,
)


def command(text: str) -> tuple[str, str]:
    found = parse_slash(text)
    assert isinstance(found, SlashCommand)
    return found.command.name, found.value


MODELS = ["openai/gpt-5", "openai/gpt-4"]


def models(typed: str) -> list[Offer]:
    return [Offer(model, model) for model in MODELS if typed in model]


def completed(text: str) -> list[str]:
    """The prompts that the offers for this one would make of it."""
    found = SlashOffers({Argument.MODEL: models}).offers(text, len(text))
    if found is None:
        return []
    return [text[: found.start] + one.text + text[found.end :] for one in found.offers]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/model openai/gpt-5", ("model", "openai/gpt-5")),
        ("/model", ("model", "")),
        ("  /MODEL x  ", ("model", "x")),
        ("/system Be brief.\nAnd kind.", ("system", "Be brief.\nAnd kind.")),
        ("/attach my notes.txt", ("attach", "my notes.txt")),
        ("/file a.txt", ("attach", "a.txt")),
        ("/export HTML", ("export", "html")),
        ("/clear", ("new", "")),
        ("/quit", ("quit", "")),
    ],
)
def test_a_slash_and_a_word_are_a_command(text: str, expected: tuple[str, str]) -> None:
    assert command(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hello", "hello"),
        ("/usr/bin is a folder", "/usr/bin is a folder"),
        ("//model is a command", "/model is a command"),
        ("  //model\n", "  /model\n"),
        ("// the sum\nint sum();\n", "// the sum\nint sum();\n"),
        ("///", "///"),
        ("/", "/"),
        ("/ model", "/ model"),
        ("/5", "/5"),
        ("see /model", "see /model"),
        ("", ""),
    ],
)
def test_anything_else_is_a_message(text: str, message: str) -> None:
    assert parse_slash(text) == PlainText(message)


@pytest.mark.parametrize(
    ("text", "words", "nearest"),
    [
        ("/modle x", "Did you mean /model?", "model"),
        ("/xyzzy", "/help lists them", ""),
        ("/copy this", "takes nothing behind it", ""),
        ("/tag", "Write /tag TAG", ""),
        ("/export pdf", "Write /export [md|html|json]", ""),
    ],
)
def test_a_mistake_is_never_sent_and_says_what_is_meant(
    text: str, words: str, nearest: str
) -> None:
    problem = parse_slash(text)
    assert isinstance(problem, SlashProblem)
    assert words in problem.words
    assert problem.nearest == nearest


@given(st.text(max_size=60).map("/".__add__) | st.text(max_size=60))
def test_no_text_makes_it_fail(text: str) -> None:
    found = parse_slash(text)
    if isinstance(found, PlainText):
        assert found.text in (text, text.strip()[1:])
    for prompt in completed(text):
        assert prompt.startswith("/")


def test_names_of_commands_are_offered() -> None:
    assert completed("/mo") == ["/model ", "/models "]
    assert completed("/cle") == ["/new"]
    assert len(completed("/")) == len(COMMANDS)
    assert completed("hello") == []
    assert completed("/usr/b") == []


def test_nothing_is_offered_in_the_middle_of_a_command() -> None:
    inside = SlashOffers({}).offers("/model", 3)
    assert inside is not None, "the word is a command"
    assert not inside.offers
    assert SlashOffers({}).offers("/model x", 7) is None


def test_arguments_are_offered_where_their_values_are_known() -> None:
    assert completed("/model 4") == ["/model openai/gpt-4"]
    assert completed("/model ") == ["/model openai/gpt-5", "/model openai/gpt-4"]
    assert completed("/export h") == ["/export html"]
    assert completed("/help mod") == ["/help model", "/help models"]
    assert completed("/copy x") == []
    assert completed("/title x") == []


def test_the_help_lists_every_command_once() -> None:
    pairs = help_pairs()
    assert len(pairs) == len(COMMANDS)
    assert help_pairs("/export") == [("/export [md|html|json]", "save this conversation as a file")]


def test_no_name_means_two_commands() -> None:
    names = [name for one in COMMANDS for name in (one.name, *one.aliases)]
    assert len(names) == len(set(names))


def test_nothing_of_a_command_is_sent_and_a_message_as_it_is() -> None:
    assert message_in("/model claude") == message_in("/modle claude") == ""
    assert message_in("//model is a path") == "/model is a path"
    assert message_in(" hello /model ") == " hello /model "
