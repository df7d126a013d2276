"""The command line: which command is asked for, with which flags.

Nothing heavy is imported before it is needed: ``--version`` and ``--help`` answer from the standard
library alone, the headless commands never import Textual, and only the app does.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, NoReturn

from tui import cli_conversations, cli_onboard
from tui.cli_parser import PROGRAM, command_parser, split_command, split_exclusions

if TYPE_CHECKING:
    from tui.runtime import Runtime

DONE: Final = 0
FAILED: Final = 1
USAGE: Final = 2
INTERRUPTED: Final = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code.

    Raises SystemExit as argparse does: 0 after ``--help`` and ``--version``, 2 for wrong usage.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    command, words = split_command(words)
    parser = command_parser(command)
    if command in ("models", "search"):
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
            from tui.ask import AskOptions, read_prompt, run_ask

            prompt = read_prompt(options.prompt, sys.stdin)
            if not prompt.strip() and not options.attach:
                _refuse(parser, "there is no prompt: give one, or pipe it in.")
            flags = AskOptions(
                as_json=options.json,
                save=not options.no_save,
                over_budget=options.over_budget,
                attach=tuple(options.attach),
            )
            return run_ask(runtime, prompt, flags)
        case "models":
            return _run_models(runtime, parser, options)
        case "spend":
            return _run_spend(runtime, parser, options)
        case "doctor":
            from tui.doctor import DoctorOptions, run_doctor

            if runtime.settings.keys:  # only the app knows which there are
                from tui.ui.key_check import keys_in_file

                of_keys = keys_in_file(runtime.paths.config_file, runtime.settings.keys)
                runtime.config_problems = (*runtime.config_problems, *of_keys)
            only_models = options.what == "models"
            return run_doctor(runtime, DoctorOptions(options.offline, options.json, only_models))
        case "search" | "export" | "import":
            return cli_conversations.run(command, runtime, options, partial(_refuse, parser))
        case "onboard":
            return cli_onboard.run(runtime, options, partial(_refuse, parser))
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


def _run_spend(
    runtime: Runtime, parser: argparse.ArgumentParser, options: argparse.Namespace
) -> int:
    from datetime import UTC, datetime

    from tui.domain.spend import SpendBy
    from tui.spend_command import SpendOptions, read_since, run_spend

    since = None
    if options.since is not None:
        try:
            since = read_since(options.since, datetime.now(UTC))
        except ValueError:
            _refuse(parser, "--since: write a day, such as 2026-11-01, or days, such as 30d.")
    flags = SpendOptions(SpendBy(options.by), since, options.json, options.csv)
    return run_spend(runtime, flags)


def _start(parser: argparse.ArgumentParser, options: argparse.Namespace) -> Runtime | None:
    """The runtime for these flags, or None after saying why there is none.

    A flag that cannot be used is wrong usage.
    """
    from tui.domain.addresses import clean_base_url
    from tui.domain.connection import Overrides
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
    sys.excepthook = partial(_print_crash, secrets=runtime.secrets)
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


def _print_crash(
    kind: type[BaseException],
    error: BaseException,
    traceback: object | None,
    secrets: Callable[[], list[str]] = list,
) -> None:
    """The last resort for an error nobody expected: no key and no local variable is printed."""
    from tui.crash_report import crash_report, secrets_in

    known = [*secrets_in(os.environ), *secrets()]
    print(crash_report(error, known), file=sys.stderr)
