"""The editor of parameters: what is set in it is what a server receives, from the right place."""

import asyncio
import json
import tomllib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import Button, Input, TextArea

from tests.fakes.server import json_reply
from tests.ui.screens.money_support import CLAUDE, ROW, Place, answer, place
from tests.ui.screens.test_chat import answered, ready, workbench
from tui.domain.parameters import PARAMETERS
from tui.ui.controllers.setup_scope import Scope
from tui.ui.screens.chat import ChatScreen
from tui.ui.screens.confirm import Confirm
from tui.ui.screens.parameters import ParametersScreen
from tui.ui.widgets.choice import Choice
from tui.ui.widgets.effect_line import EffectLine
from tui.ui.widgets.scope_choice import ScopeChoice
from tui.ui.widgets.setting_chips import SettingChips
from tui.ui.widgets.setting_row import SettingRow
from tui.ui.widgets.tick import Tick

PERSON = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
TAKEN = [one.name for one in PARAMETERS if one.name != "cache_ttl"]
CACHING = "[providers.openrouter]\nprompt_caching = true\n"
TYPED: dict[str, tuple[str | bool, Any]] = {
    "max_tokens": ("500", 500),
    "stop": ("END\n\\n\\n", ["END", "\n\n"]),
    "verbosity": ("low", "low"),
    "temperature": ("0.2", 0.2),
    "top_p": ("0.9", 0.9),
    "top_k": ("40", 40),
    "min_p": ("0.05", 0.05),
    "top_a": ("0.1", 0.1),
    "seed": ("7", 7),
    "frequency_penalty": ("0.5", 0.5),
    "presence_penalty": ("-0.5", -0.5),
    "repetition_penalty": ("1.1", 1.1),
    "logit_bias": ('{"50256": -100}', {"50256": -100}),
    "logprobs": (True, True),
    "top_logprobs": ("3", 3),
    "reasoning": ("high", {"effort": "high"}),
    "response_format": ("json_object", {"type": "json_object"}),
}
"""What is entered for each parameter, and what is sent for it."""


class Editor:
    """The open editor over a conversation with a model that takes every parameter."""

    def __init__(self, at: Place) -> None:
        self.at = at

    async def open(self) -> None:
        await self.at.pilot.press("f6")
        await self.at.until(lambda: isinstance(self.at.app.screen, ParametersScreen))
        await self.at.until(lambda: self.screen.is_mounted and self.screen.focused)

    @property
    def screen(self) -> ParametersScreen:
        screen = self.at.app.screen
        assert isinstance(screen, ParametersScreen)
        return screen

    async def scope(self, scope: Scope) -> None:
        self.screen.query_one(ScopeChoice).value = scope
        await self.at.until(lambda: self.screen.form.scope is scope)

    async def enter(self, name: str, text: str | bool) -> None:
        """Fill a field, and let the editor take notice."""
        self.fill(name, text)
        for _ in range(3):  # a field of several parts tells of itself in turn
            await self.at.pilot.pause(0)

    def fill(self, name: str, text: str | bool) -> None:
        field = self.screen.query_one(f"#{name}")
        match field:
            case Input():
                field.value = str(text)
            case TextArea():
                field.load_text(str(text))
            case Choice():
                field.value = str(text)
            case Tick():
                field.value = bool(text)

    def row(self, name: str) -> SettingRow:
        return self.screen.query_one(f"#row-{name}", SettingRow)

    async def save(self) -> None:
        await self.at.pilot.press("ctrl+s")
        await self.at.until(lambda: isinstance(self.at.app.screen, ChatScreen))


@asynccontextmanager
async def editing(
    home: Path, config: str = "", size: tuple[int, int] = (120, 40)
) -> AsyncIterator[tuple[Place, Editor]]:
    async with place(home, config, size) as at:
        reasoning = {"supported_efforts": ["high", "low"], "supports_max_tokens": True}
        row = ROW | {
            "supported_parameters": [*TAKEN, "structured_outputs"],
            "reasoning": reasoning,
            "context_length": 200_000,
        }
        at.server.on("GET /models", json_reply({"data": [row]}))
        await at.app.session.refresh_catalogue()
        editor = Editor(at)
        await editor.open()
        yield at, editor


def edited_in_two_scopes(editor: Editor) -> None:
    """Edits of which the fields themselves are of no interest."""
    form = editor.screen.form
    form.enter("top_p", "0.5")
    form.show_scope(Scope.MODEL)
    form.enter("temperature", "0.7")


def saved(at: Place) -> dict[str, Any]:
    return tomllib.loads(at.app.runtime.paths.config_file.read_text())


