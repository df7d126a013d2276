"""What each parameter does right now, in words: what is sent, from where, and what it reserves."""

from datetime import datetime
from typing import Final

from tui.domain.figures import money, tokens
from tui.domain.parameters import MAX_TOKENS, Parameter, ParameterKind
from tui.domain.parameters_cost import reserved_cost
from tui.domain.parameters_layers import LayerSource, value_words
from tui.domain.sanitize import single_line
from tui.domain.titles import PARAMETER_TITLES, problem_words
from tui.ui.controllers.parameter_form import Asked, ParameterForm
from tui.ui.controllers.settings_effects import Effect, Tone
from tui.ui.controllers.setup_scope import SCOPE_OF, SCOPE_TITLES

_ALWAYS: Final = "This model always reasons: it cannot be switched off."


def parameter_effect(form: ParameterForm, known: Parameter, now: datetime) -> Effect:
    """The line below a parameter: what is sent, and what will be once the edits are saved.

    ``now`` is the moment in UTC whose prices apply.
    """
    value, source = form.in_force(known)
    more = _more(form, known, value, now)
    if _is_unsaved(form, known):
        after = f"Once saved: {_held(form.asked, known, value, source)}."
        before = f"Until then: {_held(form.asked, known, *form.in_force_now(known))}."
        return Effect(f"{after}{more} {before}")
    if value is not None and source is not None:
        words = f"In force: {_held(form.asked, known, value, source)}."
        tone = Tone.GOOD if SCOPE_OF[source] is form.scope else Tone.PLAIN
        return Effect(f"{words}{more}", tone)
    wrong = next((one for one in form.resolved.problems if one.field == known.name), None)
    if wrong is not None:
        return Effect(f"Not sent: {problem_words(wrong, PARAMETER_TITLES)}", Tone.WARNING)
    return Effect(f"Not sent: {_nothing_said(known)}.{more}")


def _is_unsaved(form: ParameterForm, known: Parameter) -> bool:
    """Whether saving changes what is sent, or for what it is set."""
    (after, to), (before, of) = form.in_force(known), form.in_force_now(known)
    places = [None if source is None else SCOPE_OF[source] for source in (to, of)]
    return (type(after), after, places[0]) != (type(before), before, places[1])


def _held(asked: Asked, known: Parameter, value: object, source: LayerSource | None) -> str:
    """A value and for what it is set, or what holds where nothing is sent."""
    if value is None or source is None:
        return f"not sent, {_nothing_said(known)}"
    return f"{value_words(known.name, value)}, set for {_place(source, asked)}"


def _place(source: LayerSource, asked: Asked) -> str:
    preset = f" by the preset {single_line(asked.preset, 60)}"
    return SCOPE_TITLES[SCOPE_OF[source]] + (preset if source is LayerSource.PRESET else "")


def _nothing_said(known: Parameter) -> str:
    if known.default is None:
        return "the provider decides"
    return f"the default, {value_words(known.name, known.default)}, holds"


def _more(form: ParameterForm, known: Parameter, value: object, now: datetime) -> str:
    """What else there is to say: what the longest answer costs, or that reasoning is a must."""
    if known.kind is ParameterKind.REASONING:
        choices = form.reasoning
        return f" {_ALWAYS}" if choices is not None and choices.mandatory else ""
    model = form.asked.model
    if known.name != MAX_TOKENS or model is None:
        return ""
    length = value if isinstance(value, int) else model.max_completion_tokens
    reserved = reserved_cost(length, model.pricing, now)
    if length is None or not reserved:
        return ""
    longest = "It reserves" if value is not None else f"{tokens(length)} tokens reserve"
    return f" {longest} up to {money(reserved)} of the balance."
