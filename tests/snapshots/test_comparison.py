"""The comparison itself: what it forgives, and what it tells."""

from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.widgets import Static

from tests.snapshots.conftest import compare_with_file
from tests.snapshots.svg import normalised, words_of


class Words(App[None]):
    """Shows some words."""

    def __init__(self, words: str, style: str = "none") -> None:
        super().__init__()
        self._words = words
        self._style = style

    def compose(self) -> ComposeResult:
        widget = Static(self._words, markup=False)
        widget.styles.text_style = self._style
        yield widget


async def shot(words: str, style: str = "none") -> str:
    app = Words(words, style)
    async with app.run_test(size=(40, 4)):
        return app.export_screenshot()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


async def test_the_words_on_screen_are_read_back() -> None:
    svg = await shot("one  <two> & [three]\n汉字 ok")
    assert words_of(svg)[:2] == ["one  <two> & [three]", "汉字 ok"]


async def test_what_is_kept_names_no_host_and_no_run() -> None:
    kept = normalised(await shot("same"))
    assert "url(http" not in kept
    assert "@font-face" not in kept
    assert kept == normalised(await shot("same"))
    assert normalised(kept) == kept


async def test_a_first_screen_fails_until_it_is_written(tmp_path: Path) -> None:
    committed = tmp_path / "words.svg"
    made = normalised(await shot("words"))
    with pytest.raises(pytest.fail.Exception, match="is not what is on screen"):
        compare_with_file(committed, made, updating=False)
    compare_with_file(committed, made, updating=True)
    compare_with_file(committed, made, updating=False)
    assert names(tmp_path) == ["words.svg"]


async def test_a_difference_is_told_in_words_and_kept(tmp_path: Path) -> None:
    committed = tmp_path / "words.svg"
    committed.write_text(normalised(await shot("before")))
    made = normalised(await shot("after"))
    with pytest.raises(pytest.fail.Exception, match=r"-before\n\+after"):
        compare_with_file(committed, made, updating=False)
    assert (tmp_path / "words.new.svg").read_text() == made


async def test_a_style_is_a_difference_too(tmp_path: Path) -> None:
    committed = tmp_path / "words.svg"
    committed.write_text(normalised(await shot("same")))
    with pytest.raises(pytest.fail.Exception, match="colours or styles differ"):
        compare_with_file(committed, normalised(await shot("same", "bold")), updating=False)
