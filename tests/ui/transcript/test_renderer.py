"""What is seen of a block that cannot be drawn."""

from collections.abc import Sequence

import pytest
from textual.style import Style

from tests.ui.transcript.support import LOOKS
from tui.ui.transcript import markdown, renderer, tables
from tui.ui.transcript.blocks import Block
from tui.ui.transcript.renderer import Renderer
from tui.ui.transcript.splitter import Splitter

WIDTH = 60


def fail(*_arguments: object, **_options: object) -> None:
    raise RuntimeError("cannot draw this")


def blocks_of(text: str) -> Sequence[Block]:
    splitter = Splitter()
    splitter.feed(text)
    splitter.close()
    return splitter.blocks


@pytest.fixture(autouse=True)
def failing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renderer, "code_rows", fail)
    monkeypatch.setattr(markdown, "inline", fail)
    monkeypatch.setattr(markdown, "readable", fail)
    monkeypatch.setattr(tables, "table_cells", fail)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a **b**\n\tc", ["a **b**", "    c"]),
        ("```python\nx = 1\n```", ["x = 1"]),
        ("$$\nx\n$$", ["$$", "x", "$$"]),
        ("| a |\n|---|\n| b |", ["| a |", "| b |"]),
    ],
)
def test_a_block_that_cannot_be_drawn_is_shown_as_its_source(text: str, rows: list[str]) -> None:
    drawing = Renderer(lambda _: Style.null())
    seen: list[str] = []
    for block in blocks_of(text):
        strips = drawing.strips(block, WIDTH, LOOKS.assistant)
        seen += [strip.text[2:].rstrip() for strip in strips]
        found = drawing.traced(block, WIDTH, LOOKS.assistant)
        assert [[(p.start, p.end) for p in row] for row in found.rows] == [
            [(0, len(block.source))] for _ in strips
        ]
    assert seen == rows
