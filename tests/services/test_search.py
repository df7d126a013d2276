"""Searching all conversations: what is found, in which order, where, and what a search survives."""

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fakes.conversations import MODEL, NOON, answer_to, finished, prompt_in, take_turn
from tests.fakes.images import png
from tui.domain.attachments import inspect
from tui.domain.conversation import Conversation, Generation
from tui.domain.cost import Cost, CostSource
from tui.domain.search_hits import SearchResults
from tui.domain.search_query import parse_search
from tui.domain.tree import remove_branch
from tui.services import search_index
from tui.services.branches import store_removal
from tui.services.history import History
from tui.services.migrations import MIGRATIONS
from tui.services.migrations.version_2 import SCRIPTS
from tui.services.search import Searcher, run_search
from tui.services.shelf import delete_all, tag, undelete_all

PNG = png(64, 48)


@pytest.fixture(params=["file", "memory"])
async def history(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[History]:
    in_file = request.param == "file"
    opened = await (History.open(tmp_path / "history.db") if in_file else History.in_memory())
    yield opened
    assert opened.problem is None
    await opened.aclose()


@pytest.fixture
async def searcher(history: History) -> AsyncIterator[Searcher]:
    made = Searcher(history)
    yield made
    await made.aclose()


async def results(searcher: Searcher, text: str, limit: int = 50) -> SearchResults:
    found = await searcher.search(parse_search(text, NOON), limit)
    assert found is not None
    return found


async def texts(searcher: Searcher, text: str) -> list[str]:
    return [hit.snippet.text for hit in (await results(searcher, text)).hits]


async def chat(history: History, *turns: tuple[str, str]) -> Conversation:
    conversation = await history.new_conversation(MODEL)
    for prompt, answer in turns:
        await take_turn(history, conversation, prompt, answer_text=answer)
    return conversation


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("rayleigh ", {"Rayleigh scattering."}),
        ("RAYLEIGH ", {"Rayleigh scattering."}),
        ("scatt", {"Rayleigh scattering."}),
        ("scatt ", set()),
        ("scat* ", {"Rayleigh scattering."}),
        ('"rayleigh scattering"', {"Rayleigh scattering."}),
        ('"scattering rayleigh"', set()),
        ("sky blue ", {"Why is the sky blue?"}),
        ("sky -blue ", {"The sky is grey."}),
        ("cafe ", {"A café in Århus"}),
        ("ÅRHUS ", {"A café in Århus"}),
        ("汉字", {"汉字怎么写？", "mixed 汉字"}),
        ("怎么 汉", {"汉字怎么写？"}),
        ("sky -汉", {"Why is the sky blue?", "The sky is grey."}),
        ("x =>", {"x => x + 1"}),
        ("mixed 字", {"mixed 汉字"}),
        ("=>", {"x => x + 1"}),
        ("% ", {"100 % sure"}),
        ("_ ", set()),
        ("nothing", set()),
        ("", set()),
    ],
)
async def test_words_prefixes_and_phrases_are_found(
    history: History, searcher: Searcher, query: str, found: set[str]
) -> None:
    await chat(
        history,
        ("Why is the sky blue?", "Rayleigh scattering."),
        ("A café in Århus", "The sky is grey."),
        ("汉字怎么写？", "x => x + 1"),
        ("100 % sure", "Yes."),
        ("mixed 汉字", "mixed"),
    )
    assert set(await texts(searcher, query)) == found


def test_every_script_that_is_looked_for_in_the_text_has_its_messages_marked() -> None:
    for code in [*range(0x0E00, 0x3400), 0x4E00, 0x9FFF, 0xAC00, 0xF900, 0xFF66, 0x20000, 0x3FFFF]:
        words = parse_search(chr(code) * 2, NOON).words
        is_letter = any(character.isalnum() for word in words for character in word.text)
        if is_letter:
            assert words[0].in_text == bool(re.search(f"[{SCRIPTS}]", chr(code))), hex(code)


