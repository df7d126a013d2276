"""The rules of a .gitignore; a part of what Git understands, enough for most.

A name is matched by itself and ``**`` by steps from name to name, so that no pattern, however it
was written, takes longer than the path is long.
"""

import fnmatch
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_SPECIAL = "*?["
_ANY = re.compile(".*", re.DOTALL)

Segments = tuple[re.Pattern[str] | None, ...]
"""What the names of a path must be, one after the other; None is any number of names."""


@dataclass(frozen=True, slots=True)
class IgnoreRule:
    """One line of a .gitignore: whether it ignores or brings back, and what."""

    segments: Segments
    brings_back: bool
    folders_only: bool

    def matches(self, path: str, *, is_folder: bool) -> bool:
        """Whether it names this path, which counts from the folder of the .gitignore."""
        if self.folders_only and not is_folder:
            return False
        if len(self.segments) == 2 and self.segments[0] is None and self.segments[1] is not None:
            return self.segments[1].fullmatch(path.rpartition("/")[2]) is not None
        return _match(self.segments, path.split("/"))


def read_rules(text: str) -> Iterator[IgnoreRule]:
    """The rules of a .gitignore, of which the last that matches decides."""
    for line in text.splitlines():
        pattern = line.rstrip()
        if not pattern or pattern.startswith("#"):
            continue
        brings_back = pattern.startswith("!")
        pattern = pattern.removeprefix("!")
        folders_only = pattern.endswith("/")
        pattern = pattern.rstrip("/")
        if pattern:
            yield IgnoreRule(_segments(pattern), brings_back, folders_only)


def _segments(pattern: str) -> Segments:
    # With a slash in it, a pattern starts at its folder; without one, it is of any name below.
    names = pattern.lstrip("/").split("/")
    segments = [None if name == "**" else _as_regex(name) for name in names]
    if "/" not in pattern:
        segments.insert(0, None)
    if segments[-1] is None:
        segments.append(_ANY)  # what is inside of the folder, and not the folder
    return tuple(segments)


def _as_regex(name: str) -> re.Pattern[str]:
    plain = _ESCAPED.sub(lambda one: f"[{one[1]}]" if one[1] in _SPECIAL else one[1], name)
    return re.compile(fnmatch.translate(plain.replace("[^", "[!")))


def _match(segments: Segments, names: Sequence[str]) -> bool:
    reached = [True, *(False for _ in names)]
    """Whether the segments so far can be the first n names."""
    for segment in segments:
        if segment is None:
            for at in range(len(names)):
                reached[at + 1] |= reached[at]
        else:
            found = (
                before and segment.fullmatch(name) is not None
                for before, name in zip(reached, names, strict=False)
            )
            reached = [False, *found]
    return reached[-1]