async def test_every_parameter_set_in_the_editor_is_in_the_body_that_the_server_receives(
    tmp_path: Path,
) -> None:
    async with editing(tmp_path, CACHING) as (at, editor):
        names = [one.name for one in editor.screen.form.parameters]
        assert names == [one.name for one in PARAMETERS]
        assert {*TYPED, "cache_ttl"} == set(names)
        assert "$0.015 of the balance" in editor.row("max_tokens").effect_words  # 1,000 tokens

        for name, (text, _) in TYPED.items():
            editor.fill(name, text)
        editor.fill("cache_ttl", "1h")
        await at.until(lambda: all(map(editor.screen.form.is_set, names)))
        await editor.enter("reasoning_hidden", True)
        assert "$0.0075 of the balance" in editor.row("max_tokens").effect_words
        words = editor.row("temperature").effect_words
        assert words.startswith("Once saved: 0.2, set for this conversation. Until then: not sent")
        await editor.save()
        await at.send("Hello")

        body = at.bodies[0]
        for name, (_, sent) in TYPED.items():
            if name != "reasoning":
                assert body[name] == sent, name
        assert body["reasoning"] == {"effort": "high", "exclude": True}
        mark = {"type": "ephemeral", "ttl": "1h"}
        assert body["messages"][-1]["content"][-1]["cache_control"] == mark
        assert "params" not in json.dumps(saved(at)), "what is set for a conversation stays there"

        await editor.open()
        await at.pilot.press(*["down"] * 5, "up", "up")
        assert editor.screen.page.name_of(at.app.focused) == "stop"
        await editor.scope(Scope.MODEL)
        await editor.enter("reasoning", "budget")
        assert editor.screen.form.problem("reasoning")
        await editor.scope(Scope.DEFAULT)
        assert editor.screen.query_one("#reasoning", Choice).value == ""
        await editor.scope(Scope.MODEL)
        assert editor.screen.query_one("#reasoning", Choice).value == "budget"
        await editor.enter("reasoning_budget", "2000")
        await editor.enter("temperature", "0.7")
        words = editor.row("temperature").effect_words
        assert words == "In force: 0.2, set for this conversation."
        await editor.scope(Scope.DEFAULT)
        assert editor.screen.query_one("#temperature", Input).value == ""
        assert editor.screen.query_one("#temperature", Input).placeholder == "0.2"
        await editor.enter("max_tokens", "9000")
        await editor.enter("top_k", "5")
        await editor.scope(Scope.CONVERSATION)
        for name in ("temperature", "max_tokens", "top_k"):
            editor.screen.query_one(f"#reset-{name}", Button).press()
        editor.screen.query_one("#reasoning").focus()
        await at.pilot.press("ctrl+r")
        assert editor.row("top_k").effect_words == (
            "Once saved: 5, set for every model. Until then: 40, set for this conversation."
        )
        await editor.save()
        await at.send("And now?")

        table = saved(at)
        assert table["models"][CLAUDE]["params"] == {
            "reasoning": {"max_tokens": 2000},
            "temperature": 0.7,
        }
        assert table["default"]["params"] == {"max_tokens": 9000, "top_k": 5}
        body = at.bodies[1]
        assert (body["temperature"], body["top_k"], body["max_tokens"]) == (0.7, 5, 9000)
        assert (body["reasoning"], body["seed"]) == ({"max_tokens": 2000}, 7)


async def test_what_cannot_be_used_is_refused_in_words_and_nothing_is_saved(
    tmp_path: Path,
) -> None:
    async with editing(tmp_path) as (at, editor):
        await editor.enter("top_p", "0.5")
        editor.fill("top_k", "-1")
        await editor.enter("temperature", "9")
        status = editor.screen.query_one("#end > EffectLine", EffectLine)
        assert status.words == "Not right yet: Temperature, Top K, for this conversation"
        scopes = editor.screen.query_one(ScopeChoice)
        await at.pilot.click(scopes, offset=(scopes.render().plain.index("every") + 1, 0))
        await at.until(lambda: editor.screen.form.scope is Scope.DEFAULT)
        await at.pilot.press("ctrl+s")
        await at.until(lambda: at.app.focused is editor.screen.query_one("#temperature"))
        assert editor.screen.form.scope is Scope.CONVERSATION
        problem = editor.row("temperature").problem_words
        assert problem == "Temperature cannot be 9. It goes from 0 to 2."
        assert "params" not in json.dumps(saved(at))
        assert at.screen.chat.conversation is not None
        assert not at.screen.chat.conversation.settings.params

        editor.fill("top_k", "1")
        await editor.enter("temperature", "0.9")
        await editor.scope(Scope.MODEL)
        await editor.enter("response_format", "json_schema")
        await editor.enter("schema", '{"enum": [null]}')
        await at.pilot.press("ctrl+s")
        await at.until(lambda: "cannot hold a null" in status.words)
        assert "params" not in json.dumps(saved(at))
        assert not at.screen.chat.conversation.settings.params, "nothing is half saved"
        await editor.enter("schema", "{")
        await editor.scope(Scope.DEFAULT)
        assert editor.screen.query_one("#schema", TextArea).text == ""
        await editor.scope(Scope.MODEL)
        assert editor.screen.query_one("#schema", TextArea).text == "{"
        assert editor.row("response_format").problem_words.startswith("The schema is not valid")

        await at.pilot.press("escape")
        await at.until(lambda: isinstance(at.app.screen, Confirm))
        await at.pilot.press("tab", "enter")
        await at.until(lambda: isinstance(at.app.screen, ChatScreen))
        assert not at.screen.chat.conversation.settings.params


