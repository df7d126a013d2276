"""The folder of presets: one TOML file each, made by hand, here, or by somebody who shares it."""

import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tui.domain.errors import Failure, FailureKind, WorkbenchError
from tui.domain.presets import LONGEST_PRESET, Preset, is_preset_name, parse_preset
from tui.domain.sanitize import single_line
from tui.services.atomic import write_atomically
from tui.services.paths import Paths, make_private_folder, shown

_SUFFIX = ".toml"
_MOST = 500
_BUILT_IN = Path(__file__).parents[1] / "presets"
_LETTERS = "Use letters, digits, dots, hyphens and underscores."


@dataclass(frozen=True, slots=True)
class StoredPreset:
    """A preset as it lies on the disk, and what is wrong with its file, a line each.

    One that is not ``readable`` cannot be applied. Those that are ``built_in`` come with the
    workbench; a preset of the user's own with the same name takes the place of such a one.
    """

    preset: Preset
    path: Path
    problems: tuple[str, ...] = ()
    readable: bool = True
    built_in: bool = False


class PresetFolder:
    """The user's presets, over those that are built in. The methods block; call them in a thread.

    All that write raise :class:`WorkbenchError` in words.
    """

    def __init__(self, folder: Path, built_in: Path = _BUILT_IN) -> None:
        self._folder = folder
        self._built_in = built_in

    @classmethod
    def of(cls, paths: Paths) -> "PresetFolder":
        """The folder beside config.toml."""
        return cls(paths.config / "presets")

    def load(self) -> list[StoredPreset]:
        """All presets by name. Never raises."""
        own = [_read(path) for path in _files(self._folder)]
        names = {stored.preset.name.lower() for stored in own}
        others = (path for path in _files(self._built_in) if path.stem.lower() not in names)
        found = [*own, *(_read(path, built_in=True) for path in others)]
        return sorted(found, key=lambda stored: stored.preset.name.lower())

    def find(self, name: str) -> StoredPreset | None:
        """The preset of a name, in any case, or None."""
        wanted = name.strip().lower()
        stored = (one for one in self.load() if one.preset.name.lower() == wanted)
        return next(stored, None)

    def save(self, preset: Preset) -> Path:
        """Write a new preset; refuses to replace one of the user's own."""
        path = self._free_path(preset.name)
        self._write(path, as_toml(preset))
        return path

    def edit(self, stored: StoredPreset, preset: Preset) -> Path:
        """Write what was changed in a preset; comments, and what was not changed, stay.

        It may have another name now. Of one that is built in, the user gets a copy.
        """
        is_same_file = preset.name == stored.preset.name and not stored.built_in
        path = stored.path if is_same_file else self._free_path(preset.name)
        self._write(path, as_toml(preset, _text_of(stored.path)))
        if not is_same_file and not stored.built_in:
            self.delete(stored)
        return path

    def write_text(self, stored: StoredPreset, text: str) -> StoredPreset:
        """Replace the text of a preset's file, right or wrong; a built-in one becomes a copy."""
        path = self._folder / stored.path.name if stored.built_in else stored.path
        self._write(path, text)
        return _read(path)

    def text(self, stored: StoredPreset) -> str:
        """The text of a preset's file."""
        return _text_of(stored.path)

    def delete(self, stored: StoredPreset) -> None:
        """Delete the file of a preset."""
        try:
            stored.path.unlink(missing_ok=True)
        except OSError as error:
            raise _unwritable(stored.path, error) from error

    def _free_path(self, name: str) -> Path:
        """Where a preset of this name will be."""
        if not is_preset_name(name):
            words = f"{single_line(name, 64) or 'Nothing'} cannot be the name of a preset."
            raise _failure(words, _LETTERS)
        path = self._folder / f"{name}{_SUFFIX}"
        taken = {one.stem.lower() for one in _files(self._folder)}
        if path.exists() or name.lower() in taken:
            raise _failure(f"There is a preset {name}.", "Choose another name.")
        return path

    def _write(self, path: Path, text: str) -> None:
        data = text.encode()
        if len(data) > LONGEST_PRESET:
            raise _failure("The preset is too large.", f"{LONGEST_PRESET // 1024} KiB is the most.")
        make_private_folder(self._folder)
        try:
            write_atomically(path, data)
        except OSError as error:
            raise _unwritable(path, error) from error


