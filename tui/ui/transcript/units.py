"""What the keyboard can point at: messages, and in them paragraphs, lists, tables and code."""

from collections.abc import Iterator
from dataclasses import dataclass

from tui.ui.transcript.blocks import Block, Fence, Kind
from tui.ui.transcript.document import Role
from tui.ui.transcript.entry_layout import EntryLayout
from tui.ui.transcript.grammar import PARSER
from tui.ui.transcript.layout import Layout
from tui.ui.transcript.selection import Part, part_of

_CODE = frozenset({"fence", "code_block"})


@dataclass(frozen=True, slots=True)
class Cursor:
    """A message, or a block in it by the line of its source."""

    entry: str
    block: tuple[Part, int] | None = None


@dataclass(frozen=True, slots=True)
class UnitOfBlocks:
    """Blocks that are one thing to the reader, such as the rows of a table."""

    part: Part
    first: int
    end: int
    """The index of its first block in the entry, and that after its last one."""
    line: int


@dataclass(frozen=True, slots=True)
class Code:
    """A code block, and how far below the top of a block of the layout its lines stand."""

    text: str
    offset: int
    """Where its first line is in the source of that block."""


def units(entry: EntryLayout) -> list[UnitOfBlocks]:
    """The units of an entry that is open, from its top to its bottom."""
    found: list[UnitOfBlocks] = []
    before: Block | None = None
    for index, block in enumerate(entry.blocks):
        part = part_of(block)
        if part is None or part is Part.NOTE:
            continue
        if before is not None and found[-1].end == index and _belong_together(before, block):
            last = found.pop()
            found.append(UnitOfBlocks(part, last.first, index + 1, last.line))
        else:
            found.append(UnitOfBlocks(part, index, index + 1, block.line))
        before = block
    return found


def _belong_together(first: Block, second: Block) -> bool:
    if first.fence is not None or second.fence is not None:
        return first.fence is second.fence
    if first.table is not None or second.table is not None:
        return first.table is second.table
    is_same = first.kind is second.kind and first.quiet is second.quiet
    return is_same and first.kind in {Kind.ITEM, Kind.PLAIN}


def unit_at(entry: EntryLayout, block: tuple[Part, int]) -> UnitOfBlocks | None:
    """The unit in which a line of the source is now."""
    found = [unit for unit in units(entry) if (unit.part, unit.line) <= block]
    return found[-1] if found else None


def next_message(layout: Layout, current: EntryLayout, step: int) -> EntryLayout | None:
    """The message above (-1) or below (1); remarks of the program are passed over."""
    at = layout.index_of(current) + step
    while 0 <= at < len(layout.entries):
        if layout.entries[at].entry.role is not Role.NOTICE:
            return layout.entries[at]
        at += step
    return None


def fence_text(entry: EntryLayout, fence: Fence) -> str:
    """The code of a fence, as far as it has arrived."""
    pieces = [block for block in entry.blocks if block.fence is fence and block.count]
    return "\n".join(block.source for block in pieces)


def codes_in(entry: EntryLayout, block: Block) -> Iterator[Code]:
    """The code blocks that begin in a block; those of lists and quotes are inside of it."""
    if block.fence is not None:
        if not block.first and block.count:
            yield Code(fence_text(entry, block.fence), 0)
    elif block.kind in {Kind.MARKDOWN, Kind.ITEM, Kind.FOOTNOTE}:
        lines = block.source.split("\n")
        for token in PARSER.parse(block.source):
            if token.type in _CODE and token.map:
                first = token.map[0] + (token.type == "fence")
                offset = sum(len(line) + 1 for line in lines[:first])
                yield Code(token.content.removesuffix("\n"), min(offset, len(block.source)))
