"""Who stands in for a provider, on the settings screen: what may be typed, and what it does."""

from collections.abc import Collection, Sequence
from typing import Literal, get_args

from tui.domain.problems import one_of
from tui.domain.sanitize import single_line
from tui.domain.settings import ProviderKind, Settings

STAND_IN_FIELDS = ("fallback_providers", "fallback_on")
"""The fields that hold a list."""

Refusal = Literal[400, 401, 402, 403]
_REFUSALS: tuple[int, ...] = get_args(Refusal)
_LONGEST = 60


def list_text(values: Sequence[object]) -> str:
    """A list as it is written into its field."""
    return ", ".join(single_line(str(value), _LONGEST) for value in values)


def parse_stand_ins(text: str, settings: Settings) -> tuple[str, ...]:
    """The providers that a text names, in their order; raises ValueError with the words for it."""
    known = possible_stand_ins(settings)
    names = dict.fromkeys(text.replace(",", " ").split())
    for name in names:
        if name not in known:
            what = f"There is no provider called {single_line(name, _LONGEST)} that could."
            raise ValueError(f"{what} {one_of(name, known)}")
    return tuple(names)


def parse_refusals(text: str) -> tuple[int, ...]:
    """The statuses that a text names; raises ValueError with the words for it."""
    words = dict.fromkeys(text.replace(",", " ").split())
    if not all(word in map(str, _REFUSALS) for word in words):
        raise ValueError(f"Write some of {list_text(_REFUSALS)}; nothing is none of them.")
    return tuple(map(int, words))


def possible_stand_ins(settings: Settings) -> list[str]:
    """Who could take a turn over: everybody but the demo, whose answers are made up."""
    names = settings.provider_names()
    return [name for name in names if settings.provider(name).kind is not ProviderKind.DEMO]


def stand_in_words(settings: Settings, chosen: str) -> str:
    """What happens when the chosen provider cannot be reached."""
    others = [name for name in settings.reliability.fallback_providers if name != chosen]
    if settings.provider(chosen).kind is ProviderKind.DEMO:
        return "Nobody stands in for the demo."
    if not others:
        could = [name for name in possible_stand_ins(settings) if name != chosen]
        return f"A failure stays one. {list_text(could)} could take over." if could else ""
    shown = ", then ".join(single_line(name, _LONGEST) for name in others)
    return f"If {single_line(chosen, _LONGEST)} fails before the first word: {shown}."


def refusal_words(refusals: Collection[int]) -> str:
    """After which refusals somebody takes over."""
    if not refusals:
        return "After a refusal nobody else is asked; unreachable servers are passed over anyway."
    return f"A {' or '.join(map(str, refusals))} goes to the next one, too."
