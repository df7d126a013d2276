"""Selecting with the mouse in the running widget."""

from textual.pilot import Pilot
from textual.widgets import Input

from tests.ui.transcript.test_transcript import HEIGHT, MANY_LINES, answer, rows, running, stream
from tui.ui.transcript import Entry, Role, Transcript

Cell = tuple[int, int]

VIEW = HEIGHT - 3


async def drag(pilot: Pilot[None], *cells: Cell) -> None:
    """Hold the button down in the first cell and release it in the last one (column, row)."""
    await pilot.mouse_down(Transcript, offset=cells[0])
    for cell in cells[1:]:
        await pilot.hover(Transcript, offset=cell)
    await pilot.mouse_up(Transcript, offset=cells[-1])


def marked(transcript: Transcript) -> list[str]:
    """The texts that are drawn as selected."""
    wanted = transcript.get_component_rich_style("transcript--selection").bgcolor
    segments = [s for y in range(transcript.size.height) for s in transcript.render_line(y)]
    return [text for text, style, _ in segments if style is not None and style.bgcolor == wanted]


async def test_a_drag_selects_and_ctrl_c_copies_the_source() -> None:
    async with running(answer("one **two**\n\n- three\n- four")) as (pilot, transcript):
        await drag(pilot, (6, 0), (9, 2))
        assert transcript.selected_text == "**two**\n\n- three"
        assert marked(transcript) == ["two", "three"]
        await pilot.press("ctrl+c")
        assert pilot.app.clipboard == "**two**\n\n- three"
        assert marked(transcript) == ["two", "three"]


async def test_wide_characters_are_marked_whole() -> None:
    async with running(answer("汉字测试")) as (pilot, transcript):
        await drag(pilot, (5, 0), (6, 0))
        assert transcript.selected_text == "字测"
        assert marked(transcript) == ["字测"]


async def test_a_drag_over_messages_marks_text_only() -> None:
    entries = [Entry("u", Role.USER, "question"), answer("```\ncode\n```", name="a")]
    async with running(*entries) as (pilot, transcript):
        await drag(pilot, (4, 0), (30, 5))
        assert marked(transcript) == ["estion", "code"]
        assert transcript.selected_text == "estion\n\n```\ncode\n```"


async def test_two_clicks_select_a_word_and_three_the_line() -> None:
    async with running(answer("one two_three four\n\nfive")) as (pilot, transcript):
        await pilot.click(Transcript, offset=(8, 0), times=2)
        assert transcript.selected_text == "two_three"
    async with running(answer("one two_three four\n\nfive")) as (pilot, transcript):
        await pilot.click(Transcript, offset=(8, 0), times=3)
        assert transcript.selected_text == "one two_three four"


async def test_esc_clears_and_so_does_a_click() -> None:
    async with running(answer("one two")) as (pilot, transcript):
        await drag(pilot, (2, 0), (4, 0))
        await pilot.press("escape")
        assert (transcript.selected_text, marked(transcript)) == ("", [])
        await drag(pilot, (2, 0), (4, 0))
        assert marked(transcript) == ["one"]
        await pilot.click(Transcript, offset=(30, 0))
        assert (transcript.selected_text, marked(transcript)) == ("", [])


async def test_a_click_selects_nothing_and_still_unfolds() -> None:
    async with running(answer("answer", reasoning="thinking")) as (pilot, transcript):
        await pilot.click(Transcript, offset=(5, 0))
        assert transcript.selected_text == ""
        assert rows(transcript)[1] == "▍ thinking"


async def test_the_end_of_a_drag_is_no_click() -> None:
    async with running(answer("answer", reasoning="thinking")) as (pilot, transcript):
        await drag(pilot, (7, 1), (5, 0))
        assert transcript.selected_text == "answer"
        assert rows(transcript)[1] == "▍ answer"


async def test_selecting_leaves_the_keys_where_they_were() -> None:
    async with running(answer("one two")) as (pilot, transcript):
        field = pilot.app.query_one(Input).focus()
        await pilot.pause()
        await drag(pilot, (2, 0), (4, 0))
        assert field.has_focus
        await pilot.click(Transcript, offset=(30, 0))
        assert transcript.has_focus

        field.focus()
        await pilot.pause()
        await pilot.mouse_down(Transcript, offset=(2, 0))
        field.display = False
        await pilot.hover(Transcript, offset=(4, 0))
        await pilot.mouse_up(Transcript, offset=(4, 0))
        assert transcript.selected_text
        assert transcript.has_focus, "what is hidden by now must not get the keys"


async def test_beyond_an_edge_the_view_scrolls_on() -> None:
    async with running(answer(MANY_LINES)) as (pilot, transcript):
        bottom = transcript.scroll_offset.y
        await pilot.mouse_down(Transcript, offset=(4, 6))
        await pilot.hover(Transcript, offset=(2, 0))
        for _ in range(300):
            if transcript.scroll_offset.y < bottom - 5:
                break
            await pilot.pause(0.01)
        await pilot.hover(Transcript, offset=(2, 5))
        top = transcript.scroll_offset.y
        await pilot.mouse_up(Transcript, offset=(2, 5))
        assert top < bottom - 5
        assert transcript._scrolling is None
        assert transcript.selected_text.count("paragraph") > 3


async def test_what_is_selected_stays_while_an_answer_streams() -> None:
    async with running(answer("first line\n\n", is_open=True)) as (pilot, transcript):
        await drag(pilot, (2, 0), (6, 0))
        await stream(pilot, transcript, MANY_LINES)
        assert transcript.selected_text == "first"
        assert rows(transcript)[0] == "▍ first line"
        assert marked(transcript)[0] == "first"


async def test_the_open_block_can_be_selected_while_it_grows() -> None:
    async with running(answer("open **bl", is_open=True)) as (pilot, transcript):
        await drag(pilot, (2, 0), (5, 0))
        await stream(pilot, transcript, "ock** grows")
        assert marked(transcript) == ["open"]
        assert rows(transcript)[0] == "▍ open block grows"
        assert transcript.selected_text == "open"


async def test_a_selection_survives_another_width() -> None:
    async with running(answer("word " * 40)) as (pilot, transcript):
        await drag(pilot, (7, 1), (10, 1))
        before = transcript.selection
        await pilot.resize_terminal(40, HEIGHT)
        await pilot.pause()
        assert transcript.selection == before
        assert "".join(marked(transcript)) == "word"


async def test_other_entries_take_the_selection_away() -> None:
    async with running(answer("one"), answer("two", name="b")) as (pilot, transcript):
        await drag(pilot, (2, 0), (4, 0))
        transcript.remove_entry("a")
        assert transcript.selected_text == ""
        await drag(pilot, (2, 0), (4, 0))
        assert transcript.selected_text == "two"
        transcript.show([answer("three")])
        assert transcript.selection is None


async def test_nothing_is_computed_where_nothing_is_selected() -> None:
    async with running(answer(MANY_LINES, is_open=True)) as (pilot, transcript):
        await stream(pilot, transcript, MANY_LINES)
        assert transcript._places._maps == {}
        await drag(pilot, (2, 1), (4, 1))
        assert transcript._places._maps
        await pilot.press("escape")
        assert transcript._places._maps == {}
