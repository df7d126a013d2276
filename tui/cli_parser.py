"""The parsers of the command line, and which of them the words are for.

Only the standard library is imported, so that ``--help`` and ``--version`` answer at once.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tui import __version__, cli_conversations, cli_onboard

PROGRAM: Final = "orw"

_COMMANDS: Final = ("ask", "models", *cli_conversations.COMMANDS, "spend", "doctor", "onboard")
_OPTIONS_WITH_VALUE: Final = frozenset(
    {
        "--api-key",
        "--api-key-env",
        "--attach",
        "--base-url",
        "--by",
        "--home",
        "--model",
        "--provider",
        "--resume",
        "--since",
        "--sort",
        *cli_conversations.OPTIONS_WITH_VALUE,
    }
)

_COMMAND_HELP: Final = """\
commands:
  ask [PROMPT|-]        stream one answer to stdout, everything else to stderr
  models [FILTER ...]   list the models of the catalogue
  models show ID        all about one model and who serves it
  search WORD ...       search all conversations
  export [ID ...]       save conversations as Markdown, HTML or JSON
  import FILE ...       read conversations from files
  spend                 what was spent, by day, model, provider, …
  doctor [models]       check the set-up, and say how to mend what is wrong
  onboard               sign in or enter a key, and choose a model

`%(prog)s COMMAND --help` says more. A prompt that is the name of a command goes after `--`.

environment:
  OPENROUTER_API_KEY    the key; wins over config.toml
  OPENROUTER_BASE_URL   another server
  ORW_HOME              one folder that holds config/, data/ and cache/

exit codes: 0 done, 1 failed, 2 usage, 3 over a hard budget, 130 interrupted
"""


_SPEND_BY: Final = ("day", "week", "month", "model", "provider", "conversation")
_SORT_KEYS: Final = (
    "relevance",
    "popular",
    "newest",
    "in",
    "out",
    "cache",
    "turn",
    "ctx",
    "maxout",
    "name",
    "author",
    "id",
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
  moderated  param:seed  tok:Claude  fav  mine  -excluded  one|other  "as it stands"

`fav` are your favourites, `mine` is what your key may use.

`show ID` tells all about one model and who serves it.
"""


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


def command_parser(command: str | None) -> argparse.ArgumentParser:
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
                "--no-save",
                action="store_true",
                help="keep it out of the conversations, and of the sums of what was spent",
            )
            parser.add_argument(
                "--over-budget", action="store_true", help="send it even across a hard budget"
            )
            parser.add_argument(
                "--attach",
                action="append",
                default=[],
                metavar="FILE",
                help="send an image, a PDF, audio or text along; once for each file",
            )
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
        case "spend":
            parser.description = "What was spent, from the conversations kept on this machine."
            form = parser.add_mutually_exclusive_group()
            form.add_argument("--json", action="store_true", help="print JSON instead of a table")
            form.add_argument("--csv", action="store_true", help="print comma-separated values")
            parser.add_argument(
                "--by",
                choices=_SPEND_BY,
                default="day",
                metavar="WHAT",
                help=f"{', '.join(_SPEND_BY)}; by default day",
            )
            parser.add_argument(
                "--since", metavar="DATE", help="from a day on: 2026-11-01, or 30d for 30 days"
            )
        case "doctor":
            parser.description = (
                "Check the set-up and ask the server. Exits with 1 if something is wrong."
            )
            parser.add_argument("--offline", action="store_true", help="do not ask the server")
            parser.add_argument("--json", action="store_true", help="print JSON instead")
            parser.add_argument(
                "what", nargs="?", choices=("models",), help="every model that is set up, no more"
            )
        case "onboard":
            cli_onboard.add_arguments(parser)
        case "search" | "export" | "import":
            cli_conversations.add_arguments(command, parser)
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
