import pytest
from textual import events
from textual.app import App, ComposeResult

from tui.ui.messages import PromptSubmitted, ScrollRequested
from tui.ui.widgets.prompt import Prompt


class PromptApp(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.sent: list[str] = []
        self.scrolled: list[int] = []

    def compose(self) -> ComposeResult:
        yield Prompt()

    def on_prompt_submitted(self, message: PromptSubmitted) -> None:
        self.sent.append(message.text)

    def on_scroll_requested(self, message: ScrollRequested) -> None:
        self.scrolled.append(message.pages)


async def test_enter_sends_and_empties_the_prompt() -> None:
    app = PromptApp()
    async with app.run_test() as pilot:
        await pilot.press(*"hello", "enter")

        assert app.sent == ["hello"]
        assert app.query_one(Prompt).text == ""


async def test_keys_that_arrive_in_one_burst_are_taken_in_their_order() -> None:
    app = PromptApp()
    async with app.run_test() as pilot:
        for key in ("o", "n", "e", "enter", "t", "w", "o", "shift+enter", "!", "enter"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await pilot.pause()

        assert app.sent == ["one", "two\n!"]


async def test_deleting_in_a_burst_deletes_where_it_was_typed() -> None:
    app = PromptApp()
    async with app.run_test() as pilot:
        for key in (*"abX", "backspace", *"cdY", "backspace", *"ef"):
            app.post_message(events.Key(key, key if len(key) == 1 else None))
        await pilot.pause()

        assert app.query_one(Prompt).text == "abcdef"


@pytest.mark.parametrize("key", ["shift+enter", "alt+enter", "ctrl+j"])
async def test_the_newline_keys_start_a_line_and_send_nothing(key: str) -> None:
    app = PromptApp()
    async with app.run_test() as pilot:
        await pilot.press("a", key, "b")

        assert app.query_one(Prompt).text == "a\nb"
        assert app.sent == []


@pytest.mark.parametrize("blank", ["", "   "])
async def test_nothing_is_sent_without_words(blank: str) -> None:
    app = PromptApp()
    async with app.run_test() as pilot:
        app.query_one(Prompt).put(blank)
        await pilot.press("enter")

        assert app.sent == []


@pytest.mark.parametrize("size", [10, 200_000])
async def test_a_paste_of_any_size_is_never_sent_by_its_line_breaks(size: int) -> None:
    pasted = "line\r\nend\r" * size
    app = PromptApp()
    async with app.run_test() as pilot:
        app.post_message(events.Paste(pasted))
        await pilot.pause()
        assert app.sent == []

        await pilot.press("enter")

        assert app.sent == ["line\nend\n" * size]


async def test_a_large_paste_is_folded_in_the_text_around_it() -> None:
    app = PromptApp()
    async with app.run_test() as pilot:
        await pilot.press("a")
        app.post_message(events.Paste("x" * 30_000))
        await pilot.press("b")
        prompt = app.query_one(Prompt)

        assert prompt.text == "a[pasted text 1 · 30,000 characters]b"
        assert prompt.unfolded == "a" + "x" * 30_000 + "b"


async def test_up_on_the_first_line_recalls_and_down_comes_back() -> None:
    app = PromptApp()
    async with app.run_test() as pilot:
        await pilot.press(*"one", "enter", *"tw")

        await pilot.press("up")
        assert app.query_one(Prompt).text == "one"
        await pilot.press("down")
        assert app.query_one(Prompt).text == "tw"


async def test_up_inside_a_longer_text_moves_the_cursor() -> None:
    app = PromptApp()
    async with app.run_test() as pilot:
        await pilot.press(*"one", "enter", "a", "ctrl+j", "b", "up")

        assert app.query_one(Prompt).text == "a\nb"
        assert app.query_one(Prompt).cursor_location == (0, 1)


async def test_page_keys_are_for_the_transcript() -> None:
    app = PromptApp()
    async with app.run_test() as pilot:
        await pilot.press("pageup", "pagedown")

        assert app.scrolled == [-1, 1]
