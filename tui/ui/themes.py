"""The colours: our own themes and the user's, read from TOML files of a few colours each.

A theme file names what it has to say (background, accent, money, …); what every widget of Textual
needs is worked out from that, so a file of three colours is a whole theme.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from tui.domain.sanitize import single_line

READABLE = 4.5
"""The least contrast of text to its background, as WCAG 2 asks for."""

_REQUIRED = ("background", "foreground", "accent")
_OPTIONAL = ("surface", "panel", "quiet", "money", "warning", "error")
_DARK_EXTRAS = {"money": "#8fd19e", "warning": "#e8b75a", "error": "#ff8b84"}
_LIGHT_EXTRAS = {"money": "#1c6837", "warning": "#7d4a00", "error": "#b3261e"}
_HEX = re.compile(r"#[0-9A-Fa-f]{6}")
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
_LARGEST_FILE = 64 * 1024
_MOST_FILES = 100
_LONGEST_VALUE = 40


class ThemeFileError(ValueError):
    """A theme file cannot be used; the words say why."""


@dataclass(frozen=True, slots=True)
class LoadedThemes:
    """The themes that could be read, and in words why others could not."""

    themes: tuple[Theme, ...]
    problems: tuple[str, ...] = ()


def load_themes(folder: Path) -> LoadedThemes:
    """Our own themes and those in the user's folder; never raises.

    A user's theme may not take the name of another: which of the two was meant would be unclear.
    """
    themes: dict[str, Theme] = {}
    problems: list[str] = []
    own, _ = _theme_files(_shipped_folder())
    users, unread = _theme_files(folder)
    for file in [*own, *users]:
        try:
            name = _name_of(file, {*BUILTIN_THEMES, *themes})
            themes[name] = parse_theme(name, _read(file))
        except ThemeFileError as error:
            problems.append(f"The theme file {single_line(file.name, 60)} is not used: {error}.")
    return LoadedThemes(tuple(themes.values()), (*unread, *problems))


def parse_theme(name: str, text: str) -> Theme:
    """The theme that a file's text describes; raises :class:`ThemeFileError`."""
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ThemeFileError(f"it is no TOML: {single_line(str(error), 80)}") from error
    if unknown := document.keys() - {"colors", "variables"}:
        raise ThemeFileError(f"nothing is known of “{single_line(min(unknown), _LONGEST_VALUE)}”")
    colors = _colors(document.get("colors", {}), {*_REQUIRED, *_OPTIONAL})
    if missing := [color for color in _REQUIRED if color not in colors]:
        raise ThemeFileError(f"[colors] lacks {', '.join(missing)}")
    return _complete(name, colors, document.get("variables", {}))


def theme_variable_defaults(theme: Theme | None = None) -> dict[str, str]:
    """Values for our own variables under a theme that does not know them, such as Textual's.

    ``$money`` for amounts, ``$quiet`` for words that only help, ``$user-bar`` and ``$answer-bar``
    for the bars beside messages.
    """
    theme = theme or BUILTIN_THEMES["textual-dark"]
    colors = theme.to_color_system().generate()
    if theme.ansi:
        return {
            "money": colors["success"],
            "quiet": colors["foreground"],
            "user-bar": colors["accent"],
            "answer-bar": colors["foreground"],
        }
    background, foreground = Color.parse(colors["background"]), Color.parse(colors["foreground"])
    return {
        "money": readable(Color.parse(colors["success"]), background).hex,
        "quiet": readable(background.blend(foreground, 0.65), background).hex,
        "user-bar": colors["accent"],
        "answer-bar": background.blend(foreground, 0.5).hex,
    }


