"""Formulas as text, and what is no formula at all."""

import pytest
from pylatexenc.latex2text import get_default_latex_context_db

from tests.ui.transcript.support import drawn, pieces, streamed
from tui.ui.transcript.latex import SYMBOLS, looks_like_math, readable


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("E = mc^2", "E = mc²"),
        (r"\alpha \leq \beta", "α ≤ β"),
        (r"\sum_{i=1}^n x_i^2", "∑ᵢ₌₁ⁿ xᵢ²"),
        (r"\frac{a}{b}", "a/b"),
        (r"\frac{a+b}{2a}", "(a+b)/(2a)"),
        (r"\frac{dy}{dx}", "dy/dx"),
        (r"\dfrac{1}{2}", "1/2"),
        (r"\sqrt{b^2-4ac}", "√(b²-4ac)"),
        (r"\sqrt[3]{x}", "∛x"),
        (r"e^{i\pi}", "e^(iπ)"),
        (r"x_{i+1}", "xᵢ₊₁"),
        (r"a_{n_k}", "a_(nₖ)"),
        (r"\mathbb{R}^n", "ℝⁿ"),
        (r"f'(x)", "f′(x)"),
        (r"90^\circ", "90°"),
        (r"\lim_{x \to 0} \frac{\sin x}{x}", "lim_(x → 0) (sin x)/x"),
        (r"\operatorname{softmax}(z_i)", "softmax(zᵢ)"),
        (r"\text{if } x > 0", "if x > 0"),
        (r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", "[ a b; c d ]"),
        (r"\begin{aligned} a &= b \\ c &= d \end{aligned}", "a = b\nc = d"),
    ],
)
def test_formulas_are_written_as_text_that_means_the_same(source: str, text: str) -> None:
    assert readable(source) == text


def test_a_symbol_is_added_only_if_the_library_lacks_it() -> None:
    specs = map(get_default_latex_context_db().get_macro_spec, SYMBOLS)
    assert [spec.macroname for spec in specs if spec is not None and spec.macroname] == []


@pytest.mark.parametrize(
    "source",
    [
        r"\unknown{x}",
        r"\frac{1}{2",
        "{",
        r"\ce{H2O}",
        "x" * 5_000,
        r"\overline\sqrt{x}",
        r"\vec\sqrt{x}",
        r"\href{https://a.example}{b}",
        r"\verb",
        r"\begin{array}{cc}\end{array}",
        r"\begin{pmatrix}\end{pmatrix}",
    ],
)
def test_what_cannot_be_said_in_text_is_left_to_the_source(source: str) -> None:
    assert readable(source) is None


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("so $x^2$ is", ["so x² is"]),
        (r"so \(x^2\) is", ["so x² is"]),
        ("so $$x^2$$ is", ["so x² is"]),
        ("$$x^2$$", ["    x²"]),
        ("$$\nx^2\n$$", ["    x²"]),
        ("\\[\na\n- b\n\\]\nend", ["    a - b", "end"]),
        ("so\n\\[ x^2 \\]", ["so", "    x²"]),
        ("- item\n\n  $$\n  x_1\n  $$", [" • item", "", "       x₁"]),
        ("| a | $b$ |\n|---|---|\n| 1 | $x^2$ |", ["a │ b", "──┼───", "1 │ x²"]),
        (r"$\unknown{x}$", [r"$\unknown{x}$"]),
        ("$$\n\\unknown\n$$", ["$$", "\\unknown", "$$"]),
    ],
)
def test_formulas_are_found_in_markdown(text: str, rows: list[str]) -> None:
    assert drawn(text) == rows


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5 and $10.",
        "from $5 to 10$ each",
        "$5/month or $10/year",
        "between $5-$10",
        "US$5, A$6 and 7$",
        "$HOME and $PATH",
        "$HOME/bin:$PATH",
        "($5) or ($10)",
        "a $ b $ c",
        "$$ is the pid",
    ],
)
def test_prices_and_variables_are_no_formulas(text: str) -> None:
    assert drawn(text) == [text]


@pytest.mark.parametrize(
    "content", ["a" * 5_000, "x^2" * 2_000, "one, two", "a ab,,cd", "5 dollars", "5.00 each / b"]
)
def test_prose_and_what_is_too_long_to_be_written_as_text_is_no_formula(content: str) -> None:
    assert not looks_like_math(content)


@pytest.mark.parametrize(
    "content", ["ab", "ab, c", "a b c", "12 + 3", "5 a", "a\\ ab", "1.5,2x^2 c"]
)
def test_what_is_short_and_has_signs_or_no_words_is_a_formula(content: str) -> None:
    assert looks_like_math(content)


def test_code_is_no_formula() -> None:
    assert drawn("`$x^2$`") == ["$x^2$"]
    assert drawn("```\n$x^2$\n```")[1].startswith("│ $x^2$")


def test_escaped_brackets_around_prose_are_brackets() -> None:
    assert drawn(r"\[an aside\] and \(another one\)") == ["[an aside] and (another one)"]


def test_a_formula_that_never_ends_is_text_up_to_the_next_blank_line() -> None:
    assert drawn("$$\nx^2\n\ntext") == ["$$ x^2", "", "text"]


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_formulas_do_not_depend_on_how_they_arrived(size: int) -> None:
    text = "so $x^2$\n$$\n\\frac{a}{b}\n$$\nand \\[ y \\]\n\n\\[\nz\n\\]\n- $5 and $6\n"
    assert streamed(pieces(text, [size])) == streamed([text])
