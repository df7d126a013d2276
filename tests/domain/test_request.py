"""The body is what the settings say, and nothing else."""

import json
from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.domain.connection import Overrides, resolve
from tui.domain.conversation import Generation, Message, MessageState, Role
from tui.domain.model import Model
from tui.domain.request import TurnSettings, build_body, build_headers, turn_settings
from tui.domain.settings import ProviderKind, Settings

AT = datetime(2026, 3, 2, tzinfo=UTC)
CLAUDE = "anthropic/claude-sonnet-4.5"
GEMINI = "google/gemini-2.5-pro"
KEY = "sk-or-v1-test-canary-request"
OF_OPENROUTER = {"session_id", "plugins", "transforms", "models", "provider", "cache_control"}
CONNECTIONS = {
    "openrouter": {"api_key": KEY},
    "gateway": {"api_key": KEY, "base_url": "https://gateway.example/api/v1", "kind": "openrouter"},
    "compatible": {"base_url": "http://127.0.0.1:4000/v1"},
    "demo": {},
}


def message(
    role: Role, text: str, *, details: list[dict[str, object]] | None = None, model: str = CLAUDE
) -> Message:
    return Message(
        id="m",
        conversation_id="c",
        parent_id=None,
        role=role,
        text=text,
        created_at=AT,
        reasoning_details=details,
        generation=Generation(model, "openrouter") if role is Role.ASSISTANT else None,
    )


SYSTEM = message(Role.SYSTEM, "Be brief.")
CHAT = [SYSTEM, message(Role.USER, "Hi"), message(Role.ASSISTANT, "Yes?"), message(Role.USER, "So")]


def turn(model: str = CLAUDE, **settings: Any) -> TurnSettings:
    return TurnSettings(ProviderKind.OPENROUTER, model, "session-1", **settings)


def configured(name: str, model: str = CLAUDE, **tables: Any) -> TurnSettings:
    """The turn's settings as they come from a config file."""
    settings = Settings.model_validate(
        {"providers": {name: CONNECTIONS[name] | tables.pop("boxes", {})}, **tables}
    )
    connection = resolve(settings, {}, Overrides(provider=name))
    return turn_settings(settings, connection, model, "session-1")


def marks(body: dict[str, Any]) -> list[tuple[int, Any]]:
    """Every mark as the index of its message and the mark itself."""
    return [
        (index, part["cache_control"])
        for index, row in enumerate(body["messages"])
        if isinstance(row["content"], list)
        for part in row["content"]
        if "cache_control" in part
    ]


@pytest.mark.parametrize(
    ("name", "compress", "cache"), [*product(CONNECTIONS, (False, True), (False, True))]
)
def test_each_provider_gets_what_it_understands(name: str, compress: bool, cache: bool) -> None:
    boxes = {"compress_prompts": compress, "prompt_caching": cache}
    body = build_body(CHAT, configured(name, boxes=boxes))
    assert body["model"] == CLAUDE
    assert body["stream"] is True
    assert [row["role"] for row in body["messages"]] == ["system", "user", "assistant", "user"]
    json.dumps(body, allow_nan=False)
    if name == "compatible":
        assert not OF_OPENROUTER & set(body)
        assert body["stream_options"] == {"include_usage": True}
        assert [row["content"] for row in body["messages"]] == ["Be brief.", "Hi", "Yes?", "So"]
        return
    plugin = {"id": "context-compression"} | ({} if compress else {"enabled": False})
    assert body["plugins"] == [plugin]
    assert body["session_id"] == "session-1"
    assert [index for index, _ in marks(body)] == ([0, 1, 3] if cache else [])


@pytest.mark.parametrize(("checked", "sent"), [(True, ["middle-out"]), (False, [])])
def test_a_gateway_can_have_the_older_compression_field(checked: bool, sent: list[str]) -> None:
    body = build_body(CHAT, turn(compress_prompts=checked, compression="transforms"))
    assert body["transforms"] == sent
    assert "plugins" not in body


