"""Which part of a block's source each cell on the screen shows.

Only what the mouse or the selection touches is traced: the block is drawn once more, with the place
of every text in the source as its style. So whatever wraps, folds, aligns or frames text need not
know about it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token
from rich.cells import cell_len
from rich.style import Style

from tui.ui.transcript.aligned import Aligned, Draw, Mark, align
from tui.ui.transcript.wrap import Row, Span

_TAB = 4


class Origin(Style):
    """A style that says where a text comes from: offsets into the block's source."""

    __slots__ = ("end", "start", "text")

    def __init__(self, text: str, start: int, end: int) -> None:
        super().__init__()
        self.text = text
        self.start = start
        self.end = end

    def __bool__(self) -> bool:
        return True  # although it changes nothing that is seen


@dataclass(frozen=True, slots=True)
class Piece:
    """Some cells of a row, and the part of the source that they show."""

    cell: int
    text: str
    start: int
    end: int

    @property
    def is_literal(self) -> bool:
        """Whether every character stands for itself; if not, the piece is not divisible."""
        return len(self.text) == self.end - self.start


@dataclass(slots=True)
class Trace:
    """What is gathered while one block is drawn."""

    source: str
    fine: bool = False
    """Whether rows are cut anywhere, so that every character needs a style of its own."""
    marks: list[Mark] = field(default_factory=list)
    """The parts of the source that give form to others, and are not seen."""
    _starts: list[int] = field(init=False)
    _cell_ends: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._starts = [0]
        for line in self.source.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)

    def text(self, source: str | None = None, start: int = 0) -> list[Span]:
        """A text that is shown as it is; tabs are expanded."""
        spans: list[Span] = []
        text = self.source if source is None else source
        for number, line in enumerate(text.split("\n")):
            if number:
                spans.append(("\n", Style.null()))
            spans.extend(self._line(line, start))
            start += len(line) + 1
        return spans

    def code(self, source: str) -> list[list[Span]]:
        """The lines of a block of code that is a block by itself."""
        start = 0
        lines: list[list[Span]] = []
        for line in source.split("\n"):
            lines.append(list(self._line(line, start)))
            start += len(line) + 1
        return lines

    def nested_code(self, token: Token, lines: Sequence[str]) -> list[list[Span]]:
        """The lines of code inside of a list or a quote, which stand behind its marks."""
        first, end = token.map or (0, 0)
        fenced = token.type == "fence"
        result: list[list[Span]] = []
        hidden: list[tuple[int, int]] = []
        at = self._starts[first]
        inner: list[int] = []
        for number, line in enumerate(lines, first + fenced):
            if number + 1 >= len(self._starts):  # an empty fence at the end has no line
                result.append([])
                continue
            raw, end_of_line = self._raw(number), self._starts[number + 1] - 1
            lead = 0  # spaces for a tab that reaches into the code
            while not raw.endswith(line[lead:]):
                lead += 1
            start = end_of_line - len(line) + lead
            first_shown = start - 1 if lead else start
            hidden.append((at, first_shown))
            inner += [first_shown, end_of_line]
            at = end_of_line + 1
            spans = list(self._line(line[lead:], start, lead))
            if lead:
                spans.insert(0, (line[:lead], Origin(line[:lead], first_shown, start)))
            result.append(spans)
        last = max(at, self._starts[min(end, len(self._starts) - 1)] - 1)
        if inner:
            hidden.append((max(inner[-1], at - 1), last))
            outer = (self._starts[first] + self._indent(first), last)
            self.marks.append(Mark(outer, (inner[0], inner[-1]), tuple(hidden)))
        return result

    def inline(self, tokens: Sequence[Token], index: int, draw: Draw) -> list[Span]:
        """The inline text of a paragraph, a heading or a table's cell."""
        token = tokens[index]
        places = self._places(token, tokens[index - 1] if index else token)
        return self._aligned(align(token.children or (), token.content, draw), places)

    def cell(
        self, children: Sequence[Token], content: str, draw: Draw, line: int = 0
    ) -> list[Span]:
        """The inline text of a cell; those of a row come in their order."""
        return self._aligned(align(children, content, draw), self._cell_places(content, line))

    def _line(self, line: str, start: int, column: int = 0) -> Iterator[Span]:
        for number, part in enumerate(line.split("\t")):
            if number:
                spaces = " " * (_TAB - column % _TAB)
                yield spaces, Origin(spaces, start - 1, start)
                column += len(spaces)
            if part:
                yield from self._literal(part, start)
            column += len(part)
            start += len(part) + 1

    def _aligned(self, aligned: Aligned, places: Sequence[int]) -> list[Span]:
        self.marks += [mark.moved(places) for mark in aligned.marks]
        spans: list[Span] = []
        for text, start, end in aligned.texts:
            if start == end:  # added by the drawing
                spans.append((text, Style.null()))
                continue
            literal = len(text) == end - start and text != "\n"
            if not literal:
                first, last = places[start], places[end - 1] + 1
                spans.append((text, Origin(text, first, max(first, last))))
                continue
            run = 0
            for at in range(len(text)):  # cut where the source goes on elsewhere
                length = places[start + at + 1] - places[start + at]
                if length == 1 and at < len(text) - 1:
                    continue
                rest = text[run : at + 1] if length else text[run:at]
                if rest:
                    spans.extend(self._literal(rest, places[start + run]))
                if not length:  # a bar between two cells that the source writes closer together
                    spans.append((text[at], Style.null()))
                run = at + 1
        return spans

    def _literal(self, text: str, start: int) -> Iterator[Span]:
        if text[-1] == "|" and self.source[start + len(text) - 1] == "\\":  # a pipe in a cell
            end = start + len(text) - 1
            if end > start:
                yield from self._literal(text[:-1], start)
            yield "|", Origin("|", end, end + 2)
            return
        if not self.fine:
            yield text, Origin(text, start, start + len(text))
            return
        for at, character in enumerate(text, start):
            yield character, Origin(character, at, at + 1)

    def _raw(self, line: int) -> str:
        return self.source[self._starts[line] : self._starts[line + 1] - 1]

    def _indent(self, line: int) -> int:
        raw = self._raw(line)
        return len(raw) - len(raw.lstrip(" "))

    def _places(self, token: Token, parent: Token) -> list[int]:
        """For each character of the token's text, and its end, the offset in the source."""
        first = token.map[0] if token.map else 0
        if parent.type in {"th_open", "td_open"}:
            return self._cell_places(token.content, first)
        places: list[int] = []
        hidden: list[tuple[int, int]] = []
        for number, line in enumerate(token.content.split("\n"), first):
            raw = self._raw(number)
            text = line.strip()
            if parent.markup.startswith("#"):
                column = raw.find(text, raw.find("#") + len(parent.markup))
            else:
                column = len(raw.rstrip()) - len(text)
            indent = line[: len(line) - len(line.lstrip())]
            of_tab = 0  # spaces for the rest of a tab that reaches into the text
            while not raw[: max(0, column)].endswith(indent[of_tab:]):
                of_tab += 1
            start = self._starts[number] + max(0, column - len(indent) + of_tab)
            places.extend([max(self._starts[number], start - 1)] * of_tab)
            places.extend(range(start, start + len(line) - of_tab + 1))
            if of_tab:
                start -= 1
            if number > first and start > self._starts[number]:
                hidden.append((self._starts[number], start))
        if hidden:
            whole = (0, len(self.source))
            self.marks.append(Mark(whole, (places[0], places[-1]), tuple(hidden)))
        return places

    def _cell_places(self, content: str, line: int) -> list[int]:
        raw, begin = self._raw(line), self._starts[line]
        at = self._cell_ends.get(line, -1)
        at = _skip(raw, _skip(raw, at + 1, " \t") if at >= 0 else 0, " \t")
        if line not in self._cell_ends and raw[at : at + 1] == "|":
            at = _skip(raw, at + 1, " \t")
        places: list[int] = []
        for character in content:
            if character not in {" ", raw[at : at + 1]}:
                at = _skip(raw, at, " \t")
            places.append(begin + at)
            if raw[at : at + 1] == character or character not in " |":
                at += 1
            elif raw[at : at + 2] == r"\|":
                at += 2
        places.append(begin + at)
        self._cell_ends[line] = _skip(raw, at, " \t")  # at the pipe
        return places


