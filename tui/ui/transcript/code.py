"""Code blocks: highlighted by Pygments in the theme's colours, in a light frame."""

import re
from bisect import bisect_right, insort
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import chain
from weakref import WeakKeyDictionary

from pygments.lexer import Lexer
from pygments.lexers import get_all_lexers, get_lexer_by_name
from pygments.token import Comment, String, Text, _TokenType
from rich.cells import cell_len

from tui.domain.sanitize import single_line
from tui.ui.transcript.blocks import Block, Fence
from tui.ui.transcript.look import Look
from tui.ui.transcript.options import Options
from tui.ui.transcript.wrap import Row, Span, fold, undivided, window

Tokens = list[tuple[_TokenType, str]]

_LONGEST_LEXED_LINE = 250
_NO_CODE = re.compile(r"(?<![\w\s])[\w\s]{1000}")
"""Words or white space without end, over which some lexers take time out of all proportion."""
_BACKTRACKING = frozenset(
    ("augeas", "autoit", "delphi", "fan", "systemd", "tid", "urlencoded", "wikitext")
)
"""Lexers that take seconds for a few lines such as ``((((``, ``/*/*`` or ``{{{{``: not used."""
_LONGEST_RUN = 128
"""Lines above a piece that are lexed again, at most, to know the state in which it begins."""
_MOST_LEXED_WHOLE = 300
"""Lines of a finished fence that are lexed in one go; a longer one stays as it was streamed."""
_KEPT_FENCES = 64
_NARROWEST_FRAME = 12
_TAB = 4
LONG = 40
"""Lines from which a fence can be folded to its first piece."""
_CONTINUED = "↳"
_MORE_LEFT, _MORE_RIGHT = "‹", "›"


@cache
def _languages() -> frozenset[str]:
    """The names of the lexers that are used.

    Those are of Pygments itself; asking it for another name searches all packages.
    """
    lexers = get_all_lexers(plugins=False)
    known = (aliases for _, aliases, _, _ in lexers if _BACKTRACKING.isdisjoint(aliases))
    return frozenset(chain.from_iterable(known))


@cache
def _known_lexer(language: str) -> Lexer:
    return get_lexer_by_name(language)


def _lexer(language: str) -> Lexer | None:
    return _known_lexer(language) if language in _languages() else None


_AS_USUAL = Options()


class Highlighter:
    """Colours for the pieces of growing fences, without lexing a fence from its start each time.

    For every open fence it keeps the lines where lexing may begin: those that a lexer has reached
    outside of strings and comments. That is a guess for languages that nest, so a fence is lexed
    once more when it is complete.
    """

    def __init__(self) -> None:
        self._starts: WeakKeyDictionary[Fence, list[int]] = WeakKeyDictionary()
        # By its text: a fence in an item or a quote is another one each time that is parsed.
        self._lex_whole = lru_cache(_KEPT_FENCES)(_lex)

    def lines(self, block: Block, look: Look) -> list[list[Span]]:
        """The spans of each line of a piece of code."""
        own = block.source.split("\n") if block.count else []
        fence = block.fence
        if not own or fence is None or (lexer := _lexer(fence.language.lower())) is None:
            return [[(line.expandtabs(_TAB), look["code"])] for line in own]
        is_whole = block.count == len(fence.lines)
        if fence.closed and (is_whole or len(fence.lines) <= _MOST_LEXED_WHOLE):
            lexed = self._lex_whole(lexer, tuple(fence.lines))
            lexed = lexed[block.first : block.first + block.count]
        else:
            lexed = self._lex_piece(fence, lexer, block.first, own)
        return [undivided([(text, look.token(kind)) for kind, text in line]) for line in lexed]

    def _lex_piece(self, fence: Fence, lexer: Lexer, first: int, own: list[str]) -> list[Tokens]:
        starts = self._starts.setdefault(fence, [0])
        start = max(starts[bisect_right(starts, first) - 1], first - _LONGEST_RUN)
        above = fence.lines[start:first]
        lexed = _lex(lexer, above + own)
        for number in range(len(lexed) - 1, len(above), -1):
            if start + number <= starts[-1]:
                break
            if _ends_outside(lexed[number - 1]):
                insort(starts, start + number)
                break
        return lexed[len(above) :]

    def forget(self) -> None:
        """Drop everything that can be computed again."""
        self._lex_whole.cache_clear()


