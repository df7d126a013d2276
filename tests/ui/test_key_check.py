"""What is said of the user's own keys."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.dom import DOMNode

from tui.services.config_file import load_config
from tui.ui.key_check import key_problems, keys_in_file, known_bindings


def said(**written: str) -> list[str]:
    keys = {name.replace("__", "."): value for name, value in written.items()}
    return [str(problem) for problem in key_problems(keys, known_bindings())]


def classes_below(cls: type[DOMNode]) -> Iterator[type[DOMNode]]:
    for below in cls.__subclasses__():
        yield below
        yield from classes_below(below)


def test_every_key_has_a_name_to_change_it_by_and_says_what_it_does() -> None:
    known = known_bindings()  # which imports every screen and every widget
    declared = [
        (cls.__qualname__, binding)
        for cls in classes_below(DOMNode)
        if cls.__module__.startswith("tui.")
        for binding in Binding.make_bindings(cls.__dict__.get("BINDINGS", ()))
    ]
    assert len(declared) > 300
    assert [one for one in declared if not one[1].id or not one[1].tooltip] == []
    assert {binding.id for _, binding in declared} == known.keys()


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
        ("chat.tab_4", "ctrl+n", "chat.tab_4 and chat.new"),
        ("chat.new", "alt+9", "chat.new and chat.tab_9 (Go to tab 9) are both on Alt+9."),
        ("chat.new", "ctrl+p", "chat.new and app.palette"),
        ("chips.models", "f2", "chips.models and chat.settings"),
        ("rows.first", "s", "rows.first and models.sort"),
        ("json.fold", "c", "json.fold and request.curl"),
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
