"""A question with two answers."""

import pytest

from tests.ui.screens.settings_support import Host, until
from tui.ui.screens.confirm import Confirm


def question() -> Host:
    return Host(Confirm("Send it to [/]?", "[@click=app.quit]x[/]\x1b[2J", "Yes, [b]", "No"))


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        (["enter"], False),
        (["escape"], False),
        (["n"], False),
        (["y"], True),
        (["tab", "enter"], True),
        (["right", "enter"], True),
        (["right", "left", "enter"], False),
    ],
)
async def test_keys_answer_and_the_start_is_no(keys: list[str], answer: bool) -> None:
    app = question()
    async with app.run_test() as pilot:
        await pilot.pause()
        await pilot.press(*keys)
        await until(pilot, lambda: app.result is answer)


async def test_texts_show_literally() -> None:
    app = question()
    async with app.run_test() as pilot:
        await pilot.pause()
        shown = app.export_screenshot().replace("&#160;", " ")
        assert "Send it to [/]?" in shown
        assert "[@click=app.quit]x[/]␛[2J" in shown
        assert "Yes, [b]" in shown
