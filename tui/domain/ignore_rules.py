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
_NOTHING = re.compile("(?!)")
_SET = re.compile(r"\[!?\]?(?:\[:\w*:\]|[^\]])*+(\])?")
_CLASS = re.compile(r"\[:(\w*):\]")
_CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": " \t",
    "digit": "0-9",
    "lower": "a-z",
    "punct": ":-@!-/[-`{-~",  # a "!" in front would turn the set into its opposite
    "space": " \t\n\r",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}
"""The classes of POSIX by what stands for them in a set; they are of ASCII, as in Git."""

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
    for line in text.split("\n"):
        pattern = _without_spaces(line.removesuffix("\r"))
        if not pattern or pattern.startswith("#"):
            continue
        brings_back = pattern.startswith("!")
        pattern = pattern.removeprefix("!")
        folders_only = pattern.endswith("/")
        pattern = pattern.rstrip("/")
        if pattern:
            yield IgnoreRule(_segments(pattern), brings_back, folders_only)


def _without_spaces(line: str) -> str:
    """The line without the spaces at its end, but for one with a backslash in front of it."""
    kept = line.rstrip(" ")
    escapes = len(kept) - len(kept.rstrip("\\"))
    return line[: len(kept) + escapes % 2]


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
    try:
        plain = _SET.sub(_without_classes, plain.replace("[^", "[!"))
    except LookupError:
        return _NOTHING
    return re.compile(fnmatch.translate(plain))


def _without_classes(found: re.Match[str]) -> str:
    """A set with its classes written out.

    Raises LookupError for what never matches in Git: a set without an end or of an unknown class.
    """
    if found[1] is None:
        raise LookupError(found[0])
    return f"[{_CLASS.sub(lambda one: _CLASSES[one[1]], found[0][1:])}"


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
