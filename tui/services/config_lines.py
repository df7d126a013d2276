"""On which line of a TOML text a key is written; ``tomllib`` does not tell."""

import re
import tomllib

KeyPath = tuple[str, ...]
"""A key with the tables it is in, outermost first."""

_PART = r"""(?:"(?:\\.|[^"\\])*"|'[^']*'|[A-Za-z0-9_-]+)"""
_ASSIGNMENT = re.compile(rf"\s*({_PART}(?:\s*\.\s*{_PART})*)\s*=")
_AT_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


def error_line(message: str, text: str) -> tuple[str, int | None]:
    """The words and the line of what ``tomllib`` said of ``text``."""
    found = _AT_LINE.search(message)
    if found is None:
        return message, None
    last = len(text.splitlines()) or 1
    return message[: found.start()], int(found[1]) if found[1] else last


def key_lines(text: str) -> dict[KeyPath, int]:
    """The line, counted from 1, on which each key and each table first appears.

    A line inside a multi-line value that looks like a key is taken for one: the lines are a help
    for the reader, never more.
    """
    lines: dict[KeyPath, int] = {}
    table: KeyPath = ()
    for number, line in enumerate(text.split("\n"), start=1):
        if line.lstrip().startswith("["):
            path = table = _path_of(line) or table
        elif assignment := _ASSIGNMENT.match(line):
            path = (*table, *_path_of(f"{assignment[1]} = 0"))
        else:
            continue
        for length in range(1, len(path) + 1):
            lines.setdefault(path[:length], number)
    return lines


def _path_of(statement: str) -> KeyPath:
    """The key that a one-line TOML statement names, or nothing if it is none."""
    try:
        node: object = tomllib.loads(statement)
    except (ValueError, RecursionError):
        return ()
    path: list[str] = []
    while isinstance(node, dict) and node:
        part, node = next(iter(node.items()))
        path.append(part)
    return tuple(path)
