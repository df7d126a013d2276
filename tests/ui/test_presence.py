"""A screen is there from its first widget until it is closed, not until its last widget is gone."""

from textual.app import App
from textual.screen import Screen

from tui.ui.presence import is_there


async def test_a_screen_is_there_only_while_it_is_open() -> None:
    app, below, above = App[None](), Screen[None](), Screen[None]()
    async with app.run_test():
        await app.push_screen(below)
        await app.push_screen(above)
        assert is_there(below)
        assert is_there(above)

        closing = app.pop_screen()
        assert above.is_mounted
        assert above.is_attached
        assert not is_there(above)
        await closing
        assert not is_there(above)
        assert is_there(below)
    assert not is_there(below)
