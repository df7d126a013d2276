"""Footnotes, wherever their texts stand, and images, which are only named."""

import base64

import pytest

from tests.ui.transcript.support import drawn, pieces, streamed
from tui.domain.images import image_facts, image_words, without_data

PNG = base64.b64encode(
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
    + (640).to_bytes(4, "big")
    + (480).to_bytes(4, "big")
    + bytes(90)
).decode()
GIF = base64.b64encode(b"GIF89a" + (12).to_bytes(2, "little") + (34).to_bytes(2, "little")).decode()
JPEG = base64.b64encode(
    b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x11\x08" + (7).to_bytes(2, "big") + (9).to_bytes(2, "big")
).decode()


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a[^1] b\n\n[^1]: The note.", ["a¹ b", "", "¹ The note."]),
        ("[^1]: Note.\n[^12]: More.\n\na[^12]", ["¹ Note.", "¹² More.", "", "a¹²"]),
        ("a[^x]\n\n[^x]: one\n    two\n\n    three", ["a[x]", "", "[x] one two", "", "    three"]),
        ("a[^1] without a text", ["a[^1] without a text"]),
        ("[^1]: - item\n\ntext", ["¹  • item", "", "text"]),
        ("a [^1](http://a.example)", ["a ^1"]),
    ],
)
def test_footnotes_are_small_marks(text: str, rows: list[str]) -> None:
    assert drawn(text) == rows


def test_a_footnote_that_comes_late_is_the_same_as_one_that_came_early() -> None:
    text = "a[^1] and [^no]\n\n| x[^1] |\n|---|\n\n[^1]: The note\n    goes on.\n\nend"
    for size in (1, 3, 8):
        assert streamed(pieces(text, [size])) == streamed([text])


@pytest.mark.parametrize(
    ("data", "size"), [(PNG, (640, 480)), (GIF, (12, 34)), (JPEG, (9, 7)), ("AAAA", (0, 0))]
)
def test_the_size_of_an_image_is_read_from_its_data(data: str, size: tuple[int, int]) -> None:
    facts = image_facts(f"data:image/png;base64,{data}")
    assert (facts.width, facts.height) == size


@pytest.mark.parametrize(
    ("description", "source", "words"),
    [
        ("", "https://a.example/chart.png?w=1", "image: chart.png"),
        ("a chart", "https://a.example/x/chart%20one.png", "image: a chart · chart one.png"),
        ("chart.png", "chart.png", "image: chart.png"),
        ("", "", "image: no description"),
        ("", f"data:image/png;base64,{PNG}", "image: png data · 640×480"),
        ("\x1b[2J", "http://[", "image: ␛[2J"),
    ],
)
def test_an_image_is_named(description: str, source: str, words: str) -> None:
    assert image_words(description, source) == words


def test_data_is_never_shown_as_text() -> None:
    data = "iVBORw0KGgo" + "A" * 100_000
    for text in (f"![plot](data:image/png;base64,{data})", f"see data:image/png;base64,{data} end"):
        rows = drawn(text)
        assert len("".join(rows)) < 200
    rows = drawn(f"![plot](data:image/png;base64,{data}")  # as it streams in
    assert len("".join(rows)) < 300
    assert without_data("data:image/png;base64,AAAA") == "data:image/png;base64,AAAA"


def test_the_size_is_known_of_a_large_image_too() -> None:
    text = f"![plot](data:image/png;base64,{PNG}{'A' * 40_000})"
    assert drawn(text) == ["[image: plot · png data · 640×480]"]
