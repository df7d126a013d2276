"""Jumps, folds, and code and tables that are wider than the view."""

import pytest

from tests.ui.transcript.test_transcript import MANY_LINES, answer, rows, running
from tui.ui.transcript import Entry, Role
from tui.ui.transcript.reading import Reading

DIALOGUE = [
    entry
    for number in range(5)
    for entry in (
        Entry(f"u{number}", Role.USER, f"question {number}"),
        answer(f"{MANY_LINES}\n\nend {number}", name=f"a{number}"),
    )
]
LONG_CODE = "```python\n" + "\n".join(f"line_{n} = {n}" for n in range(2_000)) + "\n```\n\nend"
WIDE_LINE = "```\n" + "".join(f"{n:04}" for n in range(50)) + "\nshort\n```"
WIDE_TABLE = (
    "| " + " | ".join(f"column {n}" for n in range(9)) + " |\n" + "|--" * 9 + "|\n"
    "| " + " | ".join(f"cell {n}" for n in range(9)) + " |\n"
    "| " + " | ".join(f"more {n}" for n in range(9)) + " |"
)


async def test_jumps_go_from_prompt_to_prompt_and_at_last_to_the_end() -> None:
    async with running(*DIALOGUE) as (pilot, transcript):
        for number in (4, 3, 2):
            await pilot.press("left_square_bracket")
            assert rows(transcript)[0] == f"▌ question {number}"
            assert not transcript.following
        await pilot.press("right_square_bracket")
        assert rows(transcript)[0] == "▌ question 3"
        await pilot.press("right_square_bracket", "right_square_bracket")
        assert transcript.following
        await pilot.press("home", "left_square_bracket")
        assert rows(transcript)[0] == "▌ question 0"


async def test_a_jump_from_inside_of_an_answer_goes_to_its_question() -> None:
    async with running(*DIALOGUE) as (pilot, transcript):
        await pilot.press("left_square_bracket", "left_square_bracket", "pagedown")
        await pilot.press("left_square_bracket")
        assert rows(transcript)[0] == "▌ question 3"


async def test_prompts_on_one_page_are_stepped_through() -> None:
    short = [Entry(f"u{n}", Role.USER, f"question {n}") for n in range(3)]
    async with running(answer(MANY_LINES), *short) as (pilot, transcript):
        await pilot.press(*["left_square_bracket"] * 3)
        current = transcript.current_entry()
        assert current is not None
        assert current.entry.id == "u0"


async def test_a_message_folds_to_one_row_and_back() -> None:
    async with running(*DIALOGUE[:2]) as (pilot, transcript):
        await pilot.press("home", "pagedown", "z")
        assert rows(transcript)[2].startswith("▍ ▸ paragraph 0 paragraph")
        assert rows(transcript)[2].endswith("· 121 lines")
        await pilot.press("z")
        assert "▍ paragraph 1" in rows(transcript)


async def test_a_click_unfolds_a_message() -> None:
    async with running(answer(MANY_LINES)) as (pilot, transcript):
        await pilot.press("z")
        await pilot.click(type(transcript), offset=(5, 0))
        assert "▍ paragraph 59" in rows(transcript) or "▍ paragraph 0" in rows(transcript)


async def test_all_answers_fold_and_unfold() -> None:
    async with running(*DIALOGUE) as (pilot, transcript):
        await pilot.press("Z", "home")
        assert [row[:14] for row in rows(transcript) if row][:4] == [
            "▌ question 0",
            "▍ ▸ paragraph ",
            "▌ question 1",
            "▍ ▸ paragraph ",
        ]
        await pilot.press("Z", "home")
        assert rows(transcript)[2] == "▍ paragraph 0"


