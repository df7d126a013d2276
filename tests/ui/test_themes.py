"""Every theme can be read, in both senses."""

import os
from pathlib import Path

import pytest
from rich.color import Color as RichColor
from rich.color import ColorSystem
from textual.app import App, ComposeResult
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme
from textual.widgets import DataTable, Footer, Input, OptionList, Static

from tui.ui.themes import (
    READABLE,
    ThemeFileError,
    contrast,
    load_themes,
    parse_theme,
    readable,
    theme_variable_defaults,
)

SHIPPED = {theme.name: theme for theme in load_themes(Path("no-such-folder")).themes}
SMALLEST = '[colors]\nbackground = "#101010"\nforeground = "#e0e0e0"\naccent = "#6cb6ff"\n'
OURS = ("money", "quiet", "user-bar", "answer-bar")


def variables(theme: Theme) -> dict[str, str]:
    """What the stylesheets see under a theme, ours included."""
    generated = theme.to_color_system().generate()
    return theme_variable_defaults(theme) | generated | theme.variables


def ratio(theme: Theme, text: str, background: str) -> float:
    seen = variables(theme)
    return contrast(Color.parse(seen[text]), Color.parse(seen[background]))


def test_dark_light_and_high_contrast_are_shipped() -> None:
    assert {"workbench-dark", "workbench-light", "workbench-contrast"} <= SHIPPED.keys()
    assert SHIPPED["workbench-dark"].dark
    assert not SHIPPED["workbench-light"].dark
    assert not load_themes(Path("no-such-folder")).problems


@pytest.mark.parametrize("background", ["background", "surface", "panel"])
@pytest.mark.parametrize(
    "text",
    [
        "foreground",
        "quiet",
        "money",
        "accent",
        "warning",
        "error",
        "text-muted",
        "text-accent",
        "text-warning",
        "footer-description-foreground",
        "footer-key-foreground",
    ],
)
@pytest.mark.parametrize("name", SHIPPED)
def test_every_word_of_a_shipped_theme_can_be_read(name: str, text: str, background: str) -> None:
    least = 7.0 if name == "workbench-contrast" else READABLE
    assert ratio(SHIPPED[name], text, background) >= least


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize(
    ("text", "background"),
    [
        ("block-cursor-foreground", "block-cursor-background"),
        ("block-cursor-blurred-foreground", "block-cursor-blurred-background"),
        ("input-cursor-foreground", "input-cursor-background"),
        ("screen-selection-foreground", "screen-selection-background"),
        ("link-color-hover", "link-background-hover"),
    ],
)
def test_what_is_selected_can_be_read(name: str, text: str, background: str) -> None:
    assert ratio(SHIPPED[name], text, background) >= READABLE


@pytest.mark.parametrize("name", SHIPPED)
def test_bars_can_be_told_from_the_background(name: str) -> None:
    for bar in ("user-bar", "answer-bar"):
        assert ratio(SHIPPED[name], bar, "background") >= 3


@pytest.mark.parametrize("name", [name for name, theme in BUILTIN_THEMES.items() if not theme.ansi])
def test_our_variables_can_be_read_under_the_themes_of_textual(name: str) -> None:
    for text in ("money", "quiet"):
        assert ratio(BUILTIN_THEMES[name], text, "background") >= READABLE


class EveryVariable(App[None]):
    """Uses each of our variables as a colour and as a background."""

    CSS = "\n".join(
        f"#{name} {{ color: ${name}; background: ${name}; border: tall ${name}; }}" for name in OURS
    )

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return theme_variable_defaults(self.current_theme)

    def compose(self) -> ComposeResult:
        for name in OURS:
            yield Static(name, id=name)
        yield Input()
        yield OptionList("one")
        yield DataTable()
        yield Footer()


async def test_our_variables_exist_under_every_theme() -> None:
    app = EveryVariable()
    for theme in SHIPPED.values():
        app.register_theme(theme)
    async with app.run_test() as pilot:
        for name in app.available_themes:
            app.theme = name
            await pilot.pause()
            for variable in OURS:
                assert app.query_one(f"#{variable}").styles.color, (name, variable)
        app.theme = "workbench-light"
        await pilot.pause()
        wanted = Color.parse(SHIPPED["workbench-light"].variables["money"])
        assert app.query_one("#money").styles.color == wanted


