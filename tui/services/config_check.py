"""The tables of config.toml that are more than the schema says: routing, parameters and prices."""

from collections.abc import Iterable, Iterator, Mapping

from tui.domain.parameters_check import read_parameters
from tui.domain.problems import SettingProblem, one_of
from tui.domain.provider_prices import PRICE_NAMES
from tui.domain.routing_read import read_routing
from tui.domain.sanitize import single_line
from tui.services.config_lines import KeyPath

Placed = tuple[KeyPath, SettingProblem]


def table_problems(raw: Mapping[str, object]) -> Iterator[Placed]:
    """Everything that is wrong in these tables, with its place in the file.

    What is wrong is left out of requests; the rest of its table holds.
    """
    default = _table(raw, "default")
    yield from _checked(("default", "routing"), read_routing(_table(default, "routing"))[1])
    yield from _checked(("default", "params"), read_parameters(_table(default, "params"))[1])
    models = _table(raw, "models")
    for model_id in models:
        model = _table(models, model_id)
        at = ("models", model_id)
        yield from _checked((*at, "provider"), read_routing(_table(model, "provider"))[1])
        yield from _checked((*at, "params"), read_parameters(_table(model, "params"))[1])
    providers = _table(raw, "providers")
    for name in providers:
        prices = _table(_table(providers, name), "prices")
        for model_id in prices:
            place = ("providers", name, "prices", model_id)
            yield from _price_problems(place, _table(prices, model_id))


def _table(raw: Mapping[str, object], name: str) -> Mapping[str, object]:
    value = raw.get(name)
    return value if isinstance(value, dict) else {}


def _checked(at: KeyPath, problems: Iterable[SettingProblem]) -> Iterator[Placed]:
    for problem in problems:
        yield (*at, problem.field), problem


def _price_problems(at: KeyPath, prices: Mapping[str, object]) -> Iterator[Placed]:
    for name, price in prices.items():
        if name not in PRICE_NAMES:
            what = f"There is no price called {single_line(name, 40)}."
            yield (*at, name), SettingProblem(name, what, one_of(name, PRICE_NAMES))
        elif isinstance(price, int | float) and not 0 <= price < 1_000_000:
            what = f"The price {name} is no amount of money."
            yield (*at, name), SettingProblem(name, what, "Give $ per million tokens, such as 0.5.")