async def test_a_system_prompt_folds_by_itself_and_not_as_the_latest_reasoning() -> None:
    system = Entry("s", Role.SYSTEM, reasoning="Be brief.", heading="System prompt", folded=True)
    async with running(system, Entry("u", Role.USER, "question")) as (pilot, transcript):
        assert rows(transcript)[0] == "· ▸ System prompt"
        await pilot.press("r")
        assert rows(transcript)[0] == "· ▸ System prompt"
        await pilot.press("shift+up", "shift+up", "z")
        assert rows(transcript)[:2] == ["█ ▾ System prompt", "█ Be brief."]


async def test_long_code_folds_to_its_first_lines() -> None:
    async with running(answer(LONG_CODE)) as (pilot, transcript):
        await pilot.press("home", "f", "end")
        shown = [row for row in rows(transcript) if row]
        assert shown[-3].startswith("▍ └ … 1,984 more lines ───")
        assert shown[-2:] == ["▍", "▍ end"]
        assert transcript.virtual_size.height < 30
        await pilot.press("f")
        assert transcript.virtual_size.height > 2_000


async def test_code_folds_while_the_reader_is_deep_inside() -> None:
    async with running(answer(LONG_CODE)) as (pilot, transcript):
        transcript.scroll_to(y=1_000)
        await pilot.press("f")
        assert any("more lines" in row or "end" in row for row in rows(transcript))


async def test_short_code_does_not_fold() -> None:
    async with running(answer("```\nshort\n```")) as (pilot, transcript):
        before = rows(transcript)
        await pilot.press("f")
        assert rows(transcript) == before


async def test_long_lines_of_code_are_wrapped_with_a_mark_or_cut() -> None:
    async with running(answer(WIDE_LINE)) as (pilot, transcript):
        assert rows(transcript)[2].startswith("▍ │↳")
        await pilot.press("w")
        assert rows(transcript)[1].startswith("▍ │ 00000001")
        assert rows(transcript)[1].endswith("›│")
        assert rows(transcript)[2].startswith("▍ │ short")
        await pilot.press("right")
        assert rows(transcript)[1].startswith("▍ │‹00020003")
        transcript.action_pan(40)
        assert rows(transcript)[1].rstrip("│ ").endswith("0049")
        transcript.action_pan(-60)
        assert rows(transcript)[1].startswith("▍ │ 00000001")


async def test_wide_tables_are_records_or_scroll_sideways() -> None:
    async with running(answer(WIDE_TABLE)) as (pilot, transcript):
        await pilot.press("home")
        assert "▍ column 1: cell 1" in rows(transcript)
        await pilot.press("t")
        assert rows(transcript)[0].startswith("▍ column 0 │ column 1 │ ")
        assert rows(transcript)[2].startswith("▍ cell 0   │ cell 1   │ ")
        transcript.action_pan(20)
        assert rows(transcript)[2].endswith("cell 8")


async def test_formulas_show_their_source_at_a_key() -> None:
    async with running(answer("so $x^2$\n\n$$\ny\n$$")) as (pilot, transcript):
        assert rows(transcript)[:3] == ["▍ so x²", "▍", "▍     y"]
        await pilot.press("m")
        assert rows(transcript)[:5] == ["▍ so $x^2$", "▍", "▍ $$", "▍ y", "▍ $$"]


async def test_another_way_to_show_is_told() -> None:
    told: list[bool] = []
    async with running(answer("text")) as (pilot, transcript):
        post = transcript.post_message

        def post_message(message: object) -> bool:
            if isinstance(message, Reading.OptionsChanged):
                told.append(message.options.wrap_code)
            return post(message)  # type: ignore[arg-type] # the widget's own messages

        transcript.post_message = post_message  # type: ignore[method-assign] # a spy
        await pilot.press("w", "w")
        assert told == [False, True]


@pytest.mark.parametrize(
    "key", ["left_square_bracket", "z", "Z", "f", "l", "L", "n", "enter", "right"]
)
async def test_no_key_minds_an_empty_transcript(key: str) -> None:
    async with running() as (pilot, transcript):
        await pilot.press(key)
        assert transcript.entries == []
