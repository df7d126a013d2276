"""Presets: a system prompt with variables, a model, parameters and routing under one name.

    description = "Reviews code"
    model = "anthropic/claude-sonnet-4.5"
    system = "You review {{language}} code. Today is {{date}}."

    [variables]
    language = "Python"

    [params]
    temperature = 0.2

    [provider]
    only = ["anthropic"]

A preset is a TOML file that can be shared, so it is read as data alone: nothing in it is executed,
no variable of the environment is read, and what a variable stands for is not looked at again.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from tui.domain.attachments_models import PdfEngine
from tui.domain.chat_settings import ChatSettings
from tui.domain.conversation import Conversation
from tui.domain.model import normalise_model_id
from tui.domain.parameters_check import read_parameters
from tui.domain.parameters_layers import Layer, LayerSource
from tui.domain.problems import one_of
from tui.domain.routing_read import read_routing
from tui.domain.sanitize import single_line, storable

LONGEST_PRESET = 64 * 1024
"""Bytes of a preset's file."""
GIVEN = ("date", "time", "cwd")
"""Variables that need no value: the day, the time, and the name of the folder one is in."""

_NAME = re.compile(r"[^\W_][\w.-]{0,59}")
"""Letters of any script; so short that every file system takes it."""
_VARIABLE = re.compile(r"\{\{\s*([A-Za-z_][A-Za-z0-9_-]{0,63})\s*\}\}")
_FIELDS = ("description", "model", "system", "pdf_engine", "variables", "params", "provider")
LONGEST_DESCRIPTION = 200
_ALIKE = 0.6


@dataclass(frozen=True, slots=True)
class Preset:
    """One preset; ``variables`` are those it names, with what they stand for unless told else."""

    name: str
    description: str = ""
    model: str = ""
    system: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)
    routing: Mapping[str, Any] = field(default_factory=dict)
    pdf_engine: PdfEngine | None = None

    @property
    def used(self) -> tuple[str, ...]:
        """The variables of the system prompt, in their order."""
        return tuple(dict.fromkeys(_VARIABLE.findall(self.system)))

    @property
    def named(self) -> tuple[str, ...]:
        """Those of them that can have a value."""
        return tuple(name for name in self.used if name not in GIVEN)

    @property
    def asked(self) -> tuple[str, ...]:
        """Those of them that need one."""
        return tuple(name for name in self.named if not self.variables.get(name))

    @property
    def settings(self) -> ChatSettings:
        """What a conversation with this preset asks with."""
        return ChatSettings(self.params, self.routing, self.name, self.pdf_engine, self.model)


@dataclass(frozen=True, slots=True)
class ParsedPreset:
    """A preset as far as it could be read, and what is wrong with it, a line each.

    Nothing is known of one that is not ``readable``.
    """

    preset: Preset
    problems: tuple[str, ...] = ()
    readable: bool = True


def is_preset_name(name: str) -> bool:
    """Whether the name can be that of a preset, and of its file."""
    return _NAME.fullmatch(name) is not None and not name.endswith(".")


def parse_preset(name: str, text: str) -> ParsedPreset:
    """The preset that a TOML text describes; never raises. What is wrong in it is left out."""
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        words = f"It is not TOML: {single_line(str(error), 200)}."
        return ParsedPreset(Preset(name), (words,), readable=False)
    problems = [_unknown(key) for key in table if key not in _FIELDS]
    texts = {}
    for key in ("description", "model", "system"):
        value = table.get(key, "")
        if not isinstance(value, str):
            problems.append(f"{key} must be text.")
        texts[key] = storable(value) if isinstance(value, str) else ""
    params, wrong = read_parameters(_table(table, "params", problems))
    problems += map(str, wrong)
    routing, wrong = read_routing(_table(table, "provider", problems))
    problems += map(str, wrong)
    engine = table.get("pdf_engine")
    if engine is not None and engine not in set(PdfEngine):
        problems.append(f"pdf_engine is unknown. {one_of(engine, map(str, PdfEngine))}")
    preset = Preset(
        name=name,
        description=single_line(texts["description"], LONGEST_DESCRIPTION),
        model=normalise_model_id(texts["model"]),
        system=texts["system"].strip("\n"),
        variables=_variables(_table(table, "variables", problems), problems),
        params=params,
        routing=routing.body(),
        pdf_engine=PdfEngine(engine) if engine in set(PdfEngine) else None,
    )
    return ParsedPreset(preset, tuple(problems))


def given_variables(now: datetime, folder: str) -> dict[str, str]:
    """What the variables stand for that need no value; ``folder`` is a name without its path."""
    return {
        "date": now.strftime("%Y-%m-%d"),
        "time": now.strftime("%H:%M"),
        "cwd": single_line(folder, 200),
    }


def render(preset: Preset, values: Mapping[str, str]) -> str:
    """The system prompt with its variables replaced, each once; unknown ones stay as they are."""
    known = {**preset.variables, **values}
    return _VARIABLE.sub(lambda found: known.get(found[1]) or found[0], preset.system)


def apply_preset(conversation: Conversation, preset: Preset, values: Mapping[str, str]) -> None:
    """Let a conversation ask with the preset from now on; its model stays if none is named."""
    conversation.system_prompt = render(preset, values)
    before = conversation.settings
    own_model = bool(preset.model) or before.own_model
    conversation.settings = replace(
        preset.settings, own_model=own_model, draft_files=before.draft_files
    )
    conversation.model = preset.model or conversation.model


def preset_of(conversation: Conversation, name: str, description: str = "") -> Preset:
    """A preset that asks as the conversation does, to be kept under a name."""
    settings = conversation.settings
    return Preset(
        name=name,
        description=single_line(description, LONGEST_DESCRIPTION),
        model=conversation.model,
        system=conversation.system_prompt,
        params=settings.params,
        routing=settings.routing,
        pdf_engine=settings.pdf_engine,
    )


def layer_of(settings: ChatSettings) -> Layer:
    """What a conversation asks with, as a layer for :func:`tui.domain.turn.turn_request`."""
    is_preset = settings.preset and not settings.edited
    source = LayerSource.PRESET if is_preset else LayerSource.CONVERSATION
    return Layer(source, settings.params, settings.routing, settings.pdf_engine)


def changed(settings: ChatSettings, **fields: Any) -> ChatSettings:
    """The settings with some fields changed; a preset that they came from is then edited."""
    return replace(settings, edited=bool(settings.preset), **fields)


def nearest_preset(written: str, names: Iterable[str]) -> str:
    """The name that was probably meant, or an empty text."""
    alike = get_close_matches(written.lower()[:64], list(names), 1, _ALIKE)
    return alike[0] if alike else ""


def _unknown(key: str) -> str:
    return f"{single_line(key, 40)} is unknown. {one_of(key, _FIELDS)}"


def _table(table: Mapping[str, Any], key: str, problems: list[str]) -> Mapping[str, Any]:
    value = table.get(key, {})
    if isinstance(value, dict):
        return value
    problems.append(f"{key} must be a table: [{key}].")
    return {}


def _variables(table: Mapping[str, Any], problems: list[str]) -> dict[str, str]:
    variables = {}
    for name, value in table.items():
        shown = single_line(name, 40)
        if _VARIABLE.fullmatch("{{" + name + "}}") is None:
            problems.append(f"{shown} cannot be the name of a variable.")
        elif not isinstance(value, str | int | float) or isinstance(value, bool):
            problems.append(f"The variable {shown} must stand for text.")
        else:
            variables[name] = storable(str(value))
    return variables
