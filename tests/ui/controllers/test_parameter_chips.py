from types import SimpleNamespace
from typing import Any, cast

import pytest

from tui.domain.chat_settings import ChatSettings
from tui.domain.connection import Overrides, resolve
from tui.domain.model import Model
from tui.domain.settings import Settings
from tui.ui.controllers.chat import Chat
from tui.ui.controllers.parameter_chips import differences

CLAUDE = "anthropic/claude-sonnet-4.5"
SETTINGS = Settings.model_validate(
    {
        "default": {"params": {"seed": 1, "temperature": 0.5}},
        "models": {
            CLAUDE: {
                "params": {"cache_ttl": "1h", "top_p": 1},
                "provider": {"ignore": ["deepinfra"], "order": ["anthropic"]},
            }
        },
        "providers": {"compatible": {"base_url": "http://127.0.0.1:1/v1"}},
    }
)
MODEL = Model(CLAUDE, supported_parameters=frozenset({"temperature", "top_p"}))


def chips(provider: str, params: dict[str, Any] | None) -> list[str]:
    connection = resolve(SETTINGS, {}, Overrides(provider=provider))
    runtime = SimpleNamespace(settings=SETTINGS, connection=connection)
    chat = SimpleNamespace(
        session=SimpleNamespace(runtime=runtime, model=lambda _model_id: MODEL),
        model_id=CLAUDE,
        conversation=params
        and SimpleNamespace(settings=ChatSettings(params, {"ignore": ["azure"]})),
    )
    return [one.words for one in differences(cast(Chat, chat))]


@pytest.mark.parametrize(
    ("provider", "params", "words"),
    [
        (
            "openrouter",
            None,
            ["temperature 0.5", "cache lifetime 1h", "first anthropic", "not deepinfra"],
        ),
        ("openrouter", {"temperature": 1}, ["cache lifetime 1h", "first anthropic", "not azure"]),
        ("compatible", {"temperature": 0.1}, ["temperature 0.1"]),
    ],
)
def test_what_is_sent_other_than_the_default_is_told(
    provider: str, params: dict[str, Any] | None, words: list[str]
) -> None:
    assert chips(provider, params) == words
