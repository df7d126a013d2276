"""Styled text broken into rows of a given width in terminal cells."""

import re
from collections.abc import Iterable, Iterator

from rich.cells import cell_len, split_graphemes
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

Span = tuple[str, Style]
Row = tuple[list[Span], int]
"""The spans of a row, and the cells that they take."""

# Characters that take one cell each and join with nothing: their text can be cut by index.
_NARROW = re.compile(
    "[ -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e"
    "\u20a0-\u20bf\u2190-\u21ff\u2200-\u22ff\u2500-\u25fc]*"
)
_JOINER, _EMOJI_STYLE = "\N{ZERO WIDTH JOINER}", "\N{VARIATION SELECTOR-16}"
# Closing punctuation of East Asian scripts does not begin a row.
_NOT_FIRST = frozenset("、。，．：；！？）」』】〕〉》’”…ー々")


def is_narrow(text: str) -> bool:
    """Whether every character takes exactly one cell."""
    return _NARROW.fullmatch(text) is not None


def wrap(spans: Iterable[Span], width: int) -> list[Row]:
    """Break at spaces, between wide characters, and anywhere in words wider than a row.

    Line breaks in the text begin a new row. Spaces at a break are dropped. There is always at
    least one row.
    """
    width = max(1, width)
    rows: list[Row] = []
    for line, text, narrow in _lines(spans):
        cuts = _cuts_narrow(text, width) if narrow else _cuts_wide(text, width)
        rows.extend(_slice(line, cuts, narrow=narrow))
    return rows


def fold(spans: Iterable[Span], width: int) -> list[Row]:
    """Break after exactly ``width`` cells, keeping every space: for code."""
    width = max(1, width)
    rows: list[Row] = []
    for line, text, narrow in _lines(spans):
        if narrow:
            starts = range(0, max(1, len(text)), width)
            cuts = [(start, min(len(text), start + width)) for start in starts]
        else:
            cuts = _cuts_wide(text, width, anywhere=True)
        rows.extend(_slice(line, cuts, narrow=narrow))
    return rows


def undivided(line: list[Span]) -> list[Span]:
    """The line with each character in one span: that in which its first code point stands.

    A style may begin inside of an emoji of several code points, but terminals draw it as one. Such
    an emoji becomes a span of its own, since segments are cut between code points. A joiner at an
    end of the line would take in what is drawn beside it, so it goes.
    """
    text = "".join(part for part, _ in line)
    if is_narrow(text) or (len(line) == 1 and not _joins(text)):
        return line
    first, last = len(text) - len(text.lstrip(_JOINER)), len(text.rstrip(_JOINER))
    result: list[Span] = []
    index, span_end = 0, len(line[0][0])
    run, whole = first, False

    def end_run(end: int) -> None:
        if run < end:
            result.append((text[run:end], line[index][1]))

    for start, end, _ in split_graphemes(text)[0]:
        joined = end - start > 1 and _joins(text[start:end])
        if start >= span_end or joined or whole:
            end_run(min(start, last))
            run = max(start, first)
        while start >= span_end:
            index += 1
            span_end += len(line[index][0])
        whole = joined
    end_run(last)
    return result


def _joins(text: str) -> bool:
    return _JOINER in text or _EMOJI_STYLE in text


def window(spans: Iterable[Span], start: int, width: int) -> Row:
    """The part of a row that is seen through a window; half a wide character is a space."""
    strip = Strip([Segment(text, style) for text, style in spans]).crop(start, start + width)
    return [(text, style or Style.null()) for text, style, _ in strip], strip.cell_length


def _lines(spans: Iterable[Span]) -> Iterator[tuple[list[Span], str, bool]]:
    """The spans of every line of the text, the line itself, and whether it is narrow."""
    lines: list[list[Span]] = [[]]
    for text, style in spans:
        if "\n" not in text:
            if text:
                lines[-1].append((text, style))
            continue
        first, *others = text.split("\n")
        if first:
            lines[-1].append((first, style))
        lines.extend([(other, style)] if other else [] for other in others)
    for line in lines:
        text = line[0][0] if len(line) == 1 else "".join(part for part, _ in line)
        if is_narrow(text):
            yield line, text, True
        else:
            whole = undivided(line)
            yield whole, "".join(part for part, _ in whole), False


def _cuts_narrow(text: str, width: int) -> list[tuple[int, int]]:
    """Start and end of each row in the text, where index and cell are the same."""
    cuts: list[tuple[int, int]] = []
    start, length = 0, len(text)
    while length - start > width:
        space = text.rfind(" ", start, start + width + 1)
        if space <= start or not text[start:space].strip(" "):
            end = following = start + width
        else:
            end = following = space
            while end > start and text[end - 1] == " ":
                end -= 1
            while following < length and text[following] == " ":
                following += 1
        cuts.append((start, end))
        start = following
    if start < length or not cuts:
        cuts.append((start, length))
    return cuts


def _cuts_wide(text: str, width: int, *, anywhere: bool = False) -> list[tuple[int, int]]:
    """The same for text with characters of other widths."""
    cuts: list[tuple[int, int]] = []
    start = used = 0
    # The last place where the row may end: end of the row, start of the next, cells up to there.
    chance: tuple[int, int, int] | None = None
    wide_before = False
    for first, last, cells in split_graphemes(text)[0]:
        character = text[first:last]
        wide = cells > 1
        if character == " " and not anywhere:
            if chance is not None and chance[1] == first:
                chance = (chance[0], last, used + cells)
            elif first > start:
                chance = (first, last, used + cells)
        elif (
            (wide or wide_before)
            and first > start
            and character not in _NOT_FIRST
            and (chance is None or chance[1] != first)
        ):
            chance = (first, first, used)
        # Twice if what is left after a break before a wide character still does not fit.
        while used + cells > width and first > start and (anywhere or character != " "):
            here = (first, first, used)
            end, following, cells_there = here if anywhere or chance is None else chance
            cuts.append((start, end))
            start, used, chance = following, used - cells_there, None
        used += cells
        wide_before = wide
    end = len(text)
    while used > width and text[end - 1] == " " and not anywhere:
        end, used = end - 1, used - 1
    if start < end or not cuts:
        cuts.append((start, end))
    return cuts


def _slice(line: list[Span], cuts: list[tuple[int, int]], *, narrow: bool) -> list[Row]:
    """The spans of each row."""
    if narrow and len(cuts) == 1 and cuts[0][1] == sum(len(part) for part, _ in line):
        return [(line, cuts[0][1])]
    rows: list[Row] = []
    index = position = 0  # the span that holds the start of the row, and where that span begins
    for start, end in cuts:
        row: list[Span] = []
        while index < len(line) and position + len(line[index][0]) <= start:
            position += len(line[index][0])
            index += 1
        at, offset = index, position
        while at < len(line) and offset < end:
            text, style = line[at]
            part = text[max(0, start - offset) : end - offset]
            if part:
                row.append((part, style))
            offset += len(text)
            at += 1
        rows.append((row, end - start if narrow else sum(cell_len(part) for part, _ in row)))
    return rows
