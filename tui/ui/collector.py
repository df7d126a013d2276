"""Python's garbage collector, kept from stopping the program while somebody reads or types.

A full collection looks at every object and takes up to a tenth of a second with a long conversation
open. Nearly all garbage is freed without it, so the full collections wait for quiet moments.
"""

import gc
from typing import Final

_YOUNG: Final = 2_000
"""New objects after which those are looked at: a fraction of a millisecond."""
_MIDDLE: Final = 10
"""Such rounds after which the survivors are looked at again: some milliseconds."""
_NEVER: Final = 1_000_000


def postpone_collections() -> None:
    """Leave what has been made so far alone, and all full collections to :func:`collect_now`."""
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _NEVER)


def collect_now() -> None:
    """Free what only a full collection finds; the program stands still meanwhile."""
    gc.unfreeze()
    gc.collect()
    gc.freeze()
