"""Completing ``@path`` in a prompt from a listing of files; nothing is attached by it alone."""

import re
from collections.abc import Iterable, Sequence
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
class TypedPath:
    """A path that is typed name by name: the folder up to its last slash, and the name begun."""

    folder: str
    begun: str

    def names(self, listed: Iterable[str]) -> list[str]:
        """Of the names in the folder those that may be meant, in their order.

        Names that begin with what is typed come before those that only hold it; a hidden one must
        be begun with its dot. Names of folders end with a slash, and so does what they lead to.
        """
        if self.begun == ".." or (self.folder, self.begun) == ("", "~"):
            return [f"{self.begun}/"]
        begun = self.begun.lower()
        hidden = begun.startswith(".")
        held = [name for name in listed if name.startswith(".") == hidden and begun in name.lower()]
        return sorted(held, key=lambda name: not name.lower().startswith(begun))


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


def typed_path(query: str) -> TypedPath | None:
    """The path that a query spells out, or None if it is a part of a name.

    It says where it begins, or it goes where no listing of a folder leads: to what is hidden.
    """
    says_where = query == "~" or query.startswith(("/", "~/"))
    if not says_where and not any(part.startswith(".") for part in query.split("/")):
        return None
    folder, slash, begun = query.rpartition("/")
    return TypedPath(folder + slash, begun)


def written(path: str) -> str:
    """A path as it stands in a prompt: ``@path``, in quotes where it has spaces.

    What leads to a folder ends with a slash and is left open, to be gone on with.
    """
    if _PLAIN.fullmatch(path):
        return f"@{path}"
    return f'@"{path}' if path.endswith("/") else f'@"{path}"'


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
