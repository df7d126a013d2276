"""What a request may say about reasoning, by what the model accepts.

Source: OpenRouter's guide to reasoning tokens. Either an effort or a number of tokens, not both;
a model whose reasoning is mandatory cannot be told not to. Reasoning is billed as output.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tui.domain.model import Model
from tui.domain.problems import SettingProblem, one_of
from tui.domain.sanitize import single_line

EFFORTS = ("max", "xhigh", "high", "medium", "low", "minimal", "none")
"""From the most to none at all."""
_OFF = "none"
_SUMMARIES = ("auto", "concise", "detailed")
_CONTEXTS = ("auto", "all_turns", "current_turn")
_MODES = ("standard", "pro")
_SMALLEST_BUDGET = 1024
"""Tokens; Anthropic's models take no less."""
_MARKS = ("reasoning", "include_reasoning", "reasoning_effort")


@dataclass(frozen=True, slots=True)
class ReasoningChoices:
    """What can be chosen for one model.

    ``efforts`` go from the most to the least, with ``none`` where it can be switched off; empty
    where effort cannot be chosen. ``budget`` says whether a number of tokens is taken instead.
    ``on_by_default`` is None where the catalogue does not say.
    """

    efforts: tuple[str, ...]
    default_effort: str | None
    budget: bool
    mandatory: bool
    on_by_default: bool | None

    @property
    def can_be_off(self) -> bool:
        """Whether the model also answers without reasoning."""
        return not self.mandatory


def reasoning_choices(model: Model | None) -> ReasoningChoices | None:
    """What a model lets be chosen; None if it does not reason.

    A model that nothing is known of may take everything.
    """
    if model is None:
        return ReasoningChoices(EFFORTS, None, budget=True, mandatory=False, on_by_default=None)
    ability = model.reasoning
    if ability is None:
        if model.supported_parameters.isdisjoint(_MARKS):
            return None
        return ReasoningChoices(EFFORTS, None, budget=True, mandatory=False, on_by_default=None)
    efforts = EFFORTS if ability.efforts is None else ability.efforts
    if ability.mandatory:
        efforts = tuple(effort for effort in efforts if effort != _OFF)
    elif efforts and _OFF not in efforts:
        efforts = (*efforts, _OFF)
    return ReasoningChoices(
        efforts,
        ability.default_effort,
        budget=ability.takes_max_tokens or ability.efforts is None,
        mandatory=ability.mandatory,
        on_by_default=ability.default_enabled,
    )


def read_reasoning(
    raw: object, model: Model | None = None, max_tokens: int | None = None
) -> tuple[dict[str, Any], tuple[SettingProblem, ...]]:
    """The ``reasoning`` object to send, and what was left out of it and why.

    ``max_tokens`` is the longest answer of the same request, which has to be larger than a budget.
    """
    if not isinstance(raw, Mapping):
        step = 'Write it like reasoning = { effort = "high" } or { max_tokens = 4000 }.'
        return {}, (SettingProblem("reasoning", "reasoning should be a table.", step),)
    choices = reasoning_choices(model)
    read: dict[str, Any] = {}
    problems: list[SettingProblem] = []
    for name, value in raw.items():
        if value is None:
            continue
        problem = _problem(name, value, choices, max_tokens)
        if problem is None:
            read[name] = value
        else:
            problems.append(SettingProblem("reasoning", *problem))
    if "effort" in read and "max_tokens" in read:
        del read["max_tokens"]
        what = "reasoning has both an effort and a number of tokens."
        problems.append(SettingProblem("reasoning", what, "Remove one; the effort is sent."))
    return read, tuple(problems)


def _problem(
    name: str, value: object, choices: ReasoningChoices | None, max_tokens: int | None
) -> tuple[str, str] | None:
    """What is wrong with one field and what to do, or None."""
    match name:
        case "effort":
            return _effort_problem(value, choices)
        case "max_tokens":
            return _budget_problem(value, choices, max_tokens)
        case "enabled" | "exclude":
            if not isinstance(value, bool):
                return f"reasoning.{name} should be true or false.", "Write it without quotes."
            if name == "enabled" and not value and choices is not None and choices.mandatory:
                return _CANNOT_BE_OFF
            return None
        case "summary" | "context" | "mode":
            known = {"summary": _SUMMARIES, "context": _CONTEXTS, "mode": _MODES}[name]
            return None if value in known else _no_such(f"reasoning.{name}", value, known)
        case _:
            return None


_CANNOT_BE_OFF = (
    "This model always reasons: it cannot be switched off.",
    "Choose the lowest effort, or exclude the reasoning from the answer.",
)


def _no_such(name: str, value: object, known: Sequence[str]) -> tuple[str, str]:
    return f"{name} cannot be {single_line(str(value), 40)}.", one_of(value, known)


def _effort_problem(value: object, choices: ReasoningChoices | None) -> tuple[str, str] | None:
    if value not in EFFORTS:
        return _no_such("reasoning.effort", value, EFFORTS)
    if choices is None:
        return None
    if value == _OFF and choices.mandatory:
        return _CANNOT_BE_OFF
    if value in choices.efforts or value == _OFF:
        return None
    if not choices.efforts:
        step = "Give a number of tokens instead." if choices.budget else "Remove it."
        return "This model lets no effort be chosen.", step
    return _no_such("reasoning.effort of this model", value, choices.efforts)


def _budget_problem(
    value: object, choices: ReasoningChoices | None, max_tokens: int | None
) -> tuple[str, str] | None:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        return "reasoning.max_tokens should be a whole number of tokens.", "Write 4000 or so."
    if choices is not None and not choices.budget:
        names = ", ".join(choices.efforts)
        step = f"Choose an effort instead: {names}." if names else "Remove it."
        return "This model takes no number of reasoning tokens.", step
    if max_tokens is not None and max_tokens <= max(value, _SMALLEST_BUDGET):
        return (
            f"With reasoning.max_tokens {value:,} nothing is left of max_tokens {max_tokens:,}.",
            "Raise max_tokens, or think less.",
        )
    return None
