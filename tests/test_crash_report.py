"""The report of an unexpected error keeps secrets to itself."""

import sys
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

from tests.fakes.keyring import FakeBackend, store_of
from tui import models_command
from tui.cli import main
from tui.crash_report import crash_report, mask, without_values
from tui.domain.connection import Overrides
from tui.runtime import Runtime
from tui.services.keyring_store import SERVICE

SECRET = "canary-" + "x" * 40
WRITTEN, EXPANDED, KEPT = "written-canary-1111", "expanded-canary-2222", "kept-canary-3333"
CONFIG = f"""\
[providers.compatible]
base_url = "https://one.example/v1"
api_key = "{WRITTEN}"
[providers.second]
base_url = "https://two.example/v1"
api_key = "${{SECOND}}"
[providers.third]
base_url = "https://three.example/v1"
key_in_keyring = true
[default]
provider = "third"
"""


def configured(home: Path) -> None:
    file = home / "config" / "config.toml"
    file.parent.mkdir(parents=True, mode=0o700)
    file.write_text(CONFIG)
    file.chmod(0o600)


def test_a_secret_at_the_end_of_what_is_shown_of_a_message_is_masked_too() -> None:
    for before in range(450, 510):
        report = crash_report(ValueError("." * before + SECRET), [SECRET])
        assert "canary" not in report


def test_the_value_that_a_check_refused_is_left_out_of_the_report() -> None:
    class Checked(BaseModel):
        many: int
        few: int

    given = {"many": f"{SECRET}, and its 'name'", "few": [SECRET, 1]}
    with pytest.raises(ValidationError) as caught:
        Checked.model_validate(given)
    report = crash_report(caught.value)
    assert "canary" not in report
    assert report.count("input_value=…, input_type=") == 2
    assert "many\n  Input should be a valid integer" in report


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("'utf-16' codec can't decode 'canary' at 2", "'…' codec can't decode '…' at 2"),
        ("b'canary' is not in b\"canary's\"", "b'…' is not in b\"…\""),
        (repr('can\'t say "canary"'), "'…'"),
        ("no `can\nary` in the models' list", "no `…` in the models' list"),
        ('{"canary": "a \\" canary"}', '{"…": "…"}'),
        ("'C:\\\\' and 'canary'", "'…' and '…'"),
        ("ends in 'canary and no more \\", "ends in '…'"),
    ],
)
def test_what_stands_in_quotes_is_left_out(message: str, words: str) -> None:
    assert without_values(message) == words


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("header gsk_testcanary1 was wrong", "header [masked] was wrong"),
        ("?key=AIzaTestCanary&alt=sse", "?key=[masked]&alt=sse"),
        ("my_xai-test-canary-0000", "my_[masked]"),
        ("b'Bearer canary-0000'", "b'Bearer [masked]'"),
        ("at http://user:can@ary@host:8080/v1@2", "at http://[masked]@host:8080/v1@2"),
        ("a task-related question", "a task-related question"),
    ],
)
def test_what_looks_like_a_key_is_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


def test_keys_of_the_file_the_environment_and_the_keyring_are_known(orw_home: Path) -> None:
    configured(orw_home)
    backend = FakeBackend()
    backend.kept[SERVICE, "third"] = KEPT
    environ = {"SECOND": EXPANDED, "OTHER_TOKEN": SECRET}
    runtime = Runtime.start(home=orw_home, overrides=Overrides(), environ=environ)
    runtime.keyring = store_of(backend)
    runtime.reload()
    assert {WRITTEN, EXPANDED, KEPT, SECRET} <= set(runtime.secrets())


def test_a_command_that_fails_unexpectedly_prints_no_key_of_the_settings(
    orw_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> int:
        raise RuntimeError(f"a header was {WRITTEN}")

    configured(orw_home)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(models_command, "run_models", fail)
    with pytest.raises(RuntimeError) as caught:
        main(["models", "--home", str(orw_home)])
    sys.excepthook(RuntimeError, caught.value, None)
    printed = capsys.readouterr().err
    assert "RuntimeError: a header was [masked]" in printed
    assert WRITTEN not in printed
