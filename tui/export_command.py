"""``orw export`` and ``orw import``: conversations carried out and in."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from tui.domain.errors import Failure, FailureKind, WorkbenchError
from tui.domain.export_selection import Scope
from tui.domain.sanitize import single_line, visible
from tui.runtime import Runtime
from tui.services.attachments import Attachments
from tui.services.exporter import (
    Exporter,
    ExportFormat,
    left_out_words,
    name_of_all,
)
from tui.services.history import History
from tui.services.importer import Importer, ImportResult, Reading
from tui.services.importer_words import reading_lines, written_words

_DONE: Final = 0
_FAILED: Final = 1
_STDOUT: Final = "-"


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """The flags of ``orw export``; without ``output`` files go to the folder one is in."""

    form: str = "md"
    everything: bool = False
    branch: bool = False
    output: str | None = None
    overwrite: bool = False


def run_export(runtime: Runtime, ids: Sequence[str], options: ExportOptions) -> int:
    """Write conversations and print where to; 1 if that was not possible."""
    try:
        for line in asyncio.run(_export(runtime, ids, options)):
            print(visible(line))
    except WorkbenchError as error:
        return _say(error.failure)
    return _DONE


def run_import(
    runtime: Runtime, files: Sequence[Path], *, dry_run: bool = False, as_json: bool = False
) -> int:
    """Read files in and print what they hold; 1 if one of them could not be read in."""
    return asyncio.run(_import(runtime, files, dry_run=dry_run, as_json=as_json))


@asynccontextmanager
async def _opened(runtime: Runtime) -> AsyncIterator[tuple[History, Attachments]]:
    """The history with its files; raises WorkbenchError if nothing can be saved in it."""
    history = await History.open(runtime.history_file)
    try:
        if history.problem is not None:
            raise WorkbenchError(history.problem)
        yield history, Attachments.beside(runtime.history_file)
    finally:
        await history.aclose()


async def _export(runtime: Runtime, ids: Sequence[str], options: ExportOptions) -> list[str]:
    """Write what is asked for; the lines to print are the paths."""
    if not runtime.history_file.exists():
        raise _nothing()
    form = ExportFormat(options.form)
    scope = Scope.BRANCH if options.branch else Scope.CONVERSATION
    async with _opened(runtime) as (history, attachments):
        exporter = Exporter(history, attachments)
        chosen = await _chosen(history, exporter, ids, form, everything=options.everything)
        if options.output == _STDOUT:
            return await _to_stdout(history, exporter, chosen, form, scope)
        output = Path(options.output) if options.output else Path.cwd()
        # One file of JSON holds any number of conversations, and is read in again as a whole.
        into_folder = output.is_dir()
        if into_folder and (form is not ExportFormat.JSON or len(chosen) == 1):
            return [str(path) for path in await exporter.to_folder(chosen, output, form, scope)]
        if len(chosen) > 1 and form is not ExportFormat.JSON:
            raise WorkbenchError(
                Failure(
                    FailureKind.BAD_REQUEST,
                    f"{single_line(str(output))} is no folder.",
                    "Several conversations need a folder for --output, or --format json.",
                )
            )
        path = output / name_of_all(datetime.now(UTC)) if into_folder else output
        written = await exporter.to_file(chosen, path, form, scope, overwrite=options.overwrite)
        return [str(written)]


async def _chosen(
    history: History,
    exporter: Exporter,
    ids: Sequence[str],
    form: ExportFormat,
    *,
    everything: bool,
) -> list[str]:
    """What to write; but for JSON, how many of them have nothing to show is said on stderr."""
    if everything:
        chosen = await exporter.everything()
    elif ids:
        chosen = list(dict.fromkeys(ids))
        for conversation_id in chosen:
            if await history.load(conversation_id) is None:
                what = f"There is no conversation {single_line(conversation_id, 64)}."
                raise WorkbenchError(
                    Failure(FailureKind.NOT_FOUND, what, "Find it with `orw search`.")
                )
    else:
        listed = [one.id for one in await history.conversations(limit=-1)]
        if form is not ExportFormat.JSON:
            listed = await exporter.with_messages(listed) or listed
        chosen = listed[:1]
    if not chosen:
        raise _nothing()
    worth = await exporter.worth_writing(chosen, form)
    if len(worth) < len(chosen):
        print(left_out_words(len(chosen) - len(worth)), file=sys.stderr)
    return worth


async def _to_stdout(
    history: History, exporter: Exporter, ids: list[str], form: ExportFormat, scope: Scope
) -> list[str]:
    """Print the text itself; in every format it holds nothing that acts in a terminal."""
    if len(ids) > 1:
        raise WorkbenchError(
            Failure(
                FailureKind.BAD_REQUEST,
                "Only one conversation fits on stdout.",
                "Give --output a folder, or a file with --format json.",
            )
        )
    conversation = await history.load(ids[0])
    if conversation is None:
        raise _nothing()
    sys.stdout.write(await exporter.text(conversation, form, scope))
    return []


async def _import(runtime: Runtime, files: Sequence[Path], *, dry_run: bool, as_json: bool) -> int:
    code = _DONE
    rows: list[dict[str, Any]] = []
    try:
        async with _opened(runtime) as (history, attachments):
            importer = Importer(history, attachments)
            for path in files:
                try:
                    reading = await importer.read(path)
                    if not as_json:
                        print("\n".join(_words(path, reading)))
                    result = None
                    if not dry_run:
                        result = await importer.write(reading, _progress)
                    if result is not None and not as_json:
                        print(f"  written: {written_words(result)}")
                    rows.append(_as_object(path, reading, result))
                except WorkbenchError as error:
                    code = _say(error.failure)
    except WorkbenchError as error:
        return _say(error.failure)
    if as_json:
        print(json.dumps(rows, indent=2))
    return code


def _words(path: Path, reading: Reading) -> list[str]:
    """What a file holds, a line each."""
    first = f"{single_line(str(path), 200)}: {reading.source}"
    return [first, *(f"  {line}" for line in reading_lines(reading))]


def _as_object(path: Path, reading: Reading, result: ImportResult | None) -> dict[str, Any]:
    return {
        "file": str(path),
        "source": reading.source,
        "conversations": reading.conversations,
        "messages": reading.messages,
        "files": reading.files,
        "known": len(reading.known),
        "problems": list(reading.problems),
        "written": None if result is None else asdict(result),
    }


def _progress(done: int, count: int) -> None:
    """One line that is written over, on a terminal only."""
    if sys.stderr.isatty():
        end = "\n" if done == count else ""
        print(f"\r  {done:,} of {count:,} conversations", end=end, file=sys.stderr, flush=True)


def _nothing() -> WorkbenchError:
    return WorkbenchError(
        Failure(FailureKind.NOT_FOUND, "There is no conversation to export.", "Have one first.")
    )


def _say(failure: Failure) -> int:
    print(visible(str(failure)), file=sys.stderr)
    return _FAILED