async def test_a_hit_tells_where_it_is(history: History, searcher: Searcher) -> None:
    conversation = await chat(history, ("Why is the sky blue?", "Light: blue light, *Blue*."))
    await history.rename(conversation.id, "The sky")
    answer, prompt = (await results(searcher, "blue ")).hits
    assert (prompt.conversation_id, prompt.title) == (conversation.id, "The sky")
    assert prompt.message_id == conversation.path()[0].id
    text = conversation.path()[1].text
    assert [text[start:end] for start, end in answer.spans] == ["blue", "Blue"]
    marks = [answer.snippet.text[start:end] for start, end in answer.snippet.marks]
    assert marks == ["blue", "Blue"]
    assert answer.model == f"{MODEL}-2026"


async def test_the_message_that_is_about_it_comes_first(
    history: History, searcher: Searcher
) -> None:
    about = "lifetimes lifetimes lifetimes"
    passing = "A long answer about many other things that mentions lifetimes once. " + "word " * 200
    await chat(history, (about, "Yes."), ("What else?", passing))
    assert (await texts(searcher, "lifetimes "))[0] == about


async def test_more_than_is_shown_is_told(history: History, searcher: Searcher) -> None:
    await chat(history, *[(f"needle {number}", "ok") for number in range(5)])
    assert (await results(searcher, "needle ", 3)).more
    everything = await results(searcher, "needle ", 5)
    assert (len(everything.hits), everything.more) == (5, False)


async def test_titles_are_found_too(history: History, searcher: Searcher) -> None:
    conversation = await chat(history, ("Why?", "Because."))
    await history.rename(conversation.id, "Notes on Gardening")
    found = await results(searcher, "garden note")
    assert [title.conversation_id for title in found.titles] == [conversation.id]
    assert not (await results(searcher, "garden -notes ")).titles


def billed(amount: str) -> Cost:
    return Cost(Decimal(amount), CostSource.REPORTED)


async def answered(history: History, text: str, generation: Generation) -> Conversation:
    conversation = await history.new_conversation(MODEL)
    prompt = prompt_in(conversation, f"ask {text}")
    answer = answer_to(prompt)
    await history.begin_turn(conversation, prompt, answer)
    await history.finish_answer(replace(finished(answer, text), generation=generation))
    return conversation


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("model:claude", {"cheap", "ask cheap"}),
        ("-model:claude", {"dear", "ask dear"}),
        ("model:CLAUDE cheap", {"cheap", "ask cheap"}),
        ("model:%", set()),
        ("cost>0.1", {"dear", "ask dear"}),
        ("cost<=0.01", {"cheap", "ask cheap"}),
        ("tag:work", {"dear", "ask dear"}),
        ("-tag:WORK", {"cheap", "ask cheap"}),
        ("tag:wor", set()),
        ("has:code", set()),
        ("after:2026-03-01", {"cheap", "ask cheap", "dear", "ask dear"}),
        ("before:2026-03-01", set()),
        ("-before:2026-03-01 model:gpt", {"dear", "ask dear"}),
    ],
)
async def test_filters_narrow_what_is_found(
    history: History, searcher: Searcher, query: str, found: set[str]
) -> None:
    cheap = Generation("anthropic/claude", "openrouter", cost=billed("0.01"))
    dear = Generation("openai/gpt", "openrouter", model_served="openai/gpt-1", cost=billed("1"))
    await answered(history, "cheap", cheap)
    conversation = await answered(history, "dear", dear)
    await tag(history, [conversation.id], "#Work")
    assert set(await texts(searcher, query)) == found


async def test_what_messages_hold_can_be_looked_for(history: History, searcher: Searcher) -> None:
    conversation = await chat(history, ("Show code", "```py\nprint()\n```"))
    picture, notes = inspect(PNG, "sky.png"), inspect(b"some words", "notes.txt")
    for text, attached in [("a picture", (picture,)), ("a file", (notes,))]:
        prompt = replace(prompt_in(conversation, text), attachments=attached)
        await history.begin_turn(conversation, prompt, answer_to(prompt))
    assert await texts(searcher, "has:code") == ["```py print() ```"]
    assert await texts(searcher, "has:image") == ["a picture"]
    assert set(await texts(searcher, "has:file")) == {"a picture", "a file"}
    assert await texts(searcher, "has:file -has:image picture") == []


async def test_what_is_deleted_or_removed_is_not_found(
    history: History, searcher: Searcher
) -> None:
    kept = await chat(history, ("needle kept", "ok"), ("needle removed", "needle too"))
    deleted = await chat(history, ("needle deleted", "ok"))
    await delete_all(history, [deleted.id])
    await store_removal(history, kept, remove_branch(kept, kept.path()[2].id))
    assert await texts(searcher, "needle ") == ["needle kept"]
    await undelete_all(history, [deleted.id])
    assert set(await texts(searcher, "needle ")) == {"needle kept", "needle deleted"}


