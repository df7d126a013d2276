"""Who answered in the place of the provider or the model that was asked, in one sentence."""

from tui.domain.conversation import Generation
from tui.domain.events import FellBack
from tui.domain.model import Model


def taking_over_words(event: FellBack) -> str:
    """Who takes the turn now and why, while the answer is still to come."""
    if not event.model:
        return f"{event.before}: {event.failure.what} {event.provider} cannot be asked either."
    return _words(event.before, event.failure.what, event.provider, event.model)


def stand_in_words(generation: Generation | None, asked: Model | None = None) -> str:
    """Who gave an answer that another was asked for; empty if nobody else did.

    ``asked`` is the catalogue's row for the model that was asked, if it is at hand: answers name
    the dated slug, so without the row only a fallback that the request named can be told apart.
    """
    if generation is None:
        return ""
    record = generation.request_settings
    before, because = record.get("fell_back_from"), record.get("fell_back_because")
    if isinstance(before, str) and before:
        why = because if isinstance(because, str) else ""
        return _words(before, why, generation.provider_name, generation.model_asked)
    served = generation.model_served
    if served and _is_another(served, generation, asked):
        return f"{generation.model_asked} was asked; {served} answered."
    return ""


def _words(before: str, because: str, provider: str, model: str) -> str:
    return " ".join(filter(None, [f"{before}:", because, f"{provider} took over, with {model}."]))


def _is_another(served: str, generation: Generation, asked: Model | None) -> bool:
    name, base = generation.model_asked, served.partition(":")[0]
    if asked is not None and asked.id == name:
        if asked.alias_target or base in (name.partition(":")[0], asked.canonical_slug):
            return False
        # A server that lists no slugs may add a date to the name.
        return asked.canonical_slug is not None or not base.startswith(name)
    named = generation.request_settings.get("fallbacks")
    fallbacks = [one for one in named if isinstance(one, str)] if isinstance(named, list) else []
    alike = [one for one in (name, *fallbacks) if base.startswith(one.partition(":")[0])]
    return bool(alike) and max(alike, key=len) != name
