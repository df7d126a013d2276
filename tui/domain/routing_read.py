"""Provider routing read from a table of the settings, each field checked by itself."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from tui.domain.problems import SettingProblem, nearest_name, one_of
from tui.domain.routing import (
    PARTITIONS,
    PERCENTILES,
    PRICE_NAMES,
    ROUTING_FIELDS,
    FieldKind,
    Routing,
    RoutingField,
)
from tui.domain.sanitize import single_line

_FIELDS = {each.name: each for each in ROUTING_FIELDS}
_LARGEST_PRICE = Decimal(1_000_000)
_LARGEST_WISH = 1_000_000

_Values = dict[str, Any]


def read_routing(
    raw: Mapping[str, object],
) -> tuple[Routing, tuple[SettingProblem, ...]]:
    """The routing that a table of settings describes, and what is wrong with it.

    A field that is wrong is left out. A name that is almost that of a field counts as a mistake;
    any other unknown one is passed on, as new fields come without notice.
    """
    values: _Values = {}
    more: _Values = {}
    problems: list[SettingProblem] = []
    for name, value in raw.items():
        if value is None:
            continue
        known = _FIELDS.get(name)
        if known is None:
            near = nearest_name(name, _FIELDS)
            if near is None:
                more[name] = value
            else:
                what = f"{single_line(name, 60)} is no field of provider routing."
                problems.append(SettingProblem(name, what, f"Did you mean {near}?"))
            continue
        try:
            values |= _READERS[known.kind](known, value)
        except _WrongValueError as error:
            problems.append(SettingProblem(name, f"{name} {error.what}.", error.next_step))
    return Routing(**values, more=more), tuple(problems)


class _WrongValueError(Exception):
    """A value that the field cannot hold."""

    def __init__(self, what: str, next_step: str) -> None:
        super().__init__(what)
        self.what = what
        self.next_step = next_step


def _read_slugs(known: RoutingField, value: object) -> _Values:
    example = f'Write it like {known.name} = ["anthropic", "amazon-bedrock"].'
    return {known.name: tuple(dict.fromkeys(name.lower() for name in _names(value, example)))}


def _read_names(known: RoutingField, value: object) -> _Values:
    names = _names(value, f'Write it like {known.name} = ["{known.choices[-2]}"].')
    lowered = tuple(dict.fromkeys(name.lower() for name in names))
    for name in lowered:
        if name not in known.choices:
            raise _WrongValueError(
                f"cannot be {single_line(name, 40)}", one_of(name, known.choices)
            )
    return {known.name: lowered}


def _names(value: object, example: str) -> list[str]:
    if not isinstance(value, list | tuple):
        raise _WrongValueError("should be a list", example)
    if not all(isinstance(name, str) and name.strip() and name.isprintable() for name in value):
        raise _WrongValueError("should be a list of names", example)
    return [name.strip() for name in value]


def _read_flag(known: RoutingField, value: object) -> _Values:
    if not isinstance(value, bool):
        raise _WrongValueError("should be true or false", "Write it without quotes.")
    return {known.name: value}


def _read_choice(known: RoutingField, value: object) -> _Values:
    return {known.name: _choice(value, known.choices)}


def _choice(value: object, choices: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value.lower() not in choices:
        shown = single_line(value, 40) if isinstance(value, str) else type(value).__name__
        raise _WrongValueError(f"cannot be {shown or 'empty'}", one_of(value, choices))
    return value.lower()


def _read_sort(known: RoutingField, value: object) -> _Values:
    if not isinstance(value, Mapping):
        return {"sort": _choice(value, known.choices)}
    strangers = set(value) - {"by", "partition"}
    if strangers or "by" not in value:
        raise _WrongValueError(
            "should be a name, or a table with by and partition",
            'Write it like sort = { by = "price", partition = "none" }.',
        )
    read = {"sort": _choice(value["by"], known.choices)}
    if value.get("partition") is not None:
        read["partition"] = _choice(value["partition"], PARTITIONS)
    return read


def _read_prices(known: RoutingField, value: object) -> _Values:
    example = "Write it like max_price = { prompt = 1, completion = 3 }, in $ per million tokens."
    if not isinstance(value, Mapping) or not value:
        raise _WrongValueError("should be a table of prices", example)
    prices: dict[str, Decimal] = {}
    for name, price in value.items():
        if name not in PRICE_NAMES:
            shown = single_line(str(name), 40)
            raise _WrongValueError(f"has no price called {shown}", one_of(name, PRICE_NAMES))
        amount = _amount(price)
        if amount is None or amount > _LARGEST_PRICE:
            raise _WrongValueError(f"has a {name} price that is no amount", example)
        prices[name] = amount
    return {known.name: prices}


def _read_percentiles(known: RoutingField, value: object) -> _Values:
    example = f"Write it like {known.name} = 50 or {known.name} = {{ p90 = 20 }}, in {known.unit}."
    by_name = value if isinstance(value, Mapping) else {"p50": value}
    wishes: dict[str, float] = {}
    for name, wish in by_name.items():
        if name not in PERCENTILES:
            shown = single_line(str(name), 40)
            raise _WrongValueError(f"has no percentile called {shown}", one_of(name, PERCENTILES))
        amount = _amount(wish)
        if not amount or amount > _LARGEST_WISH:
            raise _WrongValueError("should be a number above zero", example)
        wishes[name] = float(amount)
    if not wishes:
        raise _WrongValueError("should be a number above zero", example)
    return {known.name: wishes}


def _amount(value: object) -> Decimal | None:
    """A number as the settings hold it, exactly as it was written there; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    amount = Decimal(str(value))
    return amount if amount.is_finite() and amount >= 0 else None


_READERS: dict[FieldKind, Callable[[RoutingField, object], _Values]] = {
    FieldKind.SLUGS: _read_slugs,
    FieldKind.NAMES: _read_names,
    FieldKind.FLAG: _read_flag,
    FieldKind.CHOICE: _read_choice,
    FieldKind.SORT: _read_sort,
    FieldKind.PRICES: _read_prices,
    FieldKind.PERCENTILES: _read_percentiles,
}
