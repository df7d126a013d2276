"""Images drawn in the terminal, where textual-image is installed: the extra ``images``.

The library asks the terminal what it can do while it is imported, and reads the answer from the
very input that the app reads: keys would be lost. So it is imported without a terminal in sight,
and what the terminal can do is told by the environment.
"""

import fcntl
import io
import os
import struct
import sys
import termios
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from enum import Enum, auto
from functools import cache, partial
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from textual.color import Color
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from tui.ui.filters import OwnSequence

MOST_PIXELS = 50_000_000
"""Pixels of the largest image that is decoded: 200 MB of memory for a moment."""
_KEPT_SIZE = (1600, 1600)
"""Pixels that are kept of a larger image, since it is scaled again at each drawing."""
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
_TOO_LARGE = "It has too many pixels to draw it here. It can be saved and opened."
_KITTY_TERMS = frozenset({"xterm-kitty", "xterm-ghostty"})
_SIXEL_PROGRAMS = frozenset({"WezTerm", "iTerm.app"})
_SIXEL_TERMS = ("foot", "contour", "mlterm")
_KONSOLE_WITH_SIXELS = 220_400
_CELL_SIZE = ("TEXTUAL_CELL_WIDTH", "TEXTUAL_CELL_HEIGHT")
"""Where the library looks for the pixels of a cell if there is no terminal to ask."""


class Drawing(Enum):
    """The ways to draw an image."""

    KITTY = auto()
    SIXEL = auto()
    BLOCKS = auto()


class CannotDrawError(Exception):
    """An image cannot be drawn; the words say why."""


def drawing_for(environ: Mapping[str, str]) -> Drawing:
    """What the terminal can draw, by what it says of itself; tmux and screen pass nothing on."""
    term = environ.get("TERM", "")
    if environ.get("TMUX") or environ.get("STY") or term.startswith(("screen", "tmux")):
        return Drawing.BLOCKS
    program = environ.get("TERM_PROGRAM", "")
    if term in _KITTY_TERMS or program == "ghostty":
        return Drawing.KITTY
    konsole = environ.get("KONSOLE_VERSION", "")
    is_konsole = konsole.isdecimal() and int(konsole) >= _KONSOLE_WITH_SIXELS
    if is_konsole or program in _SIXEL_PROGRAMS or term.startswith(_SIXEL_TERMS):
        return Drawing.SIXEL
    return Drawing.BLOCKS


def can_draw() -> bool:
    """Whether the extra is installed."""
    return find_spec("textual_image") is not None


def decoded(data: bytes, background: Color) -> Any:
    """The pixels of an image on a background, as a Pillow image; takes its time.

    Raises:
        CannotDrawError: It is too large, or no image of a format that we know.

    """
    pillow = import_module("PIL.Image")
    try:
        image = pillow.open(io.BytesIO(data), formats=_FORMATS)
        if image.width * image.height > MOST_PIXELS:
            raise CannotDrawError(_TOO_LARGE)
        image.thumbnail(_KEPT_SIZE)
        pixels = image.convert("RGBA")
        ground = pillow.new("RGBA", pixels.size, (*background.rgb, 255))
        return pillow.alpha_composite(ground, pixels).convert("RGB")
    except CannotDrawError:
        raise
    except pillow.DecompressionBombError as error:
        raise CannotDrawError(_TOO_LARGE) from error
    except Exception as error:  # whatever decoders raise for data that is broken or hostile
        raise CannotDrawError("It cannot be read as an image.") from error


def image_widget(image: Any, drawing: Drawing) -> Widget:
    """A widget that draws what :func:`decoded` returned."""
    library: Any = _library()
    widget: Widget
    match drawing:
        case Drawing.KITTY:
            widget = library.TGPImage(image)
        case Drawing.SIXEL:
            sixels = library.SixelImage(image)
            sixels.compose = partial(_with_own_sequences, sixels.compose)
            widget = sixels
        case Drawing.BLOCKS:
            widget = library.HalfcellImage(image)
    return widget


def _with_own_sequences(compose: Any) -> Iterator[Widget]:
    """The children of the library's widget, which write sequences as if they were text."""
    for child in compose():
        child.render_lines = partial(_own_sequences, child.render_lines)
        yield child


def _own_sequences(render_lines: Any, crop: Region) -> list[Strip]:
    return [
        Strip(
            [segment._replace(text=OwnSequence(segment.text)) for segment in strip],
            strip.cell_length,
        )
        for strip in render_lines(crop)
    ]


@cache
def _library() -> ModuleType:
    """The widgets of textual-image."""
    with _without_terminal():
        return import_module("textual_image.widget")


@contextmanager
def _without_terminal() -> Iterator[None]:
    before = {name: os.environ.get(name) for name in _CELL_SIZE}
    os.environ.update(zip(_CELL_SIZE, map(str, _cell_pixels()), strict=True))
    terminal = sys.__stdout__
    sys.__stdout__ = io.StringIO()  # type: ignore[misc,assignment]  # the library looks at this one
    try:
        yield
    finally:
        sys.__stdout__ = terminal  # type: ignore[misc]  # as it was
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _cell_pixels() -> tuple[int, int]:
    """Width and height of a cell; if the terminal's window does not tell, as of the VT340."""
    try:
        size = fcntl.ioctl(sys.stderr.fileno(), termios.TIOCGWINSZ, bytes(8))
        rows, columns, width, height = struct.unpack("HHHH", size)
        if rows and columns and width >= columns and height >= rows:
            return width // columns, height // rows
    except (OSError, ValueError):
        pass
    return 10, 20
