"""The boxes and the money around the chat: what is seen, and what the server is sent."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Static

from tests.fakes.server import error_reply, json_reply
from tests.ui.screens.money_support import CLAUDE, CONTEXT, KEY, Place, answer, caching, place
from tui.domain.cost import Cost, CostSource
from tui.ui.screens import chat
from tui.ui.screens.decide import Decide
from tui.ui.screens.inspector import InspectorScreen
from tui.ui.screens.models import ModelsScreen
from tui.ui.screens.next_send import NextSendScreen
from tui.ui.screens.receipt import ReceiptScreen
from tui.ui.screens.sheet import Sheet
from tui.ui.widgets.json_view import JsonView
from tui.ui.widgets.prompt import Prompt
from tui.ui.widgets.reply_list import ReplyList
from tui.ui.widgets.setting_row import SettingRow

CACHING = ("providers", "openrouter", "prompt_caching")
COMPRESSING = ("providers", "openrouter", "compress_prompts")
LONG = "All work and no play makes for a long prompt. " * 100
"""About 1,150 tokens."""


def marks(body: Any) -> int:
    """How many cache marks a body has."""
    parts = [part for one in body["messages"] for part in one["content"] if isinstance(part, dict)]
    return sum("cache_control" in part for part in parts)


def sheet(here: Place) -> str:
    """The words of the sheet on screen."""
    screen = here.app.screen
    assert isinstance(screen, Sheet)
    return screen.text(90).plain


def question(here: Place) -> str:
    screen = here.app.screen
    assert isinstance(screen, Decide)
    return "\n".join(str(one.render()) for one in screen.query(Static))


async def decide(here: Place, name: str) -> None:
    """Press one of the answers of the question on screen."""
    await here.until(lambda: isinstance(here.app.screen, Decide))
    await here.pilot.click(f"#{name}")


async def test_what_is_typed_has_a_price_before_it_is_sent(tmp_path: Path) -> None:
    async with place(tmp_path) as here:
        assert here.preview == ""

        await here.type(LONG)
        short = here.preview
        assert short.startswith("next send ≈ $0.0")
        await here.type(LONG * 2)
        assert here.preview != short
        assert not here.server.chats

        await here.pilot.press("f5")
        await here.until(lambda: isinstance(here.app.screen, NextSendScreen))
        words = sheet(here)
        for expected in ("likely", "at worst", "prompt", "not measured yet", "since the app"):
            assert expected in words
        await here.pilot.press("i")
        await here.until(lambda: isinstance(here.app.screen, InspectorScreen))


async def test_the_caching_box_is_seen_in_the_gutter_the_bar_and_the_body(tmp_path: Path) -> None:
    async with place(tmp_path) as here:
        here.server.on_chat(answer(prompt_tokens=1_200))
        await here.send(LONG)
        assert marks(here.bodies[0]) == 0
        assert "cache warm" not in here.bar
        assert not any("◆" in row for row in here.rows)

        await here.configure({CACHING: True})
        here.server.on_chat(
            caching(1_400, 0, 1_400), caching(1_600, 1_400, 200), caching(1_800, 0, 1_800)
        )
        await here.send("Go on")
        assert marks(here.bodies[1]) == 2
        await here.until(lambda: "cache warm 4:" in here.bar or "cache warm 5:" in here.bar)
        assert any(row.startswith("+ ") for row in here.rows)

        await here.send("And on")
        await here.until(lambda: any(row.startswith("✓ ") for row in here.rows))
        assert any("◆And on" in row for row in here.rows)
        assert any("1,400 cached" in row for row in here.rows)

        await here.send("Once more")
        await here.until(lambda: any(row.startswith("✗ ") for row in here.rows))
        await here.until(lambda: "missed 1,6" in " ".join(here.rows))
        await here.pilot.press("alt+r")
        await here.until(lambda: isinstance(here.app.screen, ReceiptScreen))
        assert "✗ Cache: wrote 1,800 · missed 1,6" in sheet(here)


async def test_with_the_compression_box_what_would_go_is_struck(tmp_path: Path) -> None:
    async with place(tmp_path, "[providers.openrouter]\ncompress_prompts = true\n") as here:
        for _ in range(3):
            await here.send(LONG)
        assert here.bodies[0]["plugins"] == [{"id": "context-compression"}]
        assert not here.transcript.prefix.left_out

        await here.type(LONG * 5)
        await here.until(lambda: here.transcript.prefix.left_out)
        kept = {here.plan.path[0].id, here.plan.path[-1].id}
        assert not kept & here.transcript.prefix.left_out.keys()
        dropped = here.transcript.prefix.left_out.keys()
        short = next(one for one in here.plan.path if one.text == "Yes." and one.id in dropped)
        entry = here.transcript._layout.get(short.id)
        assert entry is not None
        here.transcript.go_to(entry)
        await here.until(lambda: "tokens would be left out" in "".join(here.rows[:4]))
        styles = [segment.style for segment in here.transcript.render_line(0)]
        assert any(style is not None and style.strike for style in styles)
        assert "over by" in here.bar
        await here.pilot.press("f5")
        await here.until(lambda: isinstance(here.app.screen, NextSendScreen))
        assert "would be left out" in sheet(here)


async def test_without_the_box_a_send_that_is_too_long_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat, "_DRAFT_AFTER", 3600)  # nothing is stored for being typed
    async with place(tmp_path) as here:
        await here.send("Hello")
        too_long = LONG * (CONTEXT // 1_000)
        await here.type(too_long)
        await here.pilot.press("enter")
        await decide(here, "back")
        await here.until(lambda: here.screen.query_one(Prompt).unfolded == too_long)
        assert len(here.server.chats) == 1

        await here.pilot.press("enter")
        await decide(here, "larger")
        await here.until(lambda: isinstance(here.app.screen, ModelsScreen))
        assert here.app.models.filter_text.startswith("ctx>=")
        await here.pilot.press("escape")
        await here.until(lambda: here.app.screen is here.screen and not here.screen.chat.running)

        before = here.screen.chat.conversation
        assert before is not None
        here.screen.query_one(Prompt).focus()
        await here.pilot.press("enter")
        await decide(here, "fresh")
        await here.until(lambda: here.screen.chat.conversation is not before)
        await here.until(lambda: here.screen.query_one(Prompt).unfolded == too_long)
        await here.until(lambda: before.id not in here.screen.chat.busy)
        assert (len(here.server.chats), before.draft) == (1, "")
        history = await here.app.session.wait_for_history()
        drafts = [await history.load(one.id) for one in await history.conversations()]
        assert [one.draft for one in drafts if one is not None] == [too_long, ""]

        await here.pilot.press("enter")
        await decide(here, "compress")
        await here.until(lambda: len(here.server.chats) == 2)
        assert here.bodies[1]["plugins"] == [{"id": "context-compression"}]
        assert here.bodies[0]["plugins"] == [{"id": "context-compression", "enabled": False}]
        await here.answered()


async def test_a_hard_budget_asks_and_a_soft_one_warns(tmp_path: Path) -> None:
    config = "[budget]\nday_soft = 0.009\nday_hard = 0.01\n"
    async with place(tmp_path, config) as here:
        here.server.on_chat(answer(cost=0.02))
        await here.send("Hello")
        assert "$0.02 today / $0.01" in here.bar
        assert "▲" in here.bar

        await here.type("Once more")
        await here.pilot.press("enter")
        await here.until(lambda: isinstance(here.app.screen, Decide))
        assert "hard limit of $0.01" in question(here)
        await decide(here, "limits")
        await here.until(lambda: here.app.focused and here.app.focused.id == "send_soft")
        row = here.app.screen.query_one("#row-day_hard", SettingRow)
        assert row.effect_words == "Today $0.02 of $0.01: reached."
        await here.pilot.press("escape")
        await here.until(lambda: here.app.screen is here.screen and not here.screen.chat.running)

        here.screen.query_one(Prompt).focus()
        await here.pilot.press("enter")
        await here.until(lambda: isinstance(here.app.screen, Decide))
        await decide(here, "send")
        await here.until(lambda: len(here.server.chats) == 2)
        await here.answered()

        await here.type("And again")
        await here.pilot.press("enter")
        await here.until(lambda: isinstance(here.app.screen, Decide))
        await here.pilot.press("ctrl+q")
        await here.until(lambda: not here.app.is_running or here.app._exit)

    assert len(here.server.chats) == 2


async def test_an_answer_opens_to_its_receipt_and_can_be_settled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.ui.controllers.settle._QUESTIONS_AFTER", (0.0,))
    async with place(tmp_path) as here:
        here.server.on_chat(
            answer(prompt_tokens=1_000, completion_tokens=100, cost=0.0045),
            answer(cost=None),
        )
        await here.send("Hello")
        note = next(y for y, row in enumerate(here.rows) if "$0.0045" in row)
        await here.pilot.click("ChatTranscript", offset=(6, note))
        await here.until(lambda: isinstance(here.app.screen, ReceiptScreen))
        words = sheet(here)
        for expected in ("$0.003", "$0.0015", "$0.0045", "gen-1-test", "Test"):
            assert expected in words
        assert "▲" not in words
        await here.pilot.press("escape")
        await here.until(lambda: here.app.screen is here.screen)

        await here.send("Go on")
        await here.pilot.press("alt+r")
        await here.until(lambda: isinstance(here.app.screen, ReceiptScreen))
        assert "S asks the server" in sheet(here)
        bill = {"data": {"total_cost": 0.0002, "tokens_prompt": 10, "tokens_completion": 5}}
        here.server.on("GET /generation", json_reply(bill))
        await here.pilot.press("s")
        await here.until(lambda: "has said what was billed" in sheet(here))
        assert "$0.0002" in sheet(here)
        await here.until(lambda: any("$0.0002" in row for row in here.rows))

        # what becomes known while it is open is in it
        shown = here.screen.chat.conversation
        assert shown is not None
        last = shown.path()[-1]
        assert last.generation is not None
        corrected = replace(last.generation, cost=Cost(Decimal("0.0003"), CostSource.REPORTED))
        await here.screen.chat.settled(shown, replace(last, generation=corrected))
        await here.until(lambda: "$0.0003" in sheet(here))
        await here.pilot.press("escape")
        await here.until(lambda: here.app.screen is here.screen)

        # it is that of the last answer, wherever the reader points
        conversation = here.screen.chat.conversation
        assert conversation is not None
        here.transcript.focus()
        here.transcript.point_at(conversation.path()[0].id)
        await here.pilot.press("alt+r")
        await here.until(lambda: isinstance(here.app.screen, ReceiptScreen))
        assert "$0.0003" in sheet(here)
        await here.pilot.press("f5")
        await here.until(lambda: isinstance(here.app.screen, NextSendScreen))


async def test_the_request_is_shown_without_its_key_and_what_came_back_with_times(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with place(tmp_path) as here:
        here.server.on_chat(error_reply(429, "slow down", {"Retry-After": "0"}), answer("Well."))
        await here.type("Hello")
        await here.pilot.press("enter")
        await here.until(lambda: len(here.server.chats) == 2)
        await here.answered()
        here.transcript.focus()
        await here.pilot.press("shift+up", "i")
        await here.until(lambda: isinstance(here.app.screen, InspectorScreen))
        screen = here.app.screen
        view, reply = screen.query_one(JsonView), screen.query_one(ReplyList)
        await here.until(lambda: view.count > 5)
        shown = "\n".join(view.render_line(y).text for y in range(view.size.height))
        assert f'"model": "{CLAUDE}"' in shown
        assert "← " in shown
        texts = [reply.row(index).text for index in range(reply.count)]
        assert texts[0].startswith("Try 1 · HTTP 429")
        assert any("Well." in text for text in texts)

        copied: list[str] = []
        monkeypatch.setattr(here.app, "copy_to_clipboard", copied.append)
        await here.pilot.press("c", "p", "y")
        curl, python, body = copied
        assert "$OPENROUTER_API_KEY" in curl
        assert "httpx" in python
        assert '"messages"' in body
        assert KEY not in "".join([*copied, shown, here.app.export_screenshot()])
        rows = view.count
        await here.pilot.press("z")
        assert view.count < rows
