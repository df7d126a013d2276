"""Find in the chat: what counts as a hit, which one is shown first, and what the marks say."""

import pytest
from textual.pilot import Pilot

from tests.ui.transcript.test_transcript import answer, rows, running, stream
from tui.ui.transcript import Entry, Role, Transcript
from tui.ui.transcript.find import MOST_HITS, Hit, Query, Search


def found(query: str, *entries: Entry) -> list[tuple[str, bool, int]]:
    search = Search(Query(query), entries)
    while not search.complete:
        search.work(1.0)
    return [(hit.entry_id, hit.in_answer, hit.start) for hit in search.hits]


def test_small_letters_find_any_and_capitals_themselves() -> None:
    entry = answer("Word word WORD")
    assert len(found("word", entry)) == 3
    assert len(found("Word", entry)) == 1


def test_reasoning_and_code_are_searched_in_order() -> None:
    entries = [
        Entry("u", Role.USER, "find me"),
        answer("```\nfind me\n```", reasoning="find\nme"),
    ]
    assert found("find me", *entries) == [("u", True, 0), ("a", False, 0), ("a", True, 4)]


@pytest.mark.parametrize(
    "source", ["**bold** text", "bold\ntext", "*bold*  text", "> bold\n> text", "`bold` _text_"]
)
def test_words_are_found_across_marks_and_line_breaks(source: str) -> None:
    assert len(found("bold text", answer(source))) == 1


@pytest.mark.parametrize("between", ["\n", " \n", "\n> ", "\n>\n", " │\n│ "])
def test_a_long_gap_between_words_is_looked_through_once(between: str) -> None:
    gap = between * 40  # with two ways to match each of its lines it would take for ever
    query = Query("some words")
    assert query.in_source.search(f"some{gap}other") is None
    assert query.in_rows.search(f"some{gap}other") is None
    assert query.in_rows.search(f"some{gap}words") is not None or ">" in gap


@pytest.mark.parametrize("query", ["(", "a.b", "[x", "\\", "$^", "汉字", "*"])
def test_every_character_stands_for_itself(query: str) -> None:
    assert len(found(query, answer(f"see {query} here"))) == 1
    assert found(query, answer("nothing like it")) == []


def test_an_empty_query_finds_nothing() -> None:
    assert found("  ", answer("a  b")) == []


def test_hits_are_counted_up_to_a_limit() -> None:
    search = Search(Query("a"), [answer("a" * (MOST_HITS + 5))])
    search.work(10.0)
    assert (search.total, search.is_capped, search.complete) == (MOST_HITS, True, True)


def test_a_search_stops_when_its_time_is_over() -> None:
    ticks = iter(range(1_000_000))
    search = Search(Query("x"), [answer("x", name=str(number)) for number in range(100)])
    search.work(3, clock=lambda: float(next(ticks)))
    assert 0 < search.total < 100
    assert search.hits[-1] == Hit("99", in_answer=True, start=0)
    while not search.complete:
        search.work(3, clock=lambda: float(next(ticks)))
    assert search.total == 100


def test_text_that_arrives_is_searched_once() -> None:
    entry = answer("one nee", is_open=True)
    search = Search(Query("needle"), [entry])
    search.work(1.0)
    assert search.total == 0
    for piece in ("dle", " needle", " end"):
        entry.text += piece
        search.update(entry)
    assert [hit.start for hit in search.hits] == [4, 11]


async def searching(pilot: Pilot[None], transcript: Transcript, text: str) -> None:
    transcript.find(text)
    for _ in range(500):
        if transcript._search is not None and transcript._search.complete:
            return
        await pilot.pause(0.01)
    pytest.fail("the search did not end")


def marked(transcript: Transcript, name: str = "hit") -> list[str]:
    """What is drawn in the style of hits."""
    background = transcript.get_component_rich_style(f"transcript--{name}").bgcolor
    return [
        segment.text
        for y in range(transcript.size.height)
        for segment in transcript.render_line(y)
        if segment.style and segment.style.bgcolor == background and "↓" not in segment.text
    ]


