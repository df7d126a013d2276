"""The flags of ``orw search``, ``export`` and ``import``; nothing heavy is imported before."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

if TYPE_CHECKING:
    from tui.runtime import Runtime

COMMANDS: Final = ("search", "export", "import")
OPTIONS_WITH_VALUE: Final = frozenset({"--limit", "--format", "--output"})

_FORMATS: Final = ("md", "html", "json")
_MOST_HITS: Final = 1_000
_SEARCH_HELP: Final = """\
Search all conversations. All words must be found; filters narrow the search:

  word  begin*  '"a phrase"'  -without  model:claude  tag:work  has:code|image|file
  after:2026-03  before:7d  cost>0.1
"""
_EXPORT_HELP: Final = """\
Save conversations as Markdown, HTML or JSON; without an ID, the one that was used last.

JSON holds everything and can be read in again with `orw import`. Nothing is overwritten.
"""
_IMPORT_HELP: Final = """\
Read conversations from files: JSON of `orw export`, ChatGPT's conversations.json, or chats saved by
OpenRouter's chatroom. What is here already does not come twice.
"""


def add_arguments(command: str, parser: argparse.ArgumentParser) -> None:
    """Describe one of the commands."""
    match command:
        case "search":
            parser.description = _SEARCH_HELP
            parser.add_argument("--json", action="store_true", help="print JSON instead")
            parser.add_argument(
                "--limit",
                type=_limit,
                default=20,
                metavar="N",
                help=f"show at most N messages, up to {_MOST_HITS:,}; by default 20",
            )
            parser.add_argument("filter", nargs="*", metavar="WORD", help="what to look for")
        case "export":
            parser.description = _EXPORT_HELP
            parser.add_argument("--all", action="store_true", help="all conversations")
            parser.add_argument("--branch", action="store_true", help="only the branch on screen")
            parser.add_argument(
                "--format", choices=_FORMATS, default="md", help="by default md, Markdown"
            )
            parser.add_argument(
                "--output", metavar="PATH", help="a folder, a new file, or - for stdout"
            )
            parser.add_argument("--overwrite", action="store_true", help="replace that file")
            parser.add_argument("ids", nargs="*", metavar="ID", help="as `orw search` tells it")
        case _:
            parser.description = _IMPORT_HELP
            parser.add_argument("--dry-run", action="store_true", help="count, and write nothing")
            parser.add_argument("--json", action="store_true", help="print JSON instead")
            parser.add_argument("files", nargs="+", metavar="FILE", type=Path)


def run(
    command: str,
    runtime: Runtime,
    options: argparse.Namespace,
    refuse: Callable[[str], NoReturn],
) -> int:
    """Run one of the commands; ``refuse`` ends it as wrong usage."""
    match command:
        case "search":
            from tui.search_command import run_search_command

            query = " ".join(options.filter)
            if not query.strip():
                refuse("there is nothing to look for.")
            return run_search_command(runtime, query, options.limit, as_json=options.json)
        case "export":
            from tui.export_command import ExportOptions, run_export

            if options.all and options.ids:
                refuse("give IDs or --all.")
            flags = ExportOptions(
                form=options.format,
                everything=options.all,
                branch=options.branch,
                output=options.output,
                overwrite=options.overwrite,
            )
            return run_export(runtime, options.ids, flags)
        case _:
            from tui.export_command import run_import

            return run_import(runtime, options.files, dry_run=options.dry_run, as_json=options.json)


def _limit(text: str) -> int:
    limit = int(text)
    if not 1 <= limit <= _MOST_HITS:
        raise ValueError(text)
    return limit
