"""What each parameter does right now, in words: what is sent, from where, and what it reserves."""

from datetime import datetime
from typing import Final

from tui.domain.figures import money, tokens
from tui.domain.parameters import MAX_TOKENS, Parameter, ParameterKind, reserved_cost
from tui.domain.parameters_layers import LayerSource, value_words
from tui.domain.sanitize import single_line
from tui.ui.controllers.parameter_form import Asked, ParameterForm
from tui.ui.controllers.settings_effects import Effect, Tone
from tui.ui.controllers.setup_scope import SCOPE_OF, SCOPE_TITLES

_ALWAYS: Final = "This model always reasons: it cannot be switched off."


def parameter_effect(form: ParameterForm, known: Parameter, now: datetime) -> Effect:
    """The line below a parameter; ``now`` is the moment in UTC whose prices apply."""
    value, source = form.in_force(known)
    more = _more(form, known, value, now)
    if value is not None and source is not None:
        words = f"In force: {value_words(known.name, value)}, set for {_place(source, form.asked)}."
        tone = Tone.GOOD if SCOPE_OF[source] is form.scope else Tone.PLAIN
        return Effect(f"{words}{more}", tone)
    wrong = next((one for one in form.resolved.problems if one.field == known.name), None)
    if wrong is not None:
        return Effect(f"Not sent: {wrong}", Tone.WARNING)
    return Effect(f"{_nothing_said(known)}{more}")


def _place(source: LayerSource, asked: Asked) -> str:
    preset = f" by the preset {single_line(asked.preset, 60)}"
    return SCOPE_TITLES[SCOPE_OF[source]] + (preset if source is LayerSource.PRESET else "")


def _nothing_said(known: Parameter) -> str:
    if known.default is None:
        return "Not sent: the provider decides."
    return f"Not sent: the default, {value_words(known.name, known.default)}, holds."


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
