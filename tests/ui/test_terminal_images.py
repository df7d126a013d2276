"""Drawing images: chosen by what the terminal says of itself, and safe with hostile data."""

import asyncio
import os
import sys

import pytest
from textual.app import App, ComposeResult
from textual.color import Color
from textual.geometry import Region

from tests.fakes.images import HTML, SVG, declared_png, png
from tui.ui import terminal_images
from tui.ui.filters import OwnSequence
from tui.ui.terminal_images import CannotDrawError, Drawing, decoded, drawing_for, image_widget

BLUE = Color(0, 0, 200)


@pytest.mark.parametrize(
    ("environ", "drawing"),
    [
        ({}, Drawing.BLOCKS),
        ({"TERM": "xterm-256color"}, Drawing.BLOCKS),
        ({"TERM": "xterm-kitty"}, Drawing.KITTY),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "ghostty"}, Drawing.KITTY),
        ({"TERM": "foot-extra"}, Drawing.SIXEL),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, Drawing.SIXEL),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, Drawing.SIXEL),
        ({"TERM": "xterm-256color", "KONSOLE_VERSION": "230804"}, Drawing.SIXEL),
        ({"TERM": "xterm-256color", "KONSOLE_VERSION": "211203"}, Drawing.BLOCKS),
        ({"TERM": "xterm-256color", "KONSOLE_VERSION": "?"}, Drawing.BLOCKS),
        ({"TERM": "tmux-256color", "TERM_PROGRAM": "WezTerm"}, Drawing.BLOCKS),
        ({"TERM": "xterm-kitty", "TMUX": "/tmp/tmux"}, Drawing.BLOCKS),
        ({"TERM": "foot", "STY": "1.pts"}, Drawing.BLOCKS),
    ],
)
def test_the_environment_tells_what_can_be_drawn(environ: dict[str, str], drawing: Drawing) -> None:
    assert drawing_for(environ) is drawing


def test_an_image_is_decoded_onto_its_background() -> None:
    image = decoded(png(3, 2), BLUE)
    assert (image.size, image.mode, image.getpixel((0, 0))) == ((3, 2), "RGB", (255, 0, 0))


@pytest.mark.parametrize("size", [(100_000, 100_000), (2**31 - 1, 1), (60_000, 1_000)])
def test_a_huge_image_is_refused_before_it_is_decoded(size: tuple[int, int]) -> None:
    with pytest.raises(CannotDrawError, match="too many pixels"):
        decoded(declared_png(*size), BLUE)


@pytest.mark.parametrize("data", [b"", HTML, SVG, png(3, 2)[:50], declared_png(9, 9), b"GIF89a"])
def test_what_is_no_image_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(CannotDrawError, match="cannot be read"):
        decoded(data, BLUE)


def test_loading_the_library_leaves_the_terminal_alone(capfd: pytest.CaptureFixture[str]) -> None:
    terminal, environ = sys.__stdout__, dict(os.environ)
    terminal_images._library.cache_clear()
    for name in [name for name in sys.modules if name.startswith("textual_image")]:
        del sys.modules[name]
    image_widget(decoded(png(), BLUE), Drawing.BLOCKS)
    assert sys.__stdout__ is terminal
    assert dict(os.environ) == environ
    assert capfd.readouterr() == ("", "")


class Showing(App[None]):
    """Shows one image."""

    CSS = "Image { width: 4; height: 2; }"

    def __init__(self, drawing: Drawing) -> None:
        super().__init__()
        self.image = image_widget(decoded(png(8, 8), BLUE), drawing)
        self.image.id = "drawn"

    def compose(self) -> ComposeResult:
        yield self.image


async def test_blocks_are_plain_text_in_colours() -> None:
    app = Showing(Drawing.BLOCKS)
    async with app.run_test(size=(20, 10)):
        segments = [s for s in app.image.render_lines(Region(0, 0, 4, 2))[0] if s.text.strip()]
        assert {segment.text.strip("▀") for segment in segments} == {""}


async def test_sixels_are_marked_as_our_own() -> None:
    app = Showing(Drawing.SIXEL)
    async with app.run_test(size=(20, 10)) as pilot:
        async with asyncio.timeout(10):
            while not app.image.children:
                await pilot.pause(0.01)
        [child] = app.image.children
        texts = [s.text for line in child.render_lines(Region(0, 0, 4, 2)) for s in line]
        assert any(text.startswith("\x1bP") for text in texts)
        assert all(type(text) is OwnSequence for text in texts)