def test_three_colours_are_a_whole_theme() -> None:
    theme = parse_theme("mine", SMALLEST)
    assert theme.dark
    assert theme.primary == "#6cb6ff"
    for text in ("quiet", "money", "warning", "error"):
        assert ratio(theme, text, "background") >= READABLE
    light = parse_theme(
        "mine", SMALLEST.replace("#101010", "#fafafa").replace("#e0e0e0", "#222222")
    )
    assert not light.dark
    for text in ("quiet", "money", "warning", "error"):
        assert ratio(light, text, "background") >= READABLE


def test_a_variable_of_textual_can_be_set() -> None:
    theme = parse_theme(
        "mine", SMALLEST + '[variables]\nscrollbar = "#123456"\nmoney = "#abcdef"\n'
    )
    assert variables(theme)["scrollbar"] == "#123456"
    assert variables(theme)["money"] == "#abcdef"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[colors", "no TOML"),
        ("a = " + "[" * 5000, "no TOML"),
        ("", "lacks background, foreground, accent"),
        ('[colors]\nbackground = "#000000"', "lacks foreground, accent"),
        (SMALLEST + 'acent = "#000000"', "no colour “acent”"),
        (SMALLEST + 'money = "green"', "money is not a colour"),
        (SMALLEST + "money = 5", "money is not a colour"),
        (SMALLEST + 'money = "#12345"', "money is not a colour"),
        ("colors = 5", "are tables"),
        (SMALLEST + "[variables]\nnew = '#000000'", "no colour “new”"),
        (SMALLEST + "[variables]\nlink-style = '#000000'", "no colour “link-style”"),
        (SMALLEST + "[variables]\nborder = '} * { display: none'", "border is not a colour"),
        (SMALLEST + "[colours]", "nothing is known of “colours”"),
    ],
    ids=range(13),
)
def test_a_bad_file_says_what_is_wrong(text: str, words: str) -> None:
    with pytest.raises(ThemeFileError, match=words.replace("(", r"\(")):
        parse_theme("mine", text)


def test_the_users_themes_are_added(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(SMALLEST)
    (tmp_path / "notes.txt").write_text("not a theme")
    loaded = load_themes(tmp_path)
    assert [theme.name for theme in loaded.themes] == [*SHIPPED, "mine"]
    assert not loaded.problems


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("workbench-dark.toml", SMALLEST.encode(), "a theme of this name already"),
        ("nord.toml", SMALLEST.encode(), "a theme of this name already"),
        ("My Theme.toml", SMALLEST.encode(), "small letters"),
        ("\x1b]0;x\x07.toml", SMALLEST.encode(), "small letters"),
        ("broken.toml", b"[colors", "no TOML"),
        ("binary.toml", b"\xff\xfe\x00", "not UTF-8"),
        ("huge.toml", b"#" * 100_000, "too large"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_and_the_others_are_there(
    tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(content)
    (tmp_path / "mine.toml").write_text(SMALLEST)
    loaded = load_themes(tmp_path)
    assert [theme.name for theme in loaded.themes] == [*SHIPPED, "mine"]
    assert len(loaded.problems) == 1
    assert words in loaded.problems[0]
    assert loaded.problems[0].isprintable()


def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    (tmp_path / "folder.toml").mkdir()
    assert len(load_themes(tmp_path).problems) == 2


def test_a_folder_that_is_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "themes").write_text("")
    loaded = load_themes(tmp_path / "themes")
    assert loaded.themes
    assert "cannot be read" in loaded.problems[0]


@pytest.mark.parametrize("background", ["#000000", "#ffffff", "#777777", "#808080", "#00ff00"])
def test_a_readable_colour_exists_on_every_background(background: str) -> None:
    on = Color.parse(background)
    for color in ("#000000", "#ffffff", "#777777", "#ff0000", background):
        assert contrast(readable(Color.parse(color), on), on) >= READABLE


def test_contrast_is_that_of_wcag() -> None:
    assert contrast(Color.parse("#ffffff"), Color.parse("#000000")) == 21
    assert round(contrast(Color.parse("#777777"), Color.parse("#ffffff")), 2) == 4.48


def test_own_surfaces_are_grey_and_apart_with_256_colours() -> None:
    for theme in SHIPPED.values():
        shown = []
        for color in (theme.background, theme.surface, theme.panel):
            assert color is not None
            number = RichColor.parse(color).downgrade(ColorSystem.EIGHT_BIT).number
            assert number in (16, 231) or (number is not None and number >= 232), (
                theme.name,
                color,
            )
            shown.append(number)
        assert len(set(shown)) == 3, theme.name
