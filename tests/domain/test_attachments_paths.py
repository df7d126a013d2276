"""``@path`` in a prompt: where it is typed, and which files may be meant."""

import pytest

from tui.domain.attachments_paths import (
    AtWord,
    PathIndex,
    TypedPath,
    at_word,
    typed_path,
    written,
)

PATHS = ("README.md", "src/main.py", "src/search/query.py", "tests/test_main.py", "my notes.txt")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@", AtWord(0, 1, "")),
        ("see @src/ma", AtWord(4, 11, "src/ma")),
        ("see (@a", AtWord(5, 7, "a")),
        ("one\n@two", AtWord(4, 8, "two")),
        ('@"my no', AtWord(0, 7, "my no")),
        ("mail me@example", None),
        ("@done ", None),
        ("nothing", None),
        ("@a@b", None),
        ("", None),
    ],
)
def test_an_at_word_is_completed_where_it_is_typed(text: str, expected: AtWord | None) -> None:
    assert at_word(text, len(text)) == expected


def test_what_stands_behind_the_cursor_does_not_count() -> None:
    assert at_word("@src rest", 4) == AtWord(0, 4, "src")


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("main", "src/main.py"),
        ("readme", "README.md"),
        ("query", "src/search/query.py"),
        ("tests/main", "tests/test_main.py"),
        ("src/query", "src/search/query.py"),
        ("notes", "my notes.txt"),
    ],
)
def test_the_best_match_comes_first(query: str, first: str) -> None:
    best = PathIndex(PATHS).candidates(query)[0]
    assert best.path == first
    assert all(0 <= place < len(first) for place in best.marks)
    assert best.marks


def test_what_does_not_match_is_left_out() -> None:
    assert PathIndex(PATHS).candidates("zzz") == []
    assert PathIndex(PATHS).candidates("main/nothing") == []
    assert [one.path for one in PathIndex(PATHS).candidates("", 2)] == list(PATHS[:2])
    assert len(PathIndex(PATHS).candidates("/", 10)) == len(PATHS)


def test_paths_with_spaces_are_quoted() -> None:
    assert [written(path) for path in PATHS[-2:]] == ["@tests/test_main.py", '@"my notes.txt"']


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("/", TypedPath("/", "")),
        ("/usr/lo", TypedPath("/usr/", "lo")),
        ("~", TypedPath("", "~")),
        ("~/my do", TypedPath("~/", "my do")),
        ("..", TypedPath("", "..")),
        ("../../a", TypedPath("../../", "a")),
        ("./", TypedPath("./", "")),
        (".env", TypedPath("", ".env")),
        ("src/.hid", TypedPath("src/", ".hid")),
        ("", None),
        ("main", None),
        ("src/main.py", None),
        ("a~b", None),
    ],
)
def test_a_path_that_is_spelt_out_is_told_from_a_part_of_a_name(
    query: str, expected: TypedPath | None
) -> None:
    assert typed_path(query) == expected


@pytest.mark.parametrize(
    ("folder", "begun", "names"),
    [
        ("/", "", ["Docs/", "src/", "a docs.txt"]),
        ("/", "do", ["Docs/", "a docs.txt"]),
        ("/", ".", [".env", ".git/"]),
        ("/", "env", []),
        ("/", "..", ["../"]),
        ("", "~", ["~/"]),
        ("/", "~", []),
    ],
)
def test_names_along_a_path_are_hidden_only_behind_a_dot(
    folder: str, begun: str, names: list[str]
) -> None:
    listed = ["Docs/", "src/", "a docs.txt", ".env", ".git/"]
    assert TypedPath(folder, begun).names(listed) == names


def test_a_path_of_a_folder_is_left_open_to_be_gone_on_with() -> None:
    for path in ("~/src/", "~/my docs/"):
        text = f"see {written(path)}"
        assert at_word(text, len(text)) == AtWord(4, len(text), path)
