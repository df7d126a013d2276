from typing import Any

import pytest

from tui.domain.settings import Settings
from tui.ui.controllers.setup_scope import (
    Scope,
    SetupKind,
    config_place,
    holds_null,
    table_changes,
)

CLAUDE = "anthropic/claude-sonnet-4.5"


@pytest.mark.parametrize(
    ("scope", "kind", "place"),
    [
        (Scope.DEFAULT, SetupKind.PARAMS, ("default", "params")),
        (Scope.DEFAULT, SetupKind.ROUTING, ("default", "routing")),
        (Scope.MODEL, SetupKind.PARAMS, ("models", CLAUDE, "params")),
        (Scope.MODEL, SetupKind.ROUTING, ("models", CLAUDE, "provider")),
    ],
)
def test_each_scope_has_its_table(scope: Scope, kind: SetupKind, place: tuple[str, ...]) -> None:
    assert config_place(Settings(), scope, f"openrouter/{CLAUDE}", kind) == place


def test_a_model_keeps_the_name_under_which_it_is_written() -> None:
    settings = Settings.model_validate({"models": {f"openrouter/{CLAUDE}": {}}})
    place = config_place(settings, Scope.MODEL, CLAUDE, SetupKind.PARAMS)
    assert place == ("models", f"openrouter/{CLAUDE}", "params")


def test_only_what_differs_is_written() -> None:
    before: dict[str, Any] = {"seed": 1, "logprobs": True, "top_k": 1, "stop": ["A"]}
    after: dict[str, Any] = {"seed": 1, "logprobs": 1, "top_k": 2, "top_p": 0.5}
    assert table_changes(("t",), before, after) == {
        ("t", "stop"): None,
        ("t", "logprobs"): 1,
        ("t", "top_k"): 2,
        ("t", "top_p"): 0.5,
    }


def test_a_null_is_found_wherever_it_is() -> None:
    assert holds_null({"enum": ["a", {"b": None}]})
    assert not holds_null({"enum": ["a", 0, False, ""], "b": {}})
