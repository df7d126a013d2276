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
    {"--home", "--provider", "--model", "--base-url", "--resume", "--sort"}
)

_COMMAND_HELP: Final = """\
commands:
  ask [PROMPT|-]        stream one answer to stdout, everything else to stderr
  models [FILTER ...]   list the models of the catalogue
  models show ID        all about one model and who serves it
  doctor                check the set-up: folders, settings, key, server

`%(prog)s COMMAND --help` says more. A prompt that is the name of a command goes after `--`.

environment:
  OPENROUTER_API_KEY    the key; wins over config.toml
  OPENROUTER_BASE_URL   another server
  ORW_HOME              one folder that holds config/, data/ and cache/

exit codes: 0 done, 1 failed, 2 usage, 130 interrupted
"""


_SORT_KEYS: Final = (
    "relevance",
    "popular",
    "newest",
    "in",
    "out",
    "turn",
    "ctx",
    "maxout",
    "name",
    "intelligence",
    "coding",
    "speed",
    "latency",
)
_SORT_HELP: Final = ", ".join(_SORT_KEYS)
_MODELS_HELP: Final = """\
List the models of the catalogue. Words are looked for in id and name; terms narrow the list:

  author:anthropic  provider:groq  ctx>=200k  maxout>=32k  in<1  out<5  cache<0.1 ($ per million)
  free  tools  vision  files  audio  image-out  reasoning  json  caching  new:30d  expiring
  moderated  param:seed  tok:Claude  fav  -excluded  one|other  "as it stands"

`show ID` tells all about one model and who serves it.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code.

    Raises SystemExit as argparse does: 0 after ``--help`` and ``--version``, 2 for wrong usage.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    command, words = split_command(words)
    parser = _parser(command)
    if command == "models":
        words, exclusions = split_exclusions(words)
        options = parser.parse_intermixed_args(words)
        options.filter += exclusions
    else:
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


def split_exclusions(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """The words without those that begin with one dash, and those: ``-free`` is no flag.

    ``-h`` stays the flag for help, and what follows ``--`` stays as it is.
    """
    rest: list[str] = []
    excluding: list[str] = []
    is_value = False
    for index, word in enumerate(words):
        if word == "--" and not is_value:
            return [*rest, *words[index:]], excluding
        excludes = word.startswith("-") and not word.startswith("--") and word not in ("-", "-h")
        (excluding if excludes and not is_value else rest).append(word)
        is_value = not is_value and word in _OPTIONS_WITH_VALUE
    return rest, excluding


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
            parser.description = _MODELS_HELP
            form = parser.add_mutually_exclusive_group()
            form.add_argument("--json", action="store_true", help="print JSON instead of a table")
            form.add_argument("--csv", action="store_true", help="print comma-separated values")
            parser.add_argument("--sort", choices=_SORT_KEYS, metavar="KEY", help=_SORT_HELP)
            parser.add_argument("--desc", action="store_true", help="in the opposite order")
            parser.add_argument("--refresh", action="store_true", help="fetch the catalogue anew")
            parser.add_argument("filter", nargs="*", metavar="FILTER", help="or: show ID")
        case "doctor":
            parser.description = (
                "Check the set-up and ask the server. Exits with 1 if something is wrong."
            )
            parser.add_argument("--offline", action="store_true", help="do not ask the server")
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
    runtime = _start(parser, options)
    if runtime is None:
        return FAILED
    if command in ("ask", "models"):
        _warn(runtime)
    match command:
        case "ask":
            from tui.ask import read_prompt, run_ask

            prompt = read_prompt(options.prompt, sys.stdin)
            if not prompt.strip():
                _refuse(parser, "there is no prompt: give one, or pipe it in.")
            return run_ask(runtime, prompt, as_json=options.json)
        case "models":
            return _run_models(runtime, parser, options)
        case "doctor":
            from tui.doctor import run_doctor

            return run_doctor(runtime, offline=options.offline)
        case _:
            from tui.ui.app import run

            return run(runtime, resume=options.resume, prompt=options.prompt)


def _run_models(
    runtime: Runtime, parser: argparse.ArgumentParser, options: argparse.Namespace
) -> int:
    from tui.domain.catalogue_sort import SortKey
    from tui.models_command import ModelsOptions, run_models, run_show

    flags = ModelsOptions(
        sort=SortKey(options.sort) if options.sort else None,
        descending=options.desc,
        as_json=options.json,
        as_csv=options.csv,
        refresh=options.refresh,
    )
    match options.filter:
        case ["show", model_id]:
            return run_show(runtime, model_id, flags)
        case ["show", *_]:
            _refuse(parser, "show needs one ID; to look for the word, write '\"show\"'.")
    return run_models(runtime, options.filter, flags)


def _start(parser: argparse.ArgumentParser, options: argparse.Namespace) -> Runtime | None:
    """The runtime for these flags, or None after saying why there is none.

    A flag that cannot be used is wrong usage.
    """
    from tui.domain.connection import Overrides, clean_base_url
    from tui.domain.errors import WorkbenchError
    from tui.domain.sanitize import visible
    from tui.runtime import Runtime

    overrides = Overrides(
        provider="demo" if options.demo else options.provider,
        model=options.model,
        base_url=options.base_url,
    )
    if options.base_url is not None:
        try:
            clean_base_url(options.base_url)
        except WorkbenchError as error:
            _refuse(parser, f"--base-url: {error.failure}")
    try:
        runtime = Runtime.start(home=options.home, overrides=overrides, environ=os.environ)
    except WorkbenchError as error:
        print(f"{PROGRAM}: {error.failure}", file=sys.stderr)
        return None
    known = runtime.settings.provider_names()
    if options.provider is not None and options.provider not in known:
        names = visible(", ".join(known))
        _refuse(parser, f"--provider: there is no such provider; choose one of: {names}.")
    return runtime


def _warn(runtime: Runtime) -> None:
    """What is wrong with the settings, a line each; the app and the doctor show it their way."""
    from tui.domain.sanitize import visible

    for problem in runtime.config_problems:
        print(visible(f"{PROGRAM}: config.toml: {problem}"), file=sys.stderr)


def terminal_problem(environ: Mapping[str, str]) -> str | None:
    """Why the full-screen app cannot open here and what to use instead, or None if it can."""
    streams = {"stdin": sys.stdin, "stdout": sys.stdout, "stderr": sys.stderr}
    missing = [name for name, stream in streams.items() if stream is None or not stream.isatty()]
    if missing:
        *others, last = missing
        names = f"{', '.join(others)} and {last} are" if others else f"{last} is"
        return (
            f"the app needs a terminal, but {names} not connected to one;"
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
