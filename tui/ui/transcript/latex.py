r"""LaTeX formulas as readable Unicode: ``\frac{a}{b}`` becomes ``a/b``, ``x_{i+1}`` ``xᵢ₊₁``.

pylatexenc parses the formula and knows its symbols. What is added here keeps the meaning that a
plain text would lose: parentheses around what a fraction, a root or an index covers.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pylatexenc.latex2text import LatexNodes2Text
    from pylatexenc.macrospec import LatexContextDb

_LONGEST = 4_000
"""Characters of a formula, past which it is shown as it was written."""

# What pylatexenc's own tables lack; a test tells when they no longer do.
SYMBOLS = {
    "Box": "□", "Im": "ℑ", "Re": "ℜ", "bot": "⊥", "checkmark": "✓", "colon": ":", "coloneqq": "≔",
    "degree": "°", "gets": "←", "iff": "⟺", "implies": "⟹", "land": "∧", "lor": "∨",
    "models": "⊨", "ne": "≠", "neg": "¬", "triangle": "△", "|": "‖",
}  # fmt: skip
_WORDS = frozenset(
    ("Pr", "arg", "argmax", "argmin", "deg", "det", "dim", "gcd", "hom", "ker", "lcm", "mod", "sec")
)
_SILENT = frozenset(
    ["displaystyle", "left", "limits", "middle", "nolimits", "nonumber", "notag", "right"]
    + ["textstyle"]
    + [size + side for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r")]
)
_ATOM = re.compile(r"\d+(?:[.,]\d+)?|[d∂]?[^\W\d_][′!⁰-₎ᴬ-ᶿ²³¹\u0300-\u036f]*|.|√.", re.DOTALL)
_CHARACTER_ATOM = re.compile(r"\d+|.", re.DOTALL)
_FORMULA_SIGN = re.compile(r"[\\^_=<>+*/|∈≤≥→]")
# Possessive, and only from where a word begins: the time grows with the length and no faster.
_PRICE = re.compile(r"\d[\d.,]*+\w*+\s++[a-z]{2,}")
_PROSE = re.compile(r"(?<![^\W\d_])[^\W\d_]{2,}+[\s,]++\S*[^\W\d_]{2,}|\d\s++[a-z]{2,}")
_COMMENT = re.compile(r"(?<!\\)%.*")
_SPACES = re.compile(r"[ \t]*\n[ \t\n]*|[ \t]+")
_SCRIPT_BLOCKS = (
    range(0x2B0, 0x300), range(0x1D2C, 0x1DC0), range(0x2070, 0x209D), range(0x2C7C, 0x2C7E),
    range(0xB2, 0xB4), range(0xB9, 0xBA),
)  # fmt: skip
_MARKS = {"^": "<super>", "_": "<sub>"}


class _UnknownError(Exception):
    """The formula holds something that has no plain text."""


@lru_cache(1024)
def readable(source: str) -> str | None:
    """The formula (without its dollars) as text, or None if only the source can say it.

    A formula of several lines (``aligned``, ``cases``) has line breaks.
    """
    from pylatexenc.latexwalker import LatexWalker

    if len(source) > _LONGEST:
        return None
    # Line breaks of the source mean nothing, but they end comments.
    source = " ".join(_COMMENT.sub("", source).split())
    try:
        walker = LatexWalker(source, latex_context=_macros(), tolerant_parsing=False)
        state = walker.make_parsing_state(in_math_mode=True)
        nodes, _, _ = walker.get_latex_nodes(parsing_state=state)
        text = _writer().nodelist_to_text(nodes)
    except Exception:  # noqa: BLE001 - on some formulas the parser fails with errors of any kind
        return None
    text = _SPACES.sub(lambda match: "\n" if "\n" in match.group() else " ", text).strip()
    return text or None


def looks_like_math(content: str) -> bool:
    r"""Whether what stands between two delimiters is a formula, and not prose or prices.

    ``$5 to 10$`` and ``\[an escaped bracket\]`` are text: several words and nothing of a formula.
    """
    if len(content) > _LONGEST or not content.strip():
        return False
    if _FORMULA_SIGN.search(content):
        return not _PRICE.match(content)
    return _PROSE.search(content) is None


def script(mark: str, text: str) -> str:
    """An exponent (``^``) or an index (``_``): in small characters if there are any."""
    small = _small(mark)
    if all(character in small for character in text):
        return "".join(small[character] for character in text)
    return mark + (text if _CHARACTER_ATOM.fullmatch(text) else f"({text})")


def enclosed(text: str) -> str:
    """The text in parentheses, unless it holds together without."""
    return text if _ATOM.fullmatch(text) else f"({text})"


@cache
def _small(mark: str) -> Mapping[str, str]:
    """Superscript or subscript characters by the character that they are small forms of."""
    found: dict[str, str] = {" ": "" if mark == "_" else " "}
    for block in _SCRIPT_BLOCKS:
        for code in block:
            kind, _, base = unicodedata.decomposition(chr(code)).partition(" ")
            if kind == _MARKS[mark] and " " not in base:
                found.setdefault(chr(int(base, 16)), chr(code))
    found["-"] = found["\N{MINUS SIGN}"]
    if mark == "^":
        found |= {"'": "′", "′": "′", "*": "*", "∘": "°", "°": "°"}
    return found


@cache
def _macros() -> "LatexContextDb":
    """What the parser knows, and the arguments of some macros that it lacks."""
    from pylatexenc.latexwalker import get_default_latex_context_db
    from pylatexenc.macrospec import std_macro

    context = get_default_latex_context_db()
    macros = [std_macro(name, arguments) for name, arguments in _ARGUMENTS.items()]
    context.add_context_category("formulas", macros=macros, prepend=True)
    return context


@cache
def _writer() -> "LatexNodes2Text":
    """The converter, made when the first formula is shown."""
    from pylatexenc import latex2text, latexwalker

    context = latex2text.get_default_latex_context_db()

    class Writer(latex2text.LatexNodes2Text):  # type: ignore[misc] # it comes without types
        """Writes nodes as text; scripts are made of the node that follows their mark."""

        def nodelist_to_text(self, nodelist: list[object]) -> str:
            parts: list[str] = []
            mark = ""
            for node in nodelist:
                if isinstance(node, latexwalker.LatexCharsNode):
                    for character in node.chars:
                        if mark and not character.isspace():
                            parts.append(script(mark, character))
                            mark = ""
                        elif character in _MARKS:
                            mark = character
                        elif not mark:
                            parts.append("′" if character == "'" else character)
                    continue
                text = self.node_to_text(node)
                if mark:
                    parts.append(script(mark, text.strip()))
                    mark = ""
                else:
                    parts.append(text)
                if isinstance(node, latexwalker.LatexMacroNode):
                    parts.append(node.macro_post_space and " ")
            return "".join(parts) + mark

        def macro_node_to_text(self, node: "latexwalker.LatexMacroNode") -> str:
            name = node.macroname
            if name in _SILENT:
                return ""
            if name in _WORDS:
                return str(name)
            if name in SYMBOLS:
                return SYMBOLS[name]
            arguments = [
                self._groupnodecontents_to_text(argument).strip() if argument is not None else ""
                for argument in (node.nodeargd.argnlist if node.nodeargd else ()) or ()
            ]
            if (write := _SHAPES.get(name)) and len(arguments) == write[0]:
                return write[1](arguments)
            if context.get_macro_spec(name) is None:
                raise _UnknownError(name)
            return str(super().macro_node_to_text(node))

        def environment_node_to_text(self, node: "latexwalker.LatexEnvironmentNode") -> str:
            text = str(super().environment_node_to_text(node))
            name = node.environmentname
            if name == "cases":
                return "{ " + "; ".join(filter(None, map(str.strip, text.split("\n"))))
            return text if "matrix" in name or name == "array" else f"\n{text}\n"

    return Writer(latex_context=context, math_mode="text", strict_latex_spaces="macros")


def _fraction(arguments: list[str]) -> str:
    return f"{enclosed(arguments[0])}/{enclosed(arguments[1])}"


def _root(arguments: list[str]) -> str:
    degree, body = arguments
    sign = {"": "√", "2": "√", "3": "∛", "4": "∜"}.get(degree) or script("^", degree) + "√"
    return sign + enclosed(body)


def _over(mark: str) -> Callable[[list[str]], str]:
    return lambda arguments: "".join(character + mark for character in arguments[0])


_FRACTIONS = ("frac", "dfrac", "tfrac", "cfrac")
_PLAIN = ("operatorname", "boldsymbol", "bm", "boxed", "mathop")
_SHAPES: Mapping[str, tuple[int, Callable[[list[str]], str]]] = (
    {
        "sqrt": (2, _root),
        "overline": (1, _over("\N{COMBINING OVERLINE}")),
        "underline": (1, _over("\N{COMBINING LOW LINE}")),
        "binom": (2, lambda arguments: f"({arguments[0]} choose {arguments[1]})"),
        "pmod": (1, lambda arguments: f"(mod {arguments[0]})"),
        "overset": (2, lambda arguments: arguments[1] + script("^", arguments[0])),
        "underset": (2, lambda arguments: arguments[1] + script("_", arguments[0])),
        "xrightarrow": (2, lambda arguments: f"→{script('^', arguments[1])}"),
    }
    | dict.fromkeys(_FRACTIONS, (2, _fraction))
    | dict.fromkeys(_PLAIN, (1, lambda arguments: arguments[0]))
)
_ARGUMENTS = (
    dict.fromkeys((*_FRACTIONS, "binom", "overset", "underset"), "{{")
    | dict.fromkeys((*_PLAIN, "pmod"), "{")
    | {"xrightarrow": "[{"}
)
