"""Every parameter of a chat request: its type, its range, its default, and what it does.

Source: OpenRouter's guide to parameters. What belongs to tools is not here: it comes with them.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from tui.domain.caching import takes_ttl
from tui.domain.model import Model


class ParameterKind(StrEnum):
    """What a parameter holds; an editor chooses its widget by it."""

    NUMBER = "number"
    WHOLE = "whole"
    FLAG = "flag"
    CHOICE = "choice"
    TEXTS = "texts"
    WEIGHTS = "weights"
    FORMAT = "format"
    REASONING = "reasoning"


class ParameterGroup(StrEnum):
    """Where an editor shows a parameter."""

    LENGTH = "Length"
    SAMPLING = "Sampling"
    PENALTIES = "Penalties"
    OUTPUT = "Output"
    REASONING = "Reasoning"
    CACHE = "Cache"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. ``name`` is that of the API and of config.toml.

    ``minimum`` and ``maximum`` are both allowed, None where there is no limit; for texts and
    weights ``maximum`` is how many there may be. ``default`` is what holds when nothing is sent,
    None where that is the provider's affair. ``needs`` are names of a model's supported parameters:
    one of them has to be there.
    """

    name: str
    title: str
    kind: ParameterKind
    group: ParameterGroup
    help: str
    minimum: float | None = None
    maximum: float | None = None
    default: float | str | bool | None = None
    choices: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    @property
    def bounds(self) -> str:
        """What it may be, and what holds unless it is set, in words; empty if there is none."""
        low, high = self.minimum, self.maximum
        words = []
        match self.kind:
            case ParameterKind.NUMBER | ParameterKind.WHOLE if low is not None:
                words.append(f"At least {low:,g}" if high is None else f"{low:,g} to {high:,.12g}")
            case ParameterKind.TEXTS if high is not None:
                words.append(f"Up to {high:g}, one a line; \\n is a line break")
            case ParameterKind.WEIGHTS:
                words.append('As JSON, such as {"50256": -100}')
        if isinstance(self.default, bool):
            words.append(f"Default: {'on' if self.default else 'off'}")
        elif self.default is not None:
            shown = self.default if isinstance(self.default, str) else f"{self.default:g}"
            words.append(f"Default: {shown}")
        return f"{'. '.join(words)}." if words else ""

    @property
    def needed(self) -> tuple[str, ...]:
        """What a model has to support for this parameter to make sense."""
        return self.needs or (self.name,)


_Kind, _Group = ParameterKind, ParameterGroup

MAX_TOKENS = "max_tokens"
CACHE_TTL = "cache_ttl"
"""The one parameter that is ours: it goes into the cache marks, not beside them."""

