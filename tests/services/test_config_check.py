"""Mistakes inside the tables of routing, parameters and prices are told with their lines."""

from pathlib import Path

import pytest

from tui.services.config_file import load_config

WRITTEN = """\
[default]
routing = { zdr = "yes" }

[default.params]
temperature = 3

[models."a/b"]
provider = { only = "anthropic" }
params = { maxTokens = "many" }

[providers.local.prices."llama"]
prompt = 0.1
input = 0.1
completion = -1
"""


@pytest.fixture
def problems(tmp_path: Path) -> list[str]:
    file = tmp_path / "config.toml"
    file.write_text(WRITTEN)
    file.chmod(0o600)
    return [str(problem) for problem in load_config(file).problems]


def test_each_mistake_has_its_line_and_what_to_write(problems: list[str]) -> None:
    assert problems == [
        "line 2: zdr should be true or false. Write it without quotes.",
        "line 5: temperature cannot be 3. It goes from 0 to 2.",
        'line 8: only should be a list. Write it like only = ["anthropic", "amazon-bedrock"].',
        "line 9: max_tokens should be a whole number. Write a whole number.",
        (
            "line 13: There is no price called input. "
            "Choose one of: prompt, completion, input_cache_read, input_cache_write, request."
        ),
        (
            "line 14: The price completion is no amount of money. "
            "Give $ per million tokens, such as 0.5."
        ),
    ]


def test_a_table_that_is_no_table_is_told_once(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[models."a/b"]\nprovider = 5\nparams = 6\n[providers.x]\nprices = 7\n')
    file.chmod(0o600)
    assert len(load_config(file).problems) == 3


def test_what_other_tools_write_is_fine(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(
        '[default]\nmodel = "openrouter/a/b"\n'
        '[providers.openrouter]\napi_key = "${OPENROUTER_API_KEY}"\n'
        '[models."openrouter/a/b"]\nparams = { maxTokens = 4096, cacheControlTtl = "1h" }\n'
        '[reliability]\nfallback_providers = ["openrouter"]\nfallback_on = [402]\n'
    )
    file.chmod(0o600)
    assert load_config(file).problems == ()
