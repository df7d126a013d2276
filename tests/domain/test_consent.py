"""A stored key stays with the servers that it was entered for."""

from typing import Any

import pytest
from pydantic import SecretStr

from tui.domain.connection import Connection, Overrides, resolve
from tui.domain.consent import agreed, question_for, settle_key_origins
from tui.domain.settings import ProviderKind, ProviderSettings, Settings

KEY = SecretStr("sk-or-v1-test-canary-0001")
OTHER_KEY = SecretStr("sk-or-v1-test-canary-0002")
ENVIRONMENT = {"OPENROUTER_API_KEY": "sk-or-v1-test-canary-9999"}
HERE = "https://one.example/v1"
THERE = "https://two.example/v1"
LAN = "http://192.0.2.7:8000/v1"


def with_server(kind: ProviderKind = ProviderKind.COMPATIBLE, **values: Any) -> Settings:
    settings = Settings(providers={"server": ProviderSettings(kind=kind, **values)})
    return settings.with_values("default", provider="server")


def moved(before: Settings, **values: object) -> Settings:
    """The settings after an edit on the screen, with the key's servers settled."""
    return settle_key_origins(before, before.with_provider("server", **values), "server")


def key_sent(settings: Settings, environ: dict[str, str] | None = None) -> SecretStr | None:
    return resolve(settings, environ or {}).key


def test_new_key_belongs_to_the_server_beside_which_it_was_entered() -> None:
    settings = moved(with_server(base_url=HERE), api_key=KEY)
    assert settings.provider("server").key_origins == ("https://one.example",)
    assert key_sent(settings) == KEY
    assert key_sent(moved(settings, base_url=THERE)) is None


def test_new_key_for_openrouter_itself_needs_no_origin() -> None:
    settings = moved(with_server(ProviderKind.OPENROUTER), api_key=KEY)
    assert settings.provider("server").key_origins == ()
    assert key_sent(settings) == KEY


def test_new_key_loses_the_consents_of_the_old_one() -> None:
    before = with_server(base_url=HERE, api_key=KEY, key_origins=("https://two.example",))
    after = moved(before, api_key=OTHER_KEY)
    assert after.provider("server").key_origins == ("https://one.example",)


def test_removed_key_takes_its_consents_along() -> None:
    before = with_server(base_url=HERE, api_key=KEY, key_origins=("https://one.example",))
    assert moved(before, api_key=None).provider("server").key_origins == ()


@pytest.mark.parametrize("url", [HERE, LAN])
def test_hand_written_key_stays_behind_when_its_server_changes(url: str) -> None:
    after = moved(with_server(base_url=url, api_key=KEY), base_url=THERE)
    connection = resolve(after, {})
    assert connection.key is None
    assert connection.consent is not None


def test_key_that_others_could_read_on_the_way_needs_a_yes() -> None:
    for settings in (
        with_server(base_url=LAN, api_key=KEY),
        moved(with_server(base_url=LAN), api_key=KEY),
    ):
        connection = resolve(settings, {})
        assert connection.key is None
        question = question_for(settings, connection)
        assert question is not None
        assert question.in_clear
        assert key_sent(agreed(settings, question)) == KEY


def test_question_names_the_key_by_its_end_and_both_servers() -> None:
    before = with_server(base_url=HERE, api_key=KEY)
    after = moved(before, base_url=THERE)
    question = question_for(after, resolve(after, {}))
    assert question is not None
    words = "\n".join(question.words())
    assert "…0001" in words
    assert "https://one.example" in words
    assert "https://two.example" in words
    assert KEY.get_secret_value() not in words


def test_yes_adds_the_new_server_and_keeps_the_old_one() -> None:
    after = moved(with_server(base_url=HERE, api_key=KEY), base_url=THERE)
    question = question_for(after, resolve(after, {}))
    assert question is not None
    after = agreed(after, question)
    assert after.provider("server").key_origins == ("https://one.example", "https://two.example")
    assert key_sent(after) == KEY


def test_yes_for_the_environments_key_is_none_for_the_stored_one() -> None:
    settings = with_server(ProviderKind.OPENROUTER, base_url=THERE, api_key=KEY)
    question = question_for(settings, resolve(settings, ENVIRONMENT))
    assert question is not None
    settings = agreed(settings, question)
    assert settings.provider("server").env_key_origins == ("https://two.example",)
    sent = key_sent(settings, ENVIRONMENT)
    assert sent is not None
    assert sent.get_secret_value() == ENVIRONMENT["OPENROUTER_API_KEY"]
    assert key_sent(settings) is None


@pytest.mark.parametrize("kind", [ProviderKind.COMPATIBLE, ProviderKind.OPENROUTER])
def test_environments_key_never_takes_the_place_of_a_servers_own(kind: ProviderKind) -> None:
    settings = moved(with_server(kind, base_url=HERE), api_key=KEY)
    assert key_sent(settings, ENVIRONMENT) == KEY


def test_nothing_is_asked_where_nothing_is_withheld() -> None:
    settings = with_server(base_url=HERE)
    connection = resolve(settings, ENVIRONMENT, Overrides())
    assert isinstance(connection, Connection)
    assert connection.key is None
    assert question_for(settings, connection) is None


def test_changes_name_only_what_differs() -> None:
    before = with_server(base_url=HERE)
    after = before.with_provider("server", base_url=THERE).with_values("interface", theme="nord")
    assert after.changes_since(before) == {
        ("interface", "theme"): "nord",
        ("providers", "server", "base_url"): THERE,
    }
    assert before.changes_since(before) == {}
