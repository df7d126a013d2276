"""The parser against markdown-it as it comes."""

import pytest
from markdown_it import MarkdownIt

from tests.ui.transcript.examples import EXAMPLES
from tui.ui.transcript.formulas import add_formulas
from tui.ui.transcript.grammar import PARSER

LINKS = (
    "a.example", "see b.museum/x.", "me@c.example", "//d.example", "http://localhost", "1.2.3.4",
    "ftp://e", "mailto:me@f.example", "> g.рф", "no link. At all", "localhost", "x.y:z", "www.h.co",
)  # fmt: skip


@pytest.mark.parametrize("text", [*LINKS, *(text for texts in EXAMPLES.values() for text in texts)])
def test_looking_for_links_only_where_they_may_be_misses_none(text: str) -> None:
    plain = MarkdownIt("gfm-like", {"html": False})
    add_formulas(plain)
    assert [t.as_dict() for t in PARSER.parse(text)] == [t.as_dict() for t in plain.parse(text)]