def _skip(text: str, at: int, characters: str) -> int:
    while at < len(text) and text[at] in characters:
        at += 1
    return at


def pieces(rows: Sequence[Row], indent: int, source: str) -> list[list[Piece]]:
    """What each row shows; ``indent`` cells stand before it.

    Of a block that does not tell, every row shows the whole source.
    """
    done: dict[int, int] = {}  # how much of each text the rows so far have shown
    result = [list(_row_pieces(spans, indent, done)) for spans, _ in rows]
    if not any(result):
        texts = ["".join(text for text, _ in spans).rstrip() for spans, _ in rows]
        return [[Piece(indent, text, 0, len(source))] if text else [] for text in texts]
    return result


def _row_pieces(spans: Iterable[Span], cell: int, done: dict[int, int]) -> Iterator[Piece]:
    for text, style in spans:
        if isinstance(style, Origin) and style.start < style.end:
            # Wrapping drops what is not seen at the ends of rows, and nothing else; but a character
            # of several code points may begin here and end in the text of another place.
            at = style.text.find(text, done.get(id(style), 0))
            done[id(style)] = max(0, at) + len(text)
            if at >= 0 and len(style.text) == style.end - style.start:
                yield Piece(cell, text, style.start + at, style.start + at + len(text))
            else:
                yield Piece(cell, text, style.start, style.end)
        cell += cell_len(text)