async def test_a_schema_from_a_file_is_sent_and_the_answer_is_checked_against_it(
    tmp_path: Path,
) -> None:
    file = tmp_path / "a person.json"
    file.write_text(json.dumps(PERSON))
    async with editing(tmp_path / "home") as (at, editor):
        at.server.on_chat(answer('{"name": "Ada"}'), answer('{"name": 3}'))
        await editor.enter("response_format", "json_schema")
        assert editor.row("response_format").problem_words.startswith("There is no schema yet.")
        await editor.enter("schema_file", str(tmp_path / "none.json"))
        editor.screen.query_one("#schema_file").focus()
        await at.pilot.press("enter")
        await at.until(lambda: "no file" in editor.row("response_format").problem_words)
        await editor.enter("schema_file", str(file))
        await at.pilot.press("enter")
        await at.until(lambda: not editor.row("response_format").problem_words)
        await editor.save()

        chips = at.screen.query_one(SettingChips)
        assert chips.render().plain.strip() == "answer format schema a_person"
        await at.send("Who?")
        assert at.bodies[0]["response_format"]["json_schema"]["schema"] == PERSON
        assert any("✓ The answer has the format" in row for row in at.rows)
        await at.send("Again?")
        assert any("✗ $.name: 3 is not of type 'string'." in row for row in at.rows)

        await at.pilot.click(chips, offset=(4, 0))
        await at.until(lambda: isinstance(at.app.screen, ParametersScreen))
        await at.until(lambda: at.app.focused is editor.screen.query_one("#response_format"))


async def test_a_model_that_cannot_read_the_reasoning_so_far_says_so_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with workbench(tmp_path).run_test(size=(120, 40)) as pilot:
        screen = await ready(pilot)
        await answered(pilot, screen, "reasoning")
        said: list[str] = []
        monkeypatch.setattr(screen, "notify", lambda words, **_: said.append(words))

        for model_id in ("anthropic/claude-opus-4.5", "openai/gpt-5.2", "google/gemini-2.5-pro"):
            screen.use_model(model_id)

        assert said == [
            "The reasoning of 1 answer by anthropic is not sent: openai cannot read it."
        ]


async def test_what_is_saved_is_for_the_model_and_the_conversation_that_were_asked_about(
    tmp_path: Path,
) -> None:
    async with editing(tmp_path) as (at, editor):
        edited_in_two_scopes(editor)
        before = at.screen.chat.conversation
        assert before is not None
        at.screen.chat.kept[before.id] = before
        await at.screen.chat.new()
        at.screen.chat.use_model("other/model")
        await at.pilot.press("ctrl+s")
        status = editor.screen.query_one("#end > EffectLine", EffectLine)
        await at.until(lambda: status.words.startswith("Another conversation is on screen"))
        assert "params" not in json.dumps(saved(at)), "nothing is half saved"

        await at.screen.chat.open(before.id)
        await at.pilot.press("ctrl+s")
        await at.until(lambda: isinstance(at.app.screen, ChatScreen))
        assert list(saved(at)["models"]) == [CLAUDE]
        assert before.settings.params == {"top_p": 0.5}


async def test_leaving_in_the_middle_of_saving_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with editing(tmp_path) as (at, editor):
        edited_in_two_scopes(editor)
        reload, begun, go_on = at.app.session.reload, asyncio.Event(), asyncio.Event()

        async def slowly() -> None:
            begun.set()
            await go_on.wait()
            await reload()

        monkeypatch.setattr(at.app.session, "reload", slowly)
        await at.pilot.press("ctrl+s")
        await at.until(begun.is_set)
        await at.pilot.press("escape", "ctrl+s")
        go_on.set()
        await at.until(lambda: isinstance(at.app.screen, ChatScreen))
        assert saved(at)["models"][CLAUDE]["params"] == {"temperature": 0.7}
        assert at.screen.chat.conversation is not None
        assert at.screen.chat.conversation.settings.params == {"top_p": 0.5}
