"""A question with two answers."""

from time import monotonic

import pytest
from textual.pilot import Pilot
from textual.widgets import Button

from tests.ui.screens.settings_support import UNCLOSED, Host
from tests.waiting import until
from tui.ui.screens import decide
from tui.ui.screens.confirm import Confirm


@pytest.fixture
def hears_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decide, "_QUIET", 0.0)


def question(asked_by: str = "") -> Host:
    detail = "[@click=app.quit]x[/]\x1b[2J"
    return Host(Confirm("Send it to [/]?", detail, "Yes, [b]", "No", asked_by=asked_by))


async def appeared(pilot: Pilot[None]) -> Confirm:
    screen = pilot.app.screen
    assert isinstance(screen, Confirm)
    await until(pilot, lambda: screen._deaf_until < float("inf"))
    return screen


@pytest.mark.usefixtures("hears_at_once")
@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        (["enter"], False),
        (["escape"], False),
        (["tab", "enter"], True),
        (["right", "enter"], True),
        (["right", "left", "enter"], False),
        (["down", "up", "enter"], False),
    ],
)
async def test_keys_answer_and_the_start_is_no(keys: list[str], answer: bool) -> None:
    app = question()
    async with app.run_test() as pilot:
        await appeared(pilot)
        await pilot.press(*keys)
        await until(pilot, lambda: app.result is answer)


@pytest.mark.usefixtures("hears_at_once")
async def test_no_letter_answers() -> None:
    app = question()
    async with app.run_test() as pilot:
        screen = await appeared(pilot)
        await pilot.press(*"yYnNwhyis", "space")
        assert app.result is UNCLOSED
        assert screen.focused is screen.query_one("#no", Button)


async def test_keys_of_somebody_who_was_typing_do_nothing() -> None:
    app = question()
    async with app.run_test() as pilot:
        screen = await appeared(pilot)
        heard_from = screen._deaf_until
        await pilot.press("y", "tab", "enter", "right", "enter", "escape")
        assert app.result is UNCLOSED
        assert screen.focused is screen.query_one("#no", Button)
        assert screen._deaf_until > heard_from, "each of them starts the silence anew"
        screen._seen_from = monotonic()
        await pilot.press("tab", "escape")
        assert app.result is False, "after a moment in sight, Escape changes nothing at any time"


async def test_a_question_asked_by_a_key_is_deaf_to_that_key_alone() -> None:
    app = question(asked_by="escape")
    async with app.run_test() as pilot:
        await appeared(pilot)
        await pilot.press("escape", "escape")
        assert app.result is UNCLOSED, "it is still held down"
        await pilot.press("tab", "enter")
        await until(pilot, lambda: app.result is True)


async def test_keys_answer_after_a_moment_of_silence() -> None:
    app = question()
    async with app.run_test() as pilot:
        screen = await appeared(pilot)
        assert 0 < decide._QUIET <= 1
        await until(pilot, lambda: monotonic() > screen._deaf_until)
        await pilot.press("tab", "enter")
        await until(pilot, lambda: app.result is True)


async def test_texts_show_literally() -> None:
    app = question()
    async with app.run_test() as pilot:
        await pilot.pause()
        shown = app.export_screenshot().replace("&#160;", " ")
        assert "Send it to [/]?" in shown
        assert "[@click=app.quit]x[/]␛[2J" in shown
        assert "Yes, [b]" in shown
