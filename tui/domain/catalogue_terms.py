"""The words of the catalogue's filter line: which terms there are and how each is written."""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Literal

Comparison = Literal["<", "<=", "=", ">=", ">"]

NEW_DAYS = 30
"""How old in days a model may be to count as new unless the filter says otherwise."""


class TermKind(StrEnum):
    """What follows the name of a term."""

    FLAG = "flag"
    TEXT = "text"
    NUMBER = "number"
    PRICE = "price"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class TermInfo:
    """One term of the language: its name, what follows it, an example, and its meaning."""

    name: str
    kind: TermKind
    example: str
    meaning: str
    also: tuple[str, ...] = ()
    """Other names that people may type before a value; a filter is printed with ``name``."""


_ALL = (
    TermInfo("author", TermKind.TEXT, "author:anthropic", "who made the model"),
    TermInfo("provider", TermKind.TEXT, "provider:groq", "who serves it, where that was read"),
    TermInfo("ctx", TermKind.NUMBER, "ctx>=200k", "context length in tokens", ("context",)),
    TermInfo("maxout", TermKind.NUMBER, "maxout>=32k", "longest answer in tokens", ("max",)),
    TermInfo("in", TermKind.PRICE, "in<1", "price of the prompt, USD per million", ("prompt",)),
    TermInfo(
        "out", TermKind.PRICE, "out<5", "price of the answer, USD per million", ("completion",)
    ),
    TermInfo("cache", TermKind.PRICE, "cache<0.1", "price of a cache read, USD per million"),
    TermInfo("free", TermKind.FLAG, "free", "prompt and answer cost nothing"),
    TermInfo("varies", TermKind.FLAG, "varies", "the price depends on who answers"),
    TermInfo("tools", TermKind.FLAG, "tools", "calls tools"),
    TermInfo("vision", TermKind.FLAG, "vision", "reads images"),
    TermInfo("files", TermKind.FLAG, "files", "reads files such as PDF"),
    TermInfo("audio", TermKind.FLAG, "audio", "hears audio"),
    TermInfo("video", TermKind.FLAG, "video", "watches video"),
    TermInfo("image-out", TermKind.FLAG, "image-out", "makes images"),
    TermInfo("audio-out", TermKind.FLAG, "audio-out", "makes audio"),
    TermInfo("reasoning", TermKind.FLAG, "reasoning", "thinks before it answers"),
    TermInfo("json", TermKind.FLAG, "json", "answers in JSON when asked to"),
    TermInfo("caching", TermKind.FLAG, "caching", "has a prompt cache"),
    TermInfo("new", TermKind.DAYS, "new:30d", "added within so many days"),
    TermInfo("expiring", TermKind.DAYS, "expiring", "has a day on which it ends"),
    TermInfo("moderated", TermKind.FLAG, "moderated", "prompts are moderated"),
    TermInfo("param", TermKind.TEXT, "param:seed", "takes a parameter"),
    TermInfo("tok", TermKind.TEXT, "tok:Claude", "tokenizer", ("tokenizer",)),
    TermInfo("variant", TermKind.TEXT, "variant:free", "the part of the id after the colon"),
    TermInfo("fav", TermKind.FLAG, "fav", "one of your favourites"),
    TermInfo("mine", TermKind.FLAG, "mine", "your key may use it, where that was asked"),
)
TERMS: dict[str, TermInfo] = {info.name: info for info in _ALL}
"""Every term by the name it is printed with, in the order of the help."""

ALIASES: dict[str, str] = {alias: info.name for info in _ALL for alias in info.also}

PARAMETERS = (
    "frequency_penalty",
    "include_reasoning",
    "logit_bias",
    "logprobs",
    "max_completion_tokens",
    "max_tokens",
    "min_p",
    "parallel_tool_calls",
    "prediction",
    "presence_penalty",
    "reasoning",
    "reasoning_effort",
    "repetition_penalty",
    "response_format",
    "seed",
    "stop",
    "structured_outputs",
    "temperature",
    "tool_choice",
    "tools",
    "top_a",
    "top_k",
    "top_logprobs",
    "top_p",
    "verbosity",
    "web_search_options",
)
TOKENIZERS = (
    "Claude",
    "Cohere",
    "DeepSeek",
    "GPT",
    "Gemini",
    "Gemma",
    "Grok",
    "Llama2",
    "Llama3",
    "Llama4",
    "Media",
    "Mistral",
    "Nova",
    "Other",
    "PaLM",
    "Qwen",
    "Qwen3",
    "RWKV",
    "Router",
    "Yi",
)
"""Names in OpenRouter's specification; servers may have others."""


@dataclass(frozen=True, slots=True)
class Word:
    """A free word: fuzzy, or, written in quotes, to be found exactly as it stands."""

    text: str
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Flag:
    """A term without a value."""

    name: str


@dataclass(frozen=True, slots=True)
class Text:
    """A term with a text: ``author:x`` takes what begins with it, ``author=x`` only itself."""

    name: str
    value: str
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """A comparison with tokens, or with USD per million tokens for a price."""

    name: str
    comparison: Comparison
    value: Decimal


@dataclass(frozen=True, slots=True)
class Range:
    """From ``low`` to ``high`` in the units of :class:`Number`; ``half_open`` leaves high out."""

    name: str
    low: Decimal
    high: Decimal
    half_open: bool = False


@dataclass(frozen=True, slots=True)
class Days:
    """A term about time: ``new`` within the last days, ``expiring`` within the next.

    None stands for any day.
    """

    name: str
    days: int | None


ValueChoice = Flag | Text | Number | Range | Days
Choice = Word | ValueChoice


@dataclass(frozen=True, slots=True)
class Term:
    """One part of a filter between spaces: true if any of its choices is; ``-`` negates it.

    ``start`` and ``end`` are its place in the text it was read from; equality leaves them out.
    """

    choices: tuple[Choice, ...]
    negated: bool = False
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)


def term_text(term: Term) -> str:
    """The term as it is typed, so that reading it again gives the same term."""
    return ("-" if term.negated else "") + "|".join(choice_text(choice) for choice in term.choices)


def choice_text(choice: Choice) -> str:
    """One alternative as it is typed."""
    match choice:
        case Word(text, exact):
            return quoted(text) if exact else text
        case Flag(name):
            return name
        case Text(name, value, exact):
            sign = "=" if exact else ":"
            return f"{name}{sign}{value if _is_plain(value) else quoted(value)}"
        case Number(name, comparison, value):
            return f"{name}{comparison}{number_text(value)}"
        case Range(name, low, high, half_open):
            dots = "..<" if half_open else ".."
            return f"{name}:{number_text(low)}{dots}{number_text(high)}"
        case Days(name, days):
            return name if days is None else f"{name}:{days}d"


def quoted(text: str) -> str:
    """The text in double quotes; a quote or a backslash within it gets a backslash."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def number_text(value: Decimal) -> str:
    """A number as people type it: ``200k``, ``1m``, ``0.5``."""
    for size, suffix in ((1_000_000, "m"), (1_000, "k")):
        if value and value % size == 0:
            return f"{value / size:f}{suffix}"
    return f"{value:f}"


def _is_plain(value: str) -> bool:
    return (
        bool(value)
        and not value.startswith('"')
        and not any(c == "|" or c.isspace() for c in value)
    )
