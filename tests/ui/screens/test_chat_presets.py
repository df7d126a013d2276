"""Presets, the system prompt and titles by a model, with the keys that users press."""

import tempfile
from pathlib import Path

import pytest
from textual.widgets import Input, Static

from tests.fakes.server import error_reply, json_reply
from tests.ui.screens.money_support import CLAUDE, ROW, Place, answer, place
from tui.domain.presets import LONGEST_PRESET
from tui.ui.screens import presets
from tui.ui.screens.ask_values import AskValues
from tui.ui.screens.chat import ChatScreen
from tui.ui.screens.confirm import Confirm
from tui.ui.screens.decide import Decide
from tui.ui.screens.preset_form import PresetForm
from tui.ui.screens.presets import PresetsScreen
from tui.ui.screens.system_prompt import SystemPromptScreen
from tui.ui.transcript.units import Cursor
from tui.ui.widgets.catalogue.content_view import ContentView
from tui.ui.widgets.folding_area import FoldingArea
from tui.ui.widgets.header_bar import HeaderBar
from tui.ui.widgets.presets.preset_filter import PresetFilter

OTHER = "anthropic/claude-opus-4.5"
REVIEW = f'''
description = "コードをレビューする"
model = "{OTHER}"
system = "You review {{{{language}}}} code."

[params]
max_tokens = 77

[provider]
only = ["anthropic"]
'''


def write(home: Path, **texts: str) -> None:
    folder = home / "config" / "presets"
    folder.mkdir(parents=True)
    for name, text in texts.items():
        (folder / f"{name}.toml").write_text(text)


def said(spot: Place) -> str:
    """The toasts that are on screen or to come."""
    return "\n".join(f"{one.title} {one.message}" for one in spot.app._notifications)


async def offer(spot: Place, model_id: str) -> None:
    """Let the catalogue have another model."""
    spot.server.on("GET /models", json_reply({"data": [ROW, ROW | {"id": model_id}]}))
    await spot.app.session.refresh_catalogue()


async def open_library(spot: Place) -> PresetsScreen:
    await spot.pilot.press("f8")
    await spot.until(lambda: isinstance(spot.app.screen, PresetsScreen))
    screen = spot.app.screen
    assert isinstance(screen, PresetsScreen)
    await spot.until(lambda: screen.names.count)
    return screen


async def go_to(spot: Place, screen: PresetsScreen, name: str) -> None:
    at = [one.preset.name for one in screen.names.presets].index(name)
    screen.names.move_to(at)
    await spot.until(lambda: name in screen.query_one(ContentView).text.plain)


def text_kept(detail: str) -> str:
    """What is in the file that a question names."""
    return Path(detail.rpartition(" is in ")[2].removesuffix(".")).expanduser().read_text()


async def back(spot: Place) -> None:
    await spot.until(lambda: isinstance(spot.app.screen, ChatScreen))


async def test_a_preset_that_is_applied_is_in_the_next_request_and_on_screen(
    tmp_path: Path,
) -> None:
    async with place(tmp_path) as spot:
        write(tmp_path, review=REVIEW, broken="model = ")
        await offer(spot, OTHER)

        library = await open_library(spot)
        await go_to(spot, library, "broken")
        assert "not TOML" in library.query_one(ContentView).text.plain
        await spot.pilot.press("enter")
        await spot.until(lambda: "put right" in said(spot))
        await spot.pilot.press("slash", *"レビュー")
        await spot.until(lambda: library.names.count == 1)
        assert "max_tokens 77" in library.query_one(ContentView).text.plain
        await spot.pilot.press("enter")
        await spot.until(lambda: isinstance(spot.app.screen, AskValues))
        await spot.pilot.press("enter")  # nothing is applied while a value is missing
        await spot.pilot.press(*"Rust", "enter")
        await back(spot)
        header = spot.screen.query_one(HeaderBar)
        await spot.until(lambda: header.facts.preset == "review")
        assert spot.rows[0].startswith("· ▸ System prompt · ≈ ")

        await spot.send("Hello")
        [body] = spot.bodies
        assert body["model"] == OTHER
        assert body["max_tokens"] == 77
        assert body["provider"]["only"] == ["anthropic"]
        assert body["messages"][0]["role"] == "system"
        assert "You review Rust code." in str(body["messages"][0]["content"])

        conversation = spot.screen.chat.conversation
        assert conversation is not None
        history = await spot.app.session.wait_for_history()
        stored = await history.load(conversation.id)
        assert stored is not None
        assert (stored.settings.preset, stored.system_prompt) == ("review", "You review Rust code.")
        spot.screen.chat.use_model(CLAUDE)
        await spot.until(lambda: header.facts.preset == "review, changed")


