import pytest

from tui.ui.transcript.document import Entry, Role
from tui.ui.transcript.plain import chat_markdown, plain_text


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("# A *title*\n\nSome **text**\nin `two` lines", "A title\n\nSome text\nin two lines"),
        ("- one\n- two\n  - three\n", "- one\n- two\n  - three"),
        ("3. one\n\n   more\n4. two", "3. one\n\n   more\n4. two"),
        ("```py\ndef f():\n    pass\n```", "def f():\n    pass"),
        ("> a\n> b", "a\nb"),
        ("| a | **b** |\n|---|---|\n| 1 | 2 |", "a\tb\n1\t2"),
        ("[it](http://a.example) <http://b.example>", "it (http://a.example) http://b.example"),
        ("![a chart](http://a.example/b.png)", "a chart (http://a.example/b.png)"),
        (r"1 \* 2 &lt; 3", "1 * 2 < 3"),
        ("<think>so</think>", "<think>so</think>"),
        ("a\n\n---\n\nb", "a\n\n---\n\nb"),
        ("", ""),
    ],
)
def test_marks_go_and_the_text_stays(markdown: str, plain: str) -> None:
    assert plain_text(markdown) == plain


def test_a_chat_is_written_without_remarks_and_empty_answers() -> None:
    entries = [
        Entry("n", Role.NOTICE, "welcome"),
        Entry("u", Role.USER, "hello"),
        Entry("a", Role.ASSISTANT, ""),
    ]
    assert chat_markdown(entries) == "## User\n\nhello\n"
