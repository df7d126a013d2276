"""The images of an answer in the transcript: one line each, that leads to the image like a link."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.style import Style
from textual.message import Message

from tui.domain.pictures import Picture
from tui.ui.transcript.blocks import Block, Kind
from tui.ui.transcript.document import Entry
from tui.ui.transcript.inline import TARGET
from tui.ui.transcript.look import Look
from tui.ui.transcript.wrap import Row, wrap

_SCHEME = "image"
"""Of targets that are ours; a link in a text never has it."""
_GLYPH = "▣"
_HINT = " · Alt+I view/save"


@dataclass
class ImageChosen(Message):
    """The reader clicked the line of an image, or pressed Enter on it."""

    images: Sequence[Picture]
    """All images of the answer."""
    index: int


def picture_blocks(entry: Entry) -> list[Block]:
    """One block for each image; a blank line stands between them and the text."""
    return [
        Block(
            Kind.IMAGE,
            f"image {number} · {picture.words}",
            gap=number == 1 and bool(entry.text),
            content=f"{_SCHEME}:{number}:{entry.id}",
        )
        for number, picture in enumerate(entry.images, 1)
    ]


def picture_rows(block: Block, width: int, look: Look) -> list[Row]:
    """The line of an image."""
    name, _, rest = block.source.partition(" · ")
    meta = Style.from_meta({TARGET: str(block.content)})
    note = look["note"] + meta
    return wrap(
        [(f"{_GLYPH} ", note), (name, look["link"] + meta), (f" · {rest}{_HINT}", note)], width
    )


def image_at(target: str) -> tuple[str, int] | None:
    """The entry and the index of the image that a target stands for; None for a link."""
    scheme, _, rest = target.partition(":")
    number, _, entry_id = rest.partition(":")
    return (entry_id, int(number) - 1) if scheme == _SCHEME else None


def shown_target(target: str) -> str:
    """What is said of a target at the bottom of the view."""
    found = image_at(target)
    return target if found is None else f"image {found[1] + 1}: look at it, save it or open it"
