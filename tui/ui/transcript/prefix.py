"""What the transcript shows of the cache and of compression: glyphs in a column, struck text."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.domain.caching_reasons import MissReason
from tui.domain.caching_trace import CacheState
from tui.domain.compression import LeftOut
from tui.domain.figures import tokens
from tui.ui.transcript.renderer import GUTTER

WARM, MARKED = "│", "◆"
READ, WRITTEN, MISSED = "✓", "+", "✗"

LEGEND = (
    f"{WARM} still cached   {MARKED} cache mark of the next send   "
    f"{READ} read   {WRITTEN} written   {MISSED} missed"
)
"""What the glyphs mean."""

_COLUMN = GUTTER - 1
"""The cell of a row that the glyphs of a message stand in: the role's bar has the one before."""
_SURPRISING = frozenset(
    {
        MissReason.EXPIRED,
        MissReason.OTHER_PROVIDER,
        MissReason.EARLIER_EDITED,
        MissReason.SYSTEM_CHANGED,
        MissReason.COMPRESSED,
    }
)
"""Reasons to pay in full that the reader may not know of; that it was the first turn is no news."""
_WHOLE, _CUT = Style(strike=True, dim=True), Style(dim=True)


@dataclass(frozen=True, slots=True)
class Prefix:
    """What there is to show, by ids of messages.

    ``warm`` is the beginning of the next send that is still cached, ``marked`` its cache marks,
    ``answers`` what the cache did for each, and ``left_out`` what compression would drop or cut.
    """

    warm: frozenset[str] = frozenset()
    marked: frozenset[str] = frozenset()
    answers: Mapping[str, CacheState] = field(default_factory=dict)
    left_out: Mapping[str, LeftOut] = field(default_factory=dict)


def message_glyph(prefix: Prefix, message_id: str, *, first: bool) -> tuple[str, str]:
    """The glyph beside a row of a message's text, and the name of its style; empty for none."""
    if first and message_id in prefix.marked:
        return MARKED, "cache-mark"
    return (WARM, "cache-warm") if message_id in prefix.warm else ("", "")


def is_miss(state: CacheState) -> bool:
    """Whether something was not read from the cache that the reader would expect in it."""
    return state.missed > 0 or state.reason in _SURPRISING


def answer_glyph(state: CacheState | None) -> tuple[str, str]:
    """The glyph beside the line under an answer: what the cache did for its prompt."""
    if state is None:
        return "", ""
    if is_miss(state):
        return MISSED, "cache-missed"
    if state.read:
        return READ, "cache-warm"
    return (WRITTEN, "cache-mark") if state.written else ("", "")


def left_out_words(left_out: LeftOut) -> str:
    """What is said below a message that would be left out, or cut."""
    count = tokens(left_out.tokens, estimated=True)
    return f"{count} tokens {'' if left_out.whole else 'of it '}would be left out"


def with_glyph(strip: Strip, glyph: str, style: Style) -> Strip:
    """The row with the glyph beside the role's bar, or in its place where there is none."""
    column = _COLUMN if strip.crop(0, 1).text.strip() else 0
    mark = Strip([Segment(glyph, style)], 1)
    return Strip.join([strip.crop(0, column), mark, strip.crop(column + 1, strip.cell_length)])


def struck(strip: Strip, *, whole: bool) -> Strip:
    """The row dimmed and, if nothing of the message stays, struck; its gutter stays as it is."""
    text = strip.crop(GUTTER, strip.cell_length).apply_style(_WHOLE if whole else _CUT)
    return Strip.join([strip.crop(0, GUTTER), text])


def with_words(strip: Strip, words: str, style: Style) -> Strip:
    """An empty row with words in it."""
    shown = words[: max(0, strip.cell_length - GUTTER)]
    rest = strip.crop(GUTTER + len(shown), strip.cell_length)
    return Strip.join([strip.crop(0, GUTTER), Strip([Segment(shown, style)], len(shown)), rest])
