"""Commands in the prompt: what is one, what is a message, and what is said of a mistake."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.slash import (
    COMMANDS,
    Argument,
    Choices,
    PlainText,
    SlashCommand,
    SlashProblem,
    complete_slash,
    help_lines,
    parse_slash,
)


def command(text: str) -> tuple[str, str]:
    found = parse_slash(text)
    assert isinstance(found, SlashCommand)
    return found.command.name, found.value


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
    for completion in complete_slash(text):
        assert completion.text.startswith("/")


def test_names_of_commands_are_completed() -> None:
    assert [one.text for one in complete_slash("/mo")] == ["/model "]
    assert [one.text for one in complete_slash("/cle")] == ["/new"]
    assert len(complete_slash("/")) == len(COMMANDS)
    assert complete_slash("hello") == []
    assert complete_slash("/usr/b") == []


def test_arguments_are_completed_where_their_values_are_known() -> None:
    models = ["openai/gpt-5", "openai/gpt-4"]
    choices = Choices({Argument.MODEL: lambda typed: [m for m in models if typed in m]})
    assert [one.text for one in complete_slash("/model 4", choices)] == ["/model openai/gpt-4"]
    assert len(complete_slash("/model ", choices)) == 2
    assert [one.text for one in complete_slash("/export h")] == ["/export html"]
    assert [one.text for one in complete_slash("/help mod")] == ["/help model"]
    assert complete_slash("/copy x") == []
    assert complete_slash("/title x") == []


def test_the_help_lists_every_command_once() -> None:
    lines = help_lines()
    assert len(lines) == len(COMMANDS)
    assert help_lines("/export") == ["/export [md|html|json]  save this conversation as a file"]


def test_no_name_means_two_commands() -> None:
    names = [name for one in COMMANDS for name in (one.name, *one.aliases)]
    assert len(names) == len(set(names))
