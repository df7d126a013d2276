"""Spending as a file: which one, in which format, never over another one by accident."""

from contextlib import suppress
from pathlib import Path

from tui.domain.spend import SpendBy
from tui.domain.spend_export import spend_csv, spend_json
from tui.services.atomic import write_atomically
from tui.ui.controllers.spending import Level

_CSV, _JSON = ".csv", ".json"


class UnknownFormatError(ValueError):
    """The name of a file says nothing of its format."""


def named(by: SpendBy) -> str:
    """The name that is offered for an export."""
    return f"spend-by-{by.value}{_CSV}"


def target_of(text: str) -> Path:
    """The file that the user means; ``~`` is the home folder, where there is such a one."""
    path = Path(text)
    with suppress(RuntimeError):
        path = path.expanduser()
    return path.absolute()


def export(level: Level, target: Path) -> None:
    """Write the groups of a level; raises OSError, and UnknownFormatError for another suffix."""
    match target.suffix.lower():
        case ".csv":
            text = spend_csv(level.groups, level.by)
        case ".json":
            text = spend_json(level.groups, level.by, level.total)
        case _:
            raise UnknownFormatError(f"Name a file that ends in {_CSV} or {_JSON}.")
    write_atomically(target, text.encode())
