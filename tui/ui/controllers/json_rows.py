"""JSON as rows that can be folded, each beside the note that belongs to its place. Pure."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from rich.cells import cell_len, chop_cells, set_cell_size

from tui.domain.sanitize import visible

_INDENT = 2
_NARROWEST = 20
"""Cells that a text gets, however deep it stands."""
_MANY_MESSAGES = 6
_OPEN_MESSAGES = 2


class Part(StrEnum):
    """What a piece of a row is, and so how it is coloured."""

    MARK = "mark"
    KEY = "key"
    TEXT = "text"
    NUMBER = "number"
    WORD = "word"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class JsonRow:
    """One row; ``path`` is written like ``messages[0].content``.

    ``opens`` says that the row can be folded or unfolded, ``note`` is what there is to say of it.
    """

    path: str
    depth: int
    parts: tuple[tuple[str, Part], ...]
    note: str = ""
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Folding:
    """Which places are shut, and which long texts are shown in full."""

    shut: frozenset[str] = frozenset()
    full: frozenset[str] = frozenset()

    def toggled(self, row: JsonRow, value: Any) -> "Folding":
        """The same with a place opened or shut; ``value`` is what stands there."""
        if isinstance(value, str):
            return Folding(self.shut, self.full ^ {row.path})
        return Folding(self.shut ^ {row.path}, self.full)


def first_folding(body: Mapping[str, Any], notes: Collection[str]) -> Folding:
    """What is shut at first: of many messages those that nothing is said about, but the last."""
    messages = body.get("messages")
    if not isinstance(messages, list) or len(messages) <= _MANY_MESSAGES:
        return Folding()
    paths = (f"messages[{index}]" for index in range(len(messages) - _OPEN_MESSAGES))
    return Folding(
        frozenset(path for path in paths if not any(note.startswith(path) for note in notes))
    )


def all_shut(value: Any) -> Folding:
    """Everything shut but the outermost level."""
    return Folding(frozenset(path for path, one in _children("", value) if _is_nested(one)))


def value_at(body: Any, path: str) -> Any:
    """What stands at a path; None if there is no such place."""
    for name in path.replace("[", ".[").split("."):
        if not name:
            continue
        try:
            body = body[int(name[1:-1])] if name.startswith("[") else body[name]
        except (KeyError, IndexError, TypeError, ValueError):
            return None
    return body


def json_rows(
    value: Any, width: int, notes: Mapping[str, str], folding: Folding | None = None
) -> list[JsonRow]:
    """The rows of a JSON value for a width in cells; ``notes`` are by path."""
    return list(_Rows(width, notes, folding or Folding()).of("", "", value, 0, last=True))


def _is_nested(value: Any) -> bool:
    return isinstance(value, Mapping | list | tuple) and bool(value)


def _children(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield f"{path}.{name}" if path else str(name), one
    else:
        for index, one in enumerate(value):
            yield f"{path}[{index}]", one


@dataclass(frozen=True, slots=True)
class _Rows:
    width: int
    notes: Mapping[str, str]
    folding: Folding

    def of(self, path: str, key: str, value: Any, depth: int, *, last: bool) -> Iterator[JsonRow]:
        """The rows of one value; ``key`` is its name in the object around it."""
        label = ((_text(key), Part.KEY), (": ", Part.MARK)) if key else ()
        comma = "" if last else ","
        note = self.notes.get(path, "")
        if _is_nested(value):
            yield from self._nested(path, label, value, depth, comma)
        elif isinstance(value, str):
            yield from self._string(path, label, value, depth, comma)
        else:
            number = isinstance(value, int | float) and not isinstance(value, bool)
            shown = (_text(value), Part.NUMBER if number else Part.WORD)
            yield JsonRow(path, depth, (*label, shown, (comma, Part.MARK)), note)

    def _nested(
        self, path: str, label: tuple[tuple[str, Part], ...], value: Any, depth: int, comma: str
    ) -> Iterator[JsonRow]:
        is_object = isinstance(value, Mapping)
        opening, closing = "{}" if is_object else "[]"
        note = self.notes.get(path, "")
        if path in self.folding.shut:
            kind = "field" if is_object else "item"
            hint = f" {len(value):,} {kind}{'s' if len(value) != 1 else ''}"
            marks = (f"{opening} … {closing}{comma}", Part.MARK)
            yield JsonRow(path, depth, (*label, marks, (hint, Part.HINT)), note, opens=True)
            return
        yield JsonRow(path, depth, (*label, (opening, Part.MARK)), note, opens=bool(path))
        names = value if is_object else ("",) * len(value)
        children = list(zip(names, _children(path, value), strict=True))
        for number, (name, (below, one)) in enumerate(children, 1):
            yield from self.of(below, name, one, depth + 1, last=number == len(children))
        yield JsonRow(path, depth, ((closing + comma, Part.MARK),))

    def _string(
        self, path: str, label: tuple[tuple[str, Part], ...], text: str, depth: int, comma: str
    ) -> Iterator[JsonRow]:
        note = self.notes.get(path, "")
        taken = depth * _INDENT + sum(cell_len(words) for words, _ in label) + 1
        room = max(_NARROWEST, self.width - taken)
        # The beginning tells whether it is long; a huge paste is not looked at as a whole.
        if len(text) <= room and cell_len(shown := _text(text)) <= room:
            parts = (*label, (shown, Part.TEXT), (comma, Part.MARK))
            yield JsonRow(path, depth, parts, note)
        elif path in self.folding.full:
            for number, piece in enumerate(chop_cells(_text(text), room)):
                first = label if not number else ((" " * (taken - depth * _INDENT - 1), Part.MARK),)
                row = (*first, (piece, Part.TEXT))
                yield JsonRow(path, depth, row, note if not number else "", opens=not number)
        else:
            hint = f" … {len(text):,} characters"
            beginning = _text(text[:room])[:-1]
            cut = set_cell_size(beginning, max(1, min(cell_len(beginning), room - len(hint))))
            parts = (*label, (cut, Part.TEXT), (hint, Part.HINT), (comma, Part.MARK))
            yield JsonRow(path, depth, parts, note, opens=True)


def _text(value: Any) -> str:
    """A value in JSON, safe to show."""
    return visible(json.dumps(value, ensure_ascii=False, default=str))
