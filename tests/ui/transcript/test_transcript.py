"""The widget in an app: following, letting go, folding, resizing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.app import App, ComposeResult
from textual.events import MouseScrollUp
from textual.pilot import Pilot
from textual.widgets import Input

from tui.ui.transcript import Entry, Role, Transcript

WIDTH, HEIGHT = 60, 20
VIEW = HEIGHT - 3
MANY_LINES = "\n\n".join(f"paragraph {number}" for number in range(60))


class Host(App[None]):
    """A transcript above an input, as in the chat."""

    CSS = "Input { height: 3; }"

    def compose(self) -> ComposeResult:
        yield Transcript()
        yield Input()


@asynccontextmanager
async def running(*entries: Entry) -> AsyncIterator[tuple[Pilot[None], Transcript]]:
    app = Host()
    async with app.run_test(size=(WIDTH, HEIGHT)) as pilot:
        transcript = app.query_one(Transcript)
        transcript.show(entries)
        transcript.focus()
        await pilot.pause()
        yield pilot, transcript


def rows(transcript: Transcript) -> list[str]:
    return [transcript.render_line(y).text.rstrip() for y in range(transcript.size.height)]


def answer(text: str = "", *, name: str = "a", reasoning: str = "", is_open: bool = False) -> Entry:
    return Entry(name, Role.ASSISTANT, text, reasoning, open=is_open)


async def stream(pilot: Pilot[None], transcript: Transcript, text: str) -> None:
    """Send a text and wait until it was taken over."""
    entry = transcript.entries[-1]
    size = len(entry.text) + len(text)
    transcript.append_text(entry.id, text)
    for _ in range(200):
        if len(entry.text) == size:
            return
        await pilot.pause(0.01)
    pytest.fail("the text was not drawn")


async def test_entries_are_shown_with_their_bars_and_notes() -> None:
    async with running(
        Entry("u", Role.USER, "# question"),
        Entry("a", Role.ASSISTANT, "# answer", note="model · $0.01"),
        Entry("n", Role.NOTICE, "No connection", tone="error"),
    ) as (_, transcript):
        assert rows(transcript)[:7] == [
            "▌ # question",
            "",
            "▍ # answer",
            "  model · $0.01",
            "",
            "✗ No connection",
            "",
        ]


async def test_it_opens_at_the_end() -> None:
    async with running(answer(MANY_LINES)) as (_, transcript):
        assert rows(transcript)[-2:] == ["▍ paragraph 59", ""]
        assert transcript.following


async def test_ten_thousand_entries_open_at_the_end_and_at_the_beginning() -> None:
    entries = [answer(f"answer {number}\n\n- x\n- y", name=str(number)) for number in range(10_000)]
    async with running(*entries) as (pilot, transcript):
        assert "▍ answer 9999" in rows(transcript)
        await pilot.press("home")
        assert rows(transcript)[0] == "▍ answer 0"


async def test_the_view_follows_what_streams_in() -> None:
    async with running(answer(is_open=True)) as (pilot, transcript):
        await stream(pilot, transcript, MANY_LINES)
        assert rows(transcript)[-2:] == ["▍ paragraph 59", ""]
        await stream(pilot, transcript, " and more")
        assert rows(transcript)[-2:] == ["▍ paragraph 59 and more", ""]


@pytest.mark.parametrize("key", ["up", "pageup", "home"])
async def test_a_key_upwards_lets_go_and_end_follows_again(key: str) -> None:
    async with running(answer(MANY_LINES, is_open=True)) as (pilot, transcript):
        await pilot.press(key)
        assert not transcript.following
        before = rows(transcript)
        await stream(pilot, transcript, MANY_LINES)
        assert rows(transcript)[:-1] == before[:-1]
        assert transcript.unread == 1
        assert rows(transcript)[-1].endswith("↓ 1 new")
        await pilot.press("end")
        assert transcript.following
        assert transcript.unread == 0
        assert rows(transcript)[-2:] == ["▍ paragraph 59", ""]


async def test_the_wheel_lets_go_and_at_the_bottom_takes_hold_again() -> None:
    async with running(answer(MANY_LINES, is_open=True)) as (pilot, transcript):
        wheel = MouseScrollUp(transcript, 1, 1, 0, 0, 0, shift=False, meta=False, ctrl=False)
        transcript.post_message(wheel)
        await pilot.pause()
        assert not transcript.following
        await pilot.press("pagedown")
        assert transcript.following


async def test_scrolling_up_meets_every_row_once() -> None:
    texts = [f"entry {number}\n\n" + "word " * (number % 7 * 20) for number in range(80)]
    entries = [answer(text, name=str(number)) for number, text in enumerate(texts)]
    async with running(*entries) as (_, transcript):
        seen = rows(transcript)
        while transcript.scroll_offset.y:
            before = rows(transcript)
            transcript.action_scroll_up()
            now = rows(transcript)
            assert now[1:] == before[:-1]
            seen.insert(0, now[0])
        headings = [row for row in seen if row.startswith("▍ entry")]
        assert headings == [f"▍ entry {number}" for number in range(80)]


async def test_a_resize_keeps_the_place() -> None:
    text = "\n\n".join(f"{number} " + "word " * 30 for number in range(60))
    async with running(answer(text)) as (pilot, transcript):
        transcript.scroll_to(y=60)
        await pilot.pause()
        top = next(row for row in rows(transcript) if row[2:3].isdigit())
        for width in (40, 90, WIDTH):
            await pilot.resize_terminal(width, HEIGHT)
            await pilot.pause()
            first = next(row for row in rows(transcript) if row[2:3].isdigit())
            assert first.split()[1] == top.split()[1]


async def test_a_resize_at_the_end_stays_at_the_end() -> None:
    async with running(answer(MANY_LINES + " end" * 40)) as (pilot, transcript):
        await pilot.resize_terminal(30, HEIGHT + 5)
        await pilot.pause()
        assert rows(transcript)[-2].endswith("end")


async def test_reasoning_folds_when_the_answer_begins_and_unfolds_by_key() -> None:
    async with running(answer(is_open=True)) as (pilot, transcript):
        transcript.append_reasoning("a", "thinking")
        await stream(pilot, transcript, "")
        while not transcript.entries[0].reasoning:
            await pilot.pause(0.01)
        assert rows(transcript)[:2] == ["▍ ▾ reasoning · 8 characters", "▍ thinking"]
        await stream(pilot, transcript, "answer")
        assert rows(transcript)[:2] == ["▍ ▸ reasoning · 8 characters", "▍ answer"]
        await pilot.press("r")
        assert rows(transcript)[1:3] == ["▍ thinking", "▍ answer"]


async def test_a_click_on_the_header_unfolds_the_reasoning() -> None:
    async with running(answer("answer", reasoning="thinking")) as (pilot, transcript):
        await pilot.click(Transcript, offset=(5, 0))
        assert rows(transcript)[:3] == [
            "▍ ▾ reasoning · 8 characters",
            "▍ thinking",
            "▍ answer",
        ]


async def test_unfolding_a_long_reasoning_leaves_its_header_in_place() -> None:
    async with running(answer("answer", reasoning=MANY_LINES)) as (pilot, transcript):
        header = rows(transcript)[0]
        await pilot.press("r")
        assert rows(transcript)[0] == header.replace("▸", "▾")
        assert not transcript.following
        await pilot.press("r")
        assert rows(transcript)[:2] == [header, "▍ answer"]
        assert transcript.following


async def test_finish_draws_everything_at_once() -> None:
    async with running(answer(is_open=True)) as (_, transcript):
        transcript.append_text("a", "see [it]\n\n")
        transcript.append_text("a", "[it]: https://a.example")
        transcript.finish("a", "done")
        assert rows(transcript)[:4] == [
            "▍ see it",
            "▍",
            "▍ [it]: https://a.example",
            "  done",
        ]


async def test_an_entry_can_be_removed() -> None:
    async with running(answer("one"), answer("two", name="b")) as (_, transcript):
        transcript.remove_entry("a")
        assert rows(transcript)[:2] == ["▍ two", ""]


async def test_what_came_before_the_first_frame_is_shown() -> None:
    class Early(Host):
        def compose(self) -> ComposeResult:
            transcript = Transcript()
            transcript.add(answer("early", is_open=True))
            transcript.append_text("a", " bird")
            yield transcript

    async with Early().run_test(size=(WIDTH, HEIGHT)) as pilot:
        transcript = pilot.app.query_one(Transcript)
        while rows(transcript)[0] != "▍ early bird":
            await pilot.pause(0.01)


async def test_text_for_an_unknown_entry_is_ignored() -> None:
    async with running(answer("one", is_open=True)) as (pilot, transcript):
        transcript.append_text("?", "text")
        transcript.finish("?", "note")
        transcript.remove_entry("?")
        await stream(pilot, transcript, "!")
        assert rows(transcript)[0] == "▍ one!"


@pytest.mark.parametrize("theme", ["textual-light", "ansi-dark"])
async def test_another_theme_changes_the_colours_of_what_is_drawn(theme: str) -> None:
    async with running(answer("# heading\n\n```python\nx = 1\n```")) as (pilot, transcript):
        before = [list(transcript.render_line(y)) for y in range(4)]
        pilot.app.theme = theme
        await pilot.pause()
        after = [list(transcript.render_line(y)) for y in range(4)]
        assert ["".join(s.text for s in row) for row in after] == [
            "".join(s.text for s in row) for row in before
        ]
        assert after != before


async def test_nothing_ticks_when_nothing_arrives() -> None:
    async with running(answer(is_open=True)) as (pilot, transcript):
        await stream(pilot, transcript, "text")
        await pilot.pause()
        assert transcript._timer is None
