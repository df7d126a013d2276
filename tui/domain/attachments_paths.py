"""Completing ``@path`` in a prompt from a listing of files; nothing is attached by it alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import nsmallest

from tui.domain.catalogue_fuzzy import Needle, haystack, needle, places, score

_AT = re.compile(r'(?:^|(?<=[\s(]))@(?:"([^"\n]*)|([^\s"@]*))\Z')
_NAME_BONUS = 200
"""A word that is found in the name itself counts more than one in the folders above."""
_PLAIN = re.compile(r"[^\s\"@]+")


@dataclass(frozen=True, slots=True)
class AtWord:
    """The ``@…`` that is being typed: from ``start`` (the ``@``) to ``end``, and what it says."""

    start: int
    end: int
    query: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A path that may be meant, with the places of the characters that match."""

    path: str
    marks: tuple[int, ...] = ()


def at_word(text: str, cursor: int) -> AtWord | None:
    """The ``@…`` that ends at the cursor, or None if none is being typed there.

    An ``@`` within a word, as in an address of mail, begins nothing.
    """
    line_start = text.rfind("\n", 0, cursor) + 1
    found = _AT.search(text[line_start:cursor])
    if found is None:
        return None
    return AtWord(line_start + found.start(), cursor, found[1] or found[2] or "")


def written(path: str) -> str:
    """A path as it stands in a prompt: ``@path``, in quotes where it has spaces."""
    return f"@{path}" if _PLAIN.fullmatch(path) else f'@"{path}"'


class PathIndex:
    """A listing of files, relative to one folder, ready to be searched at each key."""

    def __init__(self, paths: Sequence[str] = (), *, whole: bool = True) -> None:
        """Prepare the paths; ``whole`` is False for a listing that was cut short."""
        self.whole = whole
        self._rows = [(path, haystack(path), haystack(_name(path))) for path in paths]

    def __len__(self) -> int:
        return len(self._rows)

    def candidates(self, query: str, limit: int = 20) -> list[Candidate]:
        """The paths that match what was typed, best first; without a query, the first ones.

        Each part between slashes must match; the last counts more in the name of the file.
        """
        parts = [needle(part) for part in query.split("/") if part]
        if not parts:
            return [Candidate(path) for path, _, _ in self._rows[:limit]]
        ranked = []
        for path, whole, name in self._rows:
            scores = [score(part, whole) for part in parts]
            if None in scores:
                continue
            in_name = score(parts[-1], name)
            total = sum(one or 0 for one in scores)
            total += 0 if in_name is None else in_name + _NAME_BONUS
            ranked.append((-total, len(path), path))
        best = nsmallest(limit, ranked)
        return [Candidate(path, _marks(path, parts)) for _, _, path in best]


def _marks(path: str, parts: Sequence[Needle]) -> tuple[int, ...]:
    """The places that match, those of the last part in the name if it is there."""
    start = len(path) - len(_name(path))
    whole, name = haystack(path), haystack(_name(path))
    marks = {place for part in parts[:-1] for place in places(part, whole)}
    in_name = {start + place for place in places(parts[-1], name)}
    return tuple(sorted(marks | (in_name or set(places(parts[-1], whole)))))


def _name(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]
