"""Copying from the keyboard."""

import pytest

from tests.ui.transcript.test_transcript import MANY_LINES, answer, rows, running
from tui.ui.transcript import Entry, Role

ANSWER = "# Title\n\nSome *text*\n\n- one\n- two\n\n```py\ncode()\n```\n\n| a |\n|---|\n| b |"


def bars(shown: list[str]) -> list[str]:
    """The rows that the cursor is on."""
    return [row[2:] for row in shown if row.startswith("█")]


async def test_messages_are_pointed_at_and_copied_as_they_were_written() -> None:
    entries = Entry("u", Role.USER, "*question*"), answer("**answer**", name="a")
    async with running(*entries, Entry("n", Role.NOTICE, "remark")) as (pilot, transcript):
        await pilot.press("shift+up", "c")
        assert bars(rows(transcript)) == ["answer"]
        assert pilot.app.clipboard == "**answer**"
        await pilot.press("shift+up", "c")
        assert bars(rows(transcript)) == ["*question*"]
        assert pilot.app.clipboard == "*question*"
        await pilot.press("C")
        assert pilot.app.clipboard == "*question*"
        await pilot.press("shift+down", "C")
        assert pilot.app.clipboard == "answer"
        await pilot.press("escape")
        assert bars(rows(transcript)) == []


async def test_blocks_are_pointed_at_as_wholes() -> None:
    copied: list[str] = []
    async with running(answer(ANSWER)) as (pilot, transcript):
        await pilot.press("shift+up")
        for _ in range(5):
            await pilot.press("right_curly_bracket", "c")
            copied.append(pilot.app.clipboard)
        assert copied == [
            "# Title",
            "Some *text*",
            "- one\n- two",
            "code()",
            "| a |\n|---|\n| b |",
        ]
        await pilot.press("left_curly_bracket", "left_curly_bracket")
        assert bars(rows(transcript)) == [" • one", " • two"]


async def test_the_cursor_goes_from_the_blocks_of_one_message_to_those_of_the_next() -> None:
    entries = answer("one\n\ntwo", name="a"), answer("three", name="b")
    async with running(*entries) as (pilot, transcript):
        await pilot.press("home", "shift+down", *["right_curly_bracket"] * 3)
        assert bars(rows(transcript)) == ["three"]
        await pilot.press("left_curly_bracket")
        assert bars(rows(transcript)) == ["two"]
        await pilot.press(*["left_curly_bracket"] * 5)
        assert bars(rows(transcript)) == ["one"]


async def test_the_cursor_is_scrolled_into_view() -> None:
    async with running(answer(MANY_LINES, name="a"), answer("end", name="b")) as (
        pilot,
        transcript,
    ):
        await pilot.press("shift+up", "shift+up")
        assert bars(rows(transcript))[0] == "paragraph 0"


async def test_the_cursor_stays_on_its_block_while_the_answer_grows() -> None:
    async with running(answer("one\n\ntwo", is_open=True)) as (pilot, transcript):
        await pilot.press("shift+up", "right_curly_bracket", "right_curly_bracket")
        transcript.append_text("a", " more\n\nthree")
        transcript.finish("a", "")
        assert bars(rows(transcript)) == ["two more"]


async def test_without_a_cursor_the_message_in_view_is_copied() -> None:
    async with running(answer("one", name="a"), answer("two", name="b")) as (pilot, _):
        await pilot.press("c")
        assert pilot.app.clipboard == "two"


CODES = "```\nfirst\n```\n\n1. item\n\n   ```sh\n   second\n     line\n   ```\n\nand\n\n    third"


@pytest.mark.parametrize(
    ("digit", "expected"), [("1", "first"), ("2", "second\n  line"), ("3", "third")]
)
async def test_code_blocks_are_numbered_and_a_digit_copies_one(digit: str, expected: str) -> None:
    async with running(answer(CODES)) as (pilot, transcript):
        await pilot.press("y")
        labels = [row.rpartition(" copy ")[2].strip(" ─┐") for row in rows(transcript)]
        assert [label for label in labels if label.startswith("c")] == ["c1", "c2", "c3"]
        await pilot.press(digit)
        assert pilot.app.clipboard == expected
        assert not any("copy c" in row for row in rows(transcript))


@pytest.mark.parametrize("key", ["escape", "9", "x"])
async def test_any_other_key_takes_the_numbers_away(key: str) -> None:
    async with running(answer(CODES)) as (pilot, transcript):
        await pilot.press("y", key)
        assert pilot.app.clipboard == ""
        assert not any("copy c" in row for row in rows(transcript))
        await pilot.press("1")
        assert pilot.app.clipboard == ""


async def test_code_above_the_view_is_found() -> None:
    text = f"```\nabove\n```\n\n{MANY_LINES}"
    async with running(answer(text, name="a"), answer(MANY_LINES, name="b")) as (pilot, transcript):
        await pilot.press("y")
        assert any("copy c1" in row for row in rows(transcript))
        await pilot.press("1")
        assert pilot.app.clipboard == "above"


async def test_numbers_move_with_the_code() -> None:
    text = f"{MANY_LINES}\n\n```\ncode\n```\n\nend"
    async with running(answer(text)) as (pilot, transcript):
        await pilot.press("y")
        before = next(y for y, row in enumerate(rows(transcript)) if "copy c1" in row)
        transcript.scroll_to(y=transcript.scroll_offset.y - 2)
        assert "copy c1" in rows(transcript)[before + 2]


async def test_choosing_gives_the_keys_back_to_where_they_were() -> None:
    async with running(answer(CODES)) as (pilot, transcript):
        field = pilot.app.query("Input").first().focus()
        await pilot.pause()
        transcript.action_copy_code()
        await pilot.pause()
        assert pilot.app.focused is transcript
        await pilot.press("2")
        assert pilot.app.focused is field
        assert pilot.app.clipboard == "second\n  line"

        transcript.action_copy_code()
        field.display = False
        await pilot.press("1")
        assert pilot.app.focused is transcript, "what is hidden by now must not get the keys"


async def test_the_whole_chat_is_one_document() -> None:
    entries = Entry("u", Role.USER, "question"), answer("# answer\n", name="a", reasoning="no")
    async with running(*entries, Entry("n", Role.NOTICE, "remark")) as (pilot, _):
        await pilot.press("a")
        assert pilot.app.clipboard == "## User\n\nquestion\n\n## Assistant\n\n# answer\n"


async def test_the_last_answer_is_copied_as_far_as_it_has_arrived() -> None:
    entries = (
        answer("old", name="a"),
        Entry("u", Role.USER, "q"),
        answer("new", name="b", is_open=True),
    )
    async with running(*entries) as (pilot, transcript):
        transcript.copy_answer()
        assert pilot.app.clipboard == "new"


async def test_nothing_to_copy_leaves_the_clipboard_alone() -> None:
    async with running() as (pilot, transcript):
        await pilot.press("c", "C", "a", "y", "shift+up", "right_curly_bracket", "ctrl+c")
        transcript.copy_answer()
        assert pilot.app.clipboard == ""
