from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.events import AppBlur, AppFocus
from textual.widgets import Input
from textual.widgets._footer import FooterKey

from tui.ui.widgets.key_bar import KeyBar


class Host(App[None]):
    """Two fields, one of which has a key of its own."""

    BINDINGS = [Binding("f5", "send", "Send")]  # noqa: RUF012 - as Textual has it

    def compose(self) -> ComposeResult:
        plain, special = Input(id="plain"), Input(id="special")
        special._bindings.bind("f6", "clear", "Clear", show=True)
        yield plain
        yield special
        yield KeyBar(show_command_palette=False)


def keys(app: App[None]) -> list[FooterKey]:
    return list(app.query(FooterKey))


async def test_it_shows_the_keys_of_what_has_the_focus() -> None:
    app = Host()
    async with app.run_test() as pilot:
        await pilot.pause()
        assert [key.description for key in keys(app)] == ["Send"]
        app.query_one("#special").focus()
        await pilot.pause()
        await pilot.pause()
        assert [key.description for key in keys(app)] == ["Send", "Clear"]


async def test_no_key_is_cut_off() -> None:
    app = Host()
    # " F5 Send " takes nine cells, " F6 Clear " ten
    async with app.run_test(size=(18, 20)) as pilot:
        app.query_one("#special").focus()
        await pilot.pause()
        await pilot.pause()
        assert [key.description for key in keys(app) if key.display] == ["Send"]
        await pilot.resize_terminal(19, 20)
        await pilot.pause()
        await pilot.pause()
        assert [key.description for key in keys(app) if key.display] == ["Send", "Clear"]


async def test_it_stays_as_it_is_when_the_window_loses_and_gets_the_focus() -> None:
    app = Host()
    async with app.run_test() as pilot:
        await pilot.pause()
        before = keys(app)
        app.post_message(AppBlur())
        await pilot.pause()
        app.post_message(AppFocus())
        await pilot.pause()
        await pilot.pause()
        assert app.app_focus
        after = keys(app)
        assert len(before) == len(after) == 1
        assert before[0] is after[0]
