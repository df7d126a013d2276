"""Typing in the chat: commands are completed and carried out, and earlier prompts found."""

from pathlib import Path

from textual import events
from textual.command import CommandPalette
from textual.pilot import Pilot
from textual.widgets import Static

from tests.ui.screens.models_support import connected, workbench
from tests.waiting import until
from tui.ui.app import Workbench
from tui.ui.screens.chat import ChatScreen
from tui.ui.screens.help import HelpScreen
from tui.ui.transcript.transcript import Transcript
from tui.ui.widgets.offer_list import OfferList
from tui.ui.widgets.prompt import Prompt
from tui.ui.widgets.recall_bar import RecallBar

_NAMES = {"\r": "enter", "\t": "tab", "\x1b": "escape"}


async def chat_of(pilot: Pilot[None]) -> ChatScreen:
    app = await connected(pilot)
    assert isinstance(app.screen, ChatScreen)
    return app.screen


async def burst(pilot: Pilot[None], text: str) -> None:
    """Type without waiting for anything in between."""
    for character in text:
        name = _NAMES.get(character)
        pilot.app.post_message(events.Key(name or character, None if name else character))
    await pilot.pause()


def said(app: Workbench) -> list[str]:
    return [one.message for one in app._notifications]


def asked(chat: ChatScreen) -> list[str]:
    conversation = chat.chat.conversation
    return [one.text for one in conversation.path()[::2]] if conversation is not None else []


async def test_a_command_typed_in_one_burst_is_completed_and_run(tmp_path: Path) -> None:
    app = workbench(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await chat_of(pilot)
        await burst(pilot, "/mod\tgpt-5")
        await until(pilot, lambda: chat.query_one(OfferList).is_open)
        offers = chat.query_one(Prompt).completing.shown
        assert offers is not None
        assert all("gpt-5" in one.text for one in offers.offers[:3])
        assert chat.query_one(OfferList).region.bottom == chat.query_one("#entry").region.y
        await burst(pilot, "\rand now")
        await until(pilot, lambda: chat.chat.model_id == offers.offers[0].text)
        assert chat.query_one(Prompt).text == "and now"
        assert not chat.query_one(OfferList).is_open
        assert asked(chat) == []


async def test_a_misspelt_command_stays_in_the_prompt_and_two_slashes_send_one(
    tmp_path: Path,
) -> None:
    app = workbench(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await chat_of(pilot)
        prompt = chat.query_one(Prompt)
        await burst(pilot, "/hlep me\r!")
        assert prompt.text == "/hlep me!"
        assert any("Did you mean /help?" in words for words in said(app))
        prompt.put("")
        await burst(pilot, "/model nobody/nothing\r")
        assert prompt.text == "/model nobody/nothing"
        prompt.put("")
        await burst(pilot, "//help me\r")
        await until(pilot, lambda: asked(chat) == ["/help me"] and not chat.chat.busy)


async def test_escape_closes_the_list_and_the_command_still_runs(tmp_path: Path) -> None:
    app = workbench(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await chat_of(pilot)
        await burst(pilot, "/he\x1b")
        assert not chat.query_one(OfferList).is_open
        await burst(pilot, "lp\r")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        lines = "\n".join(str(one.render()) for one in app.screen.query("Static, KeyTable"))
        assert "/export [md|html|json]" in lines


async def test_earlier_prompts_are_searched_and_put_in_without_being_sent(tmp_path: Path) -> None:
    app = workbench(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await chat_of(pilot)
        prompt = chat.query_one(Prompt)
        for text in ("first words", "second words"):
            await burst(pilot, f"{text}\r")
            await until(pilot, lambda: not chat.chat.busy and not prompt.text)
        await until(pilot, lambda: asked(chat) == ["first words", "second words"])
        await burst(pilot, "typing")
        await pilot.press("ctrl+r")
        await burst(pilot, "nowhere\x1b")
        await until(pilot, lambda: app.focused is prompt)
        assert prompt.text == "typing"
        await pilot.press("ctrl+r")
        await burst(pilot, "words")
        await pilot.press("ctrl+r", "enter")
        await until(pilot, lambda: not chat.query_one(RecallBar).is_open)
        assert prompt.text == "first words"
        assert len(asked(chat)) == 2


async def test_keys_of_the_user_act_and_stand_in_the_help_and_mistakes_are_told(
    tmp_path: Path,
) -> None:
    config = tmp_path / "config" / "config.toml"
    config.parent.mkdir()
    config.write_text(
        '[keys]\n"chat.help" = "ctrl+t"\nprompt.send = "f10"\nchat.nwe = "f12"\n'
        'chat.tab_3 = "ctrl+3"\napp.palette = "ctrl+g"\n'
    )
    app = workbench(tmp_path)
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        chat = await chat_of(pilot)
        assert any("line 4: There is no key called chat.nwe." in words for words in said(app))
        told = chat.query("Toast")
        await until(pilot, lambda: told and all(one.region.area for one in told))
        read = chat.query_one(Transcript).region
        hides_nothing = all(read.contains_region(one.region) for one in told)
        assert hides_nothing, "neither the money nor what is typed"
        await burst(pilot, "text\r")
        await pilot.press("f10")
        await until(pilot, lambda: asked(chat) == ["text\n"])
        await pilot.press("ctrl+t")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        lines = "\n".join(str(one.render()) for one in app.screen.query("Static, KeyTable"))
        assert "Ctrl+T" in lines
        # Of the keys of tabs, only what is another one has a line of its own.
        assert "Ctrl+3" in lines
        assert "Go to tab 4" not in lines
        await pilot.press("escape", "ctrl+g")
        await until(pilot, lambda: isinstance(app.screen, CommandPalette))
        # What is told stands over what is on top, and not a second time below it.
        toasts = chat.query_one("#textual-toastrack")
        await until(pilot, lambda: not toasts.display)
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is chat and toasts.display)


async def test_normal_mode_moves_and_changes_and_escape_there_still_stops(tmp_path: Path) -> None:
    config = tmp_path / "config" / "config.toml"
    config.parent.mkdir()
    config.write_text("[interface]\nvim = true\n")
    app = workbench(tmp_path)
    async with app.run_test(size=(80, 24)) as pilot:
        chat = await chat_of(pilot)
        prompt, mark = chat.query_one(Prompt), chat.query_one("#mark", Static)
        await burst(pilot, "one two\x1bbxAs!")
        assert prompt.text == "one wos!"
        assert "NORMAL" not in str(mark.render())
        await burst(pilot, "\x1b")
        await until(pilot, lambda: "NORMAL" in str(mark.render()))
        await burst(pilot, "yyp\x1bG")
        assert prompt.text == "one wos!\none wos!"
        await burst(pilot, "\rtyped")
        await until(pilot, lambda: asked(chat) == ["one wos!\none wos!"])
        assert prompt.text == "typed"