def test_plugins_of_ones_own_do_not_switch_compression_on() -> None:
    named = [{"id": "web"}, {"id": "context-compression"}]
    body = build_body(CHAT, turn(params={"plugins": named}))
    assert body["plugins"] == [{"id": "web"}, {"id": "context-compression", "enabled": False}]
    assert build_body(CHAT, turn(params={"plugins": 5}))["plugins"] == [
        {"id": "context-compression", "enabled": False}
    ]


def test_parameters_are_sent_as_they_are_but_never_replace_the_request() -> None:
    params = {
        "temperature": 0.7,
        "stream": False,
        "messages": [],
        "model": "other",
        "new": {"a": 1},
    }
    body = build_body(CHAT, turn(params=params))
    assert (body["temperature"], body["new"]) == (0.7, {"a": 1})
    assert body["stream"] is True
    assert body["model"] == CLAUDE
    assert len(body["messages"]) == 4
    assert params["model"] == "other"


def test_a_compatible_server_gets_no_parameter_of_openrouter() -> None:
    params = {name: {} for name in OF_OPENROUTER} | {"reasoning": {}, "temperature": 1, "top_k": 5}
    body = build_body(CHAT, TurnSettings(ProviderKind.COMPATIBLE, "local", params=params))
    assert set(body) == {"model", "messages", "stream", "stream_options", "temperature", "top_k"}


def test_model_settings_become_fields_of_the_body() -> None:
    made = configured(
        "openrouter",
        models={
            f"openrouter/{CLAUDE}": {
                "fallbacks": ["openrouter/openai/gpt-5.2"],
                "provider": {"only": ["anthropic"], "allow_fallbacks": False},
                "params": {"maxTokens": 4096, "topP": 0.9, "cacheControlTtl": "1h"},
            }
        },
        boxes={"prompt_caching": True},
    )
    body = build_body(CHAT, made)
    assert body["models"] == [CLAUDE, "openai/gpt-5.2"]
    assert body["provider"] == {"only": ["anthropic"], "allow_fallbacks": False}
    assert (body["max_tokens"], body["top_p"]) == (4096, 0.9)
    assert not {"cache_ttl", "cacheControlTtl", "maxTokens", "topP"} & set(body)
    assert marks(body)[0] == (0, {"type": "ephemeral", "ttl": "1h"})


@pytest.mark.parametrize("written", ["cache_ttl", "cacheTtl", "cacheControlTtl"])
def test_the_lifetime_goes_into_the_marks_only(written: str) -> None:
    made = configured("openrouter", models={CLAUDE: {"params": {written: "5m"}}})
    assert made.cache_ttl == "5m"
    assert not made.params


@pytest.mark.parametrize("lifetime", ["2h", 5, ["1h"], ""])
def test_an_unknown_lifetime_is_left_out(lifetime: object) -> None:
    made = configured("openrouter", models={CLAUDE: {"params": {"cache_ttl": lifetime}}})
    assert made.cache_ttl is None


def test_only_anthropic_is_asked_for_an_hour() -> None:
    body = build_body(CHAT, turn(GEMINI, prompt_caching=True, cache_ttl="1h"))
    assert marks(body) == [(1, {"type": "ephemeral"})]


@pytest.mark.parametrize(
    ("outputs", "asked"),
    [
        (("text",), None),
        (("image", "text"), ["image", "text"]),
        (("text", "image", "audio"), ["image", "text"]),
        (("image",), ["image"]),
    ],
)
def test_a_model_that_makes_images_is_asked_for_them(
    outputs: tuple[str, ...], asked: list[str] | None
) -> None:
    model = Model(CLAUDE, output_modalities=outputs)
    assert build_body(CHAT, turn(), model).get("modalities") == asked
    words_only = turn(params={"modalities": ["text"]})
    assert build_body(CHAT, words_only, model)["modalities"] == ["text"]
    plain = TurnSettings(ProviderKind.COMPATIBLE, CLAUDE)
    assert "modalities" not in build_body(CHAT, plain, model)


def test_without_a_session_nothing_is_said_of_one() -> None:
    assert "session_id" not in build_body(CHAT, TurnSettings(ProviderKind.OPENROUTER, CLAUDE))


