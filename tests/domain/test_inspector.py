"""The request as it is sent, and the same as a command line and as a script."""

import ast
import json
import shlex
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.money_support import CLAUDE, GPT, KEY, NOON, Chat, request_for
from tui.domain.conversation import Message, Role
from tui.domain.inspector import InspectedRequest, inspect_request
from tui.domain.sanitize import visible
from tui.domain.turn import TurnRequest

HOSTILE = "'; rm -rf ~ #\n\"$(boom)`\nJSON\n\\ \x1b]52;c;x\x07 \u202e汉字 \ud83d"


def inspected(request: TurnRequest | None = None, text: str = "Why?") -> InspectedRequest:
    chat = Chat(request or request_for())
    chat.say(Role.SYSTEM, "Be brief.")
    chat.say(Role.USER, text)
    return inspect_request(chat.request, chat.conversation.path(), "id-1")


def test_it_is_what_is_sent_but_for_the_key() -> None:
    found = inspected()
    assert (found.method, found.url) == ("POST", "https://openrouter.ai/api/v1/chat/completions")
    assert found.headers["Authorization"] == "Bearer sk-or-…oney"
    assert found.headers["X-Client-Request-Id"] == "id-1"
    assert found.headers["Content-Type"] == "application/json"
    assert found.headers["Accept"] == "text/event-stream"
    assert found.body == request_for().body(_path())
    assert json.loads(found.body_json) == found.body


def _path() -> list[Message]:
    chat = Chat(request_for())
    chat.say(Role.SYSTEM, "Be brief.")
    chat.say(Role.USER, "Why?")
    return chat.conversation.path()


@pytest.mark.parametrize("text", ["Why?", HOSTILE])
def test_the_key_is_nowhere(text: str) -> None:
    found = inspected(text=text)
    for written in (repr(found), found.body_json, found.as_curl(), found.as_python()):
        assert KEY not in written


def test_a_server_without_a_key_gets_none() -> None:
    found = inspected(request_for("llama3", provider="compatible"))
    assert "Authorization" not in found.headers
    assert "OPENROUTER_API_KEY" not in found.as_curl() + found.as_python()


def read_curl(command: str) -> tuple[list[str], str]:
    """The words of the command as a shell would read them, and its standard input."""
    line, _, rest = command.partition(" <<'JSON'\n")
    document, end, after = rest.partition("\nJSON\n")
    assert (end, after) == ("\nJSON\n", "")
    return shlex.split(line), document


@given(st.text() | st.just(HOSTILE))
def test_the_command_line_sends_the_same(text: str) -> None:
    found = inspected(text=text)
    words, document = read_curl(found.as_curl())
    assert json.loads(document) == found.body
    assert words[:2] == ["curl", "--no-buffer"]
    assert words[2] == found.url
    headers = [words[index + 1] for index, word in enumerate(words) if word == "--header"]
    expected = {**found.headers, "Authorization": "Bearer $OPENROUTER_API_KEY"}
    assert headers == [f"{name}: {value}" for name, value in expected.items()]


STACKS = st.text("a\u0300\u20dd\u200d\ufe0f\U0001d165\x1b\\")


@given(st.text() | st.just(HOSTILE) | STACKS)
def test_nothing_in_a_copy_can_act_on_a_terminal(text: str) -> None:
    found = inspected(text=text)
    for written in (found.body_json, found.as_curl(), found.as_python()):
        assert visible(written) == written


@given(st.text() | st.just(HOSTILE) | STACKS)
def test_the_script_sends_the_same(text: str) -> None:
    found = inspected(text=text)
    script = ast.parse(found.as_python())
    named: dict[str, Any] = {
        node.targets[0].id: node.value
        for node in script.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    assert ast.literal_eval(named["body"]) == found.body
    keys = [ast.literal_eval(key) for key in named["headers"].keys]
    assert keys == list(found.headers)


def test_what_each_setting_added_is_said() -> None:
    request = request_for(
        CLAUDE,
        prompt_caching=True,
        compress_prompts=True,
        model={
            "fallbacks": [GPT],
            "provider": {"only": ["anthropic"]},
            "params": {"temperature": 0.5},
        },
    )
    chat = Chat(request)
    chat.say(Role.SYSTEM, "Be brief.")
    chat.turn("Hi", "Hello.")
    answer = chat.conversation.path()[-1]
    chat.conversation.put(
        Message(
            answer.id,
            "c",
            answer.parent_id,
            Role.ASSISTANT,
            "Hello.",
            NOON,
            reasoning_details=({"type": "reasoning.text", "text": "Hm."},),
            generation=answer.generation,
        )
    )
    chat.say(Role.USER, "So?")
    found = inspect_request(request, chat.conversation.path())
    paths = [one.path for one in found.annotations]
    assert set(found.body) == {path for path in paths if "[" not in path}
    assert [path for path in paths if "[" in path] == [
        "messages[0].content[0].cache_control",
        "messages[1].content[0].cache_control",
        "messages[2].reasoning_details",
        "messages[3].content[0].cache_control",
    ]
    assert all(one.words for one in found.annotations)
