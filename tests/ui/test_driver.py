import select

from tui.ui.driver import _WakingEvent


def is_ready(event: _WakingEvent) -> bool:
    return bool(select.select([event.fileno], [], [], 0)[0])


def test_who_waits_for_input_learns_that_the_end_has_come() -> None:
    event = _WakingEvent()
    assert not is_ready(event)
    event.set()
    event.set()
    assert event.is_set()
    assert is_ready(event)
    event.clear()
    assert not event.is_set()
    assert not is_ready(event)
    event.close()
