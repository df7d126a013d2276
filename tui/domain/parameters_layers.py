"""Parameters and routing from several places put together, and what differs from the defaults.

From the bottom up: what ``[default]`` says, what is set for the model, the preset, and the
conversation. For each parameter the uppermost layer that names it wins.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tui.domain.attachments_models import PdfEngine
from tui.domain.figures import tokens
from tui.domain.model import Model
from tui.domain.parameters import MAX_TOKENS, Parameter, parameter, parameters_for, takes
from tui.domain.parameters_check import read_parameters
from tui.domain.problems import SettingProblem
from tui.domain.sanitize import single_line

_LONGEST_WORDS = 40


class LayerSource(StrEnum):
    """Where a value comes from, in words for its field; the later one wins."""

    DEFAULT = "default"
    MODEL = "model"
    PRESET = "preset"
    CONVERSATION = "conversation"


@dataclass(frozen=True, slots=True)
class Layer:
    """What one place says: parameters and provider routing as they are written there.

    ``pdf_engine`` is what reads PDFs; None says nothing of it.
    """

    source: LayerSource
    params: Mapping[str, Any] = field(default_factory=dict)
    routing: Mapping[str, Any] = field(default_factory=dict)
    pdf_engine: PdfEngine | None = None


@dataclass(frozen=True, slots=True)
class ResolvedParameters:
    """The parameters of a request under the API's names, and where each comes from.

    ``problems`` says what is set and left out, and why: it is wrong, or the model does not take it.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    sources: Mapping[str, LayerSource] = field(default_factory=dict)
    problems: tuple[SettingProblem, ...] = ()


def resolve_parameters(layers: Sequence[Layer], model: Model | None = None) -> ResolvedParameters:
    """Put the layers together for a model; for one that is not in the catalogue all is sent."""
    written: dict[str, Any] = {}
    sources: dict[str, LayerSource] = {}
    problems: list[SettingProblem] = []
    for layer in sorted(layers, key=lambda layer: list(LayerSource).index(layer.source)):
        # Each by itself: a mistake must not take what a lower layer says along.
        values, wrong = read_parameters(layer.params)
        problems += wrong
        written |= values
        sources |= dict.fromkeys(values, layer.source)
    values, wrong = read_parameters(written, model)
    problems += [problem for problem in wrong if problem not in problems]
    for name in [*values]:
        known = parameter(name)
        if model is not None and known is not None and not takes(model, known):
            del values[name]
            what = f"{single_line(model.id, 80)} does not take {name}."
            problems.append(SettingProblem(name, what, "It is not sent."))
    kept = {name: source for name, source in sources.items() if name in values}
    return ResolvedParameters(values, kept, tuple(problems))


@dataclass(frozen=True, slots=True)
class Difference:
    """One parameter that differs from the model's default, short enough for a chip.

    ``default`` is the default in words, empty where the provider decides.
    """

    name: str
    words: str
    source: LayerSource
    default: str = ""


def differences_from_default(
    resolved: ResolvedParameters, model: Model | None = None
) -> tuple[Difference, ...]:
    """What a request says other than the model's defaults, in the order of the table."""
    table = {each.name: each for each in parameters_for(model)}
    differences = []
    for name in sorted(resolved.values, key=lambda name: _place(name, list(table))):
        known, value = table.get(name, parameter(name)), resolved.values[name]
        default = None if known is None else known.default
        if default is not None and value == default:
            continue
        differences.append(
            Difference(
                name,
                f"{_title(name, known)} {value_words(name, value)}".strip(),
                resolved.sources.get(name, LayerSource.DEFAULT),
                "" if default is None else value_words(name, default),
            )
        )
    return tuple(differences)


def _place(name: str, order: list[str]) -> tuple[int, str]:
    return (order.index(name) if name in order else len(order), name)


def _title(name: str, known: Parameter | None) -> str:
    return single_line(name, _LONGEST_WORDS) if known is None else known.title.lower()


def value_words(name: str, value: object) -> str:
    """A value for people: ``0.7``, ``4,096 tok``, ``high, hidden``, ``schema person``."""
    match value:
        case bool():
            return "on" if value else "off"
        case int() if name in (MAX_TOKENS, "max_completion_tokens"):
            return f"{tokens(value)} tok"
        case int() | float():
            return f"{value:g}" if isinstance(value, float) else str(value)
        case str():
            return single_line(value, _LONGEST_WORDS)
        case list():
            return ", ".join(single_line(json.dumps(item), 12) for item in value[:4])
        case Mapping() if name == "reasoning":
            return _reasoning_words(value)
        case Mapping() if name == "response_format":
            return _format_words(value)
        case Mapping():
            return f"{len(value)} set"
        case _:
            return single_line(str(value), _LONGEST_WORDS)


def _reasoning_words(value: Mapping[str, Any]) -> str:
    parts = []
    if value.get("effort") == "none" or value.get("enabled") is False:
        parts.append("off")
    elif value.get("effort"):
        parts.append(str(value["effort"]))
    elif value.get("max_tokens"):
        parts.append(f"{tokens(value['max_tokens'])} tok")
    elif value.get("enabled") is True:
        parts.append("on")
    if value.get("exclude"):
        parts.append("hidden")
    return ", ".join(parts) or "set"


def _format_words(value: Mapping[str, Any]) -> str:
    if value.get("type") != "json_schema":
        return {"json_object": "JSON"}.get(str(value.get("type")), str(value.get("type")))
    name = value.get("json_schema", {}).get("name", "")
    return f"schema {single_line(str(name), 20)}"