def kept_aside(stored: StoredPreset, text: str) -> Path | None:
    """Where a text is now that a preset's file did not take: a private file of its own.

    The system clears it away some day. None if it could not be written there either.
    """
    try:
        folder = Path(tempfile.mkdtemp(prefix="orw-"))  # private, whatever the umask
        write_atomically(folder / stored.path.name, text.encode())
    except OSError:
        return None
    return folder / stored.path.name


def as_toml(preset: Preset, before: str = "") -> str:
    """The text of a preset's file; what is empty is left out, what ``before`` had as well stays."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    document = tomlkit.document()
    with suppress(TOMLKitError):
        document = tomlkit.parse(before)
    known = parse_preset(preset.name, before).preset
    plain: dict[str, tuple[object, object]] = {
        "description": (preset.description, known.description),
        "model": (preset.model, known.model),
        "pdf_engine": (_engine(preset), _engine(known)),
        "system": (preset.system, known.system),
        "variables": (dict(preset.variables), dict(known.variables)),
        "params": (dict(preset.params), dict(known.params)),
        "provider": (dict(preset.routing), dict(known.routing)),
    }
    for key, (value, was) in plain.items():
        if value == was and value:
            continue
        if value:
            document[key] = _text(preset.system) if key == "system" else tomlkit.item(value)
        elif was:
            del document[key]
    return tomlkit.dumps(document)


def _engine(preset: Preset) -> str:
    return str(preset.pdf_engine or "")


def _text(text: str) -> Any:
    """Several lines as they are, where TOML can hold them so."""
    import tomlkit

    several = "\n" in text and '"""' not in text and "\\" not in text and "\r" not in text
    if several and text.replace("\n", "").replace("\t", "").isprintable():
        return tomlkit.string(f"{text}\n", multiline=True)
    return tomlkit.item(text)


def _files(folder: Path) -> list[Path]:
    """The files of a folder that presets are read from; without a folder there are none."""
    try:
        return sorted(folder.glob(f"*{_SUFFIX}"))[:_MOST]
    except OSError:
        return []


def _read(path: Path, *, built_in: bool = False) -> StoredPreset:
    name = path.stem
    if not is_preset_name(name):
        words = (f"The name of its file cannot be used. {_LETTERS}",)
        return StoredPreset(Preset(single_line(name, 80)), path, words, readable=False)
    try:
        text = _text_of(path)
    except WorkbenchError as error:
        return StoredPreset(Preset(name), path, (error.failure.what,), readable=False)
    parsed = parse_preset(name, text)
    return StoredPreset(parsed.preset, path, parsed.problems, parsed.readable, built_in)


def _text_of(path: Path) -> str:
    try:
        if not path.is_file():
            raise OSError("it is not a file")
        with path.open("rb") as file:
            data = file.read(LONGEST_PRESET + 1)
        if len(data) > LONGEST_PRESET:
            raise OSError("it is too large")
        return data.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        words = f"It cannot be read: {single_line(reason, 200)}."
        raise _failure(words, f"See {shown(path)}.") from error


def _failure(what: str, next_step: str) -> WorkbenchError:
    return WorkbenchError(Failure(FailureKind.STORAGE, what, next_step))


def _unwritable(path: Path, error: OSError) -> WorkbenchError:
    reason = single_line(error.strerror or str(error))
    return _failure(f"{shown(path)} cannot be written: {reason}.", "Make its folder writable.")
