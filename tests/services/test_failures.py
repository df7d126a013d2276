"""Every failure says in its own words what happened, who said so and what to do."""

import json
from typing import Any

import pytest
from pydantic import SecretStr

from tui.domain.connection import Connection
from tui.domain.errors import Failure, FailureKind, Speaker
from tui.domain.settings import OPENROUTER_URL, ProviderKind
from tui.services.failure_types import BY_TYPE
from tui.services.failure_words import (
    BY_STATUS,
    ENDED_WITH_ERROR,
    OTHER_4XX,
    OTHER_5XX,
    UNEXPECTED,
)
from tui.services.failures import Said, read_complaint, status_failure

CANARY = "sk-or-v1-test-canary-0000"
SAID = Said(SecretStr(CANARY))
OPENROUTER = Connection("openrouter", ProviderKind.OPENROUTER, OPENROUTER_URL, "a/b")
ALL_WORDS = [
    *BY_STATUS.values(),
    *BY_TYPE.values(),
    OTHER_4XX,
    OTHER_5XX,
    UNEXPECTED,
    ENDED_WITH_ERROR,
]


def failed(status: int, body: object) -> Failure:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return status_failure(status, raw, SAID, OPENROUTER)


def test_no_two_failures_have_the_same_words() -> None:
    assert len({words.what for words in ALL_WORDS}) == len(ALL_WORDS)
    for words in ALL_WORDS:
        assert "\n" not in words.what + words.next_step
        assert words.next_step


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, FailureKind.BAD_REQUEST),
        (401, FailureKind.BAD_KEY),
        (402, FailureKind.NO_CREDIT),
        (403, FailureKind.FORBIDDEN),
        (404, FailureKind.NOT_FOUND),
        (407, FailureKind.PROXY),
        (408, FailureKind.TIMEOUT),
        (409, FailureKind.SERVER_ERROR),
        (413, FailureKind.TOO_LARGE),
        (418, FailureKind.BAD_REQUEST),
        (422, FailureKind.BAD_REQUEST),
        (429, FailureKind.RATE_LIMITED),
        (500, FailureKind.SERVER_ERROR),
        (502, FailureKind.PROVIDER_ERROR),
        (503, FailureKind.OVERLOADED),
        (504, FailureKind.TIMEOUT),
        (524, FailureKind.TIMEOUT),
        (529, FailureKind.OVERLOADED),
        (599, FailureKind.SERVER_ERROR),
        (304, FailureKind.PROVIDER_ERROR),
    ],
)
def test_a_status_decides_where_nothing_else_is_said(status: int, kind: FailureKind) -> None:
    failure = failed(status, b"")
    assert (failure.kind, failure.status, failure.detail) == (kind, status, "")


@pytest.mark.parametrize("name", BY_TYPE)
@pytest.mark.parametrize("place", ["metadata", "error_type", "availability", "code"])
def test_an_error_type_decides_over_the_status(name: str, place: str) -> None:
    shapes: dict[str, dict[str, Any]] = {
        "metadata": {"code": 400, "metadata": {"error_type": name}},
        "error_type": {"error_type": name, "http_status": 400},
        "availability": {"availability": {"code": name}},
        "code": {"code": name},
    }
    failure = failed(400, {"error": {"message": "said", **shapes[place]}})
    assert (failure.what, failure.next_step) == (BY_TYPE[name].what, BY_TYPE[name].next_step)
    assert (failure.status, failure.detail) == (400, "said")