def contrast(one: Color, other: Color) -> float:
    """The contrast of two opaque colours as WCAG 2 defines it, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def readable(color: Color, background: Color) -> Color:
    """The colour, moved towards black or white as far as it takes to be read."""
    ink = max((Color(0, 0, 0), Color(255, 255, 255)), key=lambda ink: contrast(ink, background))
    for step in range(11):
        moved = color.blend(ink, step / 10)
        if contrast(moved, background) >= READABLE:
            return moved
    return ink


def _luminance(color: Color) -> float:
    linear = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in color.normalized
    )
    return sum(
        weight * channel for weight, channel in zip((0.2126, 0.7152, 0.0722), linear, strict=True)
    )


def _shipped_folder() -> Traversable:
    """The folder inside the installed package, or that of the source tree."""
    installed = resources.files("tui") / "_themes"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "themes"


def _theme_files(folder: Traversable) -> tuple[list[Traversable], list[str]]:
    try:
        found = [file for file in folder.iterdir() if file.name.endswith(".toml")]
    except FileNotFoundError:
        return [], []
    except OSError as error:
        return [], [f"Your themes cannot be read: {error.strerror}."]
    return sorted(found, key=lambda file: file.name)[:_MOST_FILES], []


def _name_of(file: Traversable, taken: set[str]) -> str:
    name = file.name.removesuffix(".toml")
    if not _NAME.fullmatch(name):
        raise ThemeFileError("name it with small letters, digits and hyphens")
    if name in taken:
        raise ThemeFileError("there is a theme of this name already; give it another")
    return name


def _read(file: Traversable) -> str:
    try:
        if not file.is_file():
            raise ThemeFileError("it is not a regular file")
        with file.open("rb") as stream:
            raw = stream.read(_LARGEST_FILE + 1)
        if len(raw) > _LARGEST_FILE:
            raise ThemeFileError("it is too large for a few colours")
        return raw.decode()
    except UnicodeDecodeError as error:
        raise ThemeFileError("it is not UTF-8 text") from error
    except OSError as error:
        raise ThemeFileError(error.strerror or "it cannot be read") from error


def _colors(table: object, known: set[str]) -> dict[str, str]:
    """The colours of one table; raises :class:`ThemeFileError` for anything else in it."""
    if not isinstance(table, Mapping):
        raise ThemeFileError("[colors] and [variables] are tables")
    for name, value in table.items():
        if name not in known:
            raise ThemeFileError(f"there is no colour “{single_line(name, _LONGEST_VALUE)}”")
        if not isinstance(value, str) or not _HEX.fullmatch(value):
            raise ThemeFileError(f"{name} is not a colour like #6cb6ff")
    return dict(table)


def _complete(name: str, colors: dict[str, str], variables: object) -> Theme:
    background, foreground = (Color.parse(colors[key]) for key in ("background", "foreground"))
    accent = Color.parse(colors["accent"])
    is_dark = background.brightness < 0.5
    derived = {
        "surface": background.blend(foreground, 0.04).hex,
        "panel": background.blend(foreground, 0.11).hex,
        "quiet": readable(background.blend(foreground, 0.65), background).hex,
    }
    colors = derived | (_DARK_EXTRAS if is_dark else _LIGHT_EXTRAS) | colors
    cursor = background.blend(accent, 0.25).hex
    theme = Theme(
        name=name,
        primary=colors["accent"],
        secondary=colors["quiet"],
        accent=colors["accent"],
        success=colors["money"],
        warning=colors["warning"],
        error=colors["error"],
        foreground=colors["foreground"],
        background=colors["background"],
        surface=colors["surface"],
        panel=colors["panel"],
        dark=is_dark,
        variables={
            "money": colors["money"],
            "quiet": colors["quiet"],
            "user-bar": colors["accent"],
            "answer-bar": background.blend(foreground, 0.5).hex,
            "text-primary": colors["accent"],
            "text-accent": colors["accent"],
            "text-secondary": colors["quiet"],
            "text-success": colors["money"],
            "text-warning": colors["warning"],
            "text-error": colors["error"],
            "text-muted": colors["quiet"],
            "surface-lighten-1": colors["panel"],
            "block-cursor-background": cursor,
            "block-cursor-foreground": colors["foreground"],
            "block-cursor-blurred-background": colors["panel"],
            "block-cursor-blurred-foreground": colors["foreground"],
            "block-hover-background": colors["panel"],
            "border": colors["accent"],
            "border-blurred": colors["panel"],
            "button-color-foreground": colors["background"],
            "footer-background": colors["surface"],
            "footer-foreground": colors["quiet"],
            "footer-description-foreground": colors["quiet"],
            "footer-key-foreground": colors["accent"],
            "input-cursor-background": colors["foreground"],
            "input-cursor-foreground": colors["background"],
            "input-selection-background": cursor,
            "link-color": colors["accent"],
            "link-color-hover": colors["background"],
            "screen-selection-background": cursor,
            "screen-selection-foreground": colors["foreground"],
            "scrollbar": background.blend(foreground, 0.25).hex,
            "scrollbar-hover": background.blend(foreground, 0.4).hex,
            "scrollbar-active": colors["accent"],
            "scrollbar-background": colors["background"],
            "scrollbar-background-hover": colors["background"],
            "scrollbar-background-active": colors["background"],
            "scrollbar-corner-color": colors["background"],
        },
    )
    settable = {key for key in theme.to_color_system().generate() if not key.endswith("-style")}
    theme.variables |= _colors(variables, settable | theme.variables.keys())
    return theme
