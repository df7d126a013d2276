"""Commands that are typed in the prompt, such as ``/model`` and ``/attach``.

A text is a command if it begins with ``/`` and a word. A path such as ``/usr/bin`` is a message,
and so is a line of code such as ``// sum``; ``//word`` is sent as ``/word``. A command that is
misspelt is never sent as a message.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from tui.domain.offers import Offer, Offers
from tui.domain.sanitize import single_line

_COMMAND = re.compile(r"/([A-Za-z][A-Za-z-]*)(?:\s+(.*))?\Z", re.DOTALL)
_STARTED = re.compile(r"/([A-Za-z-]*)\Z")
_FIRST_WORD = re.compile(r"/\S*")
_ALIKE = 0.6
_MOST_OFFERS = 50


class Argument(StrEnum):
    """What a command wants behind its name; screens offer completions by it."""

    NONE = ""
    MODEL = "MODEL"
    TEXT = "TEXT"
    PATH = "PATH"
    FORMAT = "FORMAT"
    PRESET = "PRESET"
    TITLE = "TITLE"
    TAG = "TAG"
    QUERY = "QUERY"
    COMMAND = "COMMAND"


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its name, what it wants, and what it does.

    ``optional`` says that it means something without its argument too; ``choices`` are the words
    that it may be, if these are all there are.
    """

    name: str
    help: str
    argument: Argument = Argument.NONE
    optional: bool = False
    choices: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    @property
    def usage(self) -> str:
        """How it is written, such as ``/export [FORMAT]``."""
        if self.argument is Argument.NONE:
            return f"/{self.name}"
        wanted = "|".join(self.choices) or str(self.argument)
        return f"/{self.name} [{wanted}]" if self.optional else f"/{self.name} {wanted}"


COMMANDS: Sequence[Command] = (
    Command("model", "let another model answer from now on", Argument.MODEL, optional=True),
    Command("models", "browse the models", Argument.QUERY, optional=True),
    Command("system", "set the system prompt; alone, edit it", Argument.TEXT, optional=True),
    Command("preset", "ask with a preset; alone, choose one", Argument.PRESET, optional=True),
    Command("attach", "attach a file", Argument.PATH, optional=True, aliases=("file",)),
    Command("paste", "attach the image on the clipboard"),
    Command(
        "retry",
        "answer the last message again",
        Argument.MODEL,
        optional=True,
        aliases=("regenerate",),
    ),
    Command("stop", "stop the answer that streams"),
    Command("continue", "go on with an answer that was cut"),
    Command("edit", "edit your last message and send it again"),
    Command("undo", "bring back what was removed last"),
    Command("fork", "go on from here in a new conversation"),
    Command("tree", "show the branches of this conversation"),
    Command(
        "title",
        "name this conversation; alone, let the model do it",
        Argument.TITLE,
        optional=True,
        aliases=("rename",),
    ),
    Command("tag", "tag this conversation", Argument.TAG),
    Command("pin", "pin this conversation to the top of the list, or no longer"),
    Command("archive", "put this conversation aside, or bring it back"),
    Command("delete", "delete this conversation; it can be undone"),
    Command("new", "begin a new conversation", aliases=("clear",)),
    Command("search", "search all conversations", Argument.QUERY, optional=True, aliases=("find",)),
    Command(
        "export",
        "save this conversation as a file",
        Argument.FORMAT,
        optional=True,
        choices=("md", "html", "json"),
    ),
    Command("import", "read conversations from a file", Argument.PATH, optional=True),
    Command("copy", "copy the last answer"),
    Command("editor", "write the message in your own editor"),
    Command("parameters", "set temperature, length, reasoning and more"),
    Command("routing", "choose who may serve the model"),
    Command("spend", "show what was spent, and on what"),
    Command("budget", "set limits for what may be spent"),
    Command("settings", "open the settings"),
    Command("help", "list the commands, or explain one", Argument.COMMAND, optional=True),
    Command("quit", "leave", aliases=("exit",)),
)
"""All of them, in the order of the help."""

_BY_NAME: Mapping[str, Command] = {
    name: command for command in COMMANDS for name in (command.name, *command.aliases)
}


@dataclass(frozen=True, slots=True)
class SlashCommand:
    """A command that was typed; ``value`` is its argument, empty if it has none."""

    command: Command
    value: str = ""


