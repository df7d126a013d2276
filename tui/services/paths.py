"""Where the workbench keeps its files: the platform's folders, or one folder for everything."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from platformdirs import PlatformDirs

from tui.domain.errors import Failure, FailureKind, WorkbenchError
from tui.domain.sanitize import single_line

APP_NAME = "openrouter-workbench"
HOME_VARIABLE = "ORW_HOME"

_PRIVATE_FOLDER = 0o700


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders of the workbench and the files in them; none needs to exist yet."""

    config: Path
    data: Path
    cache: Path

    @classmethod
    def below(cls, home: Path) -> "Paths":
        """The three folders in one."""
        return cls(home / "config", home / "data", home / "cache")

    @property
    def home(self) -> Path | None:
        """The one folder that holds all three, where one was chosen."""
        above = self.config.parent
        return above if self == Paths.below(above) else None

    @property
    def config_file(self) -> Path:
        """The settings."""
        return self.config / "config.toml"

    @property
    def themes(self) -> Path:
        """The user's own themes, one TOML file each."""
        return self.config / "themes"

    @property
    def history_file(self) -> Path:
        """The conversations, an SQLite database."""
        return self.data / "history.db"

    @property
    def images(self) -> Path:
        """Images that came with answers, one folder for each history."""
        return self.data / "images"

    @property
    def error_report(self) -> Path:
        """What is known of the last error of the workbench's own that it outlived."""
        return self.data / "last-error.txt"

    @property
    def favourites_file(self) -> Path:
        """Favourite and recent models and saved filters."""
        return self.data / "favourites.json"


def resolve_paths(home: Path | None, environ: Mapping[str, str]) -> Paths:
    """The folders to use: ``home`` (from ``--home``), else ``ORW_HOME``, else the platform's.

    Raises :class:`WorkbenchError` if the system does not say where the home folder is.
    """
    chosen = home or (Path(environ[HOME_VARIABLE]) if environ.get(HOME_VARIABLE) else None)
    try:
        if chosen is None:
            folders = PlatformDirs(APP_NAME, appauthor=False)
            paths = Paths(folders.user_config_path, folders.user_data_path, folders.user_cache_path)
        else:
            paths = Paths.below(chosen.expanduser().absolute())
    except (RuntimeError, OSError) as error:
        raise _no_home() from error
    # Older versions of platformdirs hand back "~/…" when they know no home.
    if not all(folder.is_absolute() for folder in (paths.config, paths.data, paths.cache)):
        raise _no_home()
    return paths


def shown(path: Path) -> str:
    """The path for people: on one line, with ``~`` for the home folder."""
    try:
        below_home = path.relative_to(Path.home())
    except (ValueError, RuntimeError):
        return single_line(str(path))
    return single_line(str(Path("~") / below_home))


def working_folder() -> Path:
    """The folder that one is in; the home folder if it was deleted meanwhile."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        return Path.home()


def make_private_folder(folder: Path) -> None:
    """Make a folder and those above it that are missing, each with mode 0700.

    ``Path.mkdir(parents=True)`` would leave the folders above to the umask. Raises
    :class:`WorkbenchError` if it cannot be made or written.
    """
    try:
        for missing in reversed([folder, *folder.parents]):
            if not missing.exists():
                missing.mkdir(_PRIVATE_FOLDER, exist_ok=True)
        if not folder.is_dir():
            raise NotADirectoryError("it is not a folder")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise _unusable(folder, reason) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _unusable(folder, "it cannot be written")


def _no_home() -> WorkbenchError:
    return WorkbenchError(
        Failure(
            FailureKind.STORAGE,
            "The home folder is not known.",
            f"Set HOME, or give a folder with --home or {HOME_VARIABLE}.",
        )
    )


def _unusable(folder: Path, reason: str) -> WorkbenchError:
    return WorkbenchError(
        Failure(
            FailureKind.STORAGE,
            f"The folder {single_line(str(folder))} cannot be used.",
            f"Make it writable, or give another with --home or {HOME_VARIABLE}.",
            detail=single_line(reason),
        )
    )
