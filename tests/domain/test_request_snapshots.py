"""Every kind of request as it goes over the wire, one readable file for each family of models.

``python -m tests.domain.test_request_snapshots`` writes the files anew, to be read before they are
kept.
"""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tui.domain.catalogue import Catalogue
from tui.domain.connection import Overrides, resolve
from tui.domain.conversation import Generation, Message, Role
from tui.domain.inspector import inspect_request
from tui.domain.model import Model, Pricing
from tui.domain.settings import Settings
from tui.domain.turn import TurnRequest, turn_request
from tui.domain.wire_format import encode_body
from tui.services.wire_pricing import read_pricing

_FOLDER = Path(__file__).with_name("requests")
_KEY = "sk-or-v1-test-canary-snapshots"
_AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
_GATEWAY = "https://gateway.example/api/v1"
_LOCAL_ELSEWHERE = "http://127.0.0.1:4000/v1"
_COMPRESSION: dict[str, dict[str, Any]] = {
    "off": {"compress_prompts": False},
    "on": {"compress_prompts": True},
    "transforms": {"compress_prompts": True, "compression": "transforms"},
}


@dataclass(frozen=True)
class Family:
    """A family of models by one of them; a cache that is written to has a price for it."""

    model: str
    writes: bool = False
    provider: str = "openrouter"
    elsewhere: str = _GATEWAY

    @property
    def pricing(self) -> Pricing:
        """Prices that say how the model caches."""
        prices = {"prompt": "0.000001", "completion": "0.000002", "input_cache_read": "0.0000001"}
        return read_pricing(prices | ({"input_cache_write": "0.00000125"} if self.writes else {}))


FAMILIES = {
    "claude": Family("anthropic/claude-sonnet-4.5", writes=True),
    "gemini": Family("google/gemini-2.5-pro", writes=True),
    "qwen": Family("qwen/qwen3-max", writes=True),
    "gpt": Family("openai/gpt-5.2"),
    "deepseek": Family("deepseek/deepseek-v3.2"),
    "local": Family("llama3.3", provider="compatible", elsewhere=_LOCAL_ELSEWHERE),
}
_CASES = list(product(("off", "on"), _COMPRESSION, ("", "elsewhere")))


def conversation(model: str) -> list[Message]:
    """A system prompt, a turn whose answer had reasoning, and a question."""
    texts = [
        (Role.SYSTEM, "Be brief."),
        (Role.USER, "What is a token?"),
        (Role.ASSISTANT, "A piece of a word."),
        (Role.USER, "And what does one cost?"),
    ]
    return [
        Message(
            id=f"message-{number}",
            conversation_id="conversation",
            parent_id=f"message-{number - 1}" if number else None,
            role=role,
            text=text,
            created_at=_AT,
            reasoning_details=({"type": "reasoning.text", "text": "Short.", "index": 0},)
            if role is Role.ASSISTANT
            else None,
            generation=Generation(model, "openrouter") if role is Role.ASSISTANT else None,
        )
        for number, (role, text) in enumerate(texts)
    ]


def turn_of(family: Family, caching: str, compression: str, where: str) -> TurnRequest:
    """A turn by the settings of one combination."""
    boxes: dict[str, Any] = {"prompt_caching": caching == "on", **_COMPRESSION[compression]}
    if family.provider == "openrouter":
        boxes["api_key"] = _KEY
        boxes["key_origins"] = ["https://gateway.example"]
    if where or family.provider == "compatible":
        boxes["base_url"] = family.elsewhere if where else "http://127.0.0.1:11434/v1"
    settings = Settings.model_validate({"providers": {family.provider: boxes}})
    return turn_request(
        settings,
        resolve(settings, {}, Overrides(provider=family.provider)),
        Catalogue({family.model: Model(family.model, pricing=family.pricing)}),
        model_id=family.model,
        session_id="session-of-the-conversation",
    )


def request_of(family: Family, caching: str, compression: str, where: str) -> dict[str, Any]:
    """The request of one combination: where it goes, and its body."""
    request = turn_of(family, caching, compression, where)
    found = inspect_request(request, conversation(family.model))
    return {"url": found.url, "body": found.body}


def requests_of(family: Family) -> dict[str, Any]:
    """Every combination by what sets it apart."""
    return {
        ", ".join(
            filter(None, [f"caching {caching}", f"compression {compression}", where])
        ): request_of(family, caching, compression, where)
        for caching, compression, where in _CASES
    }


def as_file(family: Family) -> str:
    """The requests of a family as its file holds them."""
    return json.dumps(requests_of(family), indent=2, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("name", FAMILIES)
def test_requests_are_what_was_read_and_kept(name: str) -> None:
    kept = (_FOLDER / f"{name}.json").read_text(encoding="utf-8")
    assert as_file(FAMILIES[name]) == kept


def test_every_combination_is_kept() -> None:
    assert len(FAMILIES) * len(_CASES) == 6 * 2 * 3 * 2
    assert {path.stem for path in _FOLDER.glob("*.json")} == set(FAMILIES)


def _marks(body: dict[str, Any]) -> list[int]:
    return [
        index
        for index, message in enumerate(body["messages"])
        for part in (message["content"] if isinstance(message["content"], list) else ())
        if "cache_control" in part
    ]


@pytest.mark.parametrize(
    ("name", "marked"),
    [
        ("claude", [0, 1, 3]),
        ("qwen", [0, 1, 3]),
        ("gemini", [1]),
        ("gpt", []),
        ("deepseek", []),
        ("local", []),
    ],
)
def test_marks_are_where_the_family_wants_them_and_only_with_the_box(
    name: str, marked: list[int]
) -> None:
    for case, request in requests_of(FAMILIES[name]).items():
        assert _marks(request["body"]) == (marked if "caching on" in case else [])


@pytest.mark.parametrize("name", FAMILIES)
def test_another_address_changes_nothing_but_the_address(name: str) -> None:
    family = FAMILIES[name]
    for caching, compression in product(("off", "on"), _COMPRESSION):
        here = request_of(family, caching, compression, "")
        there = request_of(family, caching, compression, "elsewhere")
        assert here["body"] == there["body"]
        assert there["url"] == f"{family.elsewhere}/chat/completions" != here["url"]


def _without_marks(body: dict[str, Any]) -> bytes:
    """The messages as they are sent, without the marks, which move along."""
    copied = json.loads(json.dumps(body))
    for message in copied["messages"]:
        for part in message["content"] if isinstance(message["content"], list) else ():
            part.pop("cache_control", None)
    return encode_body(copied["messages"])


@pytest.mark.parametrize("name", FAMILIES)
def test_ten_turns_begin_with_the_bytes_of_the_turn_before(name: str) -> None:
    family = FAMILIES[name]
    request = turn_of(family, "on", "off", "")
    path = conversation(family.model)
    earlier = b"["
    for number in range(10):
        body = request.body(path)
        sent = _without_marks(body)
        assert len(_marks(body)) <= 4
        assert sent.startswith(earlier)
        earlier = sent.removesuffix(b"]")
        answer, prompt = path[-2], path[-1]
        path += [
            replace(answer, id=f"answer-{number}", text=f"Answer {number}."),
            replace(prompt, id=f"prompt-{number}", text=f"Question {number}?"),
        ]


if __name__ == "__main__":
    for family_name, one in FAMILIES.items():
        (_FOLDER / f"{family_name}.json").write_text(as_file(one), encoding="utf-8")
