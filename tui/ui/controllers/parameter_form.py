"""The parameters of a model as they are edited in one scope after the other, before they are kept.

Nothing is half saved: a value is either right, and part of the tables that will be kept, or it is
refused in words at its field. Names that other tools write, such as ``maxTokens``, stay as they are
written until their value changes.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from tui.domain.model import Model
from tui.domain.parameters import (
    CACHE_TTL,
    MAX_TOKENS,
    Parameter,
    parameter,
    parameters_for,
)
from tui.domain.parameters_check import (
    parameter_name,
    read_parameters,
    text_of_value,
    value_from_text,
)
from tui.domain.parameters_layers import (
    Layer,
    LayerSource,
    ResolvedParameters,
    resolve_parameters,
    value_words,
)
from tui.domain.reasoning_options import ReasoningChoices, read_reasoning, reasoning_choices
from tui.domain.settings import ProviderKind
from tui.domain.titles import PARAMETER_TITLES, with_titles
from tui.ui.controllers.setup_scope import Scope

Table = Mapping[str, Any]

_ALIASES: Final = {"reasoning_effort": "reasoning", "max_completion_tokens": MAX_TOKENS}


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom the parameters are for; ``preset`` is where those of the conversation came from."""

    model_id: str
    model: Model | None = None
    kind: ProviderKind = ProviderKind.OPENROUTER
    preset: str = ""


