import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.file_names import file_stem


@pytest.mark.parametrize(
    ("text", "stem"),
    [
        ("A red fox, please!", "A-red-fox-please"),
        ("../../etc/passwd", "etc-passwd"),
        ("-rf *", "rf"),
        (".bashrc", "bashrc"),
        ("a\n/b\0c", "a-b-c"),
        ("", "image"),
        ("😀" * 300, "image"),
        ("汉字", "image"),
        ("x" * 300, "x" * 60),
    ],
)
def test_a_stem_is_made_of_what_is_allowed(text: str, stem: str) -> None:
    assert file_stem(text, "image") == stem


@given(st.text(max_size=300))
def test_no_stem_leaves_its_folder(text: str) -> None:
    assert re.fullmatch(
        r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,58}[A-Za-z0-9])?", file_stem(text, "image")
    )
