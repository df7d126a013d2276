from textual.widgets import Static

from tests.ui.screens.settings_support import Host
from tests.waiting import until
from tui.ui.screens.countdown import Countdown


async def test_when_the_time_is_up_it_says_to_send() -> None:
    app = Host(Countdown(0.1))
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.result is True)


async def test_what_is_left_is_in_sight_and_esc_stops_it() -> None:
    app = Host(Countdown(40))
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.screen is app.first)
        left = app.first.query_one("#question", Static)
        before = str(left.content)
        assert before.startswith("Sending again in ")
        await until(pilot, lambda: str(left.content) != before)
        await pilot.press("escape")
        await until(pilot, lambda: app.result is False)
