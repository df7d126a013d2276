import pytest

from tui.domain.catalogue import Catalogue, model_to_ask
from tui.domain.connection import Connection
from tui.domain.model import Model
from tui.domain.settings import DEFAULT_MODEL, ProviderKind

SERVED = Catalogue({"local/first": Model("local/first"), "local/second": Model("local/second")})


def connection(kind: ProviderKind, model: str) -> Connection:
    return Connection("any", kind, "http://127.0.0.1:1/v1", model)


@pytest.mark.parametrize(
    ("kind", "model", "catalogue", "asked"),
    [
        (ProviderKind.COMPATIBLE, DEFAULT_MODEL, SERVED, "local/first"),
        (ProviderKind.COMPATIBLE, DEFAULT_MODEL, Catalogue(), DEFAULT_MODEL),
        (
            ProviderKind.COMPATIBLE,
            DEFAULT_MODEL,
            Catalogue({DEFAULT_MODEL: Model(DEFAULT_MODEL)}),
            DEFAULT_MODEL,
        ),
        (ProviderKind.COMPATIBLE, "local/hidden", SERVED, "local/hidden"),
        (ProviderKind.OPENROUTER, DEFAULT_MODEL, SERVED, DEFAULT_MODEL),
    ],
)
def test_only_a_compatible_server_and_only_without_a_choice_is_asked_for_its_first_model(
    kind: ProviderKind, model: str, catalogue: Catalogue, asked: str
) -> None:
    assert model_to_ask(connection(kind, model), catalogue) == asked
