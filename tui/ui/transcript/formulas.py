r"""Where formulas are in Markdown: ``$…$``, ``$$…$$``, ``\(…\)`` and ``\[…\]``, but not prices."""

import re
from collections.abc import Callable

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from mdit_py_plugins.dollarmath.index import math_block_dollar, math_inline_dollar

from tui.ui.transcript.latex import looks_like_math

INLINE = "math_inline"
"""The type of the token of a formula in a line; its ``markup`` is the opening delimiter."""
BLOCK = "math_block"

CLOSING = {"$": "$", "$$": "$$", r"\(": r"\)", r"\[": r"\]"}

_DISPLAY = re.compile(r" {0,3}(\$\$|\\\[)(.*)$", re.DOTALL)

_Rule = Callable[[StateInline, bool], bool]


def add_formulas(parser: MarkdownIt) -> None:
    """Teach a parser the delimiters."""
    dollars = math_inline_dollar(allow_space=False, allow_digits=False, allow_double=True)
    parser.inline.ruler.before("escape", INLINE, _unless_text(dollars))
    parser.inline.ruler.before("escape", f"{INLINE}_brackets", _brackets)
    parser.block.ruler.before("fence", BLOCK, math_block_dollar(allow_labels=False))


def display_opening(line: str) -> str | None:
    """The delimiter of the display formula that begins with this line, if one does.

    It may end in the same line, but not before the line's end.
    """
    if "$$" not in line and r"\[" not in line:
        return None
    match = _DISPLAY.match(line)
    if match is None:
        return None
    opening, rest = match[1], match[2].rstrip()
    at = rest.find(CLOSING[opening])
    if at >= 0 and (at != len(rest) - 2 or not looks_like_math(rest[:at])):
        return None
    return opening


def display_source(source: str) -> tuple[str, str] | None:
    """The opening delimiter and the inside of a complete display formula, or None."""
    text = source.strip()
    opening = text[:2]
    if len(text) < 5 or opening not in ("$$", r"\[") or not text.endswith(CLOSING[opening]):
        return None
    return opening, text[2:-2].strip()


def _unless_text(rule: _Rule) -> _Rule:
    """The rule for dollars, refusing what is a price or the name of a variable."""

    def guarded(state: StateInline, silent: bool) -> bool:
        start = state.pos
        if state.src[start] != "$" or (start and state.src[start - 1].isalnum()):
            return False
        if not rule(state, True):
            return False
        end, state.pos = state.pos, start
        content = state.src[start:end].strip("$")
        if state.src[end : end + 1].isalnum() or not looks_like_math(content):
            return False
        return rule(state, silent)

    return guarded


def _brackets(state: StateInline, silent: bool) -> bool:
    r"""The rule for ``\(`` and ``\[``."""
    start = state.pos
    opening = state.src[start : start + 2]
    if opening not in (r"\(", r"\["):
        return False
    closing = CLOSING[opening]
    end = state.src.find(closing, start + 2, state.posMax)
    if end < 0 or not looks_like_math(content := state.src[start + 2 : end]):
        return False
    if not silent:
        token = state.push(INLINE, "math", 0)
        token.content, token.markup = content, opening
    state.pos = end + 2
    return True
