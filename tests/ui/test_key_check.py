"""What is said of the user's own keys."""

from pathlib import Path

import pytest

from tui.services.config_file import load_config
from tui.ui.key_check import key_problems, keys_in_file, known_bindings


def said(**written: str) -> list[str]:
    keys = {name.replace("__", "."): value for name, value in written.items()}
    return [str(problem) for problem in key_problems(keys, known_bindings())]


def test_keys_of_the_app_itself_are_no_problem() -> None:
    as_they_are = {one.id: ",".join(one.keys) for one in known_bindings().values()}
    assert [str(one) for one in key_problems(as_they_are, known_bindings())] == []


@pytest.mark.parametrize(
    ("name", "key", "words"),
    [
        ("chat.nwe", "ctrl+t", "There is no key called chat.nwe. Did you mean chat.new?"),
        ("chat.new", "ctr+t", "chat.new: there is no key ctr+t."),
        ("chat.new", "ctrl+b", "chat.new and chat.sidebar"),
        ("app.quit", "ctrl+n", "app.quit and chat.new"),
        ("prompt.send", "ctrl+n", "prompt.send and chat.new"),
    ],
)
def test_a_mistake_is_told_in_words(name: str, key: str, words: str) -> None:
    problems = [str(one) for one in key_problems({name: key}, known_bindings())]
    assert any(words in problem for problem in problems)


def test_keys_that_never_meet_may_be_the_same() -> None:
    assert said(spend__back="ctrl+t", sidebar__rename="ctrl+t") == []


def test_actions_that_change_places_do_not_clash() -> None:
    assert said(chat__new="ctrl+b", chat__sidebar="ctrl+n") == []


def test_each_problem_has_its_line_with_and_without_quotes(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[keys]\nchat.nwe = "ctrl+t"\n"chat.sidbar" = "f6"\n')
    loaded = load_config(file)
    assert loaded.problems == ()
    assert [one.line for one in keys_in_file(file, loaded.settings.keys)] == [2, 3]
