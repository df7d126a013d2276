"""Parameters read from a table of settings or from a field of an editor, each by itself."""

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from tui.domain.model import Model
from tui.domain.parameters import MAX_TOKENS, PARAMETERS, Parameter, ParameterKind, parameter
from tui.domain.problems import SettingProblem, nearest_name, one_of
from tui.domain.reasoning_options import EFFORTS, read_reasoning
from tui.domain.sanitize import single_line
from tui.domain.structured import read_format

_CAPITAL = re.compile("(?<=[a-zA-Z0-9])[A-Z]")
_RENAMED = {"cache_control_ttl": "cache_ttl"}
_OURS = frozenset({"messages", "model", "models", "provider", "stream", "stream_options"})
"""Fields of the body that the workbench fills in itself."""
_SLIP = 0.85
"""How alike a slip of the finger is; min_tokens is less like max_tokens, and may be meant."""
_NUMBER = "Write a number, such as 0.7."
_WHOLE = "Write a whole number."


def parameter_name(written: str) -> str:
    """A parameter as the API names it; other tools write ``maxTokens`` or ``cacheControlTtl``."""
    name = _CAPITAL.sub(lambda capital: f"_{capital.group().lower()}", written.strip())
    return _RENAMED.get(name, name)


def read_parameters(
    raw: Mapping[str, object], model: Model | None = None
) -> tuple[dict[str, Any], tuple[SettingProblem, ...]]:
    """The parameters that a table holds under the API's names, and what is wrong with it.

    A value that is wrong is left out. A name that is almost a known one counts as a mistake; any
    other unknown one is passed on, as new parameters come without notice. ``reasoning_effort``
    becomes part of ``reasoning``. With a ``model``, its limits hold as well.
    """
    values: dict[str, Any] = {}
    problems: list[SettingProblem] = []
    named = {parameter_name(written): value for written, value in raw.items() if value is not None}
    effort = named.pop("reasoning_effort", None)
    if effort is not None:
        problems += _put_effort(named, effort)
    for name, value in named.items():
        known = parameter(name)
        try:
            values[name] = _stranger(name, value) if known is None else read_value(known, value)
        except ValueError as error:
            what, _, step = str(error).partition("\n")
            problems.append(SettingProblem(name, what, step))
    if "reasoning" in values:
        read, wrong = read_reasoning(values.pop("reasoning"), model, values.get(MAX_TOKENS))
        problems += wrong
        if read:
            values["reasoning"] = read
    if model is not None:
        problems += _limits(values, model)
    return values, tuple(problems)


def _put_effort(named: dict[str, object], effort: object) -> list[SettingProblem]:
    """Move the shorthand into ``reasoning``; the server refuses two different efforts."""
    reasoning = named.get("reasoning")
    fields = dict(reasoning) if isinstance(reasoning, Mapping) else {}
    if fields.get("effort") not in (None, effort):
        what = "reasoning_effort says something else than reasoning.effort."
        return [SettingProblem("reasoning_effort", what, "Remove one of them.")]
    named["reasoning"] = fields | {"effort": effort}
    return []


def _stranger(name: str, value: object) -> object:
    """The value of a parameter that is not in the table; raises ValueError if it is a mistake."""
    shown = single_line(name, 60)
    if name in _OURS:
        raise ValueError(f"{shown} is not a parameter.\nThe workbench fills it in itself.")
    near = nearest_name(name, [each.name for each in PARAMETERS], _SLIP)
    if near is not None:
        raise ValueError(f"{shown} is no parameter.\nDid you mean {near}?")
    return value


def _limits(values: Mapping[str, Any], model: Model) -> list[SettingProblem]:
    """What the model will not do, although the value itself is fine; it is sent all the same."""
    most, wanted = model.max_completion_tokens, values.get(MAX_TOKENS)
    if most is None or wanted is None or wanted <= most:
        return []
    what = f"max_tokens is {wanted:,}, but the model writes at most {most:,} tokens."
    return [SettingProblem(MAX_TOKENS, what, f"Lower it to {most} or less.")]


def read_value(known: Parameter, value: object) -> Any:
    """A value as it is sent.

    Raises ValueError with two lines, what is wrong and what to do, if the parameter cannot be that.
    ``reasoning`` is checked as a whole by :func:`read_parameters`.
    """
    match known.kind:
        case ParameterKind.NUMBER:
            return _number(known, value)
        case ParameterKind.WHOLE:
            return _whole(known, value)
        case ParameterKind.FLAG:
            if not isinstance(value, bool):
                raise ValueError(f"{known.name} should be true or false.\nWrite it without quotes.")
            return value
        case ParameterKind.CHOICE:
            if not isinstance(value, str) or value not in known.choices:
                shown = single_line(str(value), 40)
                raise ValueError(f"{known.name} cannot be {shown}.\n{one_of(value, known.choices)}")
            return value
        case ParameterKind.TEXTS:
            return _texts(known, value)
        case ParameterKind.WEIGHTS:
            return _weights(known, value)
        case ParameterKind.FORMAT:
            return read_format(value)
        case ParameterKind.REASONING:
            return value


