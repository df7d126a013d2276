"""The request behind an answer, and what came back."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from types import MappingProxyType

from pydantic import SecretStr

from tests.fakes.conversations import answer_to, finished
from tests.ui.controllers.test_preview import conversation, request
from tui.domain.request import TurnSettings
from tui.domain.settings import ProviderKind
from tui.services.exchanges import Chunk, Exchange, Try
from tui.ui.controllers.inspecting import (
    ReplyPart,
    of_answer,
    of_next_send,
    recorded_settings,
    reply_rows,
)

NOW = TurnSettings(
    ProviderKind.OPENROUTER, "a/new", "s", compress_prompts=True, params={"temperature": 1}
)


def test_the_settings_of_an_answer_are_those_that_were_kept_with_it() -> None:
    then = TurnSettings(
        ProviderKind.OPENROUTER,
        "a/old",
        "s",
        fallbacks=("b/c",),
        prompt_caching=True,
        cache_ttl="1h",
        routing={"only": ["x"]},
        params={"top_p": 0.5},
    )

    assert recorded_settings(then.as_record(), NOW) == then


def test_a_damaged_record_changes_nothing_that_it_does_not_say() -> None:
    record = MappingProxyType({"model": 7, "params": [], "prompt_caching": "yes"})

    found = recorded_settings(record, NOW)

    assert (found.model, found.prompt_caching, found.params) == ("a/new", False, {})


def test_the_request_behind_an_answer_ends_with_its_prompt() -> None:
    made = conversation("One", "Two")
    made.system_prompt = "Be brief."
    answer = made.path()[1]

    shown = of_answer(request(), made, answer, None)

    assert [one["content"] for one in shown.request.body["messages"]] == ["Be brief.", "One"]
    assert "now" in shown.remarks[0]
    assert any("last answers" in remark for remark in shown.remarks)


def test_another_provider_is_told() -> None:
    made = conversation("One")
    prompt = made.path()[0]
    answer = finished(answer_to(prompt))
    asked = request()
    elsewhere = replace(asked, connection=replace(asked.connection, provider="compatible"))

    shown = of_answer(elsewhere, made, answer, Exchange())

    assert any("another provider then: openrouter" in remark for remark in shown.remarks)


def test_the_next_send_has_its_notes_by_path() -> None:
    asked = request()
    shown = of_next_send(asked, conversation("One").path())

    assert shown.notes["model"]
    assert shown.reply is None


def ticking() -> Iterator[float]:
    return (number / 10 for number in count())


def test_every_try_and_chunk_has_its_time() -> None:
    exchange = Exchange(clock=ticking().__next__)
    failed = Try(status=429, answered_at=0.25, problem="Rate limited.")
    done = Try(status=200, headers=(("content-type", "text/event-stream"),), answered_at=0.5)
    done.take(Chunk(0.75, b"data: {}\n\n"))
    done.take(Chunk(1.0, "data: é\x1b\n\n".encode()))
    done.left_out = 2_000
    exchange.tries[:] = [failed, done]

    rows = list(reply_rows(exchange))

    assert [row.part for row in rows] == [
        ReplyPart.TRY,
        ReplyPart.TRY,
        ReplyPart.HEADER,
        ReplyPart.CHUNK,
        ReplyPart.CHUNK,
        ReplyPart.GAP,
    ]
    assert rows[0].text == "Try 1 · HTTP 429 · Rate limited."
    assert (rows[3].at, rows[3].after, rows[3].size) == (0.75, 0.25, 10)
    assert "2.0 kB" in rows[-1].text


def test_a_key_that_the_server_sends_back_is_not_shown_even_in_two_pieces() -> None:
    key = "sk-or-v1-test-canary-0123456789"
    exchange = Exchange(key=SecretStr(key))
    refused = Try(status=401, headers=(("x-echo", f"Bearer {key}"), ("x-next", "1")))
    refused.take(Chunk(0.1, f"wrong: {key}, é wrong: {key[:20]}".encode()))
    refused.take(Chunk(0.2, f"{key[20:]}.".encode()))
    exchange.tries[:] = [refused]

    shown = [row.text for row in reply_rows(exchange)]

    stars = "*" * len(key)
    assert shown[1:] == [
        f"x-echo: Bearer {stars}",
        "x-next: 1",
        f"wrong: {stars}, é wrong: {stars[:20]}",
        f"{stars[20:]}.",
    ]
