"""config.toml: read so that one mistake costs one field, saved so that everything else survives."""

import os
import shlex
import stat
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from tui.domain.errors import Failure, FailureKind, WorkbenchError
from tui.domain.sanitize import single_line
from tui.domain.settings import Settings
from tui.services.atomic import taking_turns, write_atomically
from tui.services.config_check import table_problems
from tui.services.config_edit import UneditableError, edit, remove_key
from tui.services.config_lines import KeyPath, error_line, key_lines
from tui.services.paths import Paths, make_private_folder, shown

_LARGEST_FILE = 1024 * 1024
_PRIVATE_FILE = 0o600
_READ_BY_OTHERS = stat.S_IRGRP | stat.S_IROTH
_WRITTEN_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH
_LONGEST_NAME = 60
_PLAIN_WORDS = {
    "model_type": "should be a table",
    "dict_type": "should be a table",
    "bool_type": "should be true or false",
    "bool_parsing": "should be true or false",
    "tuple_type": "should be a list",
    "string_type": "should be text in quotes",
    "float_type": "should be a number",
    "float_parsing": "should be a number without quotes",
    "int_type": "should be a whole number",
    "int_parsing": "should be a whole number without quotes",
    "int_from_float": "should be a whole number",
    "finite_number": "should be a finite number",
}
"""The schema's words where they speak of Python."""


@dataclass(frozen=True, slots=True)
class ConfigProblem:
    """One thing that is wrong with the file, and what to do; ``line`` counts from 1."""

    what: str
    next_step: str
    line: int | None = None

    def __str__(self) -> str:
        """The problem as one line for a terminal without a screen."""
        return f"{self.placed} {self.next_step}"

    @property
    def placed(self) -> str:
        """What is wrong, and on which line."""
        return self.what if self.line is None else f"line {self.line}: {self.what}"


@dataclass(frozen=True, slots=True)
class LoadedConfig:
    """The settings that could be read, and everything that could not."""

    settings: Settings
    problems: tuple[ConfigProblem, ...] = ()


class _UnreadableError(Exception):
    """The file as a whole cannot be used."""

    def __init__(self, problem: ConfigProblem) -> None:
        super().__init__(problem.what)
        self.problem = problem


def load_config(path: Path) -> LoadedConfig:
    """The settings in ``path``; a missing file means the defaults.

    Never raises: a file that cannot be read at all gives the defaults, a field that cannot be used
    gives that field's default, and each is told in ``problems``.
    """
    try:
        text, mode = _read(path)
        raw = _parse(text)
    except FileNotFoundError:
        return LoadedConfig(Settings())
    except _UnreadableError as error:
        return LoadedConfig(Settings(), (error.problem,))
    settings, wrong = _validated(raw)
    told = {key for key, _ in wrong}
    problems = [*_exposure(path, mode, settings), *_unknown_keys(raw), *wrong]
    for key, problem in table_problems(raw):
        if told.isdisjoint(key[:length] for length in range(1, len(key) + 1)):
            problems.append((key, ConfigProblem(problem.what, problem.next_step)))
    lines = key_lines(text) if problems else {}
    placed = [_placed(key, problem, lines) for key, problem in problems]
    return LoadedConfig(settings, tuple(sorted(placed, key=lambda problem: problem.line or 0)))


def with_lines(
    path: Path, problems: Sequence[tuple[KeyPath, ConfigProblem]]
) -> Sequence[ConfigProblem]:
    """Problems that were found in the settings elsewhere, with their lines in the file.

    A name with dots in it may stand there without quotes.
    """
    try:
        lines = key_lines(_read(path)[0]) if problems else {}
    except (FileNotFoundError, _UnreadableError):
        lines = {}
    for key, line in tuple(lines.items()):
        lines.setdefault((key[0], ".".join(key[1:])), line)
    return [_placed(key, problem, lines) for key, problem in problems]


def misplaced(paths: Paths) -> tuple[ConfigProblem, ...]:
    """What is wrong with a config.toml that lies beside its folder: nobody reads it."""
    if paths.home is None or not (paths.home / paths.config_file.name).is_file():
        return ()
    stray, place = shown(paths.home / paths.config_file.name), shown(paths.config_file)
    return (ConfigProblem(f"{stray} has no effect.", f"Move it to {place}."),)


def save_changes(path: Path, changes: Mapping[KeyPath, object]) -> None:
    """Write ``changes`` into the file: each key's new value, or None to remove the key.

    Everything else in the file stays as it is, comments and unknown keys included, and so does what
    another thread or another run saves meanwhile. The file is replaced in one step and is readable
    by the user alone. Raises :class:`WorkbenchError`, with the file untouched, if it cannot be
    parsed or written.
    """
    if not changes:
        return
    target = path.resolve() if path.is_symlink() else path
    make_private_folder(target.parent)
    try:
        with taking_turns(target.parent):
            _save(path, target, changes)
    except OSError as error:
        raise _not_saved(path, error.strerror or "") from error


def _save(path: Path, target: Path, changes: Mapping[KeyPath, object]) -> None:
    """Change the file ``target`` that ``path`` leads to; raises WorkbenchError and OSError."""
    try:
        text, _ = _read(target)
        _parse(text)
    except FileNotFoundError:
        text = ""
    except _UnreadableError as error:
        raise _not_saved(path, error.problem.placed) from error
    try:
        after = edit(text, changes)
    except UneditableError as error:
        raise _not_saved(path, str(error)) from error
    write_atomically(target, after.encode(), _PRIVATE_FILE)


