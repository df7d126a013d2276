import pytest
from textual.color import Color
from textual.css.parse import parse

from tui.ui.stylesheet import RememberingStylesheet


def test_a_theme_that_was_on_before_is_not_parsed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    def counting(scope: str, css: str, *arguments: object, **options: object) -> object:
        parsed.append(css)
        return parse(scope, css, *arguments, **options)  # type: ignore[arg-type] # as it comes

    monkeypatch.setattr("textual.css.stylesheet.parse", counting)
    sheet = RememberingStylesheet(variables={"ink": "red"})
    sheet.add_source("Label { color: $ink; }", read_from=("label", ""))
    assert sheet.rules[0].styles.color == Color.parse("red")
    for name in ("blue", "red", "blue"):
        sheet.set_variables({"ink": name})
        sheet.reparse()
        assert sheet.rules[0].styles.color == Color.parse(name)
    assert len(parsed) == 2
    sheet.add_source("Input { color: $ink; }", read_from=("input", ""))
    sheet.reparse()
    assert [rule.styles.color for rule in sheet.rules] == 2 * [Color.parse("blue")]
    assert len(parsed) == 3