def _number(known: Parameter, value: object) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{known.name} should be a number.\n{_NUMBER}")
    _check_range(known, value)
    return value


def _whole(known: Parameter, value: object) -> int:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ValueError(f"{known.name} should be a whole number.\n{_WHOLE}")
    _check_range(known, value)
    return value


def _check_range(known: Parameter, value: float) -> None:
    low, high = known.minimum, known.maximum
    too_low = low is not None and value < low
    too_high = high is not None and value > high
    if not (too_low or too_high):
        return
    wanted = f"from {low:g} to {high:g}" if low is not None and high is not None else None
    wanted = wanted or (f"at least {low:g}" if low is not None else f"at most {high:g}")
    raise ValueError(f"{known.name} cannot be {value:g}.\nIt goes {wanted}.")


def _texts(known: Parameter, value: object) -> list[str]:
    texts = [value] if isinstance(value, str) else value
    if not isinstance(texts, list | tuple) or not all(isinstance(text, str) for text in texts):
        raise ValueError(f'{known.name} should be a list of texts.\nWrite it like ["END"].')
    if "" in texts or not texts:
        raise ValueError(f"{known.name} holds an empty text.\nRemove it.")
    if known.maximum is not None and len(texts) > known.maximum:
        raise ValueError(
            f"{known.name} has {len(texts)} texts.\nAt most {known.maximum:g} are taken."
        )
    return list(texts)


def _weights(known: Parameter, value: object) -> dict[str, int | float]:
    example = 'Write it like { "50256" = -100 }.'
    if not isinstance(value, Mapping) or not value:
        raise ValueError(f"{known.name} should be a table.\n{example}")
    for token, weight in value.items():
        if not (isinstance(token, str) and token.isascii() and token.isdecimal()):
            raise ValueError(f"{known.name} names tokens by their numbers.\n{example}")
        _number(known, weight)
    return dict(value)


def value_from_text(known: Parameter, text: str) -> Any:
    """What was typed into a field, as a value; an empty text is None: the parameter is not sent.

    Stop sequences stand one a line; weights, formats and reasoning are JSON, and reasoning may be a
    bare effort or a number of tokens. Raises ValueError as :func:`read_value` does.
    """
    stripped = text.strip()
    if not stripped:
        return None
    match known.kind:
        case ParameterKind.NUMBER | ParameterKind.WHOLE:
            return read_value(known, _typed_number(known, stripped))
        case ParameterKind.FLAG:
            words = {
                "true": True,
                "on": True,
                "yes": True,
                "false": False,
                "off": False,
                "no": False,
            }
            return read_value(known, words.get(stripped.lower(), stripped))
        case ParameterKind.CHOICE:
            return read_value(known, stripped.lower())
        case ParameterKind.TEXTS:
            lines = [line.replace("\\n", "\n") for line in text.splitlines() if line.strip()]
            return read_value(known, lines)
        case ParameterKind.REASONING if stripped.lower() in EFFORTS:
            return {"effort": stripped.lower()}
        case ParameterKind.REASONING if stripped.isdecimal() and stripped.isascii():
            return {"max_tokens": int(stripped)}
        case _:
            try:
                return read_value(known, json.loads(stripped))
            except json.JSONDecodeError as error:
                where = f"line {error.lineno}, column {error.colno}"
                raise ValueError(f"{known.name} is not valid JSON.\nLook at {where}.") from error


def text_of_value(known: Parameter, value: object) -> str:
    """A value as it is typed into a field: what :func:`value_from_text` reads as the same value.

    Only a backslash before an n within a stop sequence is lost: there it stands for a line break.
    """
    match value:
        case None:
            return ""
        case list() if known.kind is ParameterKind.TEXTS:
            return "\n".join(str(text).replace("\n", "\\n") for text in value)
        case float() if value.is_integer():
            return str(int(value))
        case str():
            return value
        case _:
            return json.dumps(value, ensure_ascii=False)


def _typed_number(known: Parameter, text: str) -> int | float:
    compact = text.replace(",", "").replace("_", "").replace(" ", "")
    try:
        return int(compact) if known.kind is ParameterKind.WHOLE else float(compact)
    except ValueError:
        step = _WHOLE if known.kind is ParameterKind.WHOLE else _NUMBER
        raise ValueError(f"{known.name} should be a number.\n{step}") from None
