"""The promise behind streaming: the finished text does not depend on how it arrived."""

import re

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.ui.transcript.support import NASTY, pieces, streamed

SIZES = st.lists(st.integers(1, 16), min_size=1, max_size=20)
ACTS = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
MIXED = """\
Intro with **bold** and a [late link].

1. one
2. two

   more
- x
- y

| a | b |
|---|--:|
| 1 | 2 |
| three words here | 4 |

```python
def f():
    '''Doc

    string'''
```

> quote
> - in it

[late link]: https://a.example
"""


@given(SIZES, st.integers(1, 80))
def test_an_answer_is_the_same_however_it_arrived(sizes: list[int], width: int) -> None:
    assert streamed(pieces(MIXED, sizes), width) == streamed([MIXED], width)


@given(NASTY, SIZES, st.integers(1, 60), st.booleans())
def test_any_text_is_the_same_however_it_arrived(
    text: str, sizes: list[int], width: int, markdown: bool
) -> None:
    whole = streamed([text], width, markdown=markdown)
    assert streamed(pieces(text, sizes), width, markdown=markdown) == whole
    assert all(cell_len(row) == width for row in whole)
    assert not any(ACTS.search(row) for row in whole)


def test_a_thousand_open_fences_and_a_wide_table_are_drawn() -> None:
    columns = "|a" * 3_000 + "|\n" + "|-" * 3_000 + "|\n" + "|b" * 3_000 + "|"
    assert "".join(streamed([columns], 80)).count("b") == 3_000
    fences = streamed(["```\n" * 1_000], 80)
    assert sum("┌" in row for row in fences) == 500


def test_what_is_nested_too_deep_is_shown() -> None:
    for text in ("> " * 500 + "end", "- " * 500 + "end", "*" * 2_000 + "end" + "*" * 2_000):
        assert "end" in "".join(streamed([text], 40))
