"""Which server is asked, and which key it may see."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from tui.domain.addresses import origin_of
from tui.domain.connection import (
    DEMO_URL,
    Connection,
    Consent,
    KeySource,
    Overrides,
    clean_key,
    expand_variables,
    key_hint,
    resolve,
)
from tui.domain.errors import FailureKind, WorkbenchError
from tui.domain.settings import OPENROUTER_URL, ProviderKind, ProviderSettings, Settings

STORED = "sk-or-v1-test-canary-stored"
ENVIRONMENT = "sk-or-v1-test-canary-environment"
KEY = {"OPENROUTER_API_KEY": ENVIRONMENT}
LOCAL = "http://127.0.0.1:4000/v1"
GATEWAY = "https://gateway.example/api/v1"
EXPOSED = "http://gateway.example/api/v1"


def connect(
    provider: dict[str, Any] | None = None,
    environ: dict[str, str] | None = None,
    name: str = "openrouter",
    **overrides: str,
) -> Connection:
    settings = Settings.model_validate({"providers": {name: provider or {}}})
    return resolve(settings, environ or {}, replace(Overrides(provider=name), **overrides))


def used(connection: Connection) -> tuple[str | None, KeySource | None, Consent | None]:
    """The key that would be sent, where it came from, and what is asked first."""
    key = connection.key.get_secret_value() if connection.key is not None else None
    return key, connection.key_source, connection.consent


def test_without_anything_openrouter_is_asked_and_a_key_is_missing() -> None:
    connection = resolve(Settings(), {})
    assert (connection.provider, connection.base_url) == ("openrouter", OPENROUTER_URL)
    assert used(connection) == (None, None, None)
    assert connection.needs_key
    assert connection.key_hint == ""


def test_the_environment_wins_over_the_file_and_says_so() -> None:
    connection = connect({"api_key": STORED}, KEY)
    assert used(connection) == (ENVIRONMENT, KeySource.ENVIRONMENT, None)
    assert connection.shadowed is KeySource.CONFIG
    assert not connection.needs_key


@pytest.mark.parametrize("stored", [None, "", "  ", ENVIRONMENT, "${OPENROUTER_API_KEY}", "${NO}"])
def test_nothing_is_shadowed_by_the_same_key_or_by_none(stored: str | None) -> None:
    connection = connect({"api_key": stored}, KEY)
    assert used(connection) == (ENVIRONMENT, KeySource.ENVIRONMENT, None)
    assert connection.shadowed is None


@pytest.mark.parametrize(
    ("stored", "environ"),
    [(STORED, {}), ("${MINE}", {"MINE": STORED}), (f" {STORED}\n", {"OPENROUTER_API_KEY": " "})],
)
def test_the_key_of_the_file_goes_to_openrouter(stored: str, environ: dict[str, str]) -> None:
    assert used(connect({"api_key": stored}, environ)) == (STORED, KeySource.CONFIG, None)


@pytest.mark.parametrize(
    ("base_url", "consent"),
    [
        (GATEWAY, Consent.NEW_ORIGIN),
        (EXPOSED, Consent.PLAIN_HTTP),
        (EXPOSED.replace("http", "HTTP", 1), Consent.PLAIN_HTTP),
        (LOCAL, Consent.NEW_ORIGIN),
        ("http://openrouter.ai/api/v1", Consent.PLAIN_HTTP),
        ("https://openrouter.ai:8443/api/v1", Consent.NEW_ORIGIN),
        ("https://openrouter.ai.evil.example/api/v1", Consent.NEW_ORIGIN),
        ("https://openrouter.ai./api/v1", Consent.NEW_ORIGIN),
    ],
)
@pytest.mark.parametrize(
    ("environ", "source"), [({}, KeySource.CONFIG), (KEY, KeySource.ENVIRONMENT)]
)
def test_another_server_in_the_file_gets_no_key_unasked(
    base_url: str, consent: Consent, environ: dict[str, str], source: KeySource
) -> None:
    connection = connect({"api_key": STORED, "base_url": base_url}, environ)
    assert used(connection) == (None, source, consent)
    assert connection.needs_key


@pytest.mark.parametrize(
    "base_url", ["https://OpenRouter.ai/api/v1/", "https://openrouter.ai:443/api/v1"]
)
def test_the_same_server_written_otherwise_needs_no_consent(base_url: str) -> None:
    connection = connect({"api_key": STORED, "base_url": base_url})
    assert used(connection) == (STORED, KeySource.CONFIG, None)
    assert connection.base_url == OPENROUTER_URL


@pytest.mark.parametrize("base_url", [GATEWAY, EXPOSED, LOCAL])
def test_consent_is_for_one_key_and_one_origin(base_url: str) -> None:
    agreed: dict[str, Any] = {
        "api_key": STORED,
        "base_url": base_url,
        "key_origins": [origin_of(base_url)],
    }
    assert used(connect(agreed)) == (STORED, KeySource.CONFIG, None)
    assert used(connect(agreed, KEY)) == (STORED, KeySource.CONFIG, None)
    elsewhere = agreed | {"base_url": "https://elsewhere.example/v1"}
    assert used(connect(elsewhere))[0] is None
    of_environment = {"base_url": base_url, "env_key_origins": [origin_of(base_url)]}
    assert used(connect(of_environment, KEY)) == (ENVIRONMENT, KeySource.ENVIRONMENT, None)
    assert used(connect(of_environment | {"api_key": STORED}))[0] is None


@pytest.mark.parametrize("base_url", [GATEWAY, EXPOSED, LOCAL])
@pytest.mark.parametrize("where", ["command line", "environment"])
def test_naming_a_server_is_consent_for_the_key_of_the_environment_only(
    base_url: str, where: str
) -> None:
    named = {"OPENROUTER_BASE_URL": base_url} if where == "environment" else {}
    flag = {"base_url": base_url} if where == "command line" else {}
    both = connect({"api_key": STORED}, KEY | named, **flag)
    assert used(both) == (ENVIRONMENT, KeySource.ENVIRONMENT, None)
    assert both.base_url == base_url
    assert both.shadowed is None
    stored = connect({"api_key": STORED}, named, **flag)
    assert used(stored)[0] is None
    assert stored.consent is not None


@pytest.mark.parametrize(
    ("written", "has_key"),
    [("10.0.0.5:4000", False), ("http://10.0.0.5:4000", True), ("localhost:4000", True)],
)
def test_plain_http_over_a_network_must_be_written_to_be_consent(
    written: str, has_key: bool
) -> None:
    for named, flag in (({"OPENROUTER_BASE_URL": written}, {}), ({}, {"base_url": written})):
        connection = connect({}, KEY | named, **flag)
        assert connection.base_url.startswith("http://")
        assert (connection.key is not None) is has_key
        assert (connection.consent is None) is has_key


def test_the_command_line_wins_over_environment_and_file() -> None:
    environ = {"OPENROUTER_BASE_URL": "https://environment.example/v1"}
    file = {"base_url": "https://file.example/v1"}
    assert connect(file, environ, base_url=GATEWAY).base_url == GATEWAY
    assert connect(file, environ).base_url == "https://environment.example/v1"
    assert connect(file).base_url == "https://file.example/v1"
    assert connect(file | {"use_custom_base_url": False}).base_url == OPENROUTER_URL


def test_a_gateway_may_do_without_a_key() -> None:
    assert not connect({"base_url": LOCAL}).needs_key
    assert connect({}).needs_key


def test_a_compatible_server_gets_the_key_written_beside_it() -> None:
    compatible = {"api_key": STORED, "base_url": LOCAL}
    assert used(connect(compatible, KEY, "compatible")) == (STORED, KeySource.CONFIG, None)
    assert used(connect(compatible | {"base_url": GATEWAY}, name="compatible"))[0] == STORED
    exposed = connect(compatible | {"base_url": EXPOSED}, name="compatible")
    assert used(exposed) == (None, KeySource.CONFIG, Consent.PLAIN_HTTP)


def test_a_compatible_server_never_gets_the_key_of_the_environment_unasked() -> None:
    compatible = {"base_url": LOCAL}
    connection = connect(compatible, KEY, "compatible")
    assert used(connection) == (None, None, None)
    assert not connection.needs_key
    named = connect({}, KEY, "compatible", base_url=LOCAL)
    assert used(named) == (ENVIRONMENT, KeySource.ENVIRONMENT, None)


def test_a_compatible_server_keeps_its_address_beside_that_of_the_environment() -> None:
    environ = {"OPENROUTER_BASE_URL": GATEWAY}
    assert connect({"base_url": LOCAL}, environ, "compatible").base_url == LOCAL
    assert connect({}, environ, "compatible").base_url == GATEWAY


def test_a_moved_compatible_server_does_not_get_the_key_of_the_old_one() -> None:
    moved = {"api_key": STORED, "base_url": GATEWAY, "key_origins": [origin_of(LOCAL)]}
    assert used(connect(moved, name="compatible")) == (None, KeySource.CONFIG, Consent.NEW_ORIGIN)


def test_the_demo_has_neither_key_nor_address() -> None:
    connection = connect({"api_key": STORED}, KEY, "demo", base_url=GATEWAY)
    assert connection.base_url == DEMO_URL
    assert used(connection) == (None, None, None)
    assert not connection.needs_key
    assert connection.is_demo


@pytest.mark.parametrize("model", ["openrouter/anthropic/claude-x", "anthropic/claude-x"])
def test_model_ids_are_openrouters_except_on_a_compatible_server(model: str) -> None:
    assert connect(model=model).model == "anthropic/claude-x"
    assert connect({"base_url": LOCAL}, name="compatible", model=model).model == model


def test_an_unknown_provider_is_told_with_those_there_are() -> None:
    with pytest.raises(WorkbenchError) as caught:
        resolve(Settings(), {}, Overrides(provider="nobody"))
    assert caught.value.failure.kind is FailureKind.BAD_SETTINGS
    assert "openrouter, compatible, demo" in caught.value.failure.next_step


def test_a_compatible_server_without_an_address_is_told() -> None:
    with pytest.raises(WorkbenchError, match="no base URL"):
        connect(name="compatible")


def test_a_bad_key_that_is_not_used_does_no_harm() -> None:
    bad = "sk-or-v1-test canary"
    assert used(connect({"api_key": bad}, KEY))[0] == ENVIRONMENT
    compatible = {"api_key": STORED, "base_url": LOCAL}
    assert used(connect(compatible, {"OPENROUTER_API_KEY": bad}, "compatible"))[0] == STORED
    with pytest.raises(WorkbenchError):
        connect({"api_key": bad})


@pytest.mark.parametrize(
    ("raw", "key"), [(f"  {STORED}\r\n", STORED), ("\u00a0k\u00a0", "k"), ("", None), (" \n", None)]
)
def test_white_space_around_a_key_is_trimmed(raw: str, key: str | None) -> None:
    cleaned = clean_key(raw)
    assert (cleaned.get_secret_value() if cleaned is not None else None) == key


@pytest.mark.parametrize("bad", ["\n", "\r", "\x00", " ", "\t", "\u200b", "ä", "\ud83d", "\x7f"])
def test_a_key_that_cannot_be_a_header_is_refused_without_quoting_it(bad: str) -> None:
    with pytest.raises(WorkbenchError) as caught:
        clean_key(f"sk-or-v1{bad}canary")
    failure = caught.value.failure
    assert failure.kind is FailureKind.BAD_KEY
    assert "canary" not in f"{failure}{failure.detail}{caught.value}"
    assert caught.value.__cause__ is None


@given(st.text(min_size=1))
def test_a_hint_shows_four_characters_at_most(secret: str) -> None:
    for key in (secret, f"sk-or-{secret}", f"sk-or-v1-{secret}"):
        shown = key_hint(SecretStr(key)).removeprefix("sk-or-").removeprefix("…")
        assert len(shown) <= 4
        assert key.endswith(shown)
        assert len(key) >= 3 * len(shown)


def test_a_connection_never_prints_its_key() -> None:
    connection = connect({"api_key": STORED})
    assert STORED not in f"{connection}{connection!r}"
    assert connection.key_hint == "sk-or-…ored"


def test_variables_are_expanded_once_and_unset_ones_are_empty() -> None:
    environ = {"A": "${B}", "B": "b"}
    assert expand_variables("${A}-${B}-${C}-$B-${}", environ) == "${B}-b--$B-${}"


def test_a_providers_own_model_wins_over_the_default_and_a_flag_over_both() -> None:
    demo = ProviderSettings(kind=ProviderKind.DEMO, model="x/y")
    settings = Settings(providers={"demo": demo}).with_values("default", model="a/b")
    assert resolve(settings, {}).model == "a/b"
    assert resolve(settings, {}, Overrides(provider="demo")).model == "x/y"
    assert resolve(settings, {}, Overrides(provider="demo", model="c/d")).model == "c/d"


def test_the_demo_is_called_so_and_other_servers_by_their_origin() -> None:
    assert resolve(Settings(), {}, Overrides(provider="demo")).server_name == "the demo"
    assert resolve(Settings(), {}).server_name == "https://openrouter.ai"