def _read(path: Path) -> tuple[str, int]:
    """The file's text and mode. Raises FileNotFoundError and _UnreadableError."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            what = "is a folder" if stat.S_ISDIR(status.st_mode) else "is not a regular file"
            raise _unreadable(f"{path.name} {what}.")
        if status.st_size > _LARGEST_FILE:
            raise _unreadable(f"{path.name} is larger than 1 MiB.")
        data = path.read_bytes()
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "unknown reason"
        raise _unreadable(f"{path.name} cannot be read: {reason}.") from error
    try:
        return data.decode("utf-8-sig"), status.st_mode
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _unreadable(f"{path.name} is not UTF-8 text.", line) from error


def _parse(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        reason, line = error_line(str(error), text)
        raise _unreadable(f"This is not valid TOML: {single_line(reason, 200)}.", line) from error
    except (ValueError, RecursionError) as error:
        # Numbers of thousands of digits and arrays thousands deep are no settings.
        raise _unreadable("This is not valid TOML: a value is too large or too deep.") from error


def _unreadable(what: str, line: int | None = None) -> _UnreadableError:
    step = "Correct it, or move the file away; until then the defaults are used."
    return _UnreadableError(ConfigProblem(what, step, line))


def _exposure(path: Path, mode: int, settings: Settings) -> Iterator[tuple[KeyPath, ConfigProblem]]:
    """What others on this machine may do to the file; reading one without a key harms nobody."""
    if os.name != "posix":
        return
    step = f"Run: chmod 600 {shlex.quote(single_line(str(path)))}"
    if mode & _WRITTEN_BY_OTHERS:
        yield (), ConfigProblem("Other users of this machine can change config.toml.", step)
    elif mode & _READ_BY_OTHERS and holds_key(settings):
        what = "Other users of this machine can read config.toml, which holds a key."
        yield (), ConfigProblem(what, step)


def holds_key(settings: Settings) -> bool:
    """Whether a key itself stands in the settings, and not only the name of its variable."""
    keys = [settings.provider(name).api_key for name in settings.provider_names()]
    return any(key is not None and "${" not in key.get_secret_value() for key in keys)


def _placed(key: KeyPath, problem: ConfigProblem, lines: Mapping[KeyPath, int]) -> ConfigProblem:
    """The problem with the line of its key, or of the nearest table above it."""
    above = (key[:length] for length in range(len(key), 0, -1))
    line = next((lines[prefix] for prefix in above if prefix in lines), None)
    return ConfigProblem(problem.what, problem.next_step, line)


def _unknown_keys(raw: Mapping[str, Any]) -> Iterator[tuple[KeyPath, ConfigProblem]]:
    for key, known in _strangers(Settings, raw, ()):
        near = get_close_matches(key[-1], known, n=1)
        hint = f"Did you mean {near[0]}?" if near else f"Known here: {', '.join(known)}."
        yield key, ConfigProblem(f"{_dotted(key)} is not a setting and has no effect.", hint)


def _strangers(
    annotation: Any, value: object, at: KeyPath
) -> Iterator[tuple[KeyPath, tuple[str, ...]]]:
    """Keys that the schema does not know, each with the names that it knows in that place."""
    if not isinstance(value, dict):
        return
    if get_origin(annotation) is dict:
        for name, inner in value.items():
            yield from _strangers(get_args(annotation)[1], inner, (*at, name))
    elif isinstance(annotation, type) and issubclass(annotation, BaseModel):
        fields = annotation.model_fields
        for name, inner in value.items():
            if name in fields:
                yield from _strangers(fields[name].annotation, inner, (*at, name))
            else:
                yield (*at, name), tuple(fields)


def _validated(raw: Mapping[str, Any]) -> tuple[Settings, list[tuple[KeyPath, ConfigProblem]]]:
    """The settings without the fields that are wrong, and what is wrong with those."""
    rest = deepcopy(dict(raw))
    problems: list[tuple[KeyPath, ConfigProblem]] = []
    while True:
        try:
            return Settings.model_validate(rest), problems
        except ValidationError as error:
            reasons: dict[KeyPath, str] = {}
            for mistake in error.errors(include_input=False, include_url=False):
                words = _PLAIN_WORDS.get(mistake["type"]) or mistake["msg"].removeprefix("Input ")
                reasons.setdefault(_key_at(rest, mistake["loc"]), words)
            for key, reason in reasons.items():
                what = f"{_dotted(key)} {single_line(reason, 200)}."
                problems.append((key, ConfigProblem(what, "Until then its default is used.")))
                remove_key(rest, key)


def _key_at(raw: Mapping[str, Any], location: tuple[int | str, ...]) -> KeyPath:
    """The innermost key of the file on the way to a mistake; a list is dropped as a whole."""
    key: list[str] = []
    node: object = raw
    for part in location:
        if not (isinstance(node, dict) and isinstance(part, str) and part in node):
            break
        key.append(part)
        node = node[part]
    return tuple(key)


def _dotted(key: KeyPath) -> str:
    return ".".join(
        part if part.replace("-", "").replace("_", "").isalnum() else f'"{part}"'
        for part in (single_line(part, _LONGEST_NAME) for part in key)
    )


def _not_saved(path: Path, reason: str) -> WorkbenchError:
    return WorkbenchError(
        Failure(
            FailureKind.STORAGE,
            f"The settings could not be saved to {single_line(str(path))}.",
            "Correct the file or move it away, then save again; nothing was changed.",
            detail=single_line(reason, 500),
        )
    )
