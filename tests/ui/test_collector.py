import gc
import weakref
from collections.abc import Iterator

import pytest

from tui.ui.collector import collect_now, postpone_collections


class Knot:
    """Refers to itself: only a full collection frees it once it is old."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    thresholds = gc.get_threshold()
    gc.freeze()  # what the other tests left is not looked at, however much it is
    yield
    gc.set_threshold(*thresholds)
    gc.unfreeze()


def test_no_full_collection_happens_by_itself() -> None:
    full: list[str] = []

    def note(phase: str, info: dict[str, int]) -> None:
        if info["generation"] == 2:
            full.append(phase)

    postpone_collections()
    gc.callbacks.append(note)
    try:
        kept = [[number] for number in range(400_000)]
    finally:
        gc.callbacks.remove(note)
    assert len(kept) == 400_000
    assert not full


def test_what_is_no_longer_used_is_freed_when_there_is_time() -> None:
    knot = weakref.ref(Knot())
    postpone_collections()
    assert knot() is not None
    collect_now()
    assert knot() is None