def _ends_outside(line: Tokens) -> bool:
    """Whether the line surely ends outside of a string or comment that goes on in the next one."""
    return bool(line) and not any(
        line[-1][0] in kind for kind in (String, Comment.Multiline, Comment.Special)
    )


def _tokens(lexer: Lexer, source: str) -> Tokens:
    """What a lexer finds; all of it plain if that would take too long or fails."""
    plain = [(Text, source)]
    if _NO_CODE.search(source):
        return plain
    try:
        return [(kind, text) for _, kind, text in lexer.get_tokens_unprocessed(source)]
    except Exception:  # noqa: BLE001 - hundreds of lexers of many authors read what a model writes
        return plain


def _lex(lexer: Lexer, lines: Sequence[str]) -> list[Tokens]:
    """The tokens of each line; very long lines stay as they are."""
    shown = [line if len(line) <= _LONGEST_LEXED_LINE else "" for line in lines]
    source = "\n".join(shown).expandtabs(_TAB) + "\n"
    result: list[Tokens] = [[]]
    for kind, text in _tokens(lexer, source):
        first, *others = text.split("\n")
        if first:
            result[-1].append((kind, first))
        result.extend([(kind, other)] if other else [] for other in others)
    del result[len(lines) :]
    result.extend([] for _ in range(len(lines) - len(result)))
    for number, line in enumerate(lines):
        if len(line) > _LONGEST_LEXED_LINE:
            result[number] = [(Text, line.expandtabs(_TAB))]
    return result


def overflow(lines: Sequence[list[Span]], width: int) -> int:
    """How many cells the longest line has more than its frame has room for."""
    longest = max((sum(cell_len(text) for text, _ in line) for line in lines), default=0)
    return max(0, longest - (width - 4))


def _cut(line: list[Span], width: int, pan: int) -> tuple[Row, str, str]:
    """The part of a line that is seen, with the marks for what is left and right of it."""
    more = sum(cell_len(text) for text, _ in line) > pan + width
    left, right = _MORE_LEFT if pan and line else " ", _MORE_RIGHT if more else " "
    return window(line, pan, width), left, right


def code_rows(
    lines: Sequence[list[Span]],
    width: int,
    look: Look,
    *,
    label: str | None = None,
    last: bool = False,
    options: Options = _AS_USUAL,
    hidden: str = "",
) -> list[Row]:
    """Code in its frame; ``label`` draws the top with the language, ``last`` the bottom.

    ``hidden`` says in the bottom what is folded below.
    """
    frame, code = look["code-frame"], look["code"]
    rows: list[Row] = []
    if width < _NARROWEST_FRAME:
        for line in lines:
            rows.extend(fold(line, width))
        return rows or [([], 0)]
    if label is not None:
        name = single_line(label, width - 6)
        name = f" {name} " if name else ""
        rule = "─" * (width - 2 - cell_len(name))
        rows.append(([("┌", frame), (name, look["mark"]), (f"{rule}┐", frame)], width))
    for line in lines:
        if options.wrap_code:
            drawn = [(row, " ", " ") for row in fold(line, width - 4)]
            drawn[1:] = [(row, _CONTINUED, " ") for row, _, _ in drawn[1:]]
        else:
            drawn = [_cut(line, width - 4, options.pan)]
        for (spans, used), left, right in drawn:
            pad = " " * (width - 4 - used)
            rows.append(([(f"│{left}", frame), *spans, (pad, code), (f"{right}│", frame)], width))
    if hidden:
        words = single_line(hidden, width - 4)
        rule = "─" * (width - 4 - cell_len(words))
        rows.append(([("└ ", frame), (words, look["mark"]), (f" {rule}┘", frame)], width))
    elif last:
        rows.append(([("└" + "─" * (width - 2) + "┘", frame)], width))
    return rows
