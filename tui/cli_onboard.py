"""The flags of ``orw onboard``; nothing heavy is imported before the command runs."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, NoReturn

if TYPE_CHECKING:
    from tui.runtime import Runtime

_HELP: Final = """\
Set up the workbench: sign in or enter a key, check it, and choose a model.

In a terminal it asks. In a script give --non-interactive with one of the --api-key flags and
--model, and --base-url for a server of your own; nothing is saved if the key or the model is
refused.
"""
_LONGEST_KEY: Final = 4096


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the command."""
    parser.description = _HELP
    parser.add_argument("--non-interactive", action="store_true", help="ask nothing, for scripts")
    key = parser.add_mutually_exclusive_group()
    key.add_argument("--api-key-stdin", action="store_true", help="read the key from stdin")
    key.add_argument(
        "--api-key-env", metavar="NAME", help="the key is in this variable, at each start too"
    )
    key.add_argument("--api-key", metavar="KEY", help="unsafe: other users can see it")
    parser.add_argument("bare", nargs="*", help=argparse.SUPPRESS)


def run(runtime: Runtime, options: argparse.Namespace, refuse: Callable[[str], NoReturn]) -> int:
    """Run the command; ``refuse`` ends it as wrong usage."""
    from tui.onboard import OnboardOptions, run_onboard, run_scripted

    if options.bare:
        # It is not quoted: what stands there is most likely a key.
        refuse(
            "a key is not taken as a bare argument, where other users and the shell's history see"
            " it; use --api-key-stdin or --api-key-env."
        )
    key = options.api_key or ""
    if not (options.non_interactive or options.api_key_stdin or options.api_key_env or key):
        if sys.stdin is None or not sys.stdin.isatty():
            refuse("there is nobody to ask: give --non-interactive and the flags for it.")
        return run_onboard(runtime)
    if key:
        print(
            "orw: --api-key: other users of this machine can see the key while this runs, and the"
            " shell may keep it in its history; use --api-key-stdin or --api-key-env.",
            file=sys.stderr,
        )
    if options.api_key_stdin and sys.stdin is not None:
        key = sys.stdin.readline(_LONGEST_KEY)
    flags = OnboardOptions(
        api_key=key,
        key_variable=options.api_key_env or "",
        model=options.model or "",
        provider=options.provider or "",
        base_url=options.base_url or "",
    )
    return run_scripted(runtime, flags)
