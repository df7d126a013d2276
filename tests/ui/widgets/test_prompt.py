from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.pilot import Pilot

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


def shown(prompt: Prompt) -> str:
    """The text as it looks."""
    return prompt.text.replace("\u00a0", " ")


async def test_enter_sends_and_empties_the_prompt() -> None:
    app = PromptApp()
    async with app.run_test() as pilot:
        await pilot.press(*"hello", "enter")

        assert app.sent == ["hello"]
        assert app.query_one(Prompt).text == ""


async def test_ctrl_u_deletes_a_wrapped_line_whole_and_then_the_line_break() -> None:
    app = PromptApp()
    async with app.run_test(size=(20, 10)) as pilot:
        prompt = app.query_one(Prompt)
        prompt.put("first\n" + "word " * 12)
        await pilot.press("ctrl+u")
        assert prompt.text == "first\n"
        await pilot.press("ctrl+u")
        assert prompt.text == "first"


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

        assert shown(prompt) == "a[pasted text 1 · 30,000 characters]b"
        assert prompt.unfolded == "a" + "x" * 30_000 + "b"


async def test_up_on_the_first_line_recalls_and_down_comes_back() -> None:
    app = PromptApp()
    async with app.run_test() as pilot:
        await pilot.press(*"one", "enter", *"tw")

        await pilot.press("up")
        assert app.query_one(Prompt).text == "one"
        await pilot.press("down")
        assert app.query_one(Prompt).text == "tw"


LARGE = "".join(f"line {number}\n" for number in range(4_000))
MARK = f"[pasted text 1 · {len(LARGE):,} characters]"


@asynccontextmanager
async def pasted(before: str = "a", after: str = "b") -> AsyncIterator[tuple[Pilot[None], Prompt]]:
    """A prompt with a folded paste between two texts."""
    app = PromptApp()
    async with app.run_test() as pilot:
        prompt = app.query_one(Prompt)
        await pilot.press(*before)
        app.post_message(events.Paste(LARGE))
        await pilot.pause()
        await pilot.press(*after)
        assert shown(prompt) == before + MARK + after
        yield pilot, prompt


async def test_recalling_and_coming_back_keeps_a_folded_paste() -> None:
    async with pasted() as (pilot, prompt):
        prompt.recall.add("an earlier one")
        await pilot.press("up")
        assert prompt.text == "an earlier one"
        await pilot.press("down")
        assert prompt.unfolded == f"a{LARGE}b"
        assert len(prompt.text) < 100, "it is folded again"


async def test_a_large_prompt_is_recalled_folded() -> None:
    async with pasted("", "") as (pilot, prompt):
        await pilot.press("enter", "up")
        assert (shown(prompt), prompt.unfolded) == (MARK, LARGE)


@pytest.mark.parametrize(
    ("keys", "rest"),
    [
        (["left", "backspace"], "ab"),
        (["home", "right", "delete"], "ab"),
        (["left", "left", "left", "backspace"], "ab"),
        (["left", "left", "left", "delete"], "ab"),
        (["left", "ctrl+w"], "ab"),
        (["shift+left", "shift+left", "x"], "ax"),
        (["ctrl+u"], ""),
    ],
)
async def test_deleting_in_a_mark_deletes_it_whole_and_undo_brings_the_text_back(
    keys: list[str], rest: str
) -> None:
    async with pasted() as (pilot, prompt):
        await pilot.press(*keys)
        assert prompt.text == rest
        await pilot.press("ctrl+z")
        assert (shown(prompt), prompt.unfolded) == (f"a{MARK}b", f"a{LARGE}b")


@pytest.mark.parametrize(
    ("keys", "typed"), [(["x"], "x"), (["ctrl+j"], "\n"), (["x", "backspace"], "")]
)
async def test_typing_inside_a_mark_comes_behind_it(keys: list[str], typed: str) -> None:
    async with pasted() as (pilot, prompt):
        await pilot.press("left", "left", "left", *keys)
        assert prompt.unfolded == f"a{LARGE}{typed}b"


async def test_moving_through_a_mark_changes_nothing() -> None:
    async with pasted() as (pilot, prompt):
        for key in ("home", *["right"] * (len(MARK) + 2), *["left"] * 10, "ctrl+left"):
            prompt.post_message(events.Key(key, None))
        await pilot.pause()
        assert prompt.unfolded == f"a{LARGE}b"


async def test_words_that_look_like_a_mark_are_just_words() -> None:
    async with pasted("", "") as (pilot, prompt):
        for character in MARK:
            prompt.post_message(events.Key("key", character))
        await pilot.pause()
        assert prompt.unfolded == LARGE + MARK


async def test_a_mark_pasted_from_the_screen_is_just_words() -> None:
    async with pasted("", "") as (pilot, prompt):
        pilot.app.post_message(events.Paste(f" see {prompt.text}"))
        await pilot.pause()
        assert prompt.unfolded == f"{LARGE} see {MARK}"


async def test_a_mark_within_a_folded_text_is_a_part_of_it() -> None:
    async with pasted("", "") as (pilot, prompt):
        quoting = "x" * 30_000 + prompt.text
        pilot.app.post_message(events.Paste(quoting))
        await pilot.pause()
        assert prompt.unfolded == LARGE + quoting


async def test_a_mark_is_cut_copied_and_pasted_in_full() -> None:
    async with pasted("", "") as (pilot, prompt):
        prompt.select_all()
        await pilot.press("ctrl+c")
        assert pilot.app.clipboard == LARGE
        prompt.select_all()
        await pilot.press("ctrl+x", "z", "ctrl+v")
        assert prompt.unfolded == "z" + LARGE
        assert len(prompt.text) < 100


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


async def test_joiners_can_be_typed() -> None:
    app = PromptApp()
    async with app.run_test() as pilot:
        for character in "می\u200cخ 👩\u200d💻":
            app.post_message(events.Key(character, character))
        await pilot.pause()

        assert app.query_one(Prompt).text == "می\u200cخ 👩\u200d💻"
