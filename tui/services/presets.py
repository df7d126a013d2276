"""The folder of presets: one TOML file each, made by hand, here, or by somebody who shares it."""

from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True)
class StoredPreset:
    """A preset as it lies on the disk, and what is wrong with its file, a line each."""

    preset: Preset
    path: Path
    problems: tuple[str, ...] = ()


class PresetFolder:
    """The user's presets. The methods block; call them in a thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @classmethod
    def of(cls, paths: Paths) -> "PresetFolder":
        """The folder beside config.toml."""
        return cls(paths.config / "presets")

    def load(self) -> list[StoredPreset]:
        """All presets by name; without a folder there are none. Never raises."""
        try:
            found = sorted(self._folder.glob(f"*{_SUFFIX}"), key=lambda path: path.name.lower())
        except OSError:
            return []
        return [self._read(path) for path in found[:_MOST] if is_preset_name(path.stem)]

    def find(self, name: str) -> StoredPreset | None:
        """The preset of a name, in any case, or None."""
        wanted = name.strip().lower()
        stored = (one for one in self.load() if one.preset.name.lower() == wanted)
        return next(stored, None)

    def save(self, preset: Preset, *, overwrite: bool = False) -> Path:
        """Write a preset; raises WorkbenchError in words, also if there is one of this name."""
        if not is_preset_name(preset.name):
            raise _failure(
                f"{single_line(preset.name, 64) or 'Nothing'} cannot be the name of a preset.",
                "Use letters, digits, dots, hyphens and underscores.",
            )
        path = self._folder / f"{preset.name}{_SUFFIX}"
        if path.exists() and not overwrite:
            raise _failure(f"There is a preset {preset.name}.", "Choose another name.")
        make_private_folder(self._folder)
        try:
            write_atomically(path, as_toml(preset).encode())
        except OSError as error:
            raise _unwritable(path, error) from error
        return path

    def delete(self, name: str) -> None:
        """Delete the file of a preset; raises WorkbenchError in words."""
        if not is_preset_name(name):
            return
        path = self._folder / f"{name}{_SUFFIX}"
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise _unwritable(path, error) from error

    def _read(self, path: Path) -> StoredPreset:
        try:
            if not path.is_file():
                raise OSError("it is not a file")
            with path.open("rb") as file:
                data = file.read(LONGEST_PRESET + 1)
            if len(data) > LONGEST_PRESET:
                raise OSError("it is too large")
            text = data.decode("utf-8-sig")
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            words = f"It cannot be read: {single_line(reason, 200)}."
            return StoredPreset(Preset(path.stem), path, (words,))
        parsed = parse_preset(path.stem, text)
        return StoredPreset(parsed.preset, path, parsed.problems)


def as_toml(preset: Preset) -> str:
    """The text of a preset's file; what is empty is left out."""
    import tomlkit

    document = tomlkit.document()
    plain = {
        "description": preset.description,
        "model": preset.model,
        "pdf_engine": preset.pdf_engine and str(preset.pdf_engine),
    }
    for key, value in plain.items():
        if value:
            document.add(key, tomlkit.item(value))
    if preset.system:
        document.add("system", _text(preset.system))
    tables: dict[str, Mapping[str, Any]] = {
        "variables": preset.variables,
        "params": preset.params,
        "provider": preset.routing,
    }
    for key, table in tables.items():
        if table:
            document.add(key, tomlkit.item(dict(table)))
    return tomlkit.dumps(document)


def _text(text: str) -> Any:
    """Several lines as they are, where TOML can hold them so."""
    import tomlkit

    several = "\n" in text and '"""' not in text and "\\" not in text and "\r" not in text
    if several and text.replace("\n", "").replace("\t", "").isprintable():
        return tomlkit.string(f"{text}\n", multiline=True)
    return tomlkit.item(text)


def _failure(what: str, next_step: str) -> WorkbenchError:
    return WorkbenchError(Failure(FailureKind.STORAGE, what, next_step))


def _unwritable(path: Path, error: OSError) -> WorkbenchError:
    reason = single_line(error.strerror or str(error))
    return _failure(f"{shown(path)} cannot be written: {reason}.", "Make its folder writable.")
