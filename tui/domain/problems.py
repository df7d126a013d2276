"""What is wrong with one value of a setting, in words for its field and for config.toml."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

_ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class SettingProblem:
    """One value that cannot be used: which field, what is wrong with it, and what to do."""

    field: str
    what: str
    next_step: str

    def __str__(self) -> str:
        """The problem as one line."""
        return f"{self.what} {self.next_step}"


def nearest_name(written: object, known: Iterable[str], alike: float = _ALIKE) -> str | None:
    """The known name that was probably meant, if one is alike: 1 is the same, 0 nothing of it."""
    if not isinstance(written, str):
        return None
    near = get_close_matches(written.strip().lower()[:100], list(known), 1, alike)
    return near[0] if near else None


def one_of(written: object, known: Iterable[str]) -> str:
    """What to write instead of a name that is not known: the nearest one, else the whole list."""
    names = list(known)
    near = nearest_name(written, names)
    return f"Did you mean {near}?" if near else f"Choose one of: {', '.join(names)}."
