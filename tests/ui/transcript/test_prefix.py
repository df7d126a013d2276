"""The glyphs beside messages, and text that would be left out."""

import pytest
from rich.segment import Segment
from textual.strip import Strip

from tui.domain.caching_reasons import MissReason
from tui.domain.caching_trace import CacheState
from tui.domain.compression import LeftOut
from tui.ui.transcript.prefix import (
    MARKED,
    MISSED,
    READ,
    WARM,
    WRITTEN,
    Prefix,
    answer_glyph,
    left_out_words,
    message_glyph,
    struck,
    with_glyph,
    with_words,
)

ROW = Strip([Segment("▌ "), Segment("Hello")], 7)


@pytest.mark.parametrize(
    ("state", "glyph"),
    [
        (None, ""),
        (CacheState(plain=10), ""),
        (CacheState(written=10), WRITTEN),
        (CacheState(read=10, written=5), READ),
        (CacheState(read=5, missed=10), MISSED),
        (CacheState(written=10, reason=MissReason.EXPIRED), MISSED),
        (CacheState(written=10, reason=MissReason.FIRST_TURN), WRITTEN),
    ],
)
def test_the_glyph_of_an_answer_says_what_the_cache_did(
    state: CacheState | None, glyph: str
) -> None:
    assert answer_glyph(state)[0] == glyph


def test_a_mark_stands_at_the_first_row_of_its_message_and_the_warm_line_beside_all() -> None:
    prefix = Prefix(warm=frozenset({"a", "b"}), marked=frozenset({"b", "c"}))

    assert message_glyph(prefix, "a", first=True)[0] == WARM
    assert message_glyph(prefix, "b", first=True)[0] == MARKED
    assert message_glyph(prefix, "b", first=False)[0] == WARM
    assert message_glyph(prefix, "c", first=False)[0] == ""


def test_rows_keep_their_width_and_their_text() -> None:
    style, cut = (struck(ROW, whole=whole)._segments[-1].style for whole in (True, False))
    assert style is not None
    assert cut is not None
    assert style.strike
    assert cut.dim
    assert not cut.strike
    assert struck(ROW, whole=True).text == ROW.text == "▌ Hello"
    assert with_glyph(ROW, WARM, style).text == "▌│Hello"
    assert with_glyph(Strip([Segment("  note")], 6), READ, style).text == f"{READ} note"
    assert with_words(Strip.blank(7), "much too long", style).text == "  much "


def test_what_is_cut_is_told_from_what_goes_whole() -> None:
    assert left_out_words(LeftOut("a", 1_204, whole=True)) == "≈ 1,204 tokens would be left out"
    assert left_out_words(LeftOut("a", 7, whole=False)) == "≈ 7 tokens of it would be left out"