SHAPES: dict[str, tuple[object, str]] = {
    "OpenRouter": ({"error": {"code": 400, "message": "said"}, "user_id": "u"}, "said"),
    "code null": ({"error": {"code": None, "message": "said"}}, "said"),
    "code a string": ({"error": {"code": "429", "message": "said"}}, "said"),
    "error a string": ({"error": "said"}, "said"),
    "error a word and a message": ({"error": "oops", "message": "said"}, "oops: said"),
    "FastAPI": ({"detail": "said"}, "said"),
    "FastAPI validation": ({"detail": [{"msg": "said", "loc": []}, {"msg": "too"}]}, "said; too"),
    "FastAPI around an error": ({"detail": {"error": {"message": "said"}}}, "said"),
    "vLLM": ({"object": "error", "message": "said", "code": 400}, "said"),
    "a message": ({"message": "said"}, "said"),
    "an array": ([{"error": {"message": "said"}}], "said"),
    "plain text": (b"said", "said"),
    "not UTF-8": (b"said \xff", "said \ufffd"),
    "other JSON": ({"status": "sad"}, '{"status": "sad"}'),
    "raw text": (
        {"error": {"message": "Provider returned error",
                   "metadata": {"provider_name": "Acme", "raw": "it is full"}}},
        "Acme: Provider returned error: it is full",
    ),
    "raw JSON with an error object": (
        {"error": {"message": "Provider returned error",
                   "metadata": {"raw": '{"error": {"message": "it is full", "code": 5}}'}}},
        "Provider returned error: it is full",
    ),
    "raw JSON with a message": (
        {"error": {"message": "m", "metadata": {"raw": '{"message": "it is full"}'}}},
        "m: it is full",
    ),
    "raw JSON with an error string": (
        {"error": {"message": "m", "metadata": {"raw": '{"error": "it is full"}'}}},
        "m: it is full",
    ),
    "raw JSON of another kind": (
        {"error": {"message": "m", "metadata": {"raw": '{"a": 1}'}}},
        'm: {"a": 1}',
    ),
    "raw not a string": ({"error": {"message": "m", "metadata": {"raw": {"a": 1}}}}, "m"),
    "metadata null": ({"error": {"message": "m", "metadata": None}}, "m"),
    "message not a string": ({"error": {"message": {"a": 1}, "code": 400}}, ""),
}  # fmt: skip


@pytest.mark.parametrize(("body", "detail"), SHAPES.values(), ids=SHAPES.keys())
def test_the_other_side_is_quoted_whatever_shape_it_chose(body: object, detail: str) -> None:
    assert failed(400, body).detail == detail


def test_moderation_names_its_reasons() -> None:
    metadata = {"reasons": ["violence", "x"], "flagged_input": "…", "provider_name": "Acme"}
    failure = failed(403, {"error": {"code": 403, "message": "flagged", "metadata": metadata}})
    assert failure.kind is FailureKind.MODERATED
    assert failure.detail == "Acme: flagged: violence, x"


def test_a_failure_at_the_provider_is_said_by_it() -> None:
    body = {"error": {"code": 429, "message": "m", "metadata": {"provider_name": "Acme"}}}
    assert failed(429, body).said_by is Speaker.PROVIDER
    assert failed(429, b"").said_by is Speaker.SERVER


@pytest.mark.parametrize(
    "message",
    [
        "This endpoint's maximum context length is 8192 tokens. However, you requested 9000.",
        "request (9000 tokens) exceeds the available context size (8192 tokens)",
        "litellm.ContextWindowExceededError: context window is full",
        "prompt is too long: 210000 tokens > 200000 maximum",
    ],
)
def test_a_context_overflow_is_recognised_by_what_servers_say(message: str) -> None:
    assert failed(400, {"error": {"message": message}}).kind is FailureKind.CONTEXT_OVERFLOW


@pytest.mark.parametrize(
    "message", ["a/b is not a valid model ID", "Invalid model name passed in model=a/b."]
)
def test_an_unknown_model_is_recognised_by_what_servers_say(message: str) -> None:
    assert failed(400, {"error": {"message": message, "code": 400}}).kind is FailureKind.NOT_FOUND


def test_a_gateway_that_refuses_a_key_with_a_plain_400_is_understood() -> None:
    error = {"message": "No connected db.", "type": "no_db_connection"}
    assert failed(400, {"error": error}).kind is FailureKind.BAD_KEY


