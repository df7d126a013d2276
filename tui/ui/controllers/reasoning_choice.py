"""What can be chosen about reasoning as entries of a list, and the value that each stands for."""

from collections.abc import Mapping
from typing import Any, Final

from tui.domain.reasoning_options import ReasoningChoices

UNSET: Final = ""
BUDGET: Final = "budget"
_ON, _OFF, _NONE = "on", "off", "none"
_CHOSEN: Final = ("effort", "max_tokens", "enabled")
"""The fields that say how much a model reasons; the others are about what is done with it."""


def reasoning_entries(choices: ReasoningChoices) -> list[tuple[str, str]]:
    """The entries for a model as pairs of label and name, from nothing set to off."""
    entries = [("not set here", UNSET)]
    for effort in choices.efforts:
        if effort != _NONE:
            usual = " (its default)" if effort == choices.default_effort else ""
            entries.append((f"effort {effort}{usual}", effort))
    if not choices.efforts:
        entries.append(("on", _ON))
    if choices.budget:
        entries.append(("a number of tokens", BUDGET))
    if choices.can_be_off:
        entries.append(("off", _NONE if choices.efforts else _OFF))
    return entries


def entry_of(value: Mapping[str, Any]) -> str:
    """The name of the entry that a value belongs to."""
    if value.get("effort"):
        return str(value["effort"])
    if value.get("max_tokens"):
        return BUDGET
    enabled = value.get("enabled")
    return UNSET if enabled is None else (_ON if enabled else _OFF)


def reasoning_value(
    before: Mapping[str, Any], entry: str, budget: int | None, *, hidden: bool
) -> dict[str, Any] | None:
    """The value for an entry, with a number of tokens where it is that; None for nothing at all.

    What ``before`` says beside that, such as a summary, is kept.
    """
    value = {name: said for name, said in before.items() if name not in (*_CHOSEN, "exclude")}
    match entry:
        case "":
            pass
        case "on" | "off":
            value["enabled"] = entry == _ON
        case "budget":
            value["max_tokens"] = budget
        case _:
            value["effort"] = entry
    if hidden:
        value["exclude"] = True
    return value or None