async def test_a_text_is_found_as_soon_as_it_is_final(history: History, searcher: Searcher) -> None:
    conversation = await history.new_conversation(MODEL)
    prompt = prompt_in(conversation, "ask")
    answer = answer_to(prompt)
    await history.begin_turn(conversation, prompt, answer)
    assert await texts(searcher, "rayleigh ") == []
    await history.finish_answer(finished(answer, "Rayleigh."))
    assert await texts(searcher, "rayleigh ") == ["Rayleigh."]
    await history.finish_answer(finished(answer, "Tyndall."))
    assert await texts(searcher, "rayleigh ") == []
    assert await texts(searcher, "tyndall ") == ["Tyndall."]


NAUGHTY = [
    '"',
    '""',
    "*",
    "^a",
    "NEAR(",
    "a OR",
    "-x",
    "col:x",
    "text:x",
    "\0",
    "a\0b",
    "{a b}:c",
    "AND",
    "NOT a",
    "(",
    "'",
    "\ud7ff",
    "\U0010ffff",
    "a" * 999,
    '"a" "b',
    "+",
    "a+b",
    "%",
    "\\",
]


@pytest.mark.parametrize("query", NAUGHTY)
async def test_no_query_is_an_error(history: History, searcher: Searcher, query: str) -> None:
    await chat(history, ("a b c", query))
    assert (await results(searcher, query)).damaged is False
    assert (await results(searcher, f"{query} ")).damaged is False


WORDS = st.lists(st.sampled_from(["ant", "bee", "cat", "dog", "bees"]), min_size=1, max_size=5)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(WORDS, min_size=1, max_size=6), WORDS, WORDS | st.just([]))
def test_the_index_finds_what_a_plain_loop_finds(
    messages: list[list[str]], wanted: list[str], unwanted: list[str]
) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.row_factory = sqlite3.Row
        for migration in MIGRATIONS:
            migration(connection)
        connection.execute(
            "INSERT INTO conversations (id, session_id, model, created_at, updated_at, touched)"
            " VALUES ('c', 's', 'm', '2026-01-01', '2026-01-01', 1)"
        )
        connection.executemany(
            "INSERT INTO messages (id, conversation_id, role, text, created_at, state)"
            " VALUES (?, 'c', 'user', ?, '2026-01-01', 'complete')",
            [(str(number), " ".join(words)) for number, words in enumerate(messages)],
        )
        text = " ".join([*wanted, *(f"-{word}" for word in unwanted), ""])
        found = run_search(connection, parse_search(text, NOON), 100)
    expected = {
        str(number)
        for number, words in enumerate(messages)
        if set(wanted) <= set(words) and not set(unwanted) & set(words)
    }
    assert {hit.message_id for hit in found.hits} == expected


async def test_another_instance_is_seen_and_finds(tmp_path: Path) -> None:
    first = await History.open(tmp_path / "history.db")
    second = await History.open(tmp_path / "history.db")
    searcher = Searcher(first)
    await chat(first, ("needle one", "ok"))
    await chat(second, ("needle two", "ok"))
    assert set(await texts(searcher, "needle ")) == {"needle one", "needle two"}
    await searcher.aclose()
    await first.aclose()
    await second.aclose()


async def test_a_later_search_takes_the_place_of_an_earlier_one(
    history: History, searcher: Searcher
) -> None:
    await chat(history, ("needle", "hay"))
    queries = [parse_search(text, NOON) for text in ("n", "ne", "nee", "needle")]
    found = await asyncio.gather(*(searcher.search(query) for query in queries))
    assert [one is None for one in found] == [True, True, True, False]
    assert found[-1] is not None
    assert len(found[-1].hits) == 1


