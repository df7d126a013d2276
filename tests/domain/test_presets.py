"""Presets: read as data, with words for what is wrong, and variables that are replaced once."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.attachments_models import PdfEngine
from tui.domain.chat_settings import ChatSettings
from tui.domain.conversation import Conversation
from tui.domain.parameters_layers import LayerSource
from tui.domain.presets import (
    Preset,
    apply_preset,
    changed,
    given_variables,
    is_preset_name,
    layer_of,
    nearest_preset,
    parse_preset,
    preset_of,
    render,
)

NOW = datetime(2026, 3, 1, 9, 5, tzinfo=UTC)
REVIEW = '''
description = "Reviews code"
model = "openrouter/anthropic/claude-sonnet-4.5"
pdf_engine = "cloudflare-ai"
system = """
You review {{language}} code of {{ team }}.
Today is {{date}}, {{time}}, in {{cwd}}.
"""

[variables]
language = "Python"
team = ""

[params]
temperature = 0.2

[provider]
only = ["anthropic"]
'''


def test_a_preset_says_what_is_asked_and_how() -> None:
    parsed = parse_preset("review", REVIEW)
    assert parsed.problems == ()
    preset = parsed.preset
    assert (preset.name, preset.description) == ("review", "Reviews code")
    assert preset.model == "anthropic/claude-sonnet-4.5"
    assert preset.params == {"temperature": 0.2}
    assert preset.routing == {"only": ["anthropic"]}
    assert preset.pdf_engine is PdfEngine.CLOUDFLARE
    assert preset.asked == ("team",)
    assert preset.named == ("language", "team")
    assert preset.used == ("language", "team", "date", "time", "cwd")


def test_variables_are_replaced_by_what_they_stand_for() -> None:
    preset = parse_preset("review", REVIEW).preset
    values = given_variables(NOW, "work\x1b[1m") | {"team": "blue"}
    assert render(preset, values) == (
        "You review Python code of blue.\nToday is 2026-03-01, 09:05, in work␛[1m."
    )


def test_what_a_variable_stands_for_is_not_looked_at_again() -> None:
    preset = Preset("p", system="{{a}} {{b}} {{c}} $HOME {{ not one }}", variables={"a": "{{b}}"})
    assert render(preset, {"b": "{{a}}"}) == "{{b}} {{a}} {{c}} $HOME {{ not one }}"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("model = ", "It is not TOML"),
        ("a = [" * 5_000, "It is not TOML"),
        ("sytem = 'x'", "Did you mean system?"),
        ("model = 5", "model must be text."),
        ("params = 1", "params must be a table: [params]."),
        ("[params]\ntemperature = 'hot'", "temperature"),
        ("[provider]\nonly = 5", "only"),
        ("pdf_engine = 'mistral'", "Did you mean mistral-ocr?"),
        ("[variables]\nx = [1]", "The variable x must stand for text."),
        ("[variables]\n'a b' = 'x'", "a b cannot be the name of a variable."),
    ],
)
def test_what_is_wrong_is_said_in_words(text: str, problem: str) -> None:
    parsed = parse_preset("p", text)
    assert problem in " ".join(parsed.problems)
    assert parsed.readable is (problem != "It is not TOML")


@given(st.text(max_size=200))
def test_no_text_makes_it_fail(text: str) -> None:
    parsed = parse_preset("p", text)
    assert parsed.preset.name == "p"
    render(parsed.preset, {})


def test_a_conversation_takes_over_what_a_preset_says() -> None:
    chat = Conversation("c", "s", "example/model", NOW)
    apply_preset(chat, Preset("plain", system="Be brief."), {})
    assert (chat.model, chat.system_prompt, chat.settings.preset) == (
        "example/model",
        "Be brief.",
        "plain",
    )
    assert (chat.is_set_up, chat.has_model) == (True, False)
    preset = parse_preset("review", REVIEW).preset
    apply_preset(chat, preset, {})
    assert chat.model == "anthropic/claude-sonnet-4.5"
    assert chat.has_model
    assert chat.settings.params == {"temperature": 0.2}
    assert layer_of(chat.settings).source is LayerSource.PRESET
    assert not chat.settings.differs(chat.model)
    assert chat.settings.differs("another/model")
    chat.settings = changed(chat.settings, params={"temperature": 1})
    assert (chat.settings.preset, chat.settings.differs(chat.model)) == ("review", True)
    assert ChatSettings.of_record(chat.settings.as_record()) == chat.settings
    assert layer_of(chat.settings).source is LayerSource.CONVERSATION
    assert layer_of(chat.settings).routing == {"only": ["anthropic"]}
    chat.settings = changed(chat.settings, draft_files=True)
    apply_preset(chat, Preset(""), {})
    assert chat.has_model, "the model stays when the preset goes"
    assert chat.settings.draft_files, "what is attached stays, whatever is asked with"
    assert not chat.is_set_up


def test_without_a_preset_nothing_differs_from_one() -> None:
    assert not changed(ChatSettings(), params={"temperature": 1}).differs("a/b")


def test_a_conversation_can_be_kept_as_a_preset() -> None:
    chat = Conversation("c", "s", "example/model", NOW, system_prompt="Be brief.")
    assert preset_of(chat, "mine", "How\nI like it") == Preset(
        "mine", "How I like it", "example/model", "Be brief."
    )


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("review", True),
        ("a.b-c_2", True),
        ("翻译", True),
        ("a\u202eb", False),
        ("", False),
        ("../x", False),
        (".x", False),
        ("a/b", False),
        ("a b", False),
        ("x" * 65, False),
        ("a\n", False),
        ("a.", False),
    ],
)
def test_a_name_is_that_of_a_file(name: str, good: bool) -> None:
    assert is_preset_name(name) is good


def test_the_nearest_name_is_found() -> None:
    assert nearest_preset("reviw", ["review", "translate"]) == "review"
    assert nearest_preset("zzz", ["review"]) == ""
