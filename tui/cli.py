"""The command line: which command is asked for, with which flags.

Nothing heavy is imported before it is needed: ``--version`` and ``--help`` answer from the standard
library alone, the headless commands never import Textual, and only the app does.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from tui import __version__

if TYPE_CHECKING:
    from tui.runtime import Runtime

DONE: Final = 0
FAILED: Final = 1
USAGE: Final = 2
INTERRUPTED: Final = 130

PROGRAM: Final = "orw"

_COMMANDS: Final = ("ask", "models", "doctor")
_OPTIONS_WITH_VALUE: Final = frozenset(
    {"--home", "--provider", "--model", "--base-url", "--resume"}
)

_COMMAND_HELP: Final = """\
commands:
  ask [PROMPT|-]        stream one answer to stdout, everything else to stderr
  models [FILTER ...]   list the models of the catalogue
  doctor                check the set-up: folders, settings, key, server

`%(prog)s COMMAND --help` says more. A prompt that is the name of a command goes after `--`.

environment:
  OPENROUTER_API_KEY    the key; wins over config.toml
  OPENROUTER_BASE_URL   another server
  ORW_HOME              one folder that holds config/, data/ and cache/

exit codes: 0 done, 1 failed, 2 usage, 130 interrupted
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code.

    Raises SystemExit as argparse does: 0 after ``--help`` and ``--version``, 2 for wrong usage.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    command, words = split_command(words)
    parser = _parser(command)
    options = parser.parse_args(words)
    sys.excepthook = _print_crash
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A locale that cannot write a character is no reason to lose an answer.
            stream.reconfigure(errors="replace")
    try:
        code = _dispatch(command, parser, options)
        if sys.stdout is not None:
            sys.stdout.flush()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # The reader has gone, as after `| head`. Python would complain once more when it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return code


def split_command(words: Sequence[str]) -> tuple[str | None, list[str]]:
    """The sub-command, if the first positional word names one, and the remaining words.

    Flags may stand before the command; what follows ``--`` is never a command.
    """
    is_value = False
    for index, word in enumerate(words):
        if is_value:
            is_value = False
        elif word == "--":
            break
        elif word.startswith("-") and word != "-":
            is_value = word in _OPTIONS_WITH_VALUE
        elif word in _COMMANDS:
            return word, [*words[:index], *words[index + 1 :]]
        else:
            break
    return None, list(words)


def _parser(command: str | None) -> argparse.ArgumentParser:
    """The parser of one command; each knows the flags that choose folders, server and model."""
    parser = argparse.ArgumentParser(
        prog=f"{PROGRAM} {command}" if command else PROGRAM,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    server = parser.add_mutually_exclusive_group()
    server.add_argument(
        "--demo", action="store_true", help="use the built-in offline server: no key, no cost"
    )
    server.add_argument("--provider", metavar="NAME", help="a provider of config.toml")
    parser.add_argument("--model", metavar="ID", help="such as anthropic/claude-sonnet-4.5")
    parser.add_argument("--base-url", metavar="URL", help="another server, up to and with /v1")
    parser.add_argument(
        "--home", metavar="DIR", type=Path, help="one folder for config/, data/ and cache/"
    )
    match command:
        case "ask":
            parser.description = (
                "Stream one answer to stdout. Piped input is added below the prompt."
            )
            parser.add_argument("--json", action="store_true", help="print one JSON object instead")
            parser.add_argument(
                "prompt", nargs="?", metavar="PROMPT|-", help="the prompt, or - to read it"
            )
        case "models":
            parser.description = "List the models whose id or name holds every word of the filter."
            parser.add_argument("--json", action="store_true", help="print a JSON array instead")
            parser.add_argument("filter", nargs="*", metavar="FILTER", help="words to look for")
        case "doctor":
            parser.description = "Check the set-up. Exits with 1 if something is wrong."
        case _:
            parser.description = "A full-screen terminal chat for OpenRouter with exact, live cost."
            parser.epilog = _COMMAND_HELP
            parser.add_argument(
                "--version", action="version", version=f"openrouter-workbench {__version__}"
            )
            parser.add_argument(
                "--resume",
                nargs="?",
                const="",
                metavar="ID",
                help="open a conversation again, by default the latest",
            )
            parser.add_argument("prompt", nargs="?", metavar="PROMPT", help="sent at once")
    return parser


def _dispatch(
    command: str | None, parser: argparse.ArgumentParser, options: argparse.Namespace
) -> int:
    if command is None:
        problem = terminal_problem(os.environ)
        if problem is not None:
            _refuse(parser, problem)
    runtime = _start(options)
    if runtime is None:
        return FAILED
    match command:
        case "ask":
            from tui.ask import read_prompt, run_ask

            prompt = read_prompt(options.prompt, sys.stdin)
            if not prompt.strip():
                _refuse(parser, "there is no prompt: give one, or pipe it in.")
            return run_ask(runtime, prompt, as_json=options.json)
        case "models":
            from tui.models_command import run_models

            return run_models(runtime, options.filter, as_json=options.json)
        case "doctor":
            from tui.doctor import run_doctor

            return run_doctor(runtime)
        case _:
            from tui.ui.app import run

            return run(runtime, resume=options.resume, prompt=options.prompt)


def _start(options: argparse.Namespace) -> Runtime | None:
    """The runtime for these flags, or None after saying why there is none."""
    from tui.domain.connection import Overrides
    from tui.domain.errors import WorkbenchError
    from tui.runtime import Runtime

    overrides = Overrides(
        provider="demo" if options.demo else options.provider,
        model=options.model,
        base_url=options.base_url,
    )
    try:
        return Runtime.start(home=options.home, overrides=overrides, environ=os.environ)
    except WorkbenchError as error:
        print(f"{PROGRAM}: {error.failure}", file=sys.stderr)
        return None


def terminal_problem(environ: Mapping[str, str]) -> str | None:
    """Why the full-screen app cannot open here and what to use instead, or None if it can."""
    streams = {"stdin": sys.stdin, "stdout": sys.stdout, "stderr": sys.stderr}
    missing = [name for name, stream in streams.items() if stream is None or not stream.isatty()]
    if missing:
        are_not = "is not one" if len(missing) == 1 else "are none"
        return (
            f"the app needs a terminal, and {' and '.join(missing)} {are_not};"
            f" `{PROGRAM} ask` works in pipes."
        )
    if environ.get("TERM") == "dumb":
        return (
            "TERM=dumb says that this terminal cannot draw; set TERM to what it is,"
            f" such as xterm-256color, or use `{PROGRAM} ask`."
        )
    return None


def _refuse(parser: argparse.ArgumentParser, problem: str) -> NoReturn:
    parser.print_usage(sys.stderr)
    parser.exit(USAGE, f"{PROGRAM}: {problem}\n")


def _print_crash(kind: type[BaseException], error: BaseException, traceback: object | None) -> None:
    """The last resort for an error nobody expected: no key and no local variable is printed."""
    from tui.crash_report import crash_report, secrets_in

    print(crash_report(error, secrets_in(os.environ)), file=sys.stderr)
