"""Links: stepped through, shown, and only asked for."""

from textual.events import MouseMove

from tests.ui.transcript.test_transcript import Host, answer, rows, running
from tui.ui.transcript import Transcript
from tui.ui.transcript.linking import LinkChosen

TEXT = (
    "See [one](https://one.example/a) and https://two.example, "
    "or [a name that is so long that it takes two rows of the view](https://three.example).\n\n"
    "[mail](mailto:a@b.example) and [refused](javascript:alert(1)) or [path](/etc/passwd)\n\n"
    "- [four][4]\n\n[4]: https://münchen.example"
)


class Asked(Host):
    """Keeps what was asked for."""

    asked: list[str]

    def on_link_chosen(self, message: LinkChosen) -> None:
        self.asked.append(message.target)


def reversed_text(transcript: Transcript) -> str:
    return "".join(
        segment.text
        for y in range(transcript.size.height)
        for segment in transcript.render_line(y)
        if segment.style and segment.style.reverse
    )


async def test_links_are_stepped_through_and_their_targets_shown() -> None:
    async with running(answer("no link"), answer(TEXT, name="b")) as (pilot, transcript):
        await pilot.press("home")
        seen = []
        for _ in range(6):
            await pilot.press("l")
            seen.append((reversed_text(transcript), transcript.target))
        assert seen[:2] == [
            ("one", "https://one.example/a"),
            ("https://two.example", "https://two.example"),
        ]
        assert seen[2][1] == "https://three.example"
        assert "two rows" in seen[2][0]
        assert seen[3:] == [
            ("mail", "mailto:a@b.example"),
            ("four", "https://xn--mnchen-3ya.example"),
            ("four", "https://xn--mnchen-3ya.example"),
        ]
        assert rows(transcript)[-1].startswith(" https://xn--mnchen-3ya.example")
        await pilot.press("L")
        assert transcript.target == "mailto:a@b.example"


async def test_what_cannot_be_opened_shows_its_target() -> None:
    async with running(answer(TEXT)) as (_, transcript):
        text = " ".join(rows(transcript))
        assert "(/etc/passwd)" in text
        assert "javascript:alert(1)" in text


async def test_enter_and_a_click_ask_and_open_nothing() -> None:
    app = Asked()
    app.asked = []
    async with app.run_test(size=(60, 20)) as pilot:
        transcript = app.query_one(Transcript)
        transcript.show([answer(TEXT)])
        transcript.focus()
        await pilot.press("enter", "l", "enter")
        assert app.asked == ["https://one.example/a"]
        await pilot.click(Transcript, offset=(7, 0))
        assert app.asked == ["https://one.example/a"] * 2
        await pilot.click(Transcript, offset=(3, 0))
        assert len(app.asked) == 2


async def test_the_target_under_the_mouse_is_shown_while_it_is_there() -> None:
    async with running(answer(TEXT)) as (pilot, transcript):

        def move(x: int) -> MouseMove:
            return MouseMove(transcript, x, 0, 0, 0, 0, shift=False, meta=False, ctrl=False)

        transcript.post_message(move(7))
        await pilot.pause()
        assert rows(transcript)[-1].strip() == "https://one.example/a"
        transcript.post_message(move(3))
        await pilot.pause()
        assert transcript.target is None


async def test_leaving_a_link_takes_its_mark_away() -> None:
    async with running(answer(TEXT)) as (pilot, transcript):
        await pilot.press("l")
        assert transcript.leave_link()
        assert reversed_text(transcript) == ""
        assert not transcript.leave_link()