PARAMETERS = (
    Parameter(
        MAX_TOKENS,
        "Longest answer",
        _Kind.WHOLE,
        _Group.LENGTH,
        "Tokens after which the answer is cut, reasoning included. Their price must be affordable.",
        minimum=1,
        needs=(MAX_TOKENS, "max_completion_tokens"),
    ),
    Parameter(
        "stop",
        "Stop sequences",
        _Kind.TEXTS,
        _Group.LENGTH,
        "The answer ends before the first of these texts.",
        minimum=1,
        maximum=4,
    ),
    Parameter(
        "verbosity",
        "Verbosity",
        _Kind.CHOICE,
        _Group.LENGTH,
        "How much the model says.",
        default="medium",
        choices=("low", "medium", "high", "xhigh", "max"),
    ),
    Parameter(
        "temperature",
        "Temperature",
        _Kind.NUMBER,
        _Group.SAMPLING,
        "How varied answers are: 0 is nearly the same each time, 2 is wild.",
        minimum=0,
        maximum=2,
        default=1.0,
    ),
    Parameter(
        "top_p",
        "Top P",
        _Kind.NUMBER,
        _Group.SAMPLING,
        "Only the likeliest tokens that together reach this probability.",
        minimum=0,
        maximum=1,
        default=1.0,
    ),
    Parameter(
        "top_k",
        "Top K",
        _Kind.WHOLE,
        _Group.SAMPLING,
        "Only so many of the likeliest tokens; 0 is all of them.",
        minimum=0,
        default=0,
    ),
    Parameter(
        "min_p",
        "Min P",
        _Kind.NUMBER,
        _Group.SAMPLING,
        "Only tokens at least so likely, compared with the likeliest.",
        minimum=0,
        maximum=1,
        default=0.0,
    ),
    Parameter(
        "top_a",
        "Top A",
        _Kind.NUMBER,
        _Group.SAMPLING,
        "Only tokens likely enough, by the square of the likeliest one's probability.",
        minimum=0,
        maximum=1,
        default=0.0,
    ),
    Parameter(
        "seed",
        "Seed",
        _Kind.WHOLE,
        _Group.SAMPLING,
        "The same seed and request give the same answer, where the provider can.",
    ),
    Parameter(
        "frequency_penalty",
        "Frequency penalty",
        _Kind.NUMBER,
        _Group.PENALTIES,
        "Above 0 avoids tokens the more often they were used.",
        minimum=-2,
        maximum=2,
        default=0.0,
    ),
    Parameter(
        "presence_penalty",
        "Presence penalty",
        _Kind.NUMBER,
        _Group.PENALTIES,
        "Above 0 avoids tokens that were used at all.",
        minimum=-2,
        maximum=2,
        default=0.0,
    ),
    Parameter(
        "repetition_penalty",
        "Repetition penalty",
        _Kind.NUMBER,
        _Group.PENALTIES,
        "Above 1 avoids what the prompt and the answer said already.",
        minimum=0,
        maximum=2,
        default=1.0,
    ),
    Parameter(
        "logit_bias",
        "Token bias",
        _Kind.WEIGHTS,
        _Group.PENALTIES,
        "By token number, from -100 (never) to 100 (always).",
        minimum=-100,
        maximum=100,
    ),
    Parameter(
        "response_format",
        "Answer format",
        _Kind.FORMAT,
        _Group.OUTPUT,
        "JSON, or JSON that follows a schema; the answer is checked against it.",
        needs=("response_format", "structured_outputs"),
    ),
    Parameter(
        "logprobs",
        "Log probabilities",
        _Kind.FLAG,
        _Group.OUTPUT,
        "Ask for the log probability of every token.",
        default=False,
    ),
    Parameter(
        "top_logprobs",
        "Top log probabilities",
        _Kind.WHOLE,
        _Group.OUTPUT,
        "For so many of the likeliest tokens at each place.",
        minimum=0,
        maximum=20,
    ),
    Parameter(
        "reasoning",
        "Reasoning",
        _Kind.REASONING,
        _Group.REASONING,
        "How much the model thinks before it answers; billed as output.",
        needs=("reasoning", "include_reasoning", "reasoning_effort"),
    ),
    Parameter(
        CACHE_TTL,
        "Cache lifetime",
        _Kind.CHOICE,
        _Group.CACHE,
        "How long the marked prompt stays cached; writing for an hour costs more.",
        default="5m",
        choices=("5m", "1h"),
    ),
)
_BY_NAME = {each.name: each for each in PARAMETERS} | {
    "max_completion_tokens": PARAMETERS[0],
}


def parameter(name: str) -> Parameter | None:
    """The parameter with this name of the API."""
    return _BY_NAME.get(name)


def parameters_for(model: Model | None) -> tuple[Parameter, ...]:
    """The parameters that a model takes, with its own defaults and limits; all if it is unknown."""
    if model is None or not model.supported_parameters:
        return PARAMETERS
    return tuple(_fitted(each, model) for each in PARAMETERS if takes(model, each))


def takes(model: Model, wanted: Parameter) -> bool:
    """Whether a model takes a parameter; a row that names none says nothing, so it may."""
    if wanted.name == CACHE_TTL:
        return takes_ttl(model.id)
    supported = model.supported_parameters
    if wanted.kind is _Kind.REASONING and model.reasoning is not None:
        return True
    return not supported or any(name in supported for name in wanted.needed)


def _fitted(each: Parameter, model: Model) -> Parameter:
    default = model.default_parameters.get(each.name)
    limit = model.max_completion_tokens if each.name == MAX_TOKENS else None
    if default is not None and each.kind is _Kind.WHOLE:
        default = int(default)
    return replace(
        each,
        default=each.default if default is None else default,
        maximum=each.maximum if limit is None else limit,
    )