@dataclass(frozen=True, slots=True)
class SlashProblem:
    """A command that cannot be carried out, in words; ``nearest`` is the one probably meant."""

    words: str
    nearest: str = ""


@dataclass(frozen=True, slots=True)
class PlainText:
    """No command but a message, without the second slash in front of what would be a command."""

    text: str


class SlashOffers:
    """Offers the names of commands, then what their argument may be.

    ``values`` give, for what is typed of an argument, the offers for all of it.
    """

    def __init__(self, values: Mapping[Argument, Callable[[str], Sequence[Offer]]]) -> None:
        self._values = values

    def offers(self, text: str, cursor: int) -> Offers | None:
        """What a prompt that is a command so far may go on with, if the cursor is at its end."""
        word = _FIRST_WORD.match(text)
        if word is None:
            return None
        if cursor != len(text):
            return Offers(cursor, cursor, ()) if cursor <= word.end() else None
        if (started := _STARTED.match(text)) is not None:
            return Offers(0, cursor, _names(started[1].lower()))
        found = _COMMAND.match(text)
        command = _BY_NAME.get(found[1].lower()) if found is not None else None
        if found is None or command is None or command.argument is Argument.NONE:
            return Offers(cursor, cursor, ()) if cursor == word.end() else None
        typed = found[2] or ""
        return Offers(cursor - len(typed), cursor, self._arguments(command, typed)[:_MOST_OFFERS])

    def _arguments(self, command: Command, typed: str) -> Sequence[Offer]:
        if command.choices:
            return [Offer(one, one, "", True) for one in command.choices if _begins(one, typed)]
        if command.argument is Argument.COMMAND:
            found = [one for one in COMMANDS if _begins(one.name, typed)]
            return [Offer(one.name, one.name, one.help, True) for one in found]
        values = self._values.get(command.argument)
        return values(typed) if values is not None else ()


def parse_slash(text: str) -> SlashCommand | SlashProblem | PlainText:
    """What a prompt says: a command, one that is wrong, or a message."""
    stripped = text.strip()
    if stripped.startswith("//"):
        is_command = _COMMAND.match(stripped[1:]) is not None
        return PlainText(text.replace("//", "/", 1) if is_command else text)
    found = _COMMAND.match(stripped)
    if found is None:
        return PlainText(text)
    name, value = found[1].lower(), (found[2] or "").strip()
    command = _BY_NAME.get(name)
    if command is None:
        return _unknown(name)
    if command.argument is Argument.NONE and value:
        return SlashProblem(f"/{name} takes nothing behind it. To send it as it is, begin with //.")
    if command.argument is not Argument.NONE and not command.optional and not value:
        return SlashProblem(f"Write {command.usage}: {command.help}.")
    if command.choices and value and value.lower() not in command.choices:
        return SlashProblem(f"Write {command.usage}.")
    return SlashCommand(command, value.lower() if command.choices else value)


def message_in(text: str) -> str:
    """What of a prompt would be sent: nothing of a command."""
    said = parse_slash(text)
    return said.text if isinstance(said, PlainText) else ""


def help_pairs(name: str = "") -> list[tuple[str, str]]:
    """How one command is written and what it does, or all of them."""
    one = _BY_NAME.get(name.strip().lstrip("/").lower())
    shown = [one] if one is not None else COMMANDS
    return [(command.usage, command.help) for command in shown]


def _names(typed: str) -> Sequence[Offer]:
    return [
        Offer(f"/{one.name} ", one.usage, one.help)
        if one.argument
        else Offer(f"/{one.name}", one.usage, one.help, whole=True)
        for one in COMMANDS
        if any(name.startswith(typed) for name in (one.name, *one.aliases))
    ]


def _begins(word: str, typed: str) -> bool:
    return word.startswith(typed.lower())


def _unknown(name: str) -> SlashProblem:
    near = get_close_matches(name, _BY_NAME, 1, _ALIKE)
    nearest = _BY_NAME[near[0]].name if near else ""
    meant = f" Did you mean /{nearest}?" if nearest else " /help lists them."
    shown = single_line(name, 40)
    return SlashProblem(
        f"There is no command /{shown}.{meant} To send it as it is, begin with //.", nearest
    )