def test_what_was_said_is_cut_cleaned_and_without_the_key() -> None:
    message = f"\x1b[31m{CANARY}\u202e\r\nBearer {CANARY} " + "x" * 1000
    detail = failed(401, {"error": {"message": message}}).detail
    assert CANARY not in detail
    assert detail.startswith("␛[31msk-or-…0000\ufffd Bearer sk-or-…0000 xxx")
    assert len(detail) == 500


def test_a_key_at_the_place_of_the_cut_is_masked() -> None:
    detail = failed(401, b"x" * 490 + CANARY.encode()).detail
    assert CANARY[:9] not in detail


def test_a_reflected_key_is_masked_in_every_shape() -> None:
    for body, _ in SHAPES.values():
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        reflected = raw.replace(b"said", CANARY.encode()).replace(b"it is full", CANARY.encode())
        assert CANARY not in str(status_failure(400, reflected, SAID, OPENROUTER))


@pytest.mark.parametrize("body", [None, 7, "x", [], [7], {}, {"error": None}, {"error": ""}])
def test_what_is_no_error_is_none(body: object) -> None:
    assert read_complaint(body) is None


PAGE = b"""<!DOCTYPE HTML>
<html lang="en">
    <head><style>p { color: red }</style><title>Error
    response</title></head>
    <body><h1>Not here</h1><p>Message: invalid API key &amp; more.</p></body>
</html>
"""
LOCAL = Connection("local", ProviderKind.COMPATIBLE, "http://127.0.0.1:4000/v1", "a/b")


@pytest.mark.parametrize("status", [404, 405, 501])
@pytest.mark.parametrize("connection", [OPENROUTER, LOCAL])
def test_a_web_page_in_place_of_an_api_is_said_to_be_one(
    status: int, connection: Connection
) -> None:
    failure = status_failure(status, PAGE, SAID, connection)
    assert failure.what == (
        f"{connection.base_url} is no OpenAI-compatible server: it answered with a web page."
    )
    assert failure.detail == "Error response"
    assert failure.status == status


@pytest.mark.parametrize(
    ("base_url", "hints"),
    [
        ("http://127.0.0.1:4000", True),
        ("http://127.0.0.1:4000/api", True),
        ("http://127.0.0.1:4000/v1", False),
        ("http://127.0.0.1:4000/v1beta/openai", False),
    ],
)
@pytest.mark.parametrize("body", [PAGE, b"404 page not found"])
def test_an_address_without_v1_gets_the_hint(base_url: str, hints: bool, body: bytes) -> None:
    connection = Connection("local", ProviderKind.COMPATIBLE, base_url, "a/b")
    failure = status_failure(404, body, SAID, connection)
    assert (f"as in {base_url}/v1." in failure.next_step) is hints


def test_of_any_other_page_only_the_title_or_the_first_words_are_shown() -> None:
    failure = status_failure(502, PAGE, SAID, OPENROUTER)
    assert (failure.kind, failure.detail) == (FailureKind.PROVIDER_ERROR, "Error response")
    untitled = b"<html><script>let a = 1</script><p>Bad &lt;gate&gt;\n\n way</p>" + b"<b>x" * 9000
    detail = status_failure(500, untitled, SAID, OPENROUTER).detail
    assert detail.startswith("Bad <gate> way x")
    assert len(detail) <= 100


def test_text_that_only_begins_like_a_tag_is_no_page() -> None:
    assert status_failure(500, b"<nil> pointer", SAID, LOCAL).detail == "<nil> pointer"


@pytest.mark.parametrize("status", [401, 403, 404, 412, 502, 503])
def test_words_of_openrouter_are_kept_for_openrouter(status: int) -> None:
    step = status_failure(status, b"{}", SAID, LOCAL).next_step
    assert step != status_failure(status, b"{}", SAID, OPENROUTER).next_step
    for word in ("privacy", "account", "routing", "OPENROUTER", "guardrails", "provider"):
        assert word not in step
