"""Which providers may serve a model, changed one provider at a time.

The names are those of OpenRouter's ``provider`` object: ``only``, ``order`` and ``ignore`` list
provider slugs, which are the tags of endpoints.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

_LISTS = ("only", "order", "ignore")

Lists = dict[str, tuple[str, ...] | None]


class ProviderChoice(StrEnum):
    """What the user wants of a provider for one model."""

    ONLY = "only"
    PREFER = "prefer"
    NEVER = "never"


def chosen_lists(routing: Mapping[str, Any], tag: str, choice: ProviderChoice) -> Lists:
    """The three lists after a choice for one provider; None removes a list.

    Choosing what holds already takes it back. ``prefer`` puts the provider first and keeps those
    that were preferred before behind it.
    """
    lists = {name: _names(routing, name) for name in _LISTS}
    if choice_for(routing, tag) is choice:
        return {name: _without(names, tag) for name, names in lists.items()}
    match choice:
        case ProviderChoice.ONLY:
            lists["only"] = (tag,)
            lists["order"] = ()
            lists["ignore"] = tuple(one for one in lists["ignore"] if one != tag)
        case ProviderChoice.PREFER:
            lists["order"] = (tag, *(one for one in lists["order"] if one != tag))
            lists["ignore"] = tuple(one for one in lists["ignore"] if one != tag)
            if lists["only"] and tag not in lists["only"]:
                lists["only"] = (*lists["only"], tag)
        case ProviderChoice.NEVER:
            lists["ignore"] = (*(one for one in lists["ignore"] if one != tag), tag)
            lists["only"] = tuple(one for one in lists["only"] if one != tag)
            lists["order"] = tuple(one for one in lists["order"] if one != tag)
    return {name: names or None for name, names in lists.items()}


def choice_for(routing: Mapping[str, Any], tag: str) -> ProviderChoice | None:
    """What is set for a provider, None if nothing is said of it."""
    if tag in _names(routing, "ignore"):
        return ProviderChoice.NEVER
    if _names(routing, "order")[:1] == (tag,):
        return ProviderChoice.PREFER
    return ProviderChoice.ONLY if _names(routing, "only") == (tag,) else None


def routing_words(routing: Mapping[str, Any]) -> str:
    """Who may serve a model, in words; empty where nothing is set."""
    only, order, ignore = (_names(routing, name) for name in _LISTS)
    parts = []
    if only:
        parts.append(f"only {', '.join(only)}")
    if order:
        parts.append(f"{', then '.join(order)} first, without sticky routing")
    if ignore:
        parts.append(f"never {', '.join(ignore)}")
    return "; ".join(parts)


def _names(routing: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = routing.get(name)
    if not isinstance(value, list | tuple):
        return ()
    return tuple(one for one in value if isinstance(one, str))


def _without(names: tuple[str, ...], tag: str) -> tuple[str, ...] | None:
    return tuple(one for one in names if one != tag) or None