class ParameterForm:
    """The edits of all scopes; ``scope`` is the one that is shown."""

    def __init__(
        self, asked: Asked, tables: Mapping[Scope, Table], scope: Scope = Scope.CONVERSATION
    ) -> None:
        self.asked = asked
        self.scope = scope
        self._tables = tables
        self._before = {scope: _read(table) for scope, table in tables.items()}
        self._edits: dict[Scope, dict[str, Any]] = {scope: {} for scope in Scope}
        self._refused: dict[Scope, dict[str, tuple[Any, str]]] = {scope: {} for scope in Scope}

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """What the model takes, as far as the provider does."""
        plain = self.asked.kind is ProviderKind.COMPATIBLE
        known = parameters_for(self.asked.model)
        return tuple(one for one in known if not (plain and one.name == CACHE_TTL))

    @cached_property
    def reasoning(self) -> ReasoningChoices | None:
        """What can be chosen about reasoning; other servers than OpenRouter know efforts alone."""
        choices = reasoning_choices(self.asked.model)
        if choices is None or self.asked.kind is not ProviderKind.COMPATIBLE:
            return choices
        return ReasoningChoices(
            choices.efforts, choices.default_effort, False, choices.mandatory, None
        )

    def written(self, name: str) -> Any:
        """What the shown scope says of a parameter; None if it says nothing."""
        return self._value(self.scope, name)

    def _value(self, scope: Scope, name: str) -> Any:
        edits = self._edits[scope]
        return edits[name] if name in edits else self._before[scope].get(name)

    def is_set(self, name: str) -> bool:
        """Whether the shown scope says something of a parameter, right or wrong."""
        return self.written(name) is not None or name in self._refused[self.scope]

    def text(self, name: str) -> str:
        """What stands in the field of a parameter: also what was refused."""
        entered = self.entered(name)
        written = text_of_value(self._known(name), self.written(name))
        return entered if isinstance(entered, str) else written

    def entered(self, name: str) -> Any:
        """What was refused, as it was entered; None if nothing was."""
        refused = self._refused[self.scope].get(name)
        return refused[0] if refused else None

    def enter(self, name: str, text: str) -> None:
        """Take what was typed into a field; an empty text says nothing of the parameter any more.

        What cannot be read is kept as it was typed, and :meth:`problem` says what is wrong.
        """
        try:
            value = value_from_text(self._known(name), text)
        except ValueError as error:
            self.refuse(name, text, str(error))
        else:
            self.put(name, value)

    def put(self, name: str, value: Any) -> None:
        """Take a value that was chosen; None says nothing of the parameter any more."""
        self._refused[self.scope].pop(name, None)
        if name == "reasoning" and value is not None:
            longest = self.written(MAX_TOKENS)
            read, problems = read_reasoning(value, self._model_in_scope, longest)
            if problems:
                self.refuse(name, value, f"{problems[0].what}\n{problems[0].next_step}")
                return
            value = read or None
        edits = self._edits[self.scope]
        if _same(value, self._before[self.scope].get(name)):
            edits.pop(name, None)
        else:
            edits[name] = value
        self._changed()

    def refuse(self, name: str, entered: Any, words: str) -> None:
        """Keep what cannot be used out of the tables; ``words`` are two lines as of a check.

        ``entered`` is what its field shows again when one comes back to this scope.
        """
        self._edits[self.scope].pop(name, None)
        what, _, step = words.partition("\n")
        said = [with_titles(line, PARAMETER_TITLES) for line in (what, step) if line]
        self._refused[self.scope][name] = (entered, " ".join(said))
        self._changed()

    @property
    def _model_in_scope(self) -> Model | None:
        """Whose limits hold: what is set for every model may be fine for another one."""
        return None if self.scope is Scope.DEFAULT else self.asked.model

    def _known(self, name: str) -> Parameter:
        found = next((one for one in self.parameters if one.name == name), None)
        if found is None or self.scope is Scope.DEFAULT:
            found = parameter(name) or found
        if found is None:
            raise KeyError(name)
        return found

    def problem(self, name: str) -> str | None:
        """What is wrong with what was entered for a parameter in the shown scope."""
        refused = self._refused[self.scope].get(name)
        return refused[1] if refused else None

    def refused(self) -> dict[Scope, tuple[str, ...]]:
        """The names of the values that cannot be used, by scope from the shown one on."""
        scopes = dict.fromkeys((self.scope, *Scope))
        return {
            scope: tuple(sorted(self._refused[scope], key=self._place))
            for scope in scopes
            if self._refused[scope]
        }

    def _place(self, name: str) -> int:
        return [one.name for one in self.parameters].index(name)

    def unsaved(self) -> tuple[str, ...]:
        """The titles of what was edited and is not kept yet."""
        return self.titles(
            {name for scope in Scope for name in (*self._edits[scope], *self._refused[scope])}
        )

    def titles(self, names: Collection[str]) -> tuple[str, ...]:
        """What the fields of these parameters are called, in their order."""
        return tuple(one.title for one in self.parameters if one.name in names)

    def rebase(self, tables: Mapping[Scope, Table]) -> None:
        """Go on from what the scopes say by now: only what was edited here will go over it."""
        self._tables = tables
        self._changed()

    def changed_tables(self) -> dict[Scope, dict[str, Any]]:
        """The whole tables to keep, for the scopes in which something was edited."""
        return {scope: self._table(scope) for scope in Scope if self._edits[scope]}

    def counts(self) -> dict[Scope, int]:
        """How many of the parameters each scope says something of."""
        names = [one.name for one in self.parameters]
        return {
            scope: sum(self._value(scope, name) is not None for name in names) for scope in Scope
        }

    def _table(self, scope: Scope) -> dict[str, Any]:
        edits = self._edits[scope]
        kept = {
            written: value
            for written, value in self._tables.get(scope, {}).items()
            if canonical_name(written) not in edits
        }
        return kept | {name: value for name, value in edits.items() if value is not None}

    @cached_property
    def resolved(self) -> ResolvedParameters:
        """What the next request would say with these edits, and where each value comes from."""
        return self._resolve({scope: self._table(scope) for scope in Scope})

    @cached_property
    def saved(self) -> ResolvedParameters:
        """What the next request says as long as these edits are not saved."""
        return self._resolve(self._tables, edited=False)

    def _resolved_without(self, left_out: Scope) -> ResolvedParameters:
        return self._resolve(
            {scope: {} if scope is left_out else self._table(scope) for scope in Scope}
        )

    def _resolve(
        self, tables: Mapping[Scope, Table], *, edited: bool | None = None
    ) -> ResolvedParameters:
        """``edited`` says that the conversation departs from its preset; by default the edits."""
        edited = bool(self._edits[Scope.CONVERSATION]) if edited is None else edited
        above = LayerSource.PRESET if self.asked.preset and not edited else LayerSource.CONVERSATION
        layers = [
            Layer(LayerSource.DEFAULT, tables.get(Scope.DEFAULT, {})),
            Layer(LayerSource.MODEL, tables.get(Scope.MODEL, {})),
            Layer(above, tables.get(Scope.CONVERSATION, {})),
        ]
        return resolve_parameters(layers, self.asked.model)

    @cached_property
    def inherited(self) -> Mapping[str, str]:
        """What would hold of each parameter without the shown scope, in words for its field."""
        resolved = self._resolved_without(self.scope)
        words = {}
        for one in self.parameters:
            value = resolved.values.get(_sent_name(one, resolved.values), one.default)
            words[one.name] = "" if value is None else value_words(one.name, value)
        return words

    def in_force(self, known: Parameter) -> tuple[Any, LayerSource | None]:
        """The value that the next request says, and where it comes from; None if it says none.

        That is once these edits are saved; :meth:`in_force_now` is without them.
        """
        return _said(known, self.resolved)

    def in_force_now(self, known: Parameter) -> tuple[Any, LayerSource | None]:
        """The value that the next request says if nothing is saved, and where it comes from."""
        return _said(known, self.saved)

    def _changed(self) -> None:
        for name in ("resolved", "inherited", "saved"):
            self.__dict__.pop(name, None)

    def show_scope(self, scope: Scope) -> None:
        """Go on with another scope; what was edited in this one stays."""
        self.scope = scope
        self._changed()


def canonical_name(written: str) -> str:
    """The parameter that a name in a table belongs to."""
    name = parameter_name(written)
    return _ALIASES.get(name, name)


def _said(known: Parameter, by: ResolvedParameters) -> tuple[Any, LayerSource | None]:
    name = _sent_name(known, by.values)
    return by.values.get(name), by.sources.get(name)


def _sent_name(known: Parameter, values: Table) -> str:
    """The name under which a request says a parameter; the longest answer has two."""
    alias = "max_completion_tokens"
    is_alias = known.name == MAX_TOKENS and MAX_TOKENS not in values and alias in values
    return alias if is_alias else known.name


def _read(table: Table) -> dict[str, Any]:
    values, _ = read_parameters(table)
    return {canonical_name(name): value for name, value in values.items()}


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)