async def test_a_damaged_index_is_built_anew(tmp_path: Path) -> None:
    history = await History.open(tmp_path / "history.db")
    await chat(history, ("needle", "hay"))
    await history.write(lambda connection: connection.execute("DELETE FROM messages_fts_data"))
    searcher = Searcher(history)
    assert await texts(searcher, "needle ") == ["needle"]
    assert (await results(searcher, "needle ")).damaged is False
    assert history.problem is None
    await searcher.aclose()
    await history.aclose()


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE messages_fts_data SET block = x'00'",
        "UPDATE messages_fts_data SET block = x'ffffffffffffff'",
        "DELETE FROM messages_fts_idx",
        "DROP TABLE messages_fts_config",
        "DROP TABLE messages_fts_docsize",
        "DROP TABLE messages_fts_idx",
        "DROP TABLE messages_fts_data",
    ],
)
async def test_no_damage_of_the_index_costs_a_message(tmp_path: Path, damage: str) -> None:
    history = await History.open(tmp_path / "history.db")
    await chat(history, ("needle", "hay"))
    await history.aclose()
    with closing(sqlite3.connect(tmp_path / "history.db")) as connection, connection:
        connection.execute(damage)
    history = await History.open(tmp_path / "history.db")
    await chat(history, ("needle again", "hay"))
    assert history.problem is None
    searcher = Searcher(history)
    assert set(await texts(searcher, "needle ")) == {"needle", "needle again"}
    await searcher.aclose()
    await history.aclose()


async def test_messages_that_the_index_missed_are_found_once_it_is_in_step(tmp_path: Path) -> None:
    history = await History.open(tmp_path / "history.db")
    await chat(history, ("needle", "hay"))
    await history.write(
        lambda connection: connection.execute(
            "INSERT INTO messages_fts (messages_fts) VALUES ('delete-all')"
        )
    )
    searcher = Searcher(history)
    assert await texts(searcher, "needle ") == []
    await searcher.keep_in_step()
    assert await texts(searcher, "needle ") == ["needle"]
    await searcher.aclose()
    await history.aclose()


async def test_a_history_of_the_first_version_can_be_searched(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        MIGRATIONS[0](connection)
        connection.execute(f"PRAGMA application_id = {0x4F525742}")
        connection.execute("PRAGMA user_version = 1")
        connection.execute(
            "INSERT INTO conversations (id, session_id, model, created_at, updated_at, touched)"
            " VALUES ('c', 's', 'm', '2026-01-01T00:00:00+00:00', '2026-01-01T00:00:00+00:00', 1)"
        )
        connection.execute(
            "INSERT INTO messages (id, conversation_id, role, text, created_at, state) VALUES"
            " ('m', 'c', 'user', 'an old needle', '2026-01-01T00:00:00+00:00', 'complete')"
        )
    history = await History.open(path)
    searcher = Searcher(history)
    assert await texts(searcher, "needle ") == ["an old needle"]
    await searcher.aclose()
    await history.aclose()


async def test_without_an_index_the_texts_are_searched(history: History) -> None:
    await chat(history, ("A needle in hay", "ok"), ("hay", "ok"))

    def search(connection: sqlite3.Connection) -> SearchResults:
        for name in ("insert", "delete", "update"):
            connection.execute(f"DROP TRIGGER messages_fts_{name}")
        connection.execute("DROP TABLE messages_fts")
        assert not search_index.exists(connection)
        return run_search(connection, parse_search("hay -needle ", NOON), 10)

    found = await history.write(search)
    assert found is not None
    assert [hit.snippet.text for hit in found.hits] == ["hay"]
    assert found.hits[0].spans == ((0, 3),)


async def test_a_moment_is_that_of_the_message(history: History, searcher: Searcher) -> None:
    conversation = await history.new_conversation(MODEL)
    await take_turn(history, conversation, "old needle", at=NOON - timedelta(days=30))
    await take_turn(history, conversation, "new needle")
    assert await texts(searcher, "needle after:7d ") == ["new needle"]
    assert await texts(searcher, "needle before:7d ") == ["old needle"]
    [hit] = (await results(searcher, "new needle ")).hits
    assert hit.created_at == datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize("table", ["docsize", "data", "idx"])
async def test_checking_a_damaged_index_mends_it(tmp_path: Path, table: str) -> None:
    history = await History.open(tmp_path / "history.db")
    await chat(history, ("needle", "hay"))
    await history.write(lambda connection: connection.execute(f"DROP TABLE messages_fts_{table}"))
    searcher = Searcher(history)
    await searcher.keep_in_step()
    assert await texts(searcher, "needle ") == ["needle"]
    assert history.problem is None
    await searcher.aclose()
    await history.aclose()