MANY = [answer(f"{n} text\n\n" + "line\n\n" * 10 + f"needle {n}", name=str(n)) for n in range(30)]


async def test_the_hit_in_view_is_marked_and_further_ones_are_gone_to() -> None:
    async with running(*MANY) as (pilot, transcript):
        await searching(pilot, transcript, "needle")
        assert marked(transcript, "hit-current") == ["needle"]
        assert "▍ needle 29" in rows(transcript)
        transcript.find_step(-1)
        await pilot.pause()
        assert "▍ needle 28" in rows(transcript)
        assert not transcript.following
        transcript.find_step(1)
        transcript.find_step(1)
        await pilot.pause()
        assert "▍ needle 0" in rows(transcript)


async def test_leaving_without_a_step_goes_back_and_after_one_stays() -> None:
    async with running(*MANY) as (pilot, transcript):
        await searching(pilot, transcript, "needle 3")
        await pilot.pause()
        assert "▍ needle 3" in rows(transcript)
        transcript.end_find()
        await pilot.pause()
        assert transcript.following
        assert marked(transcript) == []
        await searching(pilot, transcript, "needle 3")
        transcript.find_step(1)
        await pilot.pause()
        before = rows(transcript)
        transcript.end_find()
        await pilot.pause()
        assert rows(transcript) == before
        assert not transcript.following


async def test_a_jump_into_reasoning_unfolds_it() -> None:
    async with running(answer("answer", reasoning="a needle in it")) as (pilot, transcript):
        await searching(pilot, transcript, "needle")
        await pilot.pause()
        assert "▍ a needle in it" in rows(transcript)
        assert marked(transcript, "hit-current") == ["needle"]


async def test_a_jump_into_folded_code_and_messages_unfolds_them() -> None:
    code = "\n".join(f"line {number}" for number in range(100))
    async with running(answer(f"```\n{code}\n```\n\nend")) as (pilot, transcript):
        await pilot.press("home", "f", "z")
        assert rows(transcript)[0].startswith("▍ ▸ ")
        await searching(pilot, transcript, "line 77")
        await pilot.pause()
        assert any("line 77" in row for row in rows(transcript))


async def test_hits_that_are_wrapped_are_marked_in_both_rows() -> None:
    text = "x" * 50 + " two words\n\n```\n" + "y" * 50 + "abcdef\n```"
    async with running(answer(text)) as (pilot, transcript):
        await searching(pilot, transcript, "two words")
        assert marked(transcript, "hit-current") == ["two", "words"]
        await searching(pilot, transcript, "abcdef")
        assert marked(transcript, "hit-current") == ["abc", "def"]


async def test_hits_after_wide_characters_are_marked_where_they_are() -> None:
    async with running(answer("汉字 👩‍💻 needle 汉 needle")) as (pilot, transcript):
        await searching(pilot, transcript, "needle")
        assert marked(transcript, "hit-current") == ["needle"]
        assert marked(transcript) == ["needle"]


async def test_hits_in_what_streams_in_are_found() -> None:
    async with running(answer("a needle\n\n", is_open=True)) as (pilot, transcript):
        await searching(pilot, transcript, "needle")
        await stream(pilot, transcript, "and a **needle** more")
        for _ in range(500):
            if transcript._search is not None and transcript._search.total == 2:
                break
            await pilot.pause(0.01)
        assert marked(transcript, "hit-current") == ["needle"]
        assert marked(transcript) == ["needle"]


async def test_ten_thousand_entries_are_searched_in_portions() -> None:
    entries = [answer(f"answer {n} " + "word " * 40, name=str(n)) for n in range(10_000)]
    entries[3].text += " needle"
    async with running(*entries) as (pilot, transcript):
        await searching(pilot, transcript, "needle")
        await pilot.pause()
        assert any("needle" in row for row in rows(transcript))
        assert sum(layout._body is not None for layout in transcript._layout.entries) < 100
