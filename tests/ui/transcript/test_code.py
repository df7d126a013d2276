import pytest
from pygments.lexers import PythonLexer
from pygments.token import Comment, Keyword, String, Token
from rich.style import Style

from tui.ui.transcript.blocks import PIECE_LINES, Block, Kind
from tui.ui.transcript.code import Highlighter
from tui.ui.transcript.look import Looks
from tui.ui.transcript.splitter import Splitter

STYLES = {
    "code-keyword": Style(bold=True),
    "code-string": Style(italic=True),
    "code-comment": Style(dim=True),
}
LOOK = Looks(lambda name: STYLES.get(name, Style())).assistant


def colours(blocks: list[Block], highlighter: Highlighter) -> list[list[tuple[str, Style]]]:
    """The pieces of each line, neighbours of one style joined."""
    lines: list[list[tuple[str, Style]]] = []
    for block in blocks:
        for line in highlighter.lines(block, LOOK):
            joined: list[tuple[str, Style]] = []
            for text, style in line:
                if joined and joined[-1][1] == style:
                    joined[-1] = (joined[-1][0] + text, style)
                else:
                    joined.append((text, style))
            lines.append(joined)
    return lines


def test_a_token_takes_the_style_of_its_nearest_kind() -> None:
    assert LOOK.token(Keyword.Reserved) == STYLES["code-keyword"]
    assert LOOK.token(String.Doc) == STYLES["code-string"]
    assert LOOK.token(Comment.Single) == STYLES["code-comment"]
    assert LOOK.token(Token.Punctuation) == Style()


def test_a_string_over_many_lines_keeps_its_colour_from_piece_to_piece() -> None:
    code = ["x = '''", *["return", ""] * (2 * PIECE_LINES), "'''", "return 1"]
    splitter, highlighter = Splitter(), Highlighter()
    splitter.feed("```python\n")
    for line in code:
        splitter.feed(f"{line}\n")
        colours(splitter.tail(), highlighter)
    lines = colours([*splitter.blocks, *splitter.tail()], highlighter)
    assert lines[1:-2] == [[("return", STYLES["code-string"])], []] * (2 * PIECE_LINES)
    assert lines[-1][0] == ("return", STYLES["code-keyword"])


def test_colours_of_a_finished_fence_are_those_of_the_whole() -> None:
    code = "".join(
        f"def f{n}():\n    '''doc\n    return'''\n    return '{n}'  # c\n" for n in range(30)
    )
    splitter, highlighter = Splitter(), Highlighter()
    for piece in ("```python\n", *code.splitlines(keepends=True), "```\n"):
        splitter.feed(piece)
        colours([*splitter.blocks[-2:], *splitter.tail()], highlighter)
    whole = Splitter()
    whole.feed(f"```python\n{code}```\n")
    expected = colours(whole.blocks, Highlighter())
    assert colours(splitter.blocks, highlighter) == expected
    assert ["".join(text for text, _ in line) for line in expected] == code.splitlines()


def test_unknown_languages_and_very_long_lines_are_shown_plain() -> None:
    long = "return " * 200
    splitter = Splitter()
    splitter.feed(f"```python\n{long}\nreturn\n```\n\n```nonsense\nreturn\n```\n")
    lines = colours(splitter.blocks, Highlighter())
    assert lines == [
        [(long, Style())],
        [("return", STYLES["code-keyword"])],
        [("return", Style())],
    ]
    assert [block.kind for block in splitter.blocks] == [Kind.CODE, Kind.CODE]


def plain(language: str, code: str) -> bool:
    splitter = Splitter()
    splitter.feed(f"```{language}\n{code}\n```\n")
    lines = colours(splitter.blocks, Highlighter())
    assert ["".join(text for text, _ in line) for line in lines] == code.split("\n")
    return all(style == Style() for line in lines for _, style in line)


@pytest.mark.parametrize(
    "language",
    ["augeas", "autoit", "delphi", "fan", "pascal", "systemd", "mediawiki"],
)
def test_a_lexer_that_a_few_lines_can_keep_busy_for_seconds_is_not_used(language: str) -> None:
    assert plain(language, 'return "text" # {{{{ /*/* ((((\n; comment\n// comment')


@pytest.mark.parametrize("line", ["return " * 30, "return" + " " * 240])
def test_what_goes_on_and_on_without_a_sign_is_no_code(line: str) -> None:
    assert plain("java", "\n".join([line] * 6))
    assert not plain("java", ";\n".join([line] * 6))


def test_code_is_shown_plain_if_its_lexer_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise RuntimeError("cannot lex this")

    monkeypatch.setattr(PythonLexer, "get_tokens_unprocessed", fail)
    assert plain("python", "return 1")
