"""The rules of a .gitignore."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.ignore_rules import read_rules


def ignores(line: str, path: str, *, is_folder: bool = False) -> bool:
    return any(rule.matches(path, is_folder=is_folder) for rule in read_rules(line))


@pytest.mark.parametrize(
    ("line", "path", "found"),
    [
        ("*.log", "a/b.log", True),
        ("*.log", "a.log/b", False),
        ("/a", "b/a", False),
        ("a/b", "c/a/b", False),
        ("a/*/c", "a/b/c", True),
        ("a/*/c", "a/b/b/c", False),
        ("a/**/c", "a/c", True),
        ("a/**/c", "a/b/b/c", True),
        ("**/c", "a/b/c", True),
        ("a/**", "a", False),
        ("a/**", "a/b/c", True),
        ("a**c", "a/c", False),
        ("a**c", "abc", True),
        ("[^a]b", "ab", False),
        ("[^a]b", "cb", True),
        ("[z-a]", "m", False),
        (r"\*", "*", True),
        (r"\*", "a", False),
        (r"\#a", "#a", True),
        ("/", "a", False),
        ("#a", "#a", False),
        ("a  ", "a", True),
        ("a\t", "a", False),
        ("a\t", "a\t", True),
        ("a\r\n", "a", True),
        ("a\x0cb", "b", False),
        (r"a\   ", "a ", True),
        (r"a\\ ", r"a\ ", False),
        (r"a\\ ", "a\\", True),
        ("[[:alpha:]]1", "b1", True),
        ("[[:alpha:]]1", "11", False),
        ("[![:upper:]_]", "_", False),
        ("[^[:upper:]_]", "a", True),
        ("[[:punct:]]", "!", True),
        ("[[:punct:]]", "a", False),
        ("[[:digit:][:space:]]", "\t", True),
        ("[:alpha:]", "z", False),
        ("[[:alfa:]]", "a", False),
        ("[a", "[a", False),
    ],
)
def test_a_rule_names_what_git_means_by_it(line: str, path: str, found: bool) -> None:
    assert ignores(line, path) is found


def test_a_rule_for_folders_names_no_file() -> None:
    assert ignores("a/", "a", is_folder=True)
    assert not ignores("a/", "a")


def test_no_pattern_takes_longer_than_its_path_is_long() -> None:
    """The test would not end: a search that goes back for each star tries 2^60 ways."""
    assert not ignores("*a" * 60, "a" * 59 + "b" * 200)
    assert not ignores("/".join(["**", "a"] * 60), "/".join("a" * 59))


@given(st.text("ab*?[]!^/\\.-", max_size=12), st.text("ab/.", max_size=12))
def test_every_text_is_a_rule_or_none(line: str, path: str) -> None:
    assert ignores(line, path) in {True, False}