def test_answers_without_text_are_not_sent() -> None:
    pending = message(Role.ASSISTANT, "")
    assert build_body([*CHAT, pending], turn())["messages"] == build_body(CHAT, turn())["messages"]


def test_lone_surrogates_are_not_sent() -> None:
    for made in (turn(), TurnSettings(ProviderKind.COMPATIBLE, "local")):
        body = build_body([message(Role.USER, "a\ud83db")], made)
        json.dumps(body, ensure_ascii=False).encode("utf-8")


@pytest.mark.parametrize(
    ("model", "sent"), [(CLAUDE, True), ("anthropic/claude-opus-4.5", True), (GEMINI, False)]
)
def test_reasoning_goes_back_to_its_own_family(model: str, sent: bool) -> None:
    details: list[dict[str, object]] = [{"type": "reasoning.text", "text": "a", "signature": "s"}]
    body = build_body([message(Role.ASSISTANT, "Yes", details=details)], turn(model))
    assert body["messages"][0].get("reasoning_details") == (details if sent else None)


def test_empty_reasoning_details_are_sent_back_as_well() -> None:
    body = build_body([message(Role.ASSISTANT, "Yes", details=[])], turn())
    assert body["messages"][0]["reasoning_details"] == []
    body = build_body([message(Role.ASSISTANT, "Yes", details=None)], turn())
    assert "reasoning_details" not in body["messages"][0]


texts = st.sampled_from(["", " ", "\n", "words", "汉字"])
rows = st.builds(message, st.sampled_from(Role), texts)


@given(st.lists(rows, max_size=40), st.sampled_from([CLAUDE, GEMINI, "openai/gpt-5.2"]))
def test_at_most_four_marks_and_none_on_an_empty_text(path: list[Message], model: str) -> None:
    body = build_body(path, turn(model, prompt_caching=True))
    marked = marks(body)
    assert len(marked) <= 4
    for index, _ in marked:
        assert body["messages"][index]["content"][0]["text"].strip()
        assert body["messages"][index]["role"] != "assistant"


def without_marks(body: dict[str, Any]) -> list[str]:
    """The messages as bytes would be compared, marks removed."""
    rows: list[dict[str, Any]] = json.loads(json.dumps(body["messages"]))
    for row in rows:
        for part in row["content"] if isinstance(row["content"], list) else []:
            part.pop("cache_control", None)
    return [json.dumps(row, sort_keys=False) for row in rows]


@pytest.mark.parametrize("model", [CLAUDE, GEMINI, "openai/gpt-5.2", "qwen/qwen3-max"])
def test_each_turn_begins_with_the_bytes_of_the_turn_before(model: str) -> None:
    path = [SYSTEM]
    earlier: list[str] = []
    for number in range(12):
        path.append(message(Role.USER, f"question {number}"))
        now = without_marks(build_body(path, turn(model, prompt_caching=True)))
        assert now[: len(earlier)] == earlier
        assert len(now) == len(path)
        earlier = now
        details: list[dict[str, object]] = [{"type": "reasoning.text", "text": str(number)}]
        path.append(message(Role.ASSISTANT, f"answer {number}", details=details, model=model))


def test_every_try_of_one_send_has_the_same_id() -> None:
    headers = build_headers(turn(), "id-1")
    assert headers["X-Client-Request-Id"] == "id-1"
    assert headers["HTTP-Referer"].startswith("https://")
    assert headers["X-OpenRouter-Title"] == "OpenRouter Workbench"
    compatible = build_headers(TurnSettings(ProviderKind.COMPATIBLE, "local"), "id-1")
    assert compatible == {"X-Client-Request-Id": "id-1"}


def test_the_record_of_a_turn_is_plain_data() -> None:
    record = turn(fallbacks=("a/b",), params={"seed": 1}, cache_ttl="1h").as_record()
    assert json.loads(json.dumps(record)) == record


def test_states_do_not_decide_what_is_sent() -> None:
    stopped = Message("m", "c", None, Role.ASSISTANT, "half", AT, state=MessageState.STOPPED)
    assert build_body([stopped], turn())["messages"] == [{"role": "assistant", "content": "half"}]
