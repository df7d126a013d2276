"""Markdown blocks (markdown-it's tokens) as rows, containers inside of containers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import chain

from markdown_it.token import Token
from rich.cells import cell_len
from rich.style import Style

from tui.domain.images import without_data
from tui.domain.sanitize import visible
from tui.ui.transcript.blocks import Block, Fence, Kind
from tui.ui.transcript.code import Highlighter, code_rows
from tui.ui.transcript.formulas import display_source
from tui.ui.transcript.grammar import PARSER
from tui.ui.transcript.inline import References, flat, footnote_mark, inline
from tui.ui.transcript.latex import readable
from tui.ui.transcript.look import Look
from tui.ui.transcript.openextras import footnote_label, footnote_text
from tui.ui.transcript.options import Options
from tui.ui.transcript.tables import (
    cell_width,
    fit,
    record,
    record_head,
    row_lines,
    rule,
    word_width,
)
from tui.ui.transcript.wrap import Row, Span, wrap

_BAR = "│ "
_BULLETS = ("•", "◦", "▪")
_TASKS = {"[ ] ": "☐", "[x] ": "☑", "[X] ": "☑"}
_ALIGNS = {"text-align:right": "right", "text-align:center": "center"}
_DEEPEST = PARSER.options["maxNesting"] - 1
_KEPT = 128
_LONGEST_KEPT = 2_000
"""Characters of a source whose tokens are worth keeping."""
_LONGEST_LINE = 16_384
"""Characters in one line, past which it is data rather than text: it is shown as it is."""
_MOST_LEXED_OPEN = 100
"""Lines of code in a list or a quote, past which it has no colours until its fence is closed.

All of it would be lexed once more for every frame while it arrives.
"""
_FORMULA_INDENT = 4
_NARROWEST = 6
"""Cells that a text keeps, however deep it is nested: what stands beside it gives way."""


def markdown_rows(
    block: Block, width: int, look: Look, highlighter: Highlighter, options: Options
) -> list[Row]:
    """A block's source, parsed by itself."""
    if block.kind is Kind.FOOTNOTE:
        mark = footnote_mark(footnote_label(block.source) or "") + " "
        text = footnote_text(block.source)
        return _hung(
            (mark, look["mark"]),
            lambda room: _rows(block, text, room, look, highlighter, options),
            width,
            look,
        )
    return _rows(block, block.source, width, look, highlighter, options)


def _rows(
    block: Block, source: str, width: int, look: Look, highlighter: Highlighter, options: Options
) -> list[Row]:
    if look.trace is not None and look.trace.source != source:
        look = replace(look, trace=None)
    if len(source) > _LONGEST_LINE and "\n" not in source:
        shown = without_data(source)
        if len(shown) > _LONGEST_LINE:
            return wrap([(shown, look.text)], width)
        source = shown
    tokens = _tokens(source, block.references)
    if any(token.level >= _DEEPEST for token in tokens):
        # The parser gives up at this depth and leaves out what is inside.
        return wrap([(source, look.text)], width)
    walk = _Walk(tokens, source.split("\n"), look, highlighter, options, block.ordinal)
    return walk.blocks(0, len(tokens), width, look.text) or [([], 0)]


def _tokens(source: str, references: References) -> list[Token]:
    """The tokens of a source: a list of one's own, but the tokens themselves are shared."""
    if references or len(source) > _LONGEST_KEPT:
        return PARSER.parse(source, {"references": dict(references)})
    return list(_parsed(source))


@lru_cache(_KEPT)
def _parsed(source: str) -> list[Token]:
    # Another width or theme draws what is in view once more: it need not be parsed once more.
    return PARSER.parse(source)


def formula_rows(source: str, width: int, look: Look, options: Options) -> list[Row]:
    """A display formula with its delimiters: as text, or as it was written."""
    inside = display_source(source)
    text = readable(inside[1]) if inside is not None and options.readable_formulas else None
    if text is None:
        return wrap([(source.expandtabs(4), look["code-inline"])], width)
    indent = min(_FORMULA_INDENT, max(0, width - _NARROWEST))
    rows = wrap([(visible(text), look["formula"])], width - indent)
    pad = (" " * indent, look.text)
    return prefixed(rows, pad, pad, indent)


def prefixed(rows: Sequence[Row], first: Span, others: Span, cells: int) -> list[Row]:
    """Rows with something in front: a list's mark above its hanging indent, a quote's bar."""
    return [
        ([others if number else first, *spans], used + cells)
        for number, (spans, used) in enumerate(rows)
    ]


def _hung(mark: Span, draw: Callable[[int], list[Row]], width: int, look: Look) -> list[Row]:
    """What is drawn for the room that a mark leaves beside it; for want of room, it goes below."""
    size = cell_len(mark[0])
    if width - size < _NARROWEST:
        return [*wrap([mark], width), *draw(width)]
    return prefixed(draw(width - size), mark, (" " * size, look.text), size)


