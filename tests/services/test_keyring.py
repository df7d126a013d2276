"""Keys kept by the system's keyring: used where it works, never waited for for long."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from pydantic import SecretStr

from tests.fakes.keyring import FakeBackend, Hanging, locked, store_of
from tui.domain.connection import Consent, KeySource, Overrides, resolve
from tui.domain.consent import agreed, question_for, settle_key_origins
from tui.domain.errors import FailureKind, WorkbenchError
from tui.domain.settings import Settings
from tui.runtime import Runtime
from tui.services.keyring_keep import keep_key, save_with_keys
from tui.services.keyring_store import SERVICE, KeyringStore

KEY = SecretStr("sk-or-v1-test-canary-kept-0001")
OTHER = SecretStr("sk-or-v1-test-canary-other-02")
FALLBACK = "saved to"


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    waits = Hanging()
    yield waits
    waits.let_go.set()


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "config" / "config.toml"


def written(config: Path) -> dict[str, Any]:
    return tomllib.loads(config.read_text())


def test_a_key_is_kept_read_and_forgotten() -> None:
    store = store_of(FakeBackend())
    assert store.get("openrouter").key is None
    store.put("openrouter", KEY)
    assert store.get("openrouter").key == KEY
    assert store.get("other").key is None
    assert store.remove("openrouter")
    assert not store.remove("openrouter")
    assert store.get("openrouter") == store.get("other")


def plaintext() -> object:
    return type("PlaintextKeyring", (), {"__module__": "keyrings.alt.file"})()


def nothing() -> object:
    return type("Keyring", (), {"__module__": "keyring.backends.fail"})()


@pytest.mark.parametrize(
    ("backend", "available", "words"),
    [
        (FakeBackend(), True, "Test Keyring"),
        (None, False, "not installed (openrouter-workbench[keyring])"),
        (plaintext(), False, "no keyring that keeps a secret"),
        (nothing(), False, "no keyring that keeps a secret"),
    ],
)
def test_only_what_keeps_a_secret_counts(backend: object, available: bool, words: str) -> None:
    status = store_of(backend).status()
    assert status.available is available
    assert words in status.words


def test_a_locked_keyring_says_so_without_quoting_anything() -> None:
    store = store_of(FakeBackend(locked))
    assert store.get("openrouter").problem == "the keyring is locked"
    with pytest.raises(WorkbenchError) as caught:
        store.put("openrouter", KEY)
    assert "canary" not in repr(caught.value.failure)
    assert not store.remove("openrouter")


def test_a_keyring_that_never_answers_is_given_up_and_not_asked_again(hanging: Hanging) -> None:
    store = store_of(FakeBackend(hanging), longest=0.05)
    begun = monotonic()
    assert "did not answer in time" in store.get("openrouter").problem
    assert "did not answer in time" in store.get("openrouter").problem
    with pytest.raises(WorkbenchError):
        store.put("openrouter", KEY)
    assert monotonic() - begun < 5
    assert hanging.calls == 1


def test_a_keyring_that_forgets_at_once_is_no_place_for_a_key(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    backend = FakeBackend()
    monkeypatch.setattr(backend, "get_password", lambda _service, _name: None)
    with pytest.raises(WorkbenchError) as caught:
        store_of(backend).put("openrouter", KEY)
    assert caught.value.failure.kind is FailureKind.STORAGE


def test_a_key_that_was_kept_leaves_no_copy_in_the_file(config: Path) -> None:
    config.parent.mkdir()
    config.write_text(
        f'# mine\n[providers.openrouter]\napi_key = "{OTHER.get_secret_value()}" # old\n'
    )
    backend = FakeBackend()
    words = keep_key(config, "openrouter", KEY, store_of(backend))
    assert words == "kept in Test Keyring"
    assert written(config) == {"providers": {"openrouter": {"key_in_keyring": True}}}
    assert "canary" not in config.read_text()
    assert config.read_text().startswith("# mine")
    assert backend.kept == {(SERVICE, "openrouter"): KEY.get_secret_value()}


def test_a_reference_to_a_variable_stays_in_the_file_where_it_is_expanded(config: Path) -> None:
    backend = FakeBackend()
    keep_key(config, "openrouter", KEY, store_of(backend))
    words = keep_key(config, "openrouter", SecretStr("${MY_KEY}"), store_of(backend))
    assert words.startswith(FALLBACK)
    assert written(config) == {"providers": {"openrouter": {"api_key": "${MY_KEY}"}}}
    assert backend.kept == {}


def test_new_keys_among_changes_are_kept_and_one_that_left_is_forgotten(config: Path) -> None:
    backend = FakeBackend()
    backend.kept[SERVICE, "other"] = OTHER.get_secret_value()
    changes: dict[tuple[str, ...], object] = {
        ("default", "model"): "a/b",
        ("providers", "openrouter", "api_key"): KEY,
        ("providers", "compatible", "api_key"): OTHER,
        ("providers", "other", "key_in_keyring"): False,
    }
    assert save_with_keys(config, changes, store_of(backend)) == "kept in Test Keyring"
    assert written(config) == {
        "default": {"model": "a/b"},
        "providers": {
            "openrouter": {"key_in_keyring": True},
            "compatible": {"key_in_keyring": True},
        },
    }
    assert backend.kept == {
        (SERVICE, "openrouter"): KEY.get_secret_value(),
        (SERVICE, "compatible"): OTHER.get_secret_value(),
    }
    model: dict[tuple[str, ...], object] = {("default", "model"): "c/d"}
    assert save_with_keys(config, model, store_of(backend)) == ""
    assert written(config)["default"] == {"model": "c/d"}


def test_a_keyring_that_does_not_let_go_of_a_key_is_told(config: Path) -> None:
    removed: dict[tuple[str, ...], object] = {
        ("providers", "openrouter", "key_in_keyring"): False,
    }
    words = save_with_keys(config, removed, store_of(FakeBackend(locked)))
    assert "still in the keyring" in words
    assert not config.exists() or "key_in_keyring" not in config.read_text()


def test_keys_that_were_seen_are_known_for_leaving_them_out_of_reports(config: Path) -> None:
    backend = FakeBackend()
    backend.kept[SERVICE, "other"] = OTHER.get_secret_value()
    store = store_of(backend)
    keep_key(config, "openrouter", KEY, store)
    store.get("other")
    assert store.seen == {KEY, OTHER}


@pytest.mark.parametrize("backend", [None, FakeBackend(locked)], ids=["none", "locked"])
def test_without_a_keyring_the_key_goes_into_the_private_file(
    config: Path, backend: FakeBackend | None
) -> None:
    words = keep_key(config, "openrouter", KEY, store_of(backend), {("default", "model"): "a/b"})
    assert words.startswith(FALLBACK)
    assert written(config) == {
        "providers": {"openrouter": {"api_key": KEY.get_secret_value()}},
        "default": {"model": "a/b"},
    }
    assert config.stat().st_mode & 0o077 == 0


def started(
    home: Path, keyring: KeyringStore, environ: dict[str, str] | None = None, text: str = ""
) -> Runtime:
    file = home / "config" / "config.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text or "[providers.openrouter]\nkey_in_keyring = true\n")
    file.chmod(0o600)
    runtime = Runtime.start(home=home, overrides=Overrides(), environ=environ or {})
    runtime.keyring = keyring
    runtime.reload()
    return runtime


def test_the_kept_key_is_used_where_there_is_no_other(orw_home: Path) -> None:
    store = store_of(FakeBackend())
    store.put("openrouter", KEY)
    connection = started(orw_home, store).connection
    assert connection is not None
    assert (connection.key, connection.key_source) == (KEY, KeySource.KEYRING)
    assert connection.key_hint == "sk-or-…0001"


def test_another_key_wins_without_asking_the_keyring(orw_home: Path, hanging: Hanging) -> None:
    environ = {"OPENROUTER_API_KEY": OTHER.get_secret_value()}
    connection = started(orw_home, store_of(FakeBackend(hanging), 0.05), environ).connection
    assert connection is not None
    assert (connection.key, connection.shadowed) == (OTHER, KeySource.KEYRING)
    assert hanging.calls == 0


def test_a_locked_keyring_does_not_hang_the_start_and_is_told(
    orw_home: Path, hanging: Hanging
) -> None:
    connection = started(orw_home, store_of(FakeBackend(hanging), 0.05)).connection
    assert connection is not None
    assert connection.key is None
    assert connection.needs_key
    assert "may be locked" in connection.key_problem


def test_no_keyring_is_asked_unless_the_settings_say_so(orw_home: Path, hanging: Hanging) -> None:
    text = '[default]\nmodel = "a/b"\n'
    started(orw_home, store_of(FakeBackend(hanging), 0.05), text=text)
    assert hanging.calls == 0


def test_the_kept_key_belongs_to_its_servers_like_any_stored_key() -> None:
    settings = Settings.model_validate(
        {
            "providers": {
                "openrouter": {"key_in_keyring": True, "base_url": "https://gate.test/api/v1"}
            }
        }
    )
    connection = resolve(settings, {}, kept=KEY)
    assert connection.key is None
    assert connection.consent is Consent.NEW_ORIGIN
    question = question_for(settings, connection)
    assert question is not None
    assert question.kept_at == ("https://openrouter.ai",)
    after = agreed(settings, question)
    assert after.provider("openrouter").key_origins == ("https://gate.test",)
    assert resolve(after, {}, kept=KEY).key == KEY
    settled = settle_key_origins(settings, after, "openrouter")
    assert settled.provider("openrouter").key_origins == ("https://gate.test",)
