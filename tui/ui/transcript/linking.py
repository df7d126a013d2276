"""Links in the transcript: stepped through, their targets shown, never opened by themselves."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip

from tui.ui.transcript.blocks import Block, Kind
from tui.ui.transcript.document import Entry
from tui.ui.transcript.entry_layout import EntryLayout
from tui.ui.transcript.hitmarks import Part, marked
from tui.ui.transcript.inline import TARGET
from tui.ui.transcript.pictures import ImageChosen, image_at
from tui.ui.transcript.reading import Reading

_MAYBE_LINK = re.compile(r"://|\]\(|\]\[|www\.|@|^ {0,3}\[[^\]]+\]:", re.IGNORECASE | re.MULTILINE)


@dataclass
class LinkChosen(Message):
    """The reader clicked a link, or pressed Enter on it; ``target`` is cleaned."""

    target: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link in the rows of a block."""

    target: str
    parts: tuple[Part, ...]


def target_of(segment: Segment) -> str | None:
    """The target of the link that a piece of a row belongs to."""
    style = segment.style
    return style.meta.get(TARGET) if style is not None and style.meta else None


def links_in(strips: list[Strip]) -> list[Link]:
    """The links in the rows of a block; one that is wrapped is one link."""
    links: list[Link] = []
    before: str | None = None
    for row, strip in enumerate(strips):
        cell = 0
        for number, segment in enumerate(strip):
            target = target_of(segment)
            end = cell + segment.cell_length
            if target is not None:
                part = Part(row, cell, end)
                if target == before:
                    links[-1] = Link(target, (*links[-1].parts, part))
                else:
                    links.append(Link(target, (part,)))
                before = target
            elif number and segment.text.strip(" │"):
                before = None  # the gutter and the spaces at the end are no text between
            cell = end
    return links


def _may_hold_links(entry: Entry) -> bool:
    texts = entry.text, entry.reasoning
    return bool(entry.images) or any(_MAYBE_LINK.search(text) for text in texts)


def _may_link(block: Block) -> bool:
    is_certain = block.kind is Kind.IMAGE or bool(block.references)
    return is_certain or _MAYBE_LINK.search(block.source) is not None


class Linking(Reading):
    """The part of the transcript that knows where links are."""

    def _init_linking(self) -> None:
        self._link: tuple[EntryLayout, Block, int] | None = None
        self._target: str | None = None

    @property
    def target(self) -> str | None:
        """Where the link leads that is chosen or under the mouse."""
        return self._target

    def action_link(self, step: int) -> None:
        """Go to the next (1) or previous (-1) link."""
        for entry, index, number, link in self._links_from_here(step):
            self._link = entry, entry.blocks[index], number
            self._target = link.target
            self.reveal(entry, index, link.parts[0].row)
            self.refresh()
            return

    def action_open_link(self) -> None:
        """Ask what to do with the link that was gone to."""
        if self._link is not None and self._target is not None:
            self.choose(self._target)

    def choose(self, target: str) -> None:
        """Tell which link or which image was chosen."""
        image = image_at(target)
        if image is None:
            self.post_message(LinkChosen(target))
        elif (entry := self._layout.get(image[0])) is not None:
            self.post_message(ImageChosen(entry.entry.images, image[1]))

    def leave_link(self) -> bool:
        """Go back to reading; whether a link was chosen."""
        chosen, self._link, self._target = self._link is not None, None, None
        if chosen:
            self.refresh()
        return chosen

    def _links_from_here(self, step: int) -> Iterator[tuple[EntryLayout, int, int, Link]]:
        """The links before or after the chosen one, or from the top of the view on."""
        at, block, number = self._start()
        entries = self._layout.entries
        while 0 <= at < len(entries):
            entry = entries[at]
            if _may_hold_links(entry.entry):
                self._layout.place(entry)
                block = len(entry.blocks) - 1 if block is None else block
                while 0 <= block < len(entry.blocks):
                    piece = entry.blocks[block]
                    if _may_link(piece):
                        links = links_in(self.strips_of(entry, piece))
                        number = len(links) if number is None else number
                        chosen = number + step
                        if 0 <= chosen < len(links):
                            yield entry, block, chosen, links[chosen]
                    block += step
                    number = -1 if step > 0 else None
            at += step
            block, number = (0, -1) if step > 0 else (None, None)

    def _start(self) -> tuple[int, int | None, int | None]:
        """Entry, block and link from which to step."""
        if self._link is not None and self._layout.get(self._link[0].entry.id) is self._link[0]:
            entry, block, number = self._link
            if block in entry.blocks:
                return self._layout.index_of(entry), entry.blocks.index(block), number
        anchor = self._anchor
        if anchor is None or not self._layout.holds(anchor):
            return 0, 0, -1
        return self._layout.index_of(anchor.entry), anchor.index, -1

    def painted(self, block: Block, strips: list[Strip]) -> list[Strip]:
        """The rows of a block with the chosen link in them."""
        strips = super().painted(block, strips)
        if self._link is None or self._link[1] is not block:
            return strips
        links = links_in(strips)
        painted = list(strips)
        if self._link[2] < len(links):
            for part in links[self._link[2]].parts:
                style = Style(reverse=True)
                painted[part.row] = marked(painted[part.row], part.start, part.end, style)
        return painted

    def link_at(self, x: int, y: int) -> str | None:
        """The target of the link at a place of the view."""
        cell = 0
        for segment in self.render_line(y):
            cell += segment.cell_length
            if x < cell:
                return target_of(segment)
        return None

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Show where the link under the mouse leads."""
        self._show_target(self.link_at(event.x, event.y))

    def on_leave(self) -> None:
        """Nothing is under the mouse any more."""
        self._show_target(None)

    def _show_target(self, target: str | None) -> None:
        if target is None and self._link is not None:
            return
        if target != self._target:
            self._target = target
            self.refresh()
