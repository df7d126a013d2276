"""The scrollbar, which is told less often than Textual would."""

import pytest
from textual.geometry import Region
from textual.scrollbar import ScrollBar

from tests.ui.transcript.test_transcript import MANY_LINES, answer, rows, running, stream
from tui.ui.transcript import Transcript


def thumb(transcript: Transcript) -> list[int]:
    """The rows in which the scrollbar's thumb is drawn."""
    bar = transcript.vertical_scrollbar
    strips = [bar.render_line(y) for y in range(bar.size.height)]
    plain = strips[0 if transcript.scroll_y else -1]
    return [y for y, strip in enumerate(strips) if list(strip) != list(plain)]


async def test_the_scrollbar_shows_the_size_and_the_place() -> None:
    async with running(answer(MANY_LINES, is_open=True)) as (pilot, transcript):
        bar = transcript.vertical_scrollbar
        assert thumb(transcript)[-1] == bar.size.height - 1
        long = len(thumb(transcript))
        await stream(pilot, transcript, "\n\n" + MANY_LINES)
        await pilot.pause()
        assert len(thumb(transcript)) < long
        await pilot.press("home")
        await pilot.pause()
        assert thumb(transcript)[0] == 0
        assert rows(transcript)[0] == "▍ paragraph 0"


async def test_the_scrollbar_is_drawn_again_only_when_it_looks_different(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "\n\n".join([MANY_LINES] * 20)
    async with running(answer(text, is_open=True)) as (pilot, transcript):
        drawn: list[ScrollBar] = []
        refresh = ScrollBar.refresh

        def noted(bar: ScrollBar, *regions: Region, **options: bool) -> ScrollBar:
            drawn.append(bar)
            return refresh(bar, *regions, **options)

        monkeypatch.setattr(ScrollBar, "refresh", noted)
        before = transcript.virtual_size.height
        await stream(pilot, transcript, "\n\nmore")
        assert transcript.virtual_size.height > before
        assert transcript.vertical_scrollbar.window_virtual_size == transcript.virtual_size.height
        assert transcript.vertical_scrollbar.position == transcript.scroll_y
        assert not drawn
