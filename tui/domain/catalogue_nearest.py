"""Which model was probably meant by an id that does not exist."""

from difflib import get_close_matches

from tui.domain.catalogue import Catalogue
from tui.domain.model import normalise_model_id

_LONGEST_COMPARED = 200
_ALIKE = 0.6


def nearest(catalogue: Catalogue, model_id: str, most: int = 3) -> list[str]:
    """The ids most like this one: by the whole id, then by the part after the author."""
    wanted = normalise_model_id(model_id).lower()[:_LONGEST_COMPARED]
    ids = {known.lower(): known for known in catalogue.models if len(known) <= _LONGEST_COMPARED}
    slugs: dict[str, str] = {}
    for lowered, known in ids.items():
        slugs.setdefault(lowered.rpartition("/")[2], known)
    slug = wanted.rpartition("/")[2]
    alike = [
        *(ids[name] for name in get_close_matches(wanted, ids, most, _ALIKE)),
        *(slugs[name] for name in get_close_matches(slug, slugs, most, _ALIKE)),
        *(known for lowered, known in ids.items() if len(slug) > 2 and slug in lowered),
    ]
    return list(dict.fromkeys(alike))[:most]
