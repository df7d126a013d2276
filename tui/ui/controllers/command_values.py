"""What the arguments of commands may be, as far as this session knows."""

from collections.abc import Sequence
from itertools import islice

from tui.domain.catalogue import Catalogue
from tui.domain.catalogue_nearest import nearest
from tui.domain.offers import Offer
from tui.domain.sanitize import single_line
from tui.ui.controllers.model_desk import ModelDesk
from tui.ui.controllers.picking import Picking

_MOST = 50


def model_offers(desk: ModelDesk, in_use: str, typed: str) -> Sequence[Offer]:
    """The models that the quick picker finds for these words, the best match first."""
    picking = Picking(desk.catalogue, desk.context(in_use), desk.lists)
    if typed:
        picking.type(typed)
    models = (found.model for found in islice(picking.found, _MOST))
    return [Offer(model.id, model.id, model.name, whole=True) for model in models]


def named_offers(names: Sequence[str], typed: str) -> Sequence[Offer]:
    """The names that hold what is typed, those that begin with it first."""
    wanted = typed.strip().lower()
    holding = [name for name in names if wanted in name.lower()]
    holding.sort(key=lambda name: not name.lower().startswith(wanted))
    return [Offer(name, name, whole=True) for name in holding]


def model_problem(catalogue: Catalogue, model_id: str) -> str:
    """What is wrong with a model's id, in words; empty as long as there is no catalogue."""
    if not catalogue.models or catalogue.find(model_id) is not None:
        return ""
    alike = nearest(catalogue, model_id, 1)
    meant = f" Did you mean {alike[0]}?" if alike else " Ctrl+K lists all."
    return f"There is no model {single_line(model_id, 60)}.{meant}"