@dataclass(slots=True)
class _Walk:
    """Goes through the tokens of one block."""

    tokens: list[Token]
    lines: Sequence[str]
    look: Look
    highlighter: Highlighter
    options: Options
    ordinal: int | None
    depth: int = 0

    def blocks(self, start: int, end: int, width: int, base: Style) -> list[Row]:
        """The rows of the blocks between two tokens."""
        rows: list[Row] = []
        index = start
        while index < end:
            token = self.tokens[index]
            close = self._close(index)
            drawn = self._block(index, close, width, base)
            if rows and drawn and self._stands_apart(token):
                rows.append(([], 0))
            rows.extend(drawn)
            index = close + 1
        return rows

    def _close(self, index: int) -> int:
        """The token that ends the block that begins at ``index``."""
        if self.tokens[index].nesting < 1:
            return index
        level = self.tokens[index].level
        while True:
            index += 1
            if self.tokens[index].level == level:
                return index

    def _stands_apart(self, token: Token) -> bool:
        """Whether a blank line stands above the block in the source."""
        if not token.map or not token.map[0]:
            return False
        return not self.lines[token.map[0] - 1].strip(" \t>")

    def _block(self, index: int, close: int, width: int, base: Style) -> list[Row]:
        token, look = self.tokens[index], self.look
        match token.type:
            case "paragraph_open":
                return wrap(self._inline(index + 1, base), width)
            case "heading_open":
                return self._heading(index, width)
            case "fence" | "code_block":
                return self._code(token, width)
            case "hr":
                return [([("─" * width, look["mark"])], width)]
            case "bullet_list_open" | "ordered_list_open":
                return self._list(index, close, width, base)
            case "blockquote_open":
                return self._quote(index, close, width)
            case "table_open":
                return self._table(index, close, width, base)
            case "inline":
                return wrap(self._inline(index, base), width)
            case "math_block":
                return formula_rows(f"$${token.content}$$", width, look, self.options)
        return wrap([(flat(token.content), base)], width) if token.content else []

    def _inline(self, index: int, base: Style) -> list[Span]:
        formulas = self.options.readable_formulas
        draw = partial(inline, look=self.look, base=base, formulas=formulas)
        if self.look.trace is not None:
            return self.look.trace.inline(self.tokens, index, draw)
        return draw(self.tokens[index].children or ())

    def _heading(self, index: int, width: int) -> list[Row]:
        hashes = "#" * int(self.tokens[index].tag[1:]) + " "
        spans = self._inline(index + 1, self.look["heading"])
        return _hung((hashes, self.look["mark"]), partial(wrap, spans), width, self.look)

    def _quote(self, index: int, close: int, width: int) -> list[Row]:
        style, size = self.look["quote"], len(_BAR)
        if width - size < _NARROWEST:
            return self.blocks(index + 1, close, width, style)
        bar = (_BAR, self.look["mark"])
        return prefixed(self.blocks(index + 1, close, width - size, style), bar, bar, size)

    def _code(self, token: Token, width: int) -> list[Row]:
        info = flat(token.info).split()
        lines = token.content.removesuffix("\n").split("\n")
        language = info[0] if info else ""
        first, end = token.map or (0, 0)
        is_open = token.type == "fence" and end - first < len(lines) + 2
        coloured = "" if is_open and len(lines) > _MOST_LEXED_OPEN else language
        fence = Fence(coloured, lines, closed=True)
        block = Block(Kind.CODE, "\n".join(lines), fence=fence, count=len(lines))
        if self.look.trace is None:
            spans = self.highlighter.lines(block, self.look)
        else:
            spans = self.look.trace.nested_code(token, lines)
        options = self.options
        return code_rows(spans, width, self.look, label=language, last=True, options=options)

    def _list(self, index: int, close: int, width: int, base: Style) -> list[Row]:
        rows: list[Row] = []
        number: int | None = None
        if self.tokens[index].type == "ordered_list_open":
            number = int(self.tokens[index].attrs.get("start", 1))
            if self.ordinal is not None and self.depth == 0 and index == 0:
                number = self.ordinal
        index += 1
        while index < close:
            end = self._close(index)
            drawn = self._item(index, end, number, width, base)
            if rows and self._stands_apart(self.tokens[index]):
                rows.append(([], 0))
            rows.extend(drawn)
            number = None if number is None else number + 1
            index = end + 1
        return rows

    def _item(
        self, index: int, close: int, number: int | None, width: int, base: Style
    ) -> list[Row]:
        mark = _BULLETS[min(self.depth, 2)].rjust(2) if number is None else f"{number}.".rjust(3)
        inner = index + 2  # the inline text of the first paragraph
        if inner < close and self.tokens[inner].type == "inline":
            children = self.tokens[inner].children or []
            if children and (task := _TASKS.get(children[0].content[:4])):
                mark = mark if number is not None else ""
                mark = f"{mark} {task}"
                text = children[0].copy(content=children[0].content[4:])
                self.tokens[inner] = self.tokens[inner].copy(children=[text, *children[1:]])
        self.depth += 1
        rows = _hung(
            (f"{mark} ", self.look["mark"]),
            lambda room: self.blocks(index + 1, close, room, base) or [([], 0)],
            width,
            self.look,
        )
        self.depth -= 1
        return rows

    def _table(self, index: int, close: int, width: int, base: Style) -> list[Row]:
        """A table inside of a list or a quote: as one piece."""
        look = self.look
        aligns: list[str] = []
        rows: list[list[list[Span]]] = []
        for at in range(index, close):
            token = self.tokens[at]
            if token.type == "tr_open":
                rows.append([])
            elif token.type in {"th_open", "td_open"}:
                style = look["table-head"] if token.type == "th_open" else base
                rows[-1].append(self._inline(at + 1, style))
                if token.type == "th_open":
                    aligns.append(_ALIGNS.get(str(token.attrs.get("style")), "left"))
        cells = [[row[column] for row in rows] for column in range(len(aligns))]
        natural = [max(map(cell_width, column)) for column in cells]
        words = [max(map(word_width, column)) for column in cells]
        columns = fit(natural, aligns, width, words)
        if columns is None:
            names, *others = rows
            records = (
                record(names, row, width, look, ruled=row is not others[0]) for row in others
            )
            return [*record_head(names, width, look), *chain.from_iterable(records)]
        drawn = [line for row in rows for line in row_lines(row, columns, look)]
        height = len(row_lines(rows[0], columns, look))
        return [*drawn[:height], rule(columns, look), *drawn[height:]]
