"""What an empty conversation says: who will answer, at which price, and what to try."""

from tui.domain.figures import price_per_million, tokens_short
from tui.domain.model import Model
from tui.domain.sanitize import single_line
from tui.ui.controllers.session import Session

_DEMO = (
    "This is the demo: answers are simulated, nothing leaves this machine, nothing is billed.\n"
    "Ask anything, or type one of: table, code, list, reasoning, long 20000, error 402, "
    "error 429, error mid-stream, help."
)


def welcome_text(session: Session, model_id: str) -> str:
    """A few quiet words for an empty conversation with this model."""
    connection = session.runtime.connection
    if connection is None:
        return "No provider is set up yet: F2 opens the settings."
    if connection.is_demo:
        return _DEMO
    model = session.model(model_id)
    name = single_line(model_id)
    if connection.consent is not None:
        return "The API key is not sent to this server: F2 opens the settings, where you may agree."
    if connection.needs_key:
        return "There is no API key yet: F2 opens the settings."
    if model is None:
        return f"{name} answers. F2 changes the model."
    return f"{name} answers: {_facts(model)}. F2 changes the model."


def _facts(model: Model) -> str:
    """Prices per million tokens and the length of the context."""
    prices = model.pricing
    known = prices.prompt is not None and prices.completion is not None
    cost = (
        f"{price_per_million(prices.prompt)} in, {price_per_million(prices.completion)} out / M, "
        if known
        else ""
    )
    return f"{cost}context {tokens_short(model.context_length)}"