async def test_the_system_prompt_is_read_changed_and_sent(tmp_path: Path) -> None:
    async with place(tmp_path) as spot:
        assert any("no system prompt: Alt+P" in row for row in spot.rows)
        await spot.send("First")
        await spot.pilot.press("alt+p")
        await spot.until(lambda: isinstance(spot.app.screen, SystemPromptScreen))
        editor = spot.app.screen
        assert editor.query_one("#warning").display
        editor.query_one(FoldingArea).insert("Be brief.\n汉字")
        await spot.pilot.press("escape")
        await spot.until(lambda: isinstance(spot.app.screen, Confirm))
        assert spot.app.screen is not editor
        spot.app.screen.dismiss(False)
        await spot.until(lambda: spot.app.screen is editor)
        await spot.pilot.press("ctrl+s")
        await back(spot)
        await spot.until(lambda: "System prompt" in spot.rows[0])
        assert "breaks the cached prefix" in said(spot)
        await spot.send("Second")
        system = spot.bodies[-1]["messages"][0]
        assert (system["role"], system["content"]) == ("system", "Be brief.\n汉字")

        conversation = spot.screen.chat.conversation
        assert conversation is not None
        spot.transcript.toggle_reasoning(conversation.system_id)
        spot.transcript.scroll_home(animate=False)
        await spot.until(lambda: "Be brief." in spot.rows[1])

        spot.transcript.focus()
        await spot.pilot.press(*["shift+up"] * 5)
        assert spot.transcript.cursor == Cursor(conversation.system_id)
        await spot.pilot.press("delete", "z")
        await spot.until(lambda: "First" in spot.rows[2])
        await spot.pilot.press("enter")
        await spot.until(lambda: "Be brief." in spot.rows[1])
        assert len(conversation.path()) == 4
        await spot.pilot.press("c", "e")
        await spot.until(lambda: isinstance(spot.app.screen, SystemPromptScreen))
        assert spot.app.clipboard == "Be brief.\n汉字"
        await spot.pilot.press("escape")
        await back(spot)

        spot.screen.apply_preset_named("concis")
        await spot.until(lambda: "Did you mean concise?" in said(spot))
        spot.screen.apply_preset_named("concise")
        await spot.until(lambda: isinstance(spot.app.screen, Confirm))
        spot.app.screen.dismiss(True)
        await spot.until(lambda: conversation.settings.preset == "concise")


async def test_presets_are_made_changed_and_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with place(tmp_path) as spot:
        library = await open_library(spot)
        own = tmp_path / "config" / "presets"
        count = library.names.count

        await spot.pilot.press("n")
        await spot.until(lambda: isinstance(spot.app.screen, PresetForm))
        form = spot.app.screen
        await spot.pilot.press("ctrl+s")
        await spot.until(lambda: "cannot be the name" in str(form.query_one("#problem").render()))
        form.query_one("#name", Input).value = "mine"
        form.query_one(FoldingArea).put("Be {{mood}}.")
        await spot.pilot.press("ctrl+s")
        await spot.until(lambda: spot.app.screen is library and library.names.count == count + 1)
        assert library.names.current is not None
        assert library.names.current.preset.model == CLAUDE
        assert "Be {{mood}}." in (own / "mine.toml").read_text()

        await spot.pilot.press("d")
        await spot.until(lambda: isinstance(spot.app.screen, PresetForm))
        await spot.pilot.press("ctrl+s")
        await spot.until(lambda: (own / "mine-copy.toml").exists())
        await spot.until(lambda: spot.app.screen is library and library.names.count == count + 2)

        await spot.pilot.press("delete")
        await spot.until(lambda: isinstance(spot.app.screen, Confirm))
        spot.app.screen.dismiss(True)
        await spot.until(lambda: library.names.count == count + 1)
        assert not (own / "mine-copy.toml").exists()
        await spot.pilot.press("ctrl+e")
        await spot.until(lambda: "cannot be opened from here" in said(spot))

        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        huge, edited = "#" * (LONGEST_PRESET + 1), 'system = "Be merry."'
        texts, opened = [huge, edited], []

        def edit(_screen: object, text: str, *_: object, **__: object) -> str:
            opened.append(text)
            return texts.pop(0)

        monkeypatch.setattr(presets, "edited_outside", edit)
        library.names.move_to([one.preset.name for one in library.names.presets].index("mine"))
        await spot.pilot.press("ctrl+e")
        await spot.until(lambda: isinstance(spot.app.screen, Decide))
        detail = str(spot.app.screen.query_one("#detail", Static).content)
        assert "KiB is the most" in detail
        assert text_kept(detail) == huge
        await spot.until(lambda: spot.app.focused and spot.app.focused.id == "leave")
        spot.app.screen.dismiss(True)
        await spot.until(lambda: (own / "mine.toml").read_text() == edited)
        assert opened[1] == huge
        await spot.until(lambda: "Be merry." in library.query_one(ContentView).text.plain)
        await go_to(spot, library, "tutor")
        await spot.pilot.press("delete")
        await spot.until(lambda: "cannot be deleted" in said(spot))
        await spot.pilot.press("home", "up", "z", "z")
        await spot.until(lambda: library.names.count == 0)
        await spot.pilot.press("escape")
        await spot.until(lambda: library.names.count == count + 1)
        assert not library.query_one(PresetFilter).value
        await spot.pilot.press("f8")
        await back(spot)


async def test_a_model_gives_a_title_on_request_and_what_it_cost_counts(tmp_path: Path) -> None:
    async with place(tmp_path, f'title_model = "{OTHER}"') as spot:
        spot.server.on_chat(
            answer(cost=0.001),
            error_reply(502, "no"),
            answer("\n", cost=0.002),
            answer("“Greetings”\n", cost=0.004),
        )
        await spot.send("Hello")
        conversation = spot.screen.chat.conversation
        assert conversation is not None
        assert conversation.title == "Hello"

        await spot.pilot.press("alt+n")
        await spot.until(lambda: "without a title" in said(spot))
        assert str(spot.screen.chat.spent.amount) == "0.003"
        assert spot.bodies[-1]["model"] == CLAUDE  # the catalogue has no other one
        await offer(spot, OTHER)
        await spot.pilot.press("alt+n")
        await spot.until(lambda: "“Greetings” · $0.004" in said(spot))
        body = spot.bodies[-1]
        assert (body["model"], len(body["messages"])) == (OTHER, 1)
        assert body["max_tokens"] == 2_000
        assert "Hello" in str(body["messages"][0]["content"])
        await spot.until(lambda: str(spot.screen.chat.spent.amount) == "0.007")
        history = await spot.app.session.wait_for_history()
        stored = await history.load(conversation.id)
        assert stored is not None
        assert (stored.title, str(stored.spent().amount)) == ("Greetings", "0.007")
        assert len(stored.messages) == 2
